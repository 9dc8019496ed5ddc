/**
 * The leader's replication API, seen from a follower: one method for one endpoint.
 *
 * Source: `replication-protocol.md` §2, §3.3, §3.4.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { decodeHlc, encodeHlc } from "../base/revision.ts";
import { RevisionList } from "../base/revision_list.ts";
import { type RevisionRange, RevisionTree } from "../base/revision_tree.ts";
import type { UnderWay } from "../network/api_client.ts";
import { Interrupted } from "../network/blocking_channel.ts";
import { LeaderKeysClient } from "./leader_keys_client.ts";
import { LeaderLogClient } from "./leader_log_client.ts";
import { type LeaderLink, type LeaderReply, type LeaderRequest, LinkFailure } from "./leader_link.ts";
import { type ClientStatistics, decode, isObject, LeaderRequests, REPLICATION } from "./leader_requests.ts";
import type { SystemCollections } from "./listed_collections.ts";
import type { SyncConfig } from "./sync_config.ts";

/** Seconds that a batch lives without a sign of life. */
const BATCH_TTL = 600;
/** How often a leader is asked for another snapshot when its revision tree is ahead of the one that it has. */
const MOST_RENEWALS = 4;

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
  /** Grows with every chunk; 0 of an empty one. */
  readonly lastIncluded: number;
  /** Tells that the body is no longer needed. */
  release(): void;
}

/** The replication API of one leader. */
export class LeaderClient implements Disposable {
  readonly #requests: LeaderRequests;
  readonly #link: LeaderLink;
  readonly #config: SyncConfig;
  readonly #serverId: string;
  readonly #message: (text: string) => void;
  /** What the other side is called in errors. */
  readonly peer: "leader" | "follower";
  /** For collections without revision trees. */
  readonly keys: LeaderKeysClient;
  /** What happened before the snapshot. */
  readonly log: LeaderLogClient;
  /** The leader's snapshot, from the moment that it is made. */
  #batchId: string | undefined;
  #batch: LeaderBatch | undefined;
  #extension: Disposable | undefined;

  /**
   * @param serverId the follower's own id
   * @param message is told what happens, in words
   * @param peer what the other side is: a follower can be read by the same API
   */
  constructor(
    link: LeaderLink,
    config: SyncConfig,
    serverId: string,
    message: (text: string) => void,
    peer: "leader" | "follower" = "leader",
  ) {
    this.#requests = new LeaderRequests(link, config, message, peer);
    this.peer = peer;
    const source = (collection: LeaderCollection) => this.#source(collection);
    this.keys = new LeaderKeysClient(this.#requests, config, message, source);
    this.log = new LeaderLogClient(this.#requests, message, source, () => this.#batch!.lastTick);
    this.#link = link;
    this.#config = config;
    this.#serverId = serverId;
    this.#message = message;
  }

  /**
   * Makes the leader fix its state, and keeps it fixed until this client is disposed.
   *
   * @throws ArangoError 1400, 1401, 1402, 1403 leader of a kind that is not understood, 1405 the leader is this very server, 1470 it is a
   *   coordinator
   */
  startBatch(): LeaderBatch {
    this.#message("fetching leader state");
    const query = { serverId: this.#serverId, state: "true" };
    const request = this.#requests.request(
      "POST",
      "/_api/replication/batch",
      query,
      JSON.stringify({ ttl: BATCH_TTL }),
    );
    const reply = this.#requests.start(request, { accepted: [400] }).wait();
    if (reply.status === 400) {
      if (decode(reply.body).includes("DBserver")) throw this.#isCoordinator();
      this.#requests.checked(reply, request, []);
    }
    const answer = this.#requests.object(reply, "the batch");
    if (typeof answer.id !== "string") throw this.#requests.invalid("start batch id is missing in response");
    this.#batchId = answer.id;
    const state = isObject(answer.state) ? answer.state : this.#requests.object(
      this.#requests.start(
        this.#requests.request("GET", "/_api/replication/logger-state", { serverId: this.#serverId }),
      ).wait(),
      "the logger state",
    );
    const { lastLogTick, version, serverId } = this.#serverState(state);
    const { lastTick = lastLogTick } = answer;
    if (typeof lastTick !== "string" || !/^\d+$/.test(lastTick)) {
      throw this.#requests.invalid("start batch lastTick is missing in response");
    }
    this.#batch = { id: answer.id, lastTick, serverId, version };
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

  /** What a leader says about itself, in the form of `logger-state`. */
  #serverState({ state, server }: Record<string, unknown>): { lastLogTick: string; version: string; serverId: string } {
    const wrong = (what: string): ArangoError => this.#requests.invalid(`${what} in response`);
    if (!isObject(state)) throw wrong("state section is missing");
    const { lastLogTick } = state;
    if (typeof lastLogTick !== "string") throw wrong("lastLogTick is missing");
    if (/^0*$/.test(lastLogTick)) throw wrong("lastLogTick is 0");
    if (!isObject(server)) throw wrong("server section is missing");
    const { version, serverId } = server;
    if (typeof version !== "string") throw wrong("server version is missing");
    if (typeof serverId !== "string") throw wrong("server id is missing");
    if (!/^[1-9]\d*$/.test(serverId)) throw wrong("invalid server id");
    return { lastLogTick, version, serverId };
  }

