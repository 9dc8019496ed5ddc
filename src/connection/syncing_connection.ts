/**
 * A connection to a server that follows leaders, by itself or with our help.
 *
 * ArangoDB had `PUT /_api/replication/sync` until 3.12.9, and never on coordinators. Where it is missing, this connection answers it as
 * an older server would.
 *
 * Source: `replication-protocol.md` §1, §3.1, §3.9, §5.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { bodyBytes } from "../base/exchange.ts";
import { pause } from "../replication/leader_requests.ts";
import type { ApiReply, ApiRequest, Connection } from "./connection.ts";
import { RemoteConnection } from "./remote.ts";
import { RemoteSyncs, type SyncingOptions } from "./remote_syncs.ts";

const SYNC = /^(?:\/_db\/([^/?]+))?\/_api\/replication\/sync(\?.*)?$/;
const JOB = /^(?:\/_db\/([^/?]+))?\/_api\/job\/([^/?]+)$/;
/** Milliseconds between two looks at a job that somebody waits for: the longer it takes, the longer they are. */
const SHORTEST_POLL = 50;
const LONGEST_POLL = 1000;
const NO_DATABASE = 1228;

/** Whether an answer is that of a server without the endpoint: one that is too new, a coordinator, or no ArangoDB at all. */
function isMissing(status: number, answer: { errorNum?: unknown; errorMessage?: unknown }): boolean {
  if (status === 404) return answer.errorNum !== NO_DATABASE;
  if (status === 405 || status === 501) return true;
  return status === 400 && /invalid command/.test(String(answer.errorMessage));
}

/** A blocking connection to a server. */
export class SyncingConnection implements Connection {
  readonly endpoint: string;
  readonly username: string;
  readonly #connection: RemoteConnection;
  readonly #syncs: RemoteSyncs;
  #followsByItself: boolean | undefined;

  /**
   * Nothing is sent before the first request.
   *
   * @throws ArangoError 10 for a text that is no endpoint, or no rule of `--connect-to`
   */
  constructor(options: SyncingOptions) {
    this.#connection = new RemoteConnection(options);
    this.#syncs = new RemoteSyncs(this.#connection, options);
    this.endpoint = this.#connection.endpoint;
    this.username = this.#connection.username;
  }

  request(request: ApiRequest, timeout?: number): ApiReply {
    const { method, url } = request;
    const sync = method === "PUT" ? SYNC.exec(url) : null;
    if (sync && !this.#canFollow(url)) {
      const [, database, query = ""] = sync;
      return answered(() => this.#sync(request, decoded(database), query));
    }
    const [, database, id] = JOB.exec(url) ?? [];
    if (id !== undefined && RemoteSyncs.isId(id) && method !== "DELETE") {
      const outcome = this.#syncs.outcome(id, decoded(database));
      if (outcome === "pending") return reply(204);
      if (outcome) return reply(outcome.status, outcome.body, { "x-arango-async-id": id });
    }
    return this.#connection.request(request, timeout);
  }

  /** Asks once: a sync without a leader is refused by servers that know what a sync is. */
  #canFollow(url: string): boolean {
    if (this.#followsByItself !== undefined) return this.#followsByItself;
    // without parameters: that a server does not sync all of its databases says nothing about one of them
    const answer = this.#connection.request({
      method: "PUT",
      url: url.split("?")[0]!,
      headers: { accept: "application/json" },
      body: new TextEncoder().encode("{}"),
    });
    if (isMissing(answer.status, parsed(bodyBytes(answer)))) return this.#followsByItself = false;
    // who may not ask, or not now, or in a database that is not there, learns that from the request itself
    if (answer.status !== 400) return true;
    return this.#followsByItself = true;
  }

  #sync({ headers, body }: ApiRequest, database: string, query: string): ApiReply {
    if (new URLSearchParams(query).get("global") === "true") {
      throw new ArangoError(
        "ERROR_NOT_IMPLEMENTED",
        "not implemented: denosh does not sync all databases of a server at once; use sync() in each of them",
      );
    }
    const id = this.#syncs.start(parsed(body), database);
    if (headers["x-arango-async"] === "store") return reply(202, undefined, { "x-arango-async-id": id });
    for (let poll = SHORTEST_POLL;; poll = Math.min(LONGEST_POLL, poll * 1.2)) {
      const outcome = this.#syncs.outcome(id, database);
      if (outcome === undefined) {
        throw new ArangoError("ERROR_HTTP_NOT_FOUND", `the job table of database '${database}' has lost job ${id}`);
      }
      if (outcome !== "pending") return reply(outcome.status, outcome.body);
      pause(poll);
    }
  }

  stopWork(): void {
    this.#syncs.stopAttached();
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }
}

function decoded(database: string | undefined): string {
  return database === undefined ? "_system" : decodeURIComponent(database);
}

function parsed(body: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(body)) ?? {};
  } catch {
    // whatever it is, it is no answer of ArangoDB, and no configuration
    return {};
  }
}

/** Errors become answers, as they would be a server's. */
function answered(answer: () => ApiReply): ApiReply {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    const { errorNum, code, message } = error;
    return reply(code, { error: true, code, errorNum, errorMessage: message });
  }
}

function reply(status: number, body?: object, headers: Readonly<Record<string, string>> = {}): ApiReply {
  const bytes = new TextEncoder().encode(body === undefined ? "" : JSON.stringify(body));
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: bytes };
}
