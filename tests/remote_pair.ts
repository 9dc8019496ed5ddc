/**
 * A leader, and a follower that is another server, in the same thread.
 *
 * @module
 */
import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import type { ApiReply, ApiRequest } from "../src/base/exchange.ts";
import type { UnderWay } from "../src/network/api_client.ts";
import { newJob } from "../src/replication/job_document.ts";
import { runRemoteJob } from "../src/replication/remote/remote_job_runner.ts";
import { type RemoteJob, RemoteJobTable } from "../src/replication/remote/remote_job_table.ts";
import { syncConfig } from "../src/replication/sync_config.ts";
import { Server } from "../src/server/server.ts";
import { contents, type Meddler, SyncPair } from "./in_process_leader.ts";

/** What a test does to a request of the sync to the follower. */
export type FollowerMeddler = (request: ApiRequest, answer: () => ApiReply) => ApiReply;

/** An answer that a test makes up. */
export function answer(status: number, body: object): ApiReply {
  return { status, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) };
}

/** A server like a coordinator: without revision trees, and without another name for a collection. */
export const coordinator: FollowerMeddler = ({ url }, otherwise) => {
  if (url.endsWith("/_admin/server/role")) return answer(200, { role: "COORDINATOR" });
  if (/\/_api\/replication\/|\/rename$/.test(url)) {
    return answer(501, { error: true, code: 501, errorNum: 1470, errorMessage: "not supported on a coordinator" });
  }
  return otherwise();
};

/** What is done at once and told later. */
function begun<T>(work: () => T): UnderWay<T> {
  try {
    const result = work();
    return { wait: () => result };
  } catch (error) {
    return {
      wait: () => {
        throw error;
      },
    };
  }
}

/** A leader, and a follower that is another server. */
export class RemotePair implements Disposable {
  readonly pair = new SyncPair();
  #follower = new Server(this.pair.follower, { authentication: false });
  readonly #locks = Deno.makeTempDirSync({ prefix: "denosh-test-" });
  #jobs = 0;
  /** Requests that changed the follower's collections. */
  readonly changes: string[] = [];

  get leader() {
    return this.pair.leaderDatabase;
  }

  get follower() {
    return this.pair.followerDatabase;
  }

  /** Leads to the follower. */
  readonly direct = {
    request: (request: ApiRequest): ApiReply => this.#follower.handle(request, { wait: "block" }) as ApiReply,
  };

  /** Makes the follower forget what a server forgets when it dies: snapshots, cursors, transactions. */
  restartFollower(): void {
    this.#follower[Symbol.dispose]();
    this.#follower = new Server(this.pair.follower, { authentication: false });
  }

  /** Syncs; gives the job as it stands when its process has ended. */
  sync(
    name: string,
    config: object = {},
    meddle: FollowerMeddler = (_, otherwise) => otherwise(),
    leaderMeddler?: Meddler,
  ): RemoteJob {
    this.changes.length = 0;
    const complete = syncConfig(
      { endpoint: "tcp://leader:8529", restrictType: "include", restrictCollections: [name], ...config },
      "_system",
    );
    const carryOut = (request: ApiRequest): ApiReply =>
      meddle(request, () => {
        const { method, url } = request;
        if (method !== "GET" && !/cursor|replication/.test(url)) this.changes.push(`${method} ${url}`);
        return this.direct.request(request);
      });
    const exchange = { request: carryOut, start: (request: ApiRequest) => begun(() => carryOut(request)) };
    const id = `sync-${++this.#jobs}`;
    const table = new RemoteJobTable(this.direct, "_system", this.#locks);
    table.create(newJob(id, complete, true));
    const job = { endpoint: "tcp://follower:8530", database: "_system", id, config: complete, connectTo: [] };
    runRemoteJob({ ...job, locks: this.#locks }, exchange, () => this.pair.link(leaderMeddler));
    return table.get(id)!;
  }

  /** Syncs, and looks whether both sides are equal. */
  equalize(name: string, config: object = {}, meddle?: FollowerMeddler): RemoteJob {
    const job = this.sync(name, config, meddle);
    equal(job.error, null);
    equal(job.state, "done");
    const [leader, follower] = [this.leader.collection(name), this.follower.collection(name)];
    deepEqual(contents(follower), contents(leader));
    equal(follower.revisionTree().hash, leader.revisionTree().hash);
    this.assertNothingLeft();
    return job;
  }

  /** No collection but those that were there, and no open link. */
  assertNothingLeft(): void {
    const names = this.follower.collections().map(({ name }) => name).filter((name) => name.includes("_sync-"));
    deepEqual(names, []);
    equal(this.pair.open, 0);
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
    this.pair[Symbol.dispose]();
    Deno.removeSync(this.#locks, { recursive: true });
  }
}
