/**
 * What a sync needs of a follower that is another server: its collections, indexes and documents.
 *
 * Documents are written with `isRestore=true`, which keeps the revisions that they come with. No manual of ArangoDB describes it; its Go
 * driver does (`WithIsRestore`). Whether a server obeys shows in its answers, which have the revision of each document.
 *
 * Source: ArangoDB's HTTP API 3.12 and 4.0, `/_api/collection`, `/_api/index`, `/_api/document`, `/_api/transaction`; incompatible changes in
 * 4.0, "hash and skiplist index type aliases removed", "fulltext indexes removed".
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { decodeRevision, encodeRevision } from "../../base/revision.ts";
import { ApiClient, type Exchange, type UnderWay } from "../../network/api_client.ts";
import type { StoredDocument } from "../../storage/document_table.ts";
import { pause } from "../leader_requests.ts";
import { MOST_BYTES, MOST_DOCUMENTS } from "./document_array.ts";
import { RepeatingExchange } from "./exchange_link.ts";

/** A collection of the follower. */
export interface FollowerCollection {
  readonly type: 2 | 3;
}

/** A secondary index of the follower. */
export interface FollowerIndex {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly [attribute: string]: unknown;
}

/** A named graph, as far as it tells its collections. */
interface FollowerGraph {
  readonly edgeDefinitions: readonly {
    readonly collection: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
  }[];
  readonly orphanCollections: readonly string[];
}

/** A document that is to go. */
export interface DocumentToRemove {
  readonly key: string;
  readonly rev?: bigint;
}

/** A document that was refused. */
export interface Refusal {
  readonly key: string;
  readonly errorNum: number;
  readonly errorMessage: string;
}

/** What is answered for each document. */
interface WriteAnswer {
  readonly error?: true;
  readonly errorNum: number;
  readonly errorMessage: string;
  readonly _rev: string;
}

const NOT_FOUND = 1203;
const LOCK_TIMEOUT = 18;
/** Milliseconds between two attempts to begin a transaction. */
const BUSY_PAUSE = 500;

/** The follower's API. */
export class FollowerClient {
  readonly #api: ApiClient;
  /** What carries the requests. */
  readonly exchange: RepeatingExchange;
  /** The database that is synced into. */
  readonly database: string;
  /** The follower's name in errors. */
  readonly endpoint: string;
  #isCoordinator: boolean | undefined;
  #majorVersion: number | undefined;

  /**
   * @param exchange leads to the follower
   * @param database the one that is synced into
   * @param endpoint the follower's name in errors
   */
  constructor(exchange: Exchange, database: string, endpoint: string) {
    this.exchange = new RepeatingExchange(exchange);
    this.#api = new ApiClient(this.exchange, database);
    this.database = database;
    this.endpoint = endpoint;
  }

  /** Whether the follower is a cluster: it has no revision trees, and collections keep their names. */
  get isCoordinator(): boolean {
    return this.#isCoordinator ??=
      this.#api.send<{ role: string }>("GET", "/_admin/server/role").role === "COORDINATOR";
  }

  /** The first number of the server's version. */
  get majorVersion(): number {
    return this.#majorVersion ??= Number.parseInt(this.#api.send<{ version: string }>("GET", "/_api/version").version);
  }

  /** The server's id as leaders know it; one of a cluster's followers has none that could be a leader's. */
  serverId(): string {
    if (this.isCoordinator) return "1";
    const { server } = this.#api.send<{ server: { serverId: string } }>("GET", "/_api/replication/logger-state");
    return server.serverId;
  }

