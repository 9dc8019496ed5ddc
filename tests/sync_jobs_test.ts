import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import { EmbeddedConnection } from "../src/connection/embedded.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";
import { Engine } from "../src/engine/engine.ts";
import type { JobDocument } from "../src/replication/job_document.ts";
import { pause } from "../src/replication/leader_requests.ts";
import { Shell } from "../src/shell/shell.ts";
import { Home, publicTexts } from "./program.ts";
import { ThreadedLeader } from "./threaded_leader.ts";

const PASSWORD = "sehr-geheim";

/** A shell on a directory, as a program has it. */
class TestShell implements Disposable {
  readonly #shell: Shell;
  output = "";

  constructor(directory: string, leader: ThreadedLeader) {
    const connection = new EmbeddedConnection({
      directory,
      connectTo: [`leader.domain.org:8529:127.0.0.1:${leader.port}`],
    });
    this.#shell = new Shell({ connection, output: (text) => void (this.output += text), quiet: true });
  }

  run(text: string): unknown {
    const value = this.#shell.run(`JSON.stringify((function () { ${text} })())`);
    return value === undefined ? undefined : JSON.parse(value as string);
  }

  job(id: unknown): JobDocument {
    return this.run(`return db._sync_jobs.document(${JSON.stringify(id)})`) as JobDocument;
  }

  /** Waits until a job is in a state. */
  until(id: unknown, reached: (job: JobDocument) => boolean): JobDocument {
    for (let waited = 0; waited < 30_000; waited += 20) {
      const job = this.job(id);
      if (reached(job)) return job;
      pause(20);
    }
    throw new Error(`job ${id} stays ${JSON.stringify(this.job(id))}`);
  }

  [Symbol.dispose](): void {
    this.#shell[Symbol.dispose]();
  }
}

function start(options: string): string {
  return `return require("@arangodb/replication").syncCollection("c", { endpoint: "tcp://leader.domain.org:8529", ${options} })`;
}

const CREDENTIALS = `username: "root", password: "${PASSWORD}"`;

async function withLeader(
  password: string | undefined,
  body: (leader: ThreadedLeader, directory: string) => void,
): Promise<void> {
  using directory = new TemporaryDirectory();
  using leader = await ThreadedLeader.start({ documents: 20_000, ...(password === undefined ? {} : { password }) });
  body(leader, directory.path);
}

Deno.test("a blocking sync returns its result, and the job table tells about it, without the password", async () => {
  await withLeader(PASSWORD, (leader, directory) => {
    using shell = new TestShell(directory, leader);
    const result = shell.run(start(CREDENTIALS)) as { collections: { name: string }[]; lastLogTick: string };
    deepEqual(result.collections.map(({ name }) => name), ["c"]);
    ok(/^\d+$/.test(result.lastLogTick));
    equal(shell.run("return db.c.count()"), 20_000);
    const [job] = shell.run("return db._sync_jobs.toArray()") as [JobDocument];
    equal(job.state, "done");
    equal(job.collection, "c");
    equal(job.background, false);
    deepEqual(job.leader, { endpoint: "tcp://leader.domain.org:8529", database: "_system", username: "root" });
    deepEqual(job.documents, { done: 20_000, total: 20_000 });
    ok(job.statistics!.total > 0 && job.bytes.done > 20_000 * 200);
    ok(!JSON.stringify(job).includes(PASSWORD));
  });
});

Deno.test("an async sync returns an id at once, outlives its shell, and tells its result as often as one asks", async () => {
  await withLeader(PASSWORD, (leader, directory) => {
    leader.misbehave("stall", 1_000_000);
    let id: unknown;
    {
      using shell = new TestShell(directory, leader);
      id = shell.run(start(`${CREDENTIALS}, async: true`));
      equal(typeof id, "string");
      equal(shell.run(`return require("@arangodb/replication").getSyncResult("${id}")`), false);
      shell.until(id, ({ documents }) => documents.total > 0);
    }
    using other = new TestShell(directory, leader);
    equal(other.job(id).state, "running");
    ok(!publicTexts(other.job(id).process!).includes(PASSWORD));
    // the one that stalls gives up; a leader that goes on is what the next one meets
    Deno.kill(other.job(id).process!, "SIGKILL");
    leader.misbehave("pass");
    const again = other.run(start(`${CREDENTIALS}, async: true`));
    other.until(again, ({ state }) => state === "done");
    const ask = `return require("@arangodb/replication").getSyncResult("${again}")`;
    const result = other.run(ask) as { collections: unknown[] };
    equal(result.collections.length, 1);
    deepEqual(other.run(ask), result);
    using third = new TestShell(directory, leader);
    deepEqual(third.run(ask), result);
    throws(() => third.run(`return require("@arangodb/replication").getSyncResult("12345")`), { errorNum: 404 });
  });
});

