/**
 * The leader's API for collections without revision trees: sorted keys in chunks that have hashes.
 *
 * Source: `replication-protocol.md` §2.6, §3.6 (c), §3.9.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { LeaderCollection } from "./leader_client.ts";
import type { LeaderReply } from "./leader_link.ts";
import { decode, isObject, type LeaderRequests, pause } from "./leader_requests.ts";
import type { SyncConfig } from "./sync_config.ts";

/** A chunk of keys. */
export interface KeyChunk {
  readonly low: string;
  readonly high: string;
  readonly hash: string;
}

/** The keys of one leader's snapshot. */
export class LeaderKeysClient {
  readonly #requests: LeaderRequests;
  readonly #config: SyncConfig;
  readonly #message: (text: string) => void;
  readonly #source: (collection: LeaderCollection) => Readonly<Record<string, string>>;

  /**
   * @param message is told what happens, in words
   * @param source what names a collection of the snapshot in queries
   */
  constructor(
    requests: LeaderRequests,
    config: SyncConfig,
    message: (text: string) => void,
    source: (collection: LeaderCollection) => Readonly<Record<string, string>>,
  ) {
    this.#requests = requests;
    this.#config = config;
    this.#message = message;
    this.#source = source;
  }

  /**
   * Starts the keys protocol, as a job of the leader, since a large collection takes a while.
   *
   * @returns undefined if the leader has no such protocol
   */
  create(collection: LeaderCollection): { id: string; count: number } | undefined {
    this.#message(`fetching collection keys for collection '${collection.name}'`);
    for (const quick of [true, false]) {
      const query = { ...this.#source(collection), quick: `${quick}` };
      const request = this.#requests.request("POST", "/_api/replication/keys", query, "{}", {
        "x-arango-async": "store",
      });
      let reply = this.#requests.start(request, { accepted: [400, 404, 405, 501] }).wait();
      const job = reply.headers["x-arango-async-id"];
      if (reply.status === 202) {
        if (job === undefined) {
          throw this.#requests.invalid("got invalid response: could not find 'X-Arango-Async' header");
        }
        reply = this.#job(job);
      }
      if (reply.status >= 400) {
        const text = decode(reply.body);
        if (/"errorNum":(?:1203|1600)\b/.test(text)) this.#requests.checked(reply, request, []);
        return undefined;
      }
      const answer = this.#requests.object(reply, "the collection keys");
      if (typeof answer.count !== "number") {
        throw this.#requests.invalid("collection keys count is missing in response");
      }
      if (typeof answer.id === "string") return { id: answer.id, count: answer.count };
    }
    throw this.#requests.invalid("collection keys id is missing in response");
  }

  /** Waits for a job of the leader. */
  #job(id: string): LeaderReply {
    const started = performance.now();
    for (;;) {
      const reply = this.#requests.start(this.#requests.request("PUT", `/_api/job/${id}`, {}), {
        accepted: [400, 404, 405, 501],
      }).wait();
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

  /**
   * All chunks of keys.
   *
   * @param keys as {@linkcode LeaderKeysClient.create} gives them
   * @param chunkSize how many keys a chunk has
   * @throws ArangoError 1401 if there are none, although there are keys: nobody is to lose all documents by a wrong answer
   */
  chunks({ id, count }: { readonly id: string; readonly count: number }, chunkSize: number): KeyChunk[] {
    const request = this.#requests.request("GET", `/_api/replication/keys/${id}`, { chunkSize: `${chunkSize}` });
    const chunks = this.#requests.json(this.#requests.start(request).wait(), "keys chunks");
    const isChunk = (one: unknown): one is KeyChunk =>
      isObject(one) && typeof one.low === "string" && typeof one.high === "string" && typeof one.hash === "string";
    if (!Array.isArray(chunks) || !chunks.every(isChunk)) {
      throw this.#requests.invalid("response does not contain valid keys chunks");
    }
    if (chunks.length === 0 && count > 0) throw this.#requests.invalid("response contains no keys chunks");
    return chunks;
  }

  /** The keys and revision texts of a chunk. */
  ofChunk(id: string, chunk: number, chunkSize: number, low: string): [key: string, rev: string][] {
    const query = { type: "keys", chunk: `${chunk}`, chunkSize: `${chunkSize}`, low };
    const pairs = this.#requests.json(
      this.#requests.start(this.#requests.request("PUT", `/_api/replication/keys/${id}`, query)).wait(),
      "keys chunk",
    );
    const isPair = (one: unknown): one is [string, string] =>
      Array.isArray(one) && one.length >= 2 && typeof one[0] === "string" && typeof one[1] === "string";
    if (!Array.isArray(pairs) || !pairs.every(isPair)) {
      throw this.#requests.invalid("response contains an invalid keys chunk");
    }
    if (pairs.length === 0) throw this.#requests.invalid("response contains an empty chunk");
    return pairs;
  }

  /** Documents of a chunk by their positions in it. */
  documents(id: string, chunk: number, chunkSize: number, low: string, positions: readonly number[]): string[] {
    const texts: string[] = [];
    while (texts.length < positions.length) {
      const query = { type: "docs", chunk: `${chunk}`, chunkSize: `${chunkSize}`, low, offset: `${texts.length}` };
      const body = JSON.stringify(positions);
      const page = this.#requests.texts(
        this.#requests.start(this.#requests.request("PUT", `/_api/replication/keys/${id}`, query, body)).wait(),
        "documents chunk",
      );
      const fresh = page.slice(texts.length);
      if (fresh.length === 0) throw this.#requests.invalid("response contains no documents of a chunk");
      texts.push(...fresh);
    }
    return texts;
  }
}
