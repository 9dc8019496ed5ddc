import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { hasTerminals, Home, publicTexts, Served, TerminalProgram } from "./program.ts";

/** A way to a server that has lost its follower's endpoints, as ArangoDB has in 3.12.10. */
class WithoutSync implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #gate: Promise<void> = Promise.resolve();

  constructor(endpoint: string) {
    const origin = endpoint.replace("tcp:", "http:");
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const { pathname, search } = new URL(request.url);
      if (request.method === "PUT" && pathname.endsWith("/_api/replication/sync")) {
        await request.arrayBuffer();
        const body = { error: true, code: 400, errorNum: 400, errorMessage: "invalid command 'sync'" };
        return Response.json(body, { status: 400 });
      }
      const { method, headers } = request;
      const body = await request.arrayBuffer();
      if (search.includes("isRestore")) await this.#gate;
      return await fetch(`${origin}${pathname}${search}`, {
        method,
        headers,
        ...(body.byteLength > 0 ? { body } : {}),
      });
    });
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Lets documents wait to be stored; gives what ends that. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** The leader of the documentation with 3,000 documents, and a follower that is a server. */
class Servers implements AsyncDisposable {
  readonly home = new Home();
  readonly #leader: Served;
  readonly #follower: Served;
  readonly front: WithoutSync;

  private constructor(leader: Served, follower: Served) {
    this.#leader = leader;
    this.#follower = follower;
    this.front = new WithoutSync(follower.endpoint);
  }

  static async start(): Promise<Servers> {
    using home = new Home();
    const servers = new Servers(await Served.start(home), await Served.start(home));
    await servers.leader("/user", { user: "myuser", passwd: "mypasswd" });
    await servers.leader("/user/myuser/database/_system", { grant: "ro" }, "PUT");
    await servers.leader("/collection", { name: "test" });
    await servers.query("FOR i IN 1..3000 INSERT { n: i } INTO test");
    return servers;
  }

  /** Sends a request to the leader. */
  async leader(path: string, body: object, method = "POST"): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#leader.endpoint.replace("tcp:", "http:")}/_api${path}`, {
      method,
      headers: { authorization: `Basic ${btoa("root:secret")}` },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    ok(response.ok, JSON.stringify(answer));
    return answer;
  }

  /** Runs a query on the leader; gives its results. */
  async query(query: string): Promise<unknown[]> {
    return (await this.leader("/cursor", { query, batchSize: 5000 })).result as unknown[];
  }

  get #rule(): string {
    return this.#leader.endpoint.replace("tcp://", "leader.domain.org:8529:");
  }

  get arguments(): string[] {
    return [
      "--server.endpoint",
      this.front.endpoint,
      "--server.password",
      "secret",
      "--connect-to",
      this.#rule,
      "--quiet",
    ];
  }

  /** Runs a script on the follower; gives what it printed. */
  async follow(script: string, ...options: string[]): Promise<string> {
    const file = this.home.file("script.js", script);
    const args = [...this.arguments, ...options, "--javascript.execute", file];
    const { status, output, errors } = await this.home.run(args);
    equal(status, 0, `${output}${errors}`);
    return output;
  }

  /** A prompt on the follower. */
  prompt(): TerminalProgram {
    return new TerminalProgram(this.home, this.arguments.filter((one) => one !== "--quiet"));
  }

  /** Waits until the only job that there is has ended, as `denosh jobs` tells. */
  async jobEnds(): Promise<void> {
    for (let state = "running"; state === "running";) {
      const { output } = await this.home.run(["jobs", ...this.arguments]);
      state = /^sync-\d+ +(\w+)/m.exec(output)![1]!;
    }
  }

  /** The files that syncs of servers have on this machine. */
  filesLeft(): string[] {
    const directory = `${this.home.path}/denosh-${Deno.uid()}`;
    return [directory, `${directory}/locks`].flatMap((path) =>
      [...Deno.readDirSync(path)].filter(({ isFile }) => isFile).map(({ name }) => name)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.front[Symbol.asyncDispose]();
    await this.#leader[Symbol.asyncDispose]();
    await this.#follower[Symbol.asyncDispose]();
    this.home[Symbol.dispose]();
  }
}

