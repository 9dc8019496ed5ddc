/**
 * A leader in the same thread: requests go straight to a server's router, and tests decide what becomes of the answers.
 *
 * @module
 */
import { bodyBytes } from "../src/base/exchange.ts";
import { Engine, MEMORY } from "../src/engine/engine.ts";
import type { Collection } from "../src/engine/collection.ts";
import type { Database } from "../src/engine/database.ts";
import type { LeaderLink, LeaderReply, LeaderRequest } from "../src/replication/leader_link.ts";
import { runSync, type SyncEnvironment, type SyncResult } from "../src/replication/sync.ts";
import { syncConfig } from "../src/replication/sync_config.ts";
import { SyncProgress, type SyncStatistics } from "../src/replication/sync_progress.ts";
import { Server } from "../src/server/server.ts";

/** What a test does to an exchange: it may answer itself, change the answer, or throw. */
export type Meddler = (request: LeaderRequest, answer: () => LeaderReply) => LeaderReply;

const encoder = new TextEncoder();

/** An answer made up by a test. */
export function fakeReply(
  status: number,
  body: string | object = "",
  headers: Record<string, string> = {},
): LeaderReply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, reason: `status ${status}`, headers, body: encoder.encode(text) };
}

/** A leader and a follower with throw-away directories. */
export class SyncPair implements Disposable {
  readonly leader: Engine = Engine.open({ directory: MEMORY });
  readonly follower: Engine = Engine.open({ directory: MEMORY });
  readonly #server = new Server(this.leader, { authentication: false });
  /** Every request that reached the leader. */
  readonly requests: LeaderRequest[] = [];
  /** Links that have not been closed. */
  open = 0;

  get leaderDatabase(): Database {
    return this.leader.database("_system");
  }

  get followerDatabase(): Database {
    return this.follower.database("_system");
  }

  /** Makes a collection `c` of 60 documents on both sides; 40 keys are on both, with other documents. */
  fill(): void {
    for (const [engine, from] of [[this.leader, 0], [this.follower, 20]] as const) {
      const collection = engine.database("_system").createCollection({ name: "c" });
      engine.write([collection], () => {
        for (let i = from; i < from + 60; i++) collection.insert(`{"_key":"k${i}","of":${from}}`);
      });
    }
  }

  /** A link to the leader. */
  link(meddle: Meddler = (_request, answer) => answer()): LeaderLink {
    this.open++;
    return {
      start: (request) => ({
        wait: () =>
          meddle(request, () => {
            this.requests.push(request);
            const reply = this.#server.handle({
              method: request.method,
              url: request.url,
              headers: request.headers,
              body: encoder.encode(request.body ?? ""),
            }, { wait: "block" });
            return { status: reply.status, reason: "", headers: reply.headers, body: bodyBytes(reply) };
          }),
      }),
      repeat: () => ({ [Symbol.dispose]: () => {} }),
      [Symbol.dispose]: () => void this.open--,
    };
  }

  /** Syncs a collection. */
  sync(
    name: string,
    config: Record<string, unknown> = {},
    options: { meddle?: Meddler; environment?: Partial<SyncEnvironment> } = {},
  ): { result: SyncResult; statistics: SyncStatistics; messages: string[] } {
    const messages: string[] = [];
    const complete = syncConfig({
      endpoint: "tcp://leader:8529",
      restrictType: "include",
      restrictCollections: [name],
      ...config,
    }, "_system");
    const outcome = runSync(complete, {
      engine: this.follower,
      database: this.followerDatabase,
      link: this.link(options.meddle),
      progress: new SyncProgress((report) => messages.push(report.message), 0),
      ...options.environment,
    });
    return { ...outcome, messages };
  }

  [Symbol.dispose](): void {
    this.#server[Symbol.dispose]();
    this.leader[Symbol.dispose]();
    this.follower[Symbol.dispose]();
  }
}

/** The texts of all documents by key: two equal collections have equal contents. */
export function contents(collection: Collection): Record<string, string> {
  const found = [...collection.pages()].flat().map(({ key, text }) => [key, text] as const);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