  #isCoordinator(): ArangoError {
    return new ArangoError(
      "ERROR_CLUSTER_UNSUPPORTED",
      `the leader at ${this.#config.endpoint} is a coordinator of a cluster, which shows no snapshot of a whole collection: sync from a ` +
        `single server, or copy the collection with arangodump and arangorestore`,
    );
  }

  /** Requests, waiting times and bytes so far. */
  get statistics(): ClientStatistics {
    return this.#requests.statistics;
  }

  #batchRequest(method: string, body?: string): LeaderRequest {
    return this.#requests.request(
      method,
      `/_api/replication/batch/${this.#batchId!}`,
      { serverId: this.#serverId },
      body,
    );
  }

  /** What names a collection of the snapshot. */
  #source(collection: LeaderCollection): { collection: string; batchId: string; serverId: string } {
    return { collection: identity(collection), ...this.#batchQuery() };
  }

  #batchQuery(): { batchId: string; serverId: string } {
    return { batchId: this.#batchId!, serverId: this.#serverId };
  }

  /**
   * The definitions of the leader's collections, in its order.
   *
   * @param only the collection that is wanted; leaders that do not know this parameter answer with all
   */
  inventory({ includeSystem, includeFoxxQueues }: SystemCollections, only?: string): LeaderCollection[] {
    this.#message("fetching leader inventory");
    const query = {
      ...this.#batchQuery(),
      includeSystem: `${includeSystem}`,
      ...(includeFoxxQueues ? { includeFoxxQueues: "true" } : {}),
      ...(only === undefined ? {} : { collection: only }),
    };
    const answer = this.#requests.object(
      this.#requests.start(this.#requests.request("GET", "/_api/replication/inventory", query)).wait(),
      "the inventory",
    );
    if (!Array.isArray(answer.collections)) throw this.#requests.invalid("collections section is missing in response");
    if (only === undefined && Array.isArray(answer.views) && answer.views.length > 0) {
      const names = answer.views.map((view) => String(view?.name));
      this.#message(`views, which denosh does not have, were left out: ${names.join(", ")}`);
    }
    return answer.collections.filter((one) => one?.parameters?.deleted !== true).map((one) => this.#collection(one));
  }

  #collection(declaration: unknown): LeaderCollection {
    if (!isObject(declaration)) throw this.#requests.invalid("collection declaration is invalid in response");
    const { parameters, indexes } = declaration;
    if (!isObject(parameters)) throw this.#requests.invalid("collection parameters declaration is invalid in response");
    if (!Array.isArray(indexes)) throw this.#requests.invalid("collection indexes declaration is invalid in response");
    const { name, type, globallyUniqueId } = parameters;
    const id = parameters.id ?? parameters.cid;
    if (typeof name !== "string" || name === "") throw this.#requests.invalid("collection name is missing in response");
    if (!/^[1-9]\d*$/.test(String(id))) throw this.#requests.invalid("collection id is missing in response");
    if (type !== 2 && type !== 3) throw this.#requests.invalid("collection type is missing in response");
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
  dump(collection: LeaderCollection, chunkSize: number): UnderWay<LeaderDumpChunk> {
    const query = {
      ...this.#source(collection),
      chunkSize: `${chunkSize}`,
      docsPerBatch: "1000000",
      useEnvelope: "false",
      includeSystem: "true",
    };
    const request = this.#requests.request("GET", "/_api/replication/dump", query, undefined, {
      accept: "application/x-arango-dump",
    });
    // the leader keeps the position: a chunk whose answer was lost is lost
    const pending = this.#requests.start({ ...request, jsonLines: true, lend: true }, { again: false });
    return {
      abandon: () => pending.abandon?.(),
      wait: () => {
        const reply = pending.wait();
        const header = (name: string, otherwise?: string): string => {
          const value = reply.headers[`${REPLICATION}${name}`] ?? otherwise;
          if (value !== undefined) return value;
          throw this.#requests.invalid(`got invalid response: required header is missing: ${REPLICATION}${name}`);
        };
        const checkMore = header("checkmore") === "true";
        return {
          body: reply.status === 204 ? new Uint8Array() : reply.body,
          checkMore,
          lastIncluded: Number(header("lastincluded", checkMore ? undefined : "0")),
          release: () => reply.release?.(),
        };
      },
    };
  }

  /**
   * The revision tree of a collection; undefined if the leader has none for it.
   *
   * A leader that is written to may have lost the tree of its snapshot by now. Then the snapshot is replaced by a new one, so that the
   * tree must be the first that is asked for of a collection.
   */
  tree(collection: LeaderCollection): RevisionTree | undefined {
    this.#message(`fetching collection revision tree for collection '${collection.name}'`);
    for (let renewals = 0; renewals <= MOST_RENEWALS; renewals++) {
      if (renewals > 0) this.#renewBatch(collection);
      const tree = this.#treeOfBatch(collection);
      if (tree !== "lost") return tree;
    }
    return undefined;
  }

  #treeOfBatch(collection: LeaderCollection): RevisionTree | "lost" | undefined {
    const query = { ...this.#source(collection), onlyPopulated: "true" };
    const request = this.#requests.request("GET", "/_api/replication/revisions/tree", query);
    const reply = this.#requests.start(request, { accepted: [400, 404, 405, 500, 501] }).wait();
    const text = decode(reply.body);
    if (reply.status >= 400) {
      if (text.includes("did not find tree for snapshot")) return "lost";
      // an endpoint that is not there, or not for this collection, is an answer; a collection that is gone is an error
      const isAnswer = text.includes("invalid command") ||
        (reply.status !== 400 && reply.status !== 500 && !text.includes('"errorNum":1203'));
      if (!isAnswer) this.#requests.checked(reply, request, []);
      return undefined;
    }
    const tree = RevisionTree.parse(text);
    if (!tree) {
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `got invalid response from ${this.peer} at ${this.#config.endpoint}: response does not contain a valid revision tree for collection '${collection.name}'`,
      );
    }
    return tree;
  }

  /** Makes the leader fix its state anew; asking for the inventory makes it keep the trees of that moment. */
  #renewBatch({ name }: LeaderCollection): void {
    this.#message(`the ${this.peer} has no revision tree of its snapshot any more: taking another snapshot`);
    this.#extension?.[Symbol.dispose]();
    this.#requests.start(this.#batchRequest("DELETE"), { accepted: [404] }).wait();
    this.startBatch();
    this.inventory({ includeSystem: true, includeFoxxQueues: true }, name);
  }

  /** The leader's revisions in ranges: ascending pages, each with the first revision that it does not cover. */
  *revisions(
    collection: LeaderCollection,
    ranges: readonly RevisionRange[],
  ): Generator<{ revisions: RevisionList; covered: bigint }> {
    if (ranges.length === 0) return;
    const body = JSON.stringify(ranges.map(([first, last]) => [encodeHlc(first), encodeHlc(last)]));
    const ask = (resume: bigint): UnderWay<LeaderReply> => {
      const text = encodeHlc(resume);
      const query = {
        ...this.#source(collection),
        encodeAsHLC: "true",
        resume: text,
        resumeHLC: text,
      };
      return this.#requests.start(this.#requests.request("PUT", "/_api/replication/revisions/ranges", query, body));
    };
    this.#message(`fetching collection revision ranges for collection '${collection.name}'`);
    let pending: UnderWay<LeaderReply> | undefined = ask(ranges[0]![0]);
    while (pending) {
      const answer = this.#requests.object(pending.wait(), "revision ranges");
      const { ranges: lists } = answer;
      const revisions = Array.isArray(lists) && lists.every(Array.isArray) ? RevisionList.fromTexts(lists) : undefined;
      if (!revisions) throw this.#requests.invalid("response does not contain revision ranges");
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
  documents(collection: LeaderCollection, revisions: readonly bigint[]): UnderWay<string[]> {
    const query = {
      ...this.#source(collection),
      encodeAsHLC: "true",
      ...(this.#config.chunkSize > 0 ? { chunkSize: `${this.#config.chunkSize}` } : {}),
    };
    const body = JSON.stringify(revisions.map(encodeHlc));
    const pending = this.#requests.start(
      this.#requests.request("PUT", "/_api/replication/revisions/documents", query, body),
    );
    return {
      abandon: () => pending.abandon?.(),
      wait: () => this.#requests.texts(pending.wait(), "documents by revision"),
    };
  }

  /** Lets the leader go. */
  [Symbol.dispose](): void {
    this.#extension?.[Symbol.dispose]();
    try {
      // the batch expires on its own when the leader cannot be told
      if (this.#batchId !== undefined) {
        this.#link.start({ ...this.#batchRequest("DELETE"), timeout: Math.min(5, this.#requests.timeout) }).wait();
      }
    } catch (error) {
      if (!(error instanceof LinkFailure || error instanceof Interrupted)) throw error;
      this.#message(`could not tell the ${this.peer} that the sync is over: ${error.message}`);
    } finally {
      this.#link[Symbol.dispose]();
    }
  }
}

function identity(collection: LeaderCollection): string {
  return collection.globallyUniqueId || collection.id;
}