/** A snippet of the documentation. */
function snippet(more = "", call = "require"): string {
  return `db._useDatabase("_system");
${call}("@arangodb/replication").syncCollection("test", {
  endpoint: "tcp://leader.domain.org:8529",
  username: "myuser",
  password: "mypasswd"${more}
})`;
}

/** Types the snippet at a prompt, and waits until its sync has begun. */
async function typeSnippet(program: TerminalProgram): Promise<void> {
  await program.see("> ");
  await program.type(`${snippet().split("\n").slice(1).join(" ")}\r`);
  await program.see("fetching");
}

Deno.test("the documented snippets run against a server that has lost its follower's endpoints", async () => {
  await using servers = await Servers.start();
  const all = "FOR d IN test SORT d._key RETURN d";
  const documents = `print(JSON.stringify(db._query("${all}").toArray()));`;
  deepEqual(JSON.parse(await servers.follow(`${snippet()};\n${documents}`)), await servers.query(all));
  await servers.query("FOR d IN test FILTER d.n % 100 == 0 UPDATE d WITH { n: -d.n } IN test");
  await servers.query("FOR d IN test FILTER d.n % 100 == 1 REMOVE d IN test");
  const incremental = `${snippet(",\n  incremental: true")};\n${documents}
    print(JSON.stringify(db._query("FOR j IN _sync_jobs SORT j.started RETURN j").toArray()))`;
  const [now, table] = (await servers.follow(incremental)).split("\n") as [string, string];
  deepEqual(JSON.parse(now), await servers.query(all));
  const jobs = JSON.parse(table) as { state: string; collection: string; documents: { done: number } }[];
  deepEqual(jobs.map(({ state, collection, documents }) => [state, collection, documents.done]), [
    ["done", "test", 3000],
    ["done", "test", 30],
  ]);
  ok(!/mypasswd|secret/.test(table));
});

Deno.test("a server that follows by itself does so, also after syncs of all databases, and of one that it does not have", async () => {
  using home = new Home();
  await using served = await Served.start(home);
  const file = home.file(
    "script.js",
    `print(arango.PUT("/_api/replication/sync?global=true", { endpoint: "tcp://127.0.0.1:1" }).errorNum);
    print(arango.PUT("/_db/none/_api/replication/sync", {}).errorNum);
    print(arango.PUT("/_api/replication/sync", { endpoint: "tcp://127.0.0.1:1" }).errorNum);
    print(JSON.stringify(db._sync_jobs.toArray().map((job) => "host" in job)));`,
  );
  const args = ["--server.endpoint", served.endpoint, "--server.password", "secret", "--quiet", "--javascript.execute"];
  equal((await home.run([...args, file])).output, "9\n1228\n1400\n[false]\n");
});

Deno.test("a sync of a server with async: true outlives its shell, and every shell learns its result", async () => {
  await using servers = await Servers.start();
  const open = servers.front.hold();
  const start = `${snippet(",\n  async: true", "var id = require")};
    print(id, require("@arangodb/replication").getSyncResult(id));`;
  const [, id = ""] = /^(sync-\d+) false\n$/.exec(await servers.follow(start)) ?? [];
  ok(id);
  open();
  const wait = `const replication = require("@arangodb/replication");
    let result = false;
    while (result === false) { require("internal").sleep(0.05); result = replication.getSyncResult("${id}"); }
    print(result.collections[0].name, db.test.count());`;
  equal(await servers.follow(wait), "test 3000\n");
  const { status, output } = await servers.home.run(["jobs", ...servers.arguments]);
  equal(status, 0);
  ok(/sync-\d+ +done +test +tcp:\/\/leader\.domain\.org:8529 +3000 of 3000/.test(output), output);
});

