/** A server behind real sockets, spoken to by ArangoDB's own driver and by plain requests. */
import { deepStrictEqual as deepEqual, match, ok, rejects, strictEqual as equal } from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { get } from "node:http";
import { hostServer } from "../src/embedding/host_server.ts";
import { Engine, MEMORY } from "../src/engine/engine.ts";
import { splitKeyFile } from "../src/server/key_file.ts";
import { type RunningServer, serve, type ServeOptions } from "../src/server/listen.ts";
import { Server } from "../src/server/server.ts";
import type { ServerOptions } from "../src/server/server_options.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";

// the driver brings declarations of an old Node, which hide node:sqlite's from the type checker: no static import
const DRIVER: string = "arangojs";
const { Database } = await import(DRIVER);

async function running(
  body: (url: string, listening: RunningServer, server: Server) => Promise<void>,
  options: Partial<ServerOptions> = {},
  listen: Partial<ServeOptions> = {},
): Promise<void> {
  using engine = Engine.open({ directory: MEMORY });
  using server = new Server(engine, { authentication: true, rootPassword: "pw", ...options });
  await using listening = await serve({ server, endpoints: ["tcp://127.0.0.1:0"], ...listen });
  await body(listening.endpoints[0]!, listening, server);
}

const auth = { username: "root", password: "pw" };

function fixture(name: string): string {
  return Deno.readTextFileSync(new URL(`fixtures/${name}`, import.meta.url));
}

Deno.test("arangojs: databases, collections, documents, indexes and users", async () => {
  await running(async (url) => {
    const system = new Database({ url, auth });
    equal((await system.version()).server, "arango");
    const db = await system.createDatabase("test", { users: [{ username: "bob", passwd: "b" }] });
    deepEqual((await system.listDatabases()).sort(), ["_system", "test"]);
    const things = await db.createCollection("things");
    const saved = await things.save({ _key: "a", n: 1 }, { returnNew: true });
    equal(saved.new?.n, 1);
    const all = await things.saveAll([{ _key: "b" }, { _key: "a" }]);
    deepEqual(all.map((one: { errorNum?: number; _key?: string }) => one.errorNum ?? one._key), ["b", 1210]);
    equal((await things.document("a")).n, 1);
    equal(await things.documentExists("zz"), false);
    await rejects(things.document("zz"), { errorNum: 1202, code: 404 });
    await rejects(things.update("a", { n: 2 }, { ifMatch: "_abc" }), { errorNum: 1200 });
    equal((await things.update("a", { n: 2 }, { returnOld: true })).old?.n, 1);
    equal((await things.documents(["a", "b"])).length, 2);
    equal((await things.ensureIndex({ type: "persistent", fields: ["n"], unique: true })).isNewlyCreated, true);
    equal((await things.indexes()).length, 2);
    equal((await things.count()).count, 2);
    await things.remove("a");
    await things.truncate();
    const edges = await db.createEdgeCollection("links");
    await edges.save({ _from: "things/a", _to: "things/b" });
    equal((await edges.outEdges("things/a")).edges.length, 1);
    const bob = new Database({ url, databaseName: "test", auth: { username: "bob", password: "b" } });
    deepEqual((await bob.collections()).map((one: { name: string }) => one.name).sort(), ["links", "things"]);
    await rejects(bob.listDatabases(), { code: 403 });
    await bob.login("bob", "b");
    equal((await bob.collection("things").count()).count, 0);
    equal(await system.getUserAccessLevel("bob", { database: "test" }), "rw");
    equal(await system.dropDatabase("test"), true);
    for (const one of [system, db, bob]) one.close();
  });
});

Deno.test("writes of what a transaction has written wait for its end", async () => {
  await running(async (url) => {
    const db = new Database({ url, auth });
    const things = await db.createCollection("things");
    // nobody waits for longer than a second: where that has passed, once more
    for (let attempt = 0;; attempt++) {
      const [a, b] = [`a${attempt}`, `b${attempt}`];
      await things.save({ _key: b });
      const trx = await db.beginTransaction({ write: [things] });
      await trx.step(() => things.save({ _key: a, by: "transaction" }));
      await trx.step(() => things.update(b, { by: "transaction" }));
      const order: string[] = [];
      const done = (name: string, work: Promise<unknown>): Promise<unknown> =>
        work.then(() => "done", (error: { errorNum: number }) => error.errorNum)
          .then((result) => order.push(`${name} ${result}`));
      const begun = performance.now();
      const all = [
        done("plain", things.save({ _key: a })),
        done("query", db.query({ query: "UPDATE @b WITH {seen: true} IN things", bindVars: { b } })),
        done("other", things.save({})),
      ];
      await all[2];
      order.push("commit");
      await trx.commit();
      const isInTime = performance.now() - begun < 900;
      await Promise.all(all);
      if (!isInTime) continue;
      deepEqual([...order.slice(0, 2), ...order.slice(2).sort()], ["other done", "commit", "plain 1210", "query done"]);
      const { by, seen } = await things.document(b);
      deepEqual([by, seen], ["transaction", true]);
      break;
    }
    db.close();
  });
});

