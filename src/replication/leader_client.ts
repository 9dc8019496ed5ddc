/**
 * The leader's replication API, seen from a follower: one method for one endpoint, errors in ArangoDB's words, retries.
 *
 * Source: `replication-protocol.md` §2, §3.3, §3.4, §3.9.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { elements } from "../base/json_text.ts";
import { decodeHlc, encodeHlc } from "../base/revision.ts";
import { RevisionList } from "../base/revision_list.ts";
import { type RevisionRange, RevisionTree } from "../base/revision_tree.ts";
import type { LeaderLink, LeaderReply, LeaderRequest } from "./leader_link.ts";
import { LinkFailure } from "./leader_link.ts";
import type { SyncConfig } from "./sync_config.ts";

/** Seconds that a batch lives without a sign of life. */
const BATCH_TTL = 600;
/** Pauses in milliseconds before a request that could not connect is tried again. */
const CONNECT_PAUSES = [300, 1500];
const FIRST_BUSY_PAUSE = 100;
const LONGEST_BUSY_PAUSE = 5000;

/** A collection as a leader describes it. */
export interface LeaderCollection {
  readonly id: string;
  readonly name: string;
  readonly type: 2 | 3;
  readonly globallyUniqueId: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly indexes: readonly unknown[];
}

/** A leader's snapshot. */
export interface LeaderBatch {
  readonly id: string;
  readonly lastTick: string;
  readonly serverId: string;
  readonly version: string;
}

/** A chunk of a dump. */
export interface LeaderDumpChunk {
  /** May be shared memory. */
  readonly body: Uint8Array;
  readonly checkMore: boolean;
  /** Tells that the body is no longer needed. */
  release(): void;
}

/** A chunk of keys. */
export interface KeyChunk {
  readonly low: string;
  readonly high: string;
  readonly hash: string;
}

/** Something that was asked for and will be there when it is waited for. */
export interface Pending<T> {
  wait(): T;
  /** Tells that nobody will wait. */
  abandon(): void;
}

/** What a client notes while it works. */
export interface ClientStatistics {
  requests: number;
  /** Milliseconds that this thread waited for the leader. */
  waiting: number;
  /** Bytes of answers. */
  received: number;
}

/** The replication API of one leader. */
export class LeaderClient implements Disposable {
  /** Requests, waiting times and bytes so far. */
  readonly statistics: ClientStatistics = { requests: 0, waiting: 0, received: 0 };
  readonly #link: LeaderLink;
  readonly #config: SyncConfig;
  readonly #serverId: string;
  readonly #message: (text: string) => void;
  #batch: LeaderBatch | undefined;
  #extension: Disposable | undefined;

  /**
   * @param serverId the follower's own id
   * @param message is told what happens, in words
   */
  constructor(link: LeaderLink, config: SyncConfig, serverId: string, message: (text: string) => void) {
    this.#link = link;
    this.#config = config;
    this.#serverId = serverId;
    this.#message = message;
  }

  get #timeout(): number {
    return Math.min(this.#config.requestTimeout, this.#config.initialSyncMaxWaitTime);
  }