Deno.test("a job with a password whose process is killed is interrupted, and the next sync takes up what it has copied", async () => {
  await withLeader(PASSWORD, (leader, directory) => {
    leader.misbehave("stall", 4_000_000);
    using shell = new TestShell(directory, leader);
    shell.run(`db._create("c").insert({ _key: "old" })`);
    const id = shell.run(start(`${CREDENTIALS}, async: true, chunkSize: 500000`));
    shell.until(id, ({ documents }) => documents.done > 12_000);
    const { process, unfinished } = shell.job(id);
    Deno.kill(process!, "SIGKILL");
    throws(() => {
      // the moment that the kernel needs to end it
      for (let i = 0; i < 100; i++, pause(20)) {
        shell.run(`return require("@arangodb/replication").getSyncResult("${id}")`);
      }
    }, { name: "ArangoError", message: /was interrupted.*start the same sync again/i });
    equal(shell.job(id).state, "interrupted");
    equal(Object.keys(unfinished).length, 1);
    deepEqual(shell.run("return db.c.toArray().map(function (one) { return one._key; })"), ["old"]);
    leader.misbehave("pass");
    shell.run(start(CREDENTIALS));
    equal(shell.run("return db.c.count()"), 20_000);
    const last = (shell.run("return db._sync_jobs.toArray()") as JobDocument[]).find(({ _key }) => _key !== id)!;
    ok(last.statistics!.received < 3_000_000, `${last.statistics!.received} bytes came again`);
    deepEqual(shell.job(id).unfinished, {});
    assertNothingLeft(directory);
  });
});

Deno.test("a background job that needs no password goes on when its process was killed", async () => {
  await withLeader(undefined, (leader, directory) => {
    leader.misbehave("stall", 4_000_000);
    let id: unknown;
    {
      using shell = new TestShell(directory, leader);
      id = shell.run(start("async: true, chunkSize: 500000"));
      shell.until(id, ({ documents }) => documents.done > 12_000);
      Deno.kill(shell.job(id).process!, "SIGKILL");
    }
    leader.misbehave("pass");
    pause(200);
    using shell = new TestShell(directory, leader);
    const job = shell.until(id, ({ state }) => state === "done");
    equal(job.attempts, 2);
    equal(shell.run("return db.c.count()"), 20_000);
    assertNothingLeft(directory);
  });
});

/** No collection file but those in use, and no lock but that of the last job in a shell that is still open. */
function assertNothingLeft(directory: string): void {
  using engine = Engine.open({ directory });
  const used = engine.catalog.collections().map(({ file }) => file);
  const files = [...Deno.readDirSync(`${directory}/collections`)].map(({ name }) => name).filter((name) =>
    name.endsWith(".sqlite")
  );
  deepEqual(files.filter((name) => !used.includes(name)), []);
  const locks = [...Deno.readDirSync(`${directory}/locks`)].length;
  ok(locks <= 1, `${locks} locks`);
}

Deno.test("a background sync whose process cannot be started has failed", async () => {
  using home = new Home();
  const script = `try { ${start("async: true").replace("return ", "")} } catch ({ errorNum }) { print(errorNum); }
    print(db._sync_jobs.toArray().map(({ state }) => state).join());`;
  const place = ["--quiet", "--database.directory", `${home.path}/data`];
  // its order has no place to go to
  const noDirectory = { TMPDIR: home.file("file", "") };
  const { output, errors } = await home.run([...place, "--javascript.execute-string", script], "", noDirectory);
  equal(output, "4\nfailed\n", errors);
});