Deno.test("a server on the network needs authentication, a TLS endpoint a certificate, and every endpoint an address", async () => {
  using engine = Engine.open({ directory: MEMORY });
  using server = new Server(engine, { authentication: false });
  await rejects(serve({ server, endpoints: ["tcp://0.0.0.0:0"] }), /refusing to listen .* without authentication/);
  await rejects(serve({ server, endpoints: ["ssl://127.0.0.1:0"] }), /--ssl\.keyfile/);
  await rejects(serve({ server, endpoints: ["ssl://127.0.0.1:0"], certificateAndKey: "x" }), /holds no certificate/);
  await rejects(serve({ server, endpoints: ["nonsense"] }), { errorNum: 10 });
  await rejects(serve({ server, endpoints: [] }), { errorNum: 10 });
  await using first = await serve({ server, endpoints: ["tcp://127.0.0.1:0"] });
  const taken = `tcp://${new URL(first.endpoints[0]!).host}`;
  await rejects(
    serve({ server, endpoints: ["tcp://127.0.0.1:0", taken] }),
    /cannot listen on .*is another server there/,
  );
});

Deno.test("the ready line names the picked port, and several endpoints answer", async () => {
  using temporary = new TemporaryDirectory();
  const folder = temporary.path;
  let line = "";
  const endpoints = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0", `unix://${folder}/socket`];
  await running(
    async (_, listening) => {
      match(line, /^denosh is ready: http:\/\/127\.0\.0\.1:\d+, http:\/\/127\.0\.0\.1:\d+, unix:\/\/.*\/socket\n$/);
      equal(listening.endpoints.length, 3);
      for (const url of listening.endpoints.slice(0, 2)) {
        equal((await (await fetch(`${url}/_admin/server/availability`)).json()).mode, "default");
      }
      using client = Deno.createHttpClient({ proxy: { transport: "unix", path: `${folder}/socket` } });
      equal((await (await fetch("http://localhost/_admin/time", { client })).json()).code, 200);
    },
    {},
    { endpoints, writeLine: (text) => line += text },
  );
});

Deno.test("the socket file of a server that was killed is no hindrance, one that is in use is", async () => {
  using temporary = new TemporaryDirectory();
  const folder = temporary.path;
  const path = `${folder}/socket`;
  // its end removes one name of the file
  const killed = Deno.listen({ transport: "unix", path: `${path}.killed` });
  Deno.linkSync(`${path}.killed`, path);
  killed.close();
  ok(Deno.statSync(path).isSocket);
  await running(
    async (_, { endpoints }) => {
      using engine = Engine.open({ directory: MEMORY });
      using second = new Server(engine, { authentication: false });
      await rejects(serve({ server: second, endpoints }), /is another server there/);
      using client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
      equal((await (await fetch("http://localhost/_admin/time", { client })).json()).code, 200);
    },
    {},
    { endpoints: [`unix://${path}`] },
  );
  Deno.writeTextFileSync(path, "not a socket");
  await rejects(running(async () => {}, {}, { endpoints: [`unix://${path}`] }), /cannot listen on/);
  equal(Deno.readTextFileSync(path), "not a socket");
});

Deno.test("a certificate and another one's key are no key file", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  const [certificate] = splitKeyFile(fixture("leader.pem")).certificates;
  const certificateAndKey = `${certificate}\n${key}`;
  await rejects(
    running(async () => {}, {}, { endpoints: ["ssl://127.0.0.1:0"], certificateAndKey }),
    /certificate and key of the key file do not belong together/,
  );
});

Deno.test("TLS endpoints answer with the certificate of the key file", async () => {
  await running(
    async (url) => {
      match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
      using client = Deno.createHttpClient({ caCerts: [fixture("ca.pem")] });
      equal((await (await fetch(`${url}/_admin/time`, { client })).json()).code, 200);
      await rejects(fetch(`${url}/_admin/time`), /certificate|fetch failed/);
    },
    {},
    { endpoints: ["ssl://127.0.0.1:0"], certificateAndKey: fixture("leader.pem") },
  );
});

