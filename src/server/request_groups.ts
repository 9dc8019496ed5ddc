/**
 * Requests that are answered together: those that arrive at the same moment share the look at what other processes have
 * committed, and writes of documents of one collection share a transaction of the engine; their answers are sent after its
 * commit.
 *
 * Either costs more than reading or writing a document does, and while it lasts, further requests gather.
 *
 * @module
 */
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import type { Waiting } from "./waiting.ts";
import type { Server } from "./server.ts";

/** Documents of collections that are not of the system's, by their collection. */
const PLACE = /^(?:\/_db\/([^/?]+))?\/_api\/document\/([a-zA-Z][^/?]*)/;
/** Where documents and queries are read. */
const READ = /^(?:GET|HEAD) (?:\/_db\/[^/?]+)?\/_api\/document\/|^POST (?:\/_db\/[^/?]+)?\/_api\/cursor$/;
const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** So many bytes of documents share a transaction: a page of an index that all of them change is written once. */
const MOST_BYTES = 1024 * 1024;

function isRead({ method, url }: ApiRequest): boolean {
  return READ.test(`${method} ${url}`);
}

interface Member {
  readonly request: ApiRequest;
  readonly resolve: (reply: ApiReply | Waiting) => void;
}

/** Requests that have come together. */
interface Group {
  /** The database and the collection that they write to; `reads` if they read; undefined for requests of any other kind. */
  readonly place: readonly [database: string, collection: string] | "reads" | undefined;
  readonly members: Member[];
  /** How large the bodies of its members are. */
  bytes: number;
}

/** Whether a request has to do with a transaction, or is answered at some other time. */
function isApart({ headers }: ApiRequest): boolean {
  return headers["x-arango-trx-id"] !== undefined || headers["x-arango-async"] !== undefined;
}

/** The collection of a write that may share its commit, as database and name. */
function placeOf({ method, url, body }: ApiRequest): Group["place"] {
  if (!METHODS.has(method) || body.length > MOST_BYTES) return undefined;
  const [, database = "_system", collection] = PLACE.exec(url) ?? [];
  if (collection === undefined || url.includes("waitForSync")) return undefined;
  try {
    return [decodeURIComponent(database), decodeURIComponent(collection)];
  } catch {
    return undefined;
  }
}

/** Answers requests to a server in groups. */
export class RequestGroups {
  readonly #server: Server;
  /** Those that are waiting, in the order of their first members. */
  #groups: Group[] = [];
  /** The last group of each place. */
  readonly #open = new Map<string, Group>();

  /** Groups for the requests to `server`. */
  constructor(server: Server) {
    this.#server = server;
  }

  /** Answers a request as {@linkcode Server.handle} does, together with those that have arrived by now. */
  handle(request: ApiRequest): Promise<ApiReply | Waiting> {
    return new Promise((resolve) => {
      if (this.#groups.length === 0) setImmediate(() => this.#flush());
      const group = this.#groupFor(request);
      group.members.push({ request, resolve });
      group.bytes += request.body.length;
    });
  }

  #groupFor(request: ApiRequest): Group {
    const place = isApart(request) ? undefined : isRead(request) ? "reads" : placeOf(request);
    // names may have commas, but no line breaks
    const key = typeof place === "object" ? place.join("\n") : place ?? "";
    const open = this.#open.get(key);
    if (open && (typeof place !== "object" || open.bytes + request.body.length <= MOST_BYTES)) return open;
    const group: Group = { place, members: [], bytes: 0 };
    this.#groups.push(group);
    this.#open.set(key, group);
    return group;
  }

  #flush(): void {
    const groups = this.#groups;
    this.#groups = [];
    this.#open.clear();
    // what others have committed is looked for once for all
    this.#server.engine.turn(() => {
      for (const { place, members } of groups) this.#answer(place, members);
    });
  }

  #answer(place: Group["place"], members: readonly Member[]): void {
    if (place === undefined) {
      for (const { request, resolve } of members) resolve(this.#server.handle(request, { wait: "later" }));
      return;
    }
    const requests = members.map(({ request }) => request);
    const answers = place === "reads"
      ? this.#server.handleReads(requests)
      : this.#server.handleTogether(place, requests);
    members.forEach(({ resolve }, i) => resolve(answers[i]!));
  }
}