  #request(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: string,
    headers = {},
  ): LeaderRequest {
    const url = `/_db/${encodeURIComponent(this.#config.database)}${path}`;
    const search = new URLSearchParams(query).toString();
    return {
      method,
      url: search === "" ? url : `${url}?${search}`,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      timeout: this.#timeout,
    };
  }

  /**
   * Sends a request; the answer is waited for later.
   *
   * @param again whether the request may be repeated when the connection broke: not where the leader keeps a position
   * @param accepted statuses of 400 and above that are answers
   */
  #start(
    request: LeaderRequest,
    options: { again?: boolean; accepted?: readonly number[] } = {},
  ): Pending<LeaderReply> {
    const { again = true, accepted = [] } = options;
    let pending = this.#link.start(request);
    this.statistics.requests++;
    return {
      abandon: () => pending.abandon?.(),
      wait: () => {
        const started = performance.now();
        const deadline = started + this.#config.initialSyncMaxWaitTime * 1000;
        let busyPause = FIRST_BUSY_PAUSE;
        const connectPauses = [...CONNECT_PAUSES];
        try {
          for (;;) {
            try {
              const reply = pending.wait();
              if (reply.status !== 503 || performance.now() + busyPause > deadline) {
                return this.#checked(reply, request, accepted);
              }
              this.#message(`leader is busy (HTTP 503): trying again in ${busyPause / 1000} s`);
              pause(busyPause);
              busyPause = Math.min(busyPause * 2, LONGEST_BUSY_PAUSE);
            } catch (error) {
              if (!(error instanceof LinkFailure)) throw error;
              if (error.kind === "invalid") throw this.#damaged(request, error);
              const next = connectPauses[0];
              if (
                next === undefined || error.kind === "timeout" || !(again || error.kind === "connect") ||
                performance.now() + next > deadline
              ) {
                throw this.#noResponse(request, error);
              }
              connectPauses.shift();
              this.#message(`no response from leader (${error.message}): trying again in ${next / 1000} s`);
              pause(next);
            }
            pending = this.#link.start(request);
            this.statistics.requests++;
          }
        } finally {
          this.statistics.waiting += performance.now() - started;
        }
      },
    };
  }

  #noResponse(request: LeaderRequest, failure: LinkFailure): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_NO_RESPONSE",
      `could not connect to leader at ${this.#config.endpoint} for URL ${request.url}: ${failure.message}`,
      { cause: failure },
    );
  }

  #damaged(request: LeaderRequest, failure: LinkFailure): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `invalid response from leader at ${this.#config.endpoint} for URL ${request.url}: ${failure.message}`,
      { cause: failure },
    );
  }

  #checked(reply: LeaderReply, request: LeaderRequest, accepted: readonly number[]): LeaderReply {
    this.statistics.received += reply.body.length;
    if (reply.status < 400 || accepted.includes(reply.status)) return reply;
    // not a view: it may be of shared memory
    const text = decode(reply.body.slice(0, 2000));
    const cause = reply.status === 401
      ? "; check username and password"
      : text.includes('"errorNum":1228')
      ? `; the leader has no database '${this.#config.database}' that this user may see`
      : "";
    throw new ArangoError(
      "ERROR_REPLICATION_LEADER_ERROR",
      `got invalid response from leader at ${this.#config.endpoint} for URL ${request.url}: ` +
        `HTTP ${reply.status}: ${reply.reason} - ${text}${cause}`,
    );
  }

  #invalid(detail: string): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `${detail} from endpoint '${this.#config.endpoint}'`,
    );
  }

  #json(reply: LeaderReply, what: string): unknown {
    try {
      return JSON.parse(decode(reply.body));
    } catch (cause) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from leader at ${this.#config.endpoint} when fetching ${what}: ${
          cause instanceof Error ? cause.message : cause
        }`,
        { cause },
      );
    }
  }

  #object(reply: LeaderReply, what: string): Record<string, unknown> {
    const value = this.#json(reply, what);
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw this.#invalid(`${what} is no object`);
    }
    return value as Record<string, unknown>;
  }

  /**
   * Makes the leader fix its state, and keeps it fixed until this client is disposed.
   *
   * @throws ArangoError 1400, 1401, 1402, 1403 leader of a kind that is not understood, 1405 the leader is this very server
   */
  startBatch(): LeaderBatch {
    this.#message("fetching leader state");
    const query = { serverId: this.#serverId, state: "true" };
    const reply = this.#start(
      this.#request("POST", "/_api/replication/batch", query, JSON.stringify({ ttl: BATCH_TTL })),
    ).wait();
    const answer = this.#object(reply, "the batch");
    if (typeof answer.id !== "string") throw this.#invalid("start batch id is missing in response");
    const state = isObject(answer.state) ? answer.state : this.#object(
      this.#start(this.#request("GET", "/_api/replication/logger-state", { serverId: this.#serverId })).wait(),
      "the logger state",
    );
    const { lastTick } = answer;
    const { server } = state;
    if (!isObject(server)) throw this.#invalid("server section is missing in response");
    const { version, serverId } = server;
    if (typeof version !== "string") throw this.#invalid("server version is missing in response");
    if (typeof serverId !== "string" || !/^[1-9]\d*$/.test(serverId)) {
      throw this.#invalid("invalid server id in response");
    }
    const logState = isObject(state.state) ? state.state : {};
    const tick = typeof lastTick === "string" ? lastTick : logState.lastLogTick;
    if (typeof tick !== "string" || !/^\d+$/.test(tick)) {
      throw this.#invalid("start batch lastTick is missing in response");
    }
    this.#batch = { id: answer.id, lastTick: tick, serverId, version };
    if (serverId === this.#serverId) {
      throw new ArangoError(
        "ERROR_REPLICATION_LOOP",
        `got same server id (${serverId}) from endpoint '${this.#config.endpoint}' as the local applier server's id`,
      );
    }
    const major = Number(version.split(".")[0]);
    if (!(major >= 3)) {
      throw new ArangoError(
        "ERROR_REPLICATION_LEADER_INCOMPATIBLE",
        `got incompatible leader version from endpoint '${this.#config.endpoint}': '${version}'`,
      );
    }
    this.#extension = this.#link.repeat(this.#batchRequest("PUT", JSON.stringify({ ttl: BATCH_TTL })), BATCH_TTL / 3);
    return this.#batch;
  }

  #batchRequest(method: string, body?: string): LeaderRequest {
    return this.#request(method, `/_api/replication/batch/${this.#batch!.id}`, { serverId: this.#serverId }, body);
  }

  #batchQuery(): { batchId: string; serverId: string } {
    return { batchId: this.#batch!.id, serverId: this.#serverId };
  }

  /**
   * The definitions of the leader's collections, in its order.
   *
   * @param only the collection that is wanted; leaders that do not know this parameter answer with all
   */
  inventory(includeSystem: boolean, only?: string): LeaderCollection[] {
    this.#message("fetching leader inventory");
    const query = {
      ...this.#batchQuery(),
      includeSystem: `${includeSystem}`,
      ...(only === undefined ? {} : { collection: only }),
    };
    const answer = this.#object(
      this.#start(this.#request("GET", "/_api/replication/inventory", query)).wait(),
      "the inventory",
    );
    if (!Array.isArray(answer.collections)) throw this.#invalid("collections section is missing in response");
    return answer.collections.filter((one) => one?.parameters?.deleted !== true).map((one) => this.#collection(one));
  }

  #collection(declaration: unknown): LeaderCollection {
    if (!isObject(declaration)) throw this.#invalid("collection declaration is invalid in response");
    const { parameters, indexes } = declaration;
    if (!isObject(parameters)) throw this.#invalid("collection parameters declaration is invalid in response");
    if (!Array.isArray(indexes)) throw this.#invalid("collection indexes declaration is invalid in response");
    const { name, type, globallyUniqueId } = parameters;
    const id = parameters.id ?? parameters.cid;
    if (typeof name !== "string" || name === "") throw this.#invalid("collection name is missing in response");
    if (!/^[1-9]\d*$/.test(String(id))) throw this.#invalid("collection id is missing in response");
    if (type !== 2 && type !== 3) throw this.#invalid("collection type is missing in response");
    return {
      id: String(id),
      name,
      type,
      globallyUniqueId: typeof globallyUniqueId === "string" ? globallyUniqueId : "",
      parameters,
      indexes,
    };
  }

  /**
   * Asks for the next chunk of a collection's dump.
   *
   * @param chunkSize bytes
   */
  dump(collection: LeaderCollection, chunkSize: number): Pending<LeaderDumpChunk> {
    const query = {
      collection: identity(collection),
      ...this.#batchQuery(),
      chunkSize: `${chunkSize}`,
      docsPerBatch: "1000000",
      useEnvelope: "false",
      includeSystem: "true",
    };
    const request = this.#request("GET", "/_api/replication/dump", query, undefined, {
      accept: "application/x-arango-dump",
    });
    // the leader keeps the position: a chunk whose answer was lost is lost
    const pending = this.#start({ ...request, jsonLines: true, lend: true }, { again: false });
    return {
      abandon: () => pending.abandon(),
      wait: () => {
        const reply = pending.wait();
        const checkMore = reply.headers["x-arango-replication-checkmore"];
        if (checkMore === undefined) {
          throw this.#invalid("got invalid response: required header is missing: x-arango-replication-checkmore");
        }
        return {
          body: reply.status === 204 ? new Uint8Array() : reply.body,
          checkMore: checkMore === "true",
          release: () => reply.release?.(),
        };
      },
    };
  }

  /** The revision tree of a collection; undefined if the leader has none for it. */
  tree(collection: LeaderCollection): RevisionTree | undefined {
    this.#message(`fetching collection revision tree for collection '${collection.name}'`);
    const query = { collection: identity(collection), ...this.#batchQuery(), onlyPopulated: "true" };
    const request = this.#request("GET", "/_api/replication/revisions/tree", query);
    const reply = this.#start(request, { accepted: [404, 405, 501] }).wait();
    if (reply.status >= 400) {
      // a collection that is gone is an error; an endpoint that is not there, or not for this collection, is an answer
      if (new TextDecoder().decode(reply.body).includes('"errorNum":1203')) this.#checked(reply, request, []);
      return undefined;
    }
    const tree = RevisionTree.parse(decode(reply.body));
    if (!tree) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `got invalid response from leader at ${this.#config.endpoint}: response does not contain a valid revision tree for collection '${collection.name}'`,
      );
    }
    return tree;
  }

  /** The leader's revisions in ranges: ascending pages, each with the first revision that it does not cover. */
  *revisions(
    collection: LeaderCollection,
    ranges: readonly RevisionRange[],
  ): Generator<{ revisions: RevisionList; covered: bigint }> {
    if (ranges.length === 0) return;
    const body = JSON.stringify(ranges.map(([first, last]) => [encodeHlc(first), encodeHlc(last)]));
    const ask = (resume: bigint): Pending<LeaderReply> => {
      const text = encodeHlc(resume);
      const query = {
        collection: identity(collection),
        ...this.#batchQuery(),
        encodeAsHLC: "true",
        resume: text,
        resumeHLC: text,
      };
      return this.#start(this.#request("PUT", "/_api/replication/revisions/ranges", query, body));
    };
    this.#message(`fetching collection revision ranges for collection '${collection.name}'`);
    let pending: Pending<LeaderReply> | undefined = ask(ranges[0]![0]);
    while (pending) {
      const answer = this.#object(pending.wait(), "revision ranges");
      const { ranges: lists } = answer;
      const revisions = Array.isArray(lists) && lists.every(Array.isArray) ? RevisionList.fromTexts(lists) : undefined;
      if (!revisions) throw this.#invalid("response does not contain revision ranges");
      const resume = answer.resumeHLC ?? answer.resume;
      const covered = typeof resume === "string" ? decodeHlc(resume) : ranges.at(-1)![1] + 1n;
      pending = typeof resume === "string" ? ask(covered) : undefined;
      yield { revisions, covered };
    }
  }

  /**
   * Asks for documents by revision.
   *
   * @returns the texts of as many as the leader sends at once, in the order of the request
   */
  documents(collection: LeaderCollection, revisions: readonly bigint[]): Pending<string[]> {
    const query = {
      collection: identity(collection),
      ...this.#batchQuery(),
      encodeAsHLC: "true",
      ...(this.#config.chunkSize > 0 ? { chunkSize: `${this.#config.chunkSize}` } : {}),
    };
    const body = JSON.stringify(revisions.map(encodeHlc));
    const pending = this.#start(this.#request("PUT", "/_api/replication/revisions/documents", query, body));
    return {
      abandon: () => pending.abandon(),
      wait: () => this.#documentTexts(pending.wait(), "documents by revision"),
    };
  }

  #documentTexts(reply: LeaderReply, what: string): string[] {
    const text = decode(reply.body);
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from leader at ${this.#config.endpoint} when fetching ${what}: ${
          cause instanceof Error ? cause.message : cause
        }`,
        { cause },
      );
    }
    if (!Array.isArray(parsed)) throw this.#invalid(`response does not contain an array of ${what}`);
    return elements(text);
  }

  /**
   * Starts the keys protocol, as a job of the leader, since a large collection takes a while.
   *
   * @returns undefined if the leader has no such protocol
   */
  createKeys(collection: LeaderCollection): { id: string; count: number } | undefined {
    this.#message(`fetching collection keys for collection '${collection.name}'`);
    for (const quick of [true, false]) {
      const query = { collection: identity(collection), ...this.#batchQuery(), quick: `${quick}` };
      const request = this.#request("POST", "/_api/replication/keys", query, "{}", { "x-arango-async": "store" });
      let reply = this.#start(request, { accepted: [400, 404, 405, 501] }).wait();
      const job = reply.headers["x-arango-async-id"];
      if (reply.status === 202) {
        if (job === undefined) throw this.#invalid("got invalid response: could not find 'X-Arango-Async' header");
        reply = this.#job(job);
      }
      if (reply.status >= 400) {
        const text = decode(reply.body);
        if (/"errorNum":(?:1203|1600)\b/.test(text)) this.#checked(reply, request, []);
        return undefined;
      }
      const answer = this.#object(reply, "the collection keys");
      if (typeof answer.count !== "number") throw this.#invalid("collection keys count is missing in response");
      if (typeof answer.id === "string") return { id: answer.id, count: answer.count };
    }
    throw this.#invalid("collection keys id is missing in response");
  }

  /** Waits for a job of the leader. */
  #job(id: string): LeaderReply {
    const started = performance.now();
    for (;;) {
      const reply = this.#start(this.#request("PUT", `/_api/job/${id}`, {}), { accepted: [400, 404, 405, 501] }).wait();
      if (reply.headers["x-arango-async-id"] !== undefined) return reply;
      if (reply.status === 404) {
        throw new ArangoError("ERROR_REPLICATION_NO_RESPONSE", `job not found on leader at ${this.#config.endpoint}`);
      }
      const waited = (performance.now() - started) / 1000;
      if (waited > this.#config.initialSyncMaxWaitTime) {
        throw new ArangoError(
          "ERROR_REPLICATION_NO_RESPONSE",
          `timed out waiting for response from leader at ${this.#config.endpoint}`,
        );
      }
      pause(waited < 0.05 ? 5 : waited < 1 ? 100 : waited < 5 ? 200 : waited < 20 ? 500 : 1000);
    }
  }

  /** All chunks of keys. */
  keyChunks(id: string, chunkSize: number): KeyChunk[] {
    const request = this.#request("GET", `/_api/replication/keys/${id}`, { chunkSize: `${chunkSize}` });
    const chunks = this.#json(this.#start(request).wait(), "keys chunks");
    const isChunk = (one: unknown): one is KeyChunk =>
      isObject(one) && typeof one.low === "string" && typeof one.high === "string" && typeof one.hash === "string";
    if (!Array.isArray(chunks) || !chunks.every(isChunk)) {
      throw this.#invalid("response does not contain valid keys chunks");
    }
    return chunks;
  }

  /** The keys and revision texts of a chunk. */
  keysOfChunk(id: string, chunk: number, chunkSize: number, low: string): [key: string, rev: string][] {
    const query = { type: "keys", chunk: `${chunk}`, chunkSize: `${chunkSize}`, low };
    const pairs = this.#json(
      this.#start(this.#request("PUT", `/_api/replication/keys/${id}`, query)).wait(),
      "keys chunk",
    );
    const isPair = (one: unknown): one is [string, string] =>
      Array.isArray(one) && one.length >= 2 && typeof one[0] === "string" && typeof one[1] === "string";
    if (!Array.isArray(pairs) || !pairs.every(isPair)) throw this.#invalid("response contains an invalid keys chunk");
    if (pairs.length === 0) throw this.#invalid("response contains an empty chunk");
    return pairs;
  }

  /** Documents of a chunk by their positions in it. */
  documentsOfChunk(id: string, chunk: number, chunkSize: number, low: string, positions: readonly number[]): string[] {
    const texts: string[] = [];
    while (texts.length < positions.length) {
      const query = { type: "docs", chunk: `${chunk}`, chunkSize: `${chunkSize}`, low, offset: `${texts.length}` };
      const body = JSON.stringify(positions);
      const page = this.#documentTexts(
        this.#start(this.#request("PUT", `/_api/replication/keys/${id}`, query, body)).wait(),
        "documents chunk",
      );
      const fresh = page.slice(texts.length);
      if (fresh.length === 0) throw this.#invalid("response contains no documents of a chunk");
      texts.push(...fresh);
    }
    return texts;
  }

  /** Ends the keys protocol; the leader forgets the keys with the batch anyway. */
  deleteKeys(id: string): void {
    this.#start(this.#request("DELETE", `/_api/replication/keys/${id}`, {}), { accepted: [404] }).wait();
  }

  /** Lets the leader go. */
  [Symbol.dispose](): void {
    this.#extension?.[Symbol.dispose]();
    try {
      // the batch expires on its own when the leader cannot be told
      if (this.#batch) {
        this.#link.start({ ...this.#batchRequest("DELETE"), timeout: Math.min(5, this.#timeout) }).wait();
      }
    } catch (error) {
      if (!(error instanceof LinkFailure)) throw error;
      this.#message(`could not tell the leader that the sync is over: ${error.message}`);
    } finally {
      this.#link[Symbol.dispose]();
    }
  }
}

function identity(collection: LeaderCollection): string {
  return collection.globallyUniqueId || collection.id;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks for a time in milliseconds. */
export function pause(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}