Deno.test("new connections get the certificates that the key file has now; a file that is no use changes nothing", async () => {
  using temporary = new TemporaryDirectory();
  const path = `${temporary.path}/key.pem`;
  Deno.writeTextFileSync(path, fixture("leader.pem"));
  await using server = await hostServer({
    directory: ":memory:",
    endpoints: ["ssl://127.0.0.1:0", "tcp://127.0.0.1:0"],
    authentication: false,
    keyFile: () => Deno.readTextFileSync(path),
  });
  const [url, plain] = server.running.endpoints;
  const trusting = (name: string) => Deno.createHttpClient({ caCerts: [fixture(name)] });
  using old = trusting("ca.pem");
  using renewed = trusting("renewed_ca.pem");
  const ask = async (client: Deno.HttpClient): Promise<number> => {
    const answer = await fetch(`${url}/_admin/time`, { client, headers: { connection: "close" } });
    return (await answer.json()).code;
  };
  const reload = async (base = url, client = old): Promise<[number, string | number]> => {
    const body = await (await fetch(`${base}/_admin/server/tls`, { method: "POST", client })).json();
    return [body.code, body.errorMessage ?? body.result.keyfile.certificates.length];
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
  const untilRenewed = async (): Promise<void> => {
    // a connection that is refused at once leaves no time for anything else
    while (await ask(renewed).catch(() => 0) !== 200) await pause();
  };
  equal(await ask(old), 200);
  Deno.writeTextFileSync(path, fixture("renewed.pem").replace(/-----BEGIN PRIVATE[^]*/, ""));
  deepEqual(await reload(), [400, "the key file holds no private key; it needs both, in PEM format"]);
  Deno.writeTextFileSync(path, `${splitKeyFile(fixture("renewed.pem")).certificates[0]}\n${fixture("leader.pem")}`);
  match(String((await reload())[1]), /certificate and key of the key file do not belong together/);
  Deno.removeSync(path);
  match(String((await reload())[1]), /No such file/);
  equal(await ask(old), 200);
  const send = async (method: string, path: string, body?: unknown) =>
    (await fetch(plain + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json();
  await send("POST", "/_api/collection", { name: "c" });
  const { result: { id } } = await send("POST", "/_api/transaction/begin", { collections: { exclusive: ["c"] } });
  const waiting = fetch(`${url}/_api/document/c`, { method: "POST", client: old, body: `{"_key":"k"}` });
  for (let came = false; !came; await pause()) {
    const { result: { calls } } = await send("GET", "/_admin/server/api-calls");
    came = calls.some((one: { path: string }) => one.path === "/_api/document/c");
  }
  Deno.writeTextFileSync(path, fixture("renewed.pem"));
  deepEqual(await reload(), [200, 1]);
  await untilRenewed();
  await rejects(ask(old));
  await send("PUT", `/_api/transaction/${id}`);
  equal((await (await waiting).json())._key, "k");
  deepEqual(await reload(plain), [200, 1]);
  await untilRenewed();
});

Deno.test("bodies: too large ones are refused, compressed ones unpacked, HEAD has the length of GET", async () => {
  await running(
    async (url) => {
      const headers = { authorization: `Basic ${btoa("root:pw")}` };
      const post = (path: string, body: BodyInit, more: Record<string, string> = {}): Promise<Response> =>
        fetch(`${url}${path}`, { method: "POST", headers: { ...headers, ...more }, body });
      equal((await (await post("/_api/collection", `{"name":"c"}`)).json()).code, 200);
      const large = await post("/_api/document/c", JSON.stringify({ x: "x".repeat(2000) }));
      equal(large.status, 413);
      equal((await large.json()).errorNum, 413);
      const endless = new Blob(["x".repeat(5000)]).stream();
      equal((await (await post("/_api/document/c", endless)).json()).code, 413);
      const packed = new Blob([`{"_key":"packed","x":"${"x".repeat(500)}"}`]).stream()
        .pipeThrough(new CompressionStream("gzip"));
      const bytes = await new Response(packed).arrayBuffer();
      equal((await (await post("/_api/document/c", bytes, { "content-encoding": "gzip" })).json())._key, "packed");
      equal((await (await post("/_api/document/c", "no gzip", { "content-encoding": "gzip" })).json()).code, 400);
      const get = await fetch(`${url}/_api/document/c/packed`, { headers });
      const text = await get.text();
      const head = await fetch(`${url}/_api/document/c/packed`, { method: "HEAD", headers });
      equal(head.headers.get("content-length"), String(text.length));
      equal(head.headers.get("etag"), get.headers.get("etag"));
      equal(get.headers.get("content-encoding"), null);
    },
    {},
    { maxBodyBytes: 1000 },
  );
});

Deno.test("browsers of other origins are told what they may do; long answers are compressed, long URLs refused", async () => {
  await running(
    async (url) => {
      const preflight = await fetch(`${url}/_api/collection`, {
        method: "OPTIONS",
        headers: { origin: "http://a.example", "access-control-request-headers": "x-one, x-two" },
      });
      equal(preflight.status, 200);
      equal(preflight.headers.get("access-control-allow-origin"), "http://a.example");
      equal(preflight.headers.get("access-control-allow-headers"), "x-one, x-two");
      match(preflight.headers.get("access-control-allow-methods")!, /PATCH/);
      equal(preflight.headers.get("access-control-allow-credentials"), "false");
      await preflight.body?.cancel();
      const plain = await fetch(`${url}/_api/version`, { headers: { origin: "http://trusted.example" } });
      equal(plain.headers.get("access-control-allow-credentials"), "true");
      match(plain.headers.get("access-control-expose-headers")!, /x-arango-async-id/);
      equal(plain.headers.get("access-control-allow-methods"), null);
      equal((await plain.json()).server, "arango");
      const long = await fetch(`${url}/_api/version?${"x".repeat(20_000)}`);
      equal((await long.json()).errorNum, 414);
      // fetch unpacks answers and hides that they were packed
      const coding = (accepted: string): Promise<string | undefined> =>
        new Promise((resolve, reject) => {
          get(`${url}/_api/collection`, { headers: { "accept-encoding": accepted } }, (answer) => {
            answer.resume().on("end", () => resolve(answer.headers["content-encoding"]));
          }).on("error", reject);
        });
      const accepted = ["gzip, deflate", "deflate", "gzip;q=0, deflate", "br"];
      deepEqual(await Promise.all(accepted.map(coding)), ["gzip", "deflate", "deflate", undefined]);
      equal((await (await fetch(`${url}/_api/collection`)).json()).code, 200);
    },
    { authentication: false, trustedOrigins: ["http://trusted.example"] },
    { compressAbove: 300 },
  );
});

Deno.test("stop() finishes the requests that are running, and asynchronous ones", async () => {
  let asked = false;
  let done = false;
  await running(async (url, listening, server) => {
    const headers = { authorization: `Basic ${btoa("root:pw")}` };
    const slow = fetch(`${url}/_api/replication/sync`, { method: "PUT", headers, body: `{"endpoint":"tcp://x:1"}` });
    const stored = { ...headers, "x-arango-async": "true" };
    const later = fetch(`${url}/_api/collection`, { method: "POST", headers: stored, body: `{"name":"later"}` });
    equal((await later).status, 202);
    await (await later).body?.cancel();
    while (!asked) await new Promise((resolve) => setTimeout(resolve, 1));
    const stopped = listening.stop();
    done = true;
    equal((await (await slow).json()).fine, true);
    await stopped;
    await listening.finished;
    ok(server.engine.database("_system").find("later"));
    await rejects(fetch(`${url}/_admin/time`));
  }, {
    startSync: () => "1",
    backgroundJobs() {
      asked = true;
      if (!done) return { state: "pending" };
      const headers = { "content-type": "application/json" };
      return { state: "done", reply: { status: 200, headers, body: new TextEncoder().encode(`{"fine":true}`) } };
    },
  });
});

Deno.test("SIGTERM ends a server cleanly", async () => {
  const program = `
    import { Engine, MEMORY } from "${new URL("../src/engine/engine.ts", import.meta.url)}";
    import { serve } from "${new URL("../src/server/listen.ts", import.meta.url)}";
    import { Server } from "${new URL("../src/server/server.ts", import.meta.url)}";
    using engine = Engine.open({ directory: MEMORY });
    using server = new Server(engine, { authentication: false });
    const writeLine = (line) => Deno.stdout.writeSync(new TextEncoder().encode(line));
    const running = await serve({ server, endpoints: ["tcp://127.0.0.1:0"], writeLine, signals: true });
    await running.finished;
    writeLine("stopped");`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "piped",
    cwd: new URL("..", import.meta.url),
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await lines.read();
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(value)?.[0];
  ok(url, value);
  equal((await (await fetch(`${url}/_admin/time`)).json()).code, 200);
  child.kill("SIGTERM");
  equal((await lines.read()).value, "stopped");
  deepEqual({ ...await child.status }, { success: true, code: 0, signal: null });
  await lines.cancel();
});