Deno.test("a killed sync of a server has told nobody the passwords, and leaves nothing on this machine", async () => {
  await using servers = await Servers.start();
  const open = servers.front.hold();
  const start = `${snippet(",\n  async: true")};
    while (db._sync_jobs.any().documents.total === 0) require("internal").sleep(0.05);
    print(db._sync_jobs.any().process);`;
  const process = Number((await servers.follow(start)).split("\n").at(-2));
  ok(!/mypasswd|secret/.test(publicTexts(process)));
  Deno.kill(process, "SIGKILL");
  open();
  await servers.jobEnds();
  deepEqual(servers.filesLeft(), []);
});

Deno.test("a sync of a server whose process cannot be started has failed", async () => {
  await using servers = await Servers.start();
  const script = servers.home.file(
    "script.js",
    `try { ${snippet(",\n  async: true")} } catch ({ errorNum }) { print(errorNum); }
    print(db._sync_jobs.toArray().map(({ state }) => state).join());`,
  );
  // its order has no place to go to
  const noDirectory = { TMPDIR: servers.home.file("file", "") };
  const args = [...servers.arguments, "--javascript.execute", script];
  const { output, errors } = await servers.home.run(args, "", noDirectory);
  equal(output, "4\nfailed\n", errors);
});

Deno.test({
  name: "a sync of a server that is killed before it hears of Ctrl-C leaves nothing on this machine",
  ignore: !hasTerminals(),
  fn: async () => {
    await using servers = await Servers.start();
    const open = servers.front.hold();
    await using program = servers.prompt();
    await typeSnippet(program);
    const process = Number(await servers.follow("print(db._sync_jobs.any().process)"));
    Deno.kill(process, "SIGSTOP");
    await program.type("\x03");
    await program.see("> ");
    equal(servers.filesLeft().filter((name) => name.endsWith(".stop")).length, 1);
    Deno.kill(process, "SIGKILL");
    open();
    await servers.jobEnds();
    deepEqual(servers.filesLeft(), []);
  },
});

Deno.test("errors of the leader and wrong configurations reach the script, and the follower stays as it was", async () => {
  await using servers = await Servers.start();
  const attempt = (config: string): string =>
    `try { require("@arangodb/replication").syncCollection("test", ${config}); } catch (e) { print(e.errorNum, e.errorMessage); }`;
  const output = await servers.follow(`db._create("test").insert({ _key: "mine" });
    ${attempt(`{ endpoint: "tcp://leader.domain.org:8529", username: "myuser", password: "wrong-password" }`)}
    ${attempt(`{ endpoint: "" }`)}
    print(JSON.stringify(db.test.toArray().map((d) => d._key)), db._collections().some((c) => /sync-/.test(c.name())));`);
  const [wrong, invalid, rest] = output.split("\n") as [string, string, string];
  ok(/^1402 .*HTTP 401.*check username and password/.test(wrong), wrong);
  ok(!wrong.includes("wrong-password"));
  equal(invalid, "400 <endpoint> must be a valid endpoint");
  equal(rest, `["mine"] false`);
  const leader = `{ endpoint: "tcp://leader.domain.org:8529" }`;
  equal(
    await servers.follow(attempt(leader), "--javascript.endpoints-denylist", "leader.domain.org"),
    "11 not allowed to connect to this URL: tcp://leader.domain.org:8529\n",
  );
});

Deno.test({
  name: "Ctrl-C stops a sync of a server, and what it has begun is taken away",
  ignore: !hasTerminals(),
  fn: async () => {
    await using servers = await Servers.start();
    const open = servers.front.hold();
    await using program = servers.prompt();
    await typeSnippet(program);
    await program.type("\x03");
    await program.see("> ");
    open();
    const wait = `const jobs = () => db._sync_jobs.toArray();
      while (jobs()[0].state === "running") require("internal").sleep(0.05);
      print(jobs()[0].state, jobs()[0].error.errorMessage, db._collection("test"),
        db._collections().some((c) => /sync-/.test(c.name())));`;
    equal(await servers.follow(wait), "failed the sync was stopped; the collection is as it was before null false\n");
  },
});