  /** Describes a collection; undefined if there is none. */
  collection(name: string): FollowerCollection | undefined {
    try {
      return this.#api.send("GET", `/_api/collection/${encodeURIComponent(name)}/properties`);
    } catch (error) {
      if (error instanceof ArangoError && error.errorNum === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** Whether a named graph has a collection: ArangoDB refuses to drop it then. */
  isInGraph(name: string): boolean {
    const { graphs } = this.#api.send<{ graphs: FollowerGraph[] }>("GET", "/_api/gharial");
    return graphs.some(({ edgeDefinitions, orphanCollections }) =>
      orphanCollections.includes(name) ||
      edgeDefinitions.some(({ collection, from, to }) => [collection, ...from, ...to].includes(name))
    );
  }

  /** How many documents a collection has. */
  count(name: string): number {
    return this.#api.send<{ count: number }>("GET", `/_api/collection/${encodeURIComponent(name)}/count`).count;
  }

  /**
   * Creates a collection.
   *
   * @param attributes as `POST /_api/collection` takes them
   */
  create(attributes: Readonly<Record<string, unknown>>): void {
    this.#api.send("POST", "/_api/collection", attributes);
  }

  /** Drops a collection, if it is there. */
  drop(name: string): void {
    try {
      this.#api.send("DELETE", `/_api/collection/${encodeURIComponent(name)}?isSystem=true`);
    } catch (error) {
      if (!(error instanceof ArangoError && error.errorNum === NOT_FOUND)) throw error;
    }
  }

  /** Removes all documents of a collection. */
  truncate(name: string): void {
    this.#api.send("PUT", `/_api/collection/${encodeURIComponent(name)}/truncate`);
  }

  /** Gives a collection another name. */
  rename(name: string, to: string): void {
    this.#api.send("PUT", `/_api/collection/${encodeURIComponent(name)}/rename`, { name: to });
  }

  /** Changes properties of a collection. */
  setProperties(name: string, attributes: Readonly<Record<string, unknown>>): void {
    this.#api.send("PUT", `/_api/collection/${encodeURIComponent(name)}/properties`, attributes);
  }

  /** The secondary indexes of a collection. */
  indexes(name: string): FollowerIndex[] {
    const path = `/_api/index?collection=${encodeURIComponent(name)}`;
    const { indexes: all } = this.#api.send<{ indexes: FollowerIndex[] }>("GET", path);
    return all.filter(({ type }) => type !== "primary" && type !== "edge");
  }

  /** Creates an index, unless the collection has it. */
  createIndex(name: string, definition: Readonly<Record<string, unknown>>): void {
    this.#api.send("POST", `/_api/index?collection=${encodeURIComponent(name)}`, definition);
  }

  /** @param id as {@linkcode FollowerIndex} has it */
  dropIndex(id: string): void {
    this.#api.send("DELETE", `/_api/index/${id.split("/").map(encodeURIComponent).join("/")}`);
  }

  /** Runs a query. */
  query<T>(query: string, bindVars: Readonly<Record<string, unknown>>): Generator<T> {
    return this.#api.query(query, bindVars);
  }

  /**
   * Stores documents with the revisions that they have.
   *
   * @param mode what becomes of documents with the same keys
   * @param transaction the stream transaction that this belongs to
   * @returns those that were refused
   * @throws ArangoError 1401 if the follower gives documents revisions of its own
   */
  store(
    name: string,
    documents: readonly StoredDocument[],
    mode: "replace" | "conflict",
    transaction?: string,
  ): Refusal[] {
    return requestGroups(documents).flatMap((group) => {
      const query = restoring({ overwriteMode: mode });
      const body = `[${group.map(withoutId).join(",")}]`;
      const answers = this.#startChange<WriteAnswer[]>("POST", `${name}?${query}`, body, transaction).wait();
      for (const [i, { error, _rev }] of answers.entries()) {
        if (!error && decodeRevision(_rev) !== group[i]!.rev) throw otherRevisions(name);
      }
      return refusals(group, answers);
    });
  }

  /**
   * Begins to store documents in the place of those with the same keys. Whether they keep their revisions is not told.
   *
   * @param documents the text of an array
   * @returns whether all were stored
   */
  startToReplace(name: string, documents: Uint8Array<ArrayBuffer>): UnderWay<boolean> {
    const query = restoring({ overwriteMode: "replace", silent: "true" });
    const pending = this.#startChange<unknown>("POST", `${name}?${query}`, documents);
    const wait = (): boolean => {
      // errors only, if there are any
      const answer = pending.wait();
      return !Array.isArray(answer) || answer.length === 0;
    };
    return { ...pending, wait };
  }

  /**
   * Removes documents.
   *
   * @param documents their keys, and the revisions that they must still have, if that matters
   * @param transaction the stream transaction that this belongs to
   * @returns those that were not there, or have another revision by now
   */
  remove(name: string, documents: readonly DocumentToRemove[], transaction?: string): Refusal[] {
    const refused: Refusal[] = [];
    for (let from = 0; from < documents.length; from += MOST_DOCUMENTS) {
      const group = documents.slice(from, from + MOST_DOCUMENTS);
      const body = JSON.stringify(
        group.map(({ key, rev }) => ({ _key: key, ...(rev === undefined ? {} : { _rev: encodeRevision(rev) }) })),
      );
      const answers = this.#startChange<WriteAnswer[]>("DELETE", `${name}?ignoreRevs=false`, body, transaction).wait();
      refused.push(...refusals(group, answers));
    }
    return refused;
  }

  #startChange<Answer>(
    method: string,
    target: string,
    body: string | Uint8Array<ArrayBuffer>,
    transaction?: string,
  ): UnderWay<Answer> {
    const [name, query] = target.split("?") as [string, string];
    const headers = transaction === undefined ? {} : { "x-arango-trx-id": transaction };
    return this.#api.start(method, `/_api/document/${encodeURIComponent(name)}?${query}`, body, headers);
  }

  /**
   * Carries changes of a collection out as one transaction that nobody else writes beside.
   *
   * @param patience seconds to wait for those who are at it: one that has died leaves a transaction that the server gives up after a minute
   * @param change is given the transaction's id; when it throws, nothing has changed
   * @throws ArangoError 18 if the others do not end
   */
  transaction(name: string, patience: number, change: (id: string) => void): void {
    const id = this.#begin(name, performance.now() + patience * 1000);
    try {
      change(id);
      this.#api.send("PUT", `/_api/transaction/${id}`);
    } catch (error) {
      this.#abort(id);
      throw error;
    }
  }

  #begin(name: string, deadline: number): string {
    const order = { collections: { exclusive: [name] } };
    for (;;) {
      try {
        return this.#api.send<{ result: { id: string } }>("POST", "/_api/transaction/begin", order).result.id;
      } catch (error) {
        const isBusy = error instanceof ArangoError && error.errorNum === LOCK_TIMEOUT;
        if (!isBusy || performance.now() > deadline) throw error;
        pause(BUSY_PAUSE);
      }
    }
  }

  /** Ends a transaction without a trace, unless the server has done so itself, or does not answer. */
  #abort(id: string): void {
    try {
      this.#api.send("DELETE", `/_api/transaction/${id}`);
    } catch (error) {
      // what made us give up tells more
      if (!(error instanceof ArangoError)) throw error;
    }
  }
}

