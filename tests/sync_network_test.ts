import { ok, strictEqual as equal, throws } from "node:assert/strict";
import { Engine, MEMORY } from "../src/engine/engine.ts";
import { openLeaderLink } from "../src/replication/network_link.ts";
import { runSync } from "../src/replication/sync.ts";
import { syncConfig } from "../src/replication/sync_config.ts";
import { SyncProgress } from "../src/replication/sync_progress.ts";
import { ThreadedLeader } from "./threaded_leader.ts";

const fixture = (name: string): string => new URL(`./fixtures/${name}`, import.meta.url).pathname;

/** A follower with one old document in `c`. */
class Follower implements Disposable {
  readonly engine = Engine.open({ directory: MEMORY });

  constructor() {
    this.engine.database("_system").createCollection({ name: "c" }).insert(`{"_key":"old"}`);
  }

  sync(endpoint: string, config: Record<string, unknown> = {}, connectTo: string[] = []): number {
    const complete = syncConfig(
      { endpoint, restrictType: "include", restrictCollections: ["c"], ...config },
      "_system",
    );
    const database = this.engine.database("_system");
    const link = openLeaderLink({ config: complete, connectTo });
    runSync(complete, { engine: this.engine, database, link, progress: new SyncProgress(() => {}) });
    return database.collection("c").count();
  }

  assertUntouched(): void {
    const collection = this.engine.database("_system").collection("c");
    equal(collection.count(), 1);
    ok(collection.document("old"));
  }

  [Symbol.dispose](): void {
    this.engine[Symbol.dispose]();
  }
}

/** A port of loopback where nothing listens. */
function closedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

Deno.test("a leader on a socket is copied, by name through --connect-to as well", async () => {
  using leader = await ThreadedLeader.start({ documents: 3000, password: "geheim" });
  using follower = new Follower();
  equal(follower.sync(`tcp://127.0.0.1:${leader.port}`, { username: "root", password: "geheim" }), 3000);
  const rule = [`leader.domain.org:8529:127.0.0.1:${leader.port}`];
  const incremental = { username: "root", password: "geheim", incremental: true };
  equal(follower.sync("tcp://leader.domain.org:8529", incremental, rule), 3000);
  throws(() => follower.sync(`tcp://127.0.0.1:${leader.port}`, { username: "root", password: "falsch" }), {
    errorNum: 1402,
    message: /HTTP 401.*check username and password/,
  });
});

Deno.test("a leader that is not there, or whose name nobody knows, is told apart", () => {
  using follower = new Follower();
  throws(() => follower.sync(`tcp://127.0.0.1:${closedPort()}`), {
    errorNum: 1400,
    message: /could not connect to leader at tcp:.*connection refused: nothing listens at 127\.0\.0\.1:\d+/,
  });
  throws(() => follower.sync("tcp://no-such-host.invalid:8529"), {
    errorNum: 1400,
    message: /the name 'no-such-host\.invalid' cannot be resolved/,
  });
  follower.assertUntouched();
});

Deno.test("a connection that is cut in the middle of a chunk ends the sync", async () => {
  using leader = await ThreadedLeader.start({ documents: 3000 });
  using follower = new Follower();
  leader.misbehave("cut", 300_000);
  throws(() => follower.sync(`tcp://127.0.0.1:${leader.port}`), {
    errorNum: 1400,
    message: /dump.*Connection closed by remote/,
  });
  follower.assertUntouched();
  leader.misbehave("pass");
  equal(follower.sync(`tcp://127.0.0.1:${leader.port}`), 3000);
});

Deno.test("a line that is no JSON, although key and revision can be read, ends the sync", async () => {
  using leader = await ThreadedLeader.start({ documents: 3000 });
  using follower = new Follower();
  leader.misbehave("damage", 300_000);
  throws(() => follower.sync(`tcp://127.0.0.1:${leader.port}`), {
    errorNum: 1401,
    message: /dump.*line \d+ of the answer is no JSON object/,
  });
  follower.assertUntouched();
});

Deno.test("documents that are not UTF-8 end the sync instead of being mended", async () => {
  using leader = await ThreadedLeader.start({ documents: 3000 });
  using follower = new Follower();
  leader.misbehave("misencode", 300_000);
  for (
    const [incremental, message] of [
      [false, /dump.*line \d+ of the answer is not UTF-8/],
      [true, /documents by revision: it is not UTF-8/],
    ] as const
  ) {
    throws(() => follower.sync(`tcp://127.0.0.1:${leader.port}`, { incremental }), { errorNum: 1401, message });
    follower.assertUntouched();
  }
});

Deno.test("a leader that stops answering is given up after initialSyncMaxWaitTime", async () => {
  using leader = await ThreadedLeader.start({ documents: 3000 });
  using follower = new Follower();
  leader.misbehave("stall", 100_000);
  throws(() => follower.sync(`tcp://127.0.0.1:${leader.port}`, { initialSyncMaxWaitTime: 0.7 }), {
    errorNum: 1400,
    message: /Request timeout reached/,
  });
  follower.assertUntouched();
});

Deno.test("TLS: a server that speaks none, a certificate that nobody trusts, and one that caFile makes trusted", async () => {
  using plain = await ThreadedLeader.start({ documents: 10 });
  using follower = new Follower();
  throws(() => follower.sync(`ssl://127.0.0.1:${plain.port}`), { errorNum: 1400, message: /TLS failure/ });
  using leader = await ThreadedLeader.start({
    documents: 10,
    certificateAndKey: Deno.readTextFileSync(fixture("leader.pem")),
  });
  throws(() => follower.sync(`ssl://127.0.0.1:${leader.port}`), {
    errorNum: 1400,
    message: /TLS failure.*its certificate is not trusted: name a PEM file that contains it as 'caFile'/,
  });
  follower.assertUntouched();
  equal(follower.sync(`ssl://127.0.0.1:${leader.port}`, { caFile: fixture("ca.pem") }), 10);
  const rule = [`leader.domain.org:8529:127.0.0.1:${leader.port}`];
  equal(follower.sync("ssl://leader.domain.org:8529", { caFile: fixture("ca.pem"), incremental: true }, rule), 10);
  throws(() => follower.sync(`ssl://127.0.0.1:${leader.port}`, { caFile: "/nonexistent.pem" }), {
    errorNum: 1400,
    message: /nonexistent\.pem/,
  });
});