Deno.test("a failed job throws its own error from getSyncResult()", async () => {
  await withLeader(PASSWORD, (leader, directory) => {
    using shell = new TestShell(directory, leader);
    const id = shell.run(start(`username: "root", password: "falsch", async: true`));
    shell.until(id, ({ state }) => state === "failed");
    for (let i = 0; i < 2; i++) {
      throws(() => shell.run(`return require("@arangodb/replication").getSyncResult("${id}")`), {
        errorNum: 1402,
        message: /HTTP 401/,
      });
    }
    throws(() => shell.run(start(`username: "root", password: "falsch"`)), { errorNum: 1402, code: 500 });
  });
});

Deno.test("what others write to the job table keeps no database from opening, and deletes nothing", async () => {
  await withLeader(undefined, (leader, directory) => {
    const options = { endpoint: "tcp://leader.domain.org:8529", database: "_system", username: "" };
    const dead = { state: "running", process: 1, background: true, leader: options, options: {}, unfinished: {} };
    {
      using shell = new TestShell(directory, leader);
      shell.run(`db._create("mine").insert({ _key: "precious" })`);
      shell.run(start(""));
      const file = [...Deno.readDirSync(`${directory}/collections`)].map(({ name }) => name).filter((name) =>
        name.endsWith(".sqlite")
      );
      const entries: object[] = [
        { state: "running", recordedBy: "shell", leader: {}, options: {} },
        { note: "remember the milk" },
        { ...dead, _key: "no-options" },
        ...file.map((name, i) => ({
          ...dead,
          _key: `file-${i}`,
          process: 1,
          state: "interrupted",
          unfinished: { c: name },
        })),
        { ...dead, _key: "elsewhere", state: "interrupted", unfinished: { c: "../denosh.sqlite" } },
      ];
      for (const entry of entries) shell.run(`db._sync_jobs.insert(${JSON.stringify(entry)})`);
    }
    using shell = new TestShell(directory, leader);
    shell.run(start(""));
    equal(shell.run("return db.c.count()"), 20_000);
    equal(shell.run("return db.mine.any()._key"), "precious");
    equal(shell.job("no-options").state, "interrupted");
  });
});

Deno.test("a sync forgets jobs that ended months ago, but not what an incremental one goes on from", async () => {
  await withLeader(undefined, (leader, directory) => {
    using shell = new TestShell(directory, leader);
    for (let i = 0; i < 3; i++) shell.run(start(""));
    shell.run(
      `db._query("FOR job IN _sync_jobs UPDATE job WITH { finished: '2001-01-01T00:00:00.000Z' } IN _sync_jobs")`,
    );
    const last = shell.run(`
      const job = db._query("FOR job IN _sync_jobs SORT job.started DESC LIMIT 1 RETURN job").next();
      db._sync_jobs.update(job, { finished: "2001-01-02T00:00:00.000Z" });
      return job._key;`);
    shell.run(start(""));
    const states = shell.run("return db._sync_jobs.toArray().map((job) => [job._key, job.state])") as [
      string,
      string,
    ][];
    deepEqual(states.map(([, state]) => state), ["done", "done"]);
    ok(states.some(([key]) => key === last));
    assertNothingLeft(directory);
  });
});

/** A program that closes its shell while a sync of it waits for the leader, and ends when all threads have. */
const PROGRAM = `
  import { openShell } from "${new URL("../mod.ts", import.meta.url).href}";
  import { threadsHaveEnded } from "${new URL("program.ts", import.meta.url).href}";
  {
    using shell = openShell({ directory: ":memory:" });
    shell.run(\`
      const config = { endpoint: "\${Deno.args[0]}", restrictType: "include", restrictCollections: ["c"] };
      arango.PUT_RAW("/_api/replication/sync", config, { "x-arango-async": "store" });
      while (db._sync_jobs.any().documents.total === 0) require("internal").wait(0.02);
    \`);
  }
  await threadsHaveEnded();
  console.log("ended");`;

Deno.test("a shell that is closed in the middle of a sync leaves no thread that is busy", async () => {
  using leader = await ThreadedLeader.start({ documents: 20_000 });
  leader.misbehave("stall", 100_000);
  using home = new Home();
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", home.file("program.ts", PROGRAM), `tcp://127.0.0.1:${leader.port}`],
    // less than the leader would be waited for
    signal: AbortSignal.timeout(120_000),
  }).output();
  equal(new TextDecoder().decode(stdout), "ended\n", new TextDecoder().decode(stderr));
});