function restoring(options: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ isRestore: "true", skipDocumentValidation: "true", waitForSync: "false", ...options });
}

function refusals(group: readonly { readonly key: string }[], answers: readonly WriteAnswer[]): Refusal[] {
  return answers.flatMap(({ error, errorNum, errorMessage }, i) =>
    error ? [{ key: group[i]!.key, errorNum, errorMessage }] : []
  );
}

/** Cuts documents into as many as one request carries. */
function requestGroups(documents: readonly StoredDocument[]): StoredDocument[][] {
  const groups: StoredDocument[][] = [];
  let bytes = Infinity;
  for (const document of documents) {
    if (bytes >= MOST_BYTES || groups.at(-1)!.length >= MOST_DOCUMENTS) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(document);
    bytes += document.text.length;
  }
  return groups;
}

/** `_id` has the name of the leader's collection in it. */
const ID = /^(\{"_key":"[^"]*",)"_id":"(?:[^"\\]|\\.)*",/;

function withoutId({ text }: StoredDocument): string {
  return text.replace(ID, "$1");
}

function otherRevisions(name: string): ArangoError {
  return new ArangoError(
    "ERROR_REPLICATION_INVALID_RESPONSE",
    `the follower gave documents of collection '${name}' revisions of its own instead of the leader's, so that nothing could tell ` +
      `whether both sides are equal`,
  );
}
