/**
 * Whole syncs beside PostgreSQL 15 and a naive script, on loopback:
 * `deno task bench:sync [--documents N] [--rounds N] [--without-postgres] [--without-naive]`.
 *
 * Every round copies all documents into an empty follower, syncs again when nothing has changed, and then after changes. Times are
 * medians; PostgreSQL's logical replication and the naive script do the same work in the same rounds.
 *
 * @module
 */
import { join } from "node:path";
import { hasPostgres, PostgresPair } from "./bench_postgres.ts";
import type { SyncStatistics } from "../src/replication/sync_progress.ts";
import { documentKey, documentText } from "./bench_documents.ts";
import { denoshCommand, LeaderProcess } from "./leader_process.ts";
import { peakMemoryOf } from "./peak_memory.ts";
import { scriptOptions } from "./script_options.ts";
import { megabytes, say, seconds, table, thousands } from "./terminal.ts";

/** Documents that one import request carries. */
const BATCH = 20_000;
const COLLECTION = "people";

/** One run of one contestant. */
interface Measurement {
  readonly milliseconds: number;
  /** The most memory that the follower's process has used, in bytes. */
  readonly memory?: number;
  /** Bytes of the leader's answers. */
  readonly bytes?: number;
  readonly documents?: number;
  /** Where the time went, as the job table tells it. */
  readonly statistics?: SyncStatistics;
}

/** What changes on the leader before an incremental sync. */
interface Change {
  readonly title: string;
  /** Every so manieth document is replaced, and removed; 0 = none. */
  readonly replaceEvery: number;
  readonly removeEvery: number;
  /** One new document for so many old ones; 0 = none. */
  readonly insertEvery: number;
}

const CHANGES: readonly Change[] = [
  { title: "1 % changed", replaceEvery: 100, removeEvery: 0, insertEvery: 0 },
  { title: "1 % changed, 1 % new, 0.5 % removed", replaceEvery: 100, removeEvery: 200, insertEvery: 100 },
];

/** Collects measurements by what was done and by whom, in the order of their first appearance. */
class Results {
  readonly #rows = new Map<string, Map<string, Measurement[]>>();

  add(work: string, contestant: string, measurement: Measurement): void {
    if (!this.#rows.has(work)) this.#rows.set(work, new Map());
    const row = this.#rows.get(work)!;
    row.set(contestant, [...row.get(contestant) ?? [], measurement]);
    const { milliseconds, statistics } = measurement;
    say(`${work}, ${contestant}: ${seconds(milliseconds)}${statistics ? ` (${parts(statistics)})` : ""}`);
  }

  #median(work: string, contestant: string): number | undefined {
    const times = this.#rows.get(work)?.get(contestant)?.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    return times && (times[(times.length - 1) >> 1]! + times[times.length >> 1]!) / 2;
  }

  /** A table of everything. */
  toString(): string {
    const rows = [[
      "work<",
      "contestant<",
      "median",
      "fastest",
      "slowest",
      "documents/s",
      "memory",
      "received",
      "denosh is",
    ]];
    for (const [work, contestants] of this.#rows) {
      const own = this.#median(work, "denosh");
      for (const [contestant, measurements] of contestants) {
        const times = measurements.map(({ milliseconds }) => milliseconds);
        const most = (values: (number | undefined)[]): number => Math.max(...values.map((value) => value ?? NaN));
        const memory = most(measurements.map((one) => one.memory));
        const bytes = most(measurements.map((one) => one.bytes));
        const documents = most(measurements.map((one) => one.documents));
        const median = this.#median(work, contestant)!;
        rows.push([
          work,
          contestant,
          seconds(median),
          seconds(Math.min(...times)),
          seconds(Math.max(...times)),
          documents > 0 ? thousands(documents / median * 1000) : "",
          memory > 0 ? megabytes(memory) : "",
          bytes > 0 ? megabytes(bytes) : "",
          contestant === "denosh" || own === undefined ? "" : `${(own / median).toFixed(2)}×`,
        ]);
      }
    }
    return table(rows);
  }
}

/** The sync's own statistics line. */
function parts({ total, waiting, decoding, writing, indexing }: SyncStatistics): string {
  const times = Object.entries({ waiting, decoding, writing, indexing });
  return `sync ${seconds(total * 1000)}: ${times.map(([name, time]) => `${name} ${seconds(time * 1000)}`).join(", ")}`;
}

/** The leader's documents: their versions by number. */
class Documents {
  readonly #versions: (number | undefined)[];
  #version = 0;

  constructor(count: number) {
    this.#versions = new Array<number>(count).fill(0);
  }

  get count(): number {
    return this.#versions.reduce<number>((sum, version) => sum + (version === undefined ? 0 : 1), 0);
  }

  /** The lines of all documents, some at a time. */
  *all(): Generator<string[]> {
    const numbers = [...this.#versions.keys()].filter((index) => this.#versions[index] !== undefined);
    yield* this.#texts(numbers);
  }

  *#texts(numbers: readonly number[]): Generator<string[]> {
    for (let from = 0; from < numbers.length; from += BATCH) {
      yield numbers.slice(from, from + BATCH).map((index) => documentText(index, "sorted", this.#versions[index]));
    }
  }

  /** Makes a change; gives the lines of what is new or replaced, and the keys of what is removed. */
  change({ replaceEvery, removeEvery, insertEvery }: Change): { put: string[][]; remove: string[] } {
    this.#version++;
    const before = this.#versions.length;
    const put: number[] = [];
    const remove: string[] = [];
    // other documents each time
    const shift = this.#version;
    for (let index = 0; index < before; index++) {
      if (this.#versions[index] === undefined) continue;
      if (replaceEvery > 0 && index % replaceEvery === shift % replaceEvery) {
        this.#versions[index] = this.#version;
        put.push(index);
      } else if (removeEvery > 0 && index % removeEvery === (shift + 1) % removeEvery) {
        this.#versions[index] = undefined;
        remove.push(documentKey(index, "sorted"));
      }
    }
    if (insertEvery > 0) {
      for (let i = 0; i < before / insertEvery; i++) put.push(this.#versions.push(this.#version) - 1);
    }
    return { put: [...this.#texts(put)], remove };
  }
}

async function send(
  leader: LeaderProcess,
  put: Iterable<readonly string[]>,
  remove: readonly string[] = [],
): Promise<void> {
  const path = `/_api/import?type=documents&collection=${COLLECTION}&onDuplicate=replace&complete=true`;
  for (const lines of put) await leader.request("POST", path, lines.join("\n"));
  for (let from = 0; from < remove.length; from += BATCH) {
    await leader.request("DELETE", `/_api/document/${COLLECTION}?silent=true`, remove.slice(from, from + BATCH));
  }
}

/** Runs a process of this folder or denosh and gives the last line that it prints, parsed. */
async function lastLine(args: readonly string[]): Promise<unknown> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  });
  const { code, stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new Error(`deno ${args.join(" ")} ended with status ${code}: ${text}`);
  return JSON.parse(text.trimEnd().split("\n").at(-1)!);
}

/** Syncs by the shell, from the call to its return. */
async function sync(leader: LeaderProcess, directory: string, incremental: boolean): Promise<Measurement> {
  const config = JSON.stringify({ endpoint: `tcp://127.0.0.1:${leader.port}`, incremental });
  const script = `
    const { time } = require("internal");
    const started = time();
    require("@arangodb/replication").syncCollection("${COLLECTION}", ${config});
    const milliseconds = (time() - started) * 1000;
    const job = db._query("FOR job IN _sync_jobs SORT job.started DESC LIMIT 1 RETURN job").next();
    print(JSON.stringify({
      milliseconds,
      status: require("fs").read("/proc/self/status"),
      bytes: job.statistics.received,
      statistics: job.statistics,
      documents: job.documents.done,
    }));`;
  const answer = await lastLine(
    denoshCommand("--quiet", "--database.directory", directory, "--javascript.execute-string", script),
  ) as Measurement & { readonly status: string };
  return { ...answer, memory: peakMemoryOf(answer.status) };
}

/** Copies everything into a server that is empty, by a script of this folder. */
async function intoServer(leader: LeaderProcess, directory: string, script: string): Promise<Measurement> {
  try {
    await using follower = await LeaderProcess.start(directory);
    const path = new URL(script, import.meta.url).pathname;
    return await lastLine(["run", "-A", "--quiet", path, leader.url, follower.url, COLLECTION]) as Measurement;
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** Writes documents as a file that PostgreSQL's user may read. */
function writeLines(path: string, lines: Iterable<readonly string[]>): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true, mode: 0o644 });
  const encoder = new TextEncoder();
  for (const some of lines) {
    const bytes = encoder.encode(`${some.join("\n")}\n`);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  }
}

async function bench(
  directory: string,
  options: { documents: number; rounds: number; postgres: boolean; naive: boolean },
) {
  const results = new Results();
  const documents = new Documents(options.documents);
  await using leader = await LeaderProcess.start(join(directory, "leader"));
  await leader.request("POST", "/_api/collection", { name: COLLECTION });
  say(`loading ${thousands(options.documents)} documents`);
  await send(leader, documents.all());
  const lines = join(directory, "documents.jsonl");
  if (options.postgres) writeLines(lines, documents.all());
  await using postgres = options.postgres ? await PostgresPair.start(directory, lines) : undefined;
  const follower = join(directory, "follower");
  for (let round = 0; round < options.rounds; round++) {
    const full = `full, ${thousands(options.documents)} documents`;
    const count = documents.count;
    if (round > 0) Deno.removeSync(follower, { recursive: true });
    results.add(full, "denosh", await sync(leader, follower, false));
    if (postgres) {
      results.add(full, "PostgreSQL 15", { milliseconds: await postgres.initialCopy(), documents: count });
      if (await postgres.count() !== count) throw new Error("PostgreSQL's follower has another number of documents");
    }
    if (options.naive && round === 0) {
      const naive = { ...await intoServer(leader, join(directory, "naive"), "./naive_copy.ts"), documents: count };
      const remote = await intoServer(leader, join(directory, "remote"), "./remote_copy.ts");
      results.add(full, "naive arangojs script", naive);
      results.add(`${full}, into a server`, "denosh", remote);
      results.add(`${full}, into a server`, "naive arangojs script", naive);
    }
    results.add("nothing changed", "denosh", await sync(leader, follower, true));
    for (const change of CHANGES) {
      const { put, remove } = documents.change(change);
      await send(leader, put, remove);
      results.add(change.title, "denosh", await sync(leader, follower, true));
      if (!postgres) continue;
      const milliseconds = await postgres.catchUp(async () => {
        writeLines(lines, put);
        await postgres.put(lines);
        if (remove.length > 0) await postgres.remove(remove);
      });
      results.add(change.title, "PostgreSQL 15", { milliseconds, documents: put.flat().length });
    }
  }
  say(`\n${results}`);
}

const options = scriptOptions(Deno.args, {
  documents: 1_000_000,
  rounds: 3,
  "without-postgres": false,
  "without-naive": false,
});
const postgres = !options["without-postgres"] && hasPostgres();
if (!postgres && !options["without-postgres"]) {
  say("PostgreSQL 15 is not installed (apt-get install postgresql-15): without it");
}
const directory = Deno.makeTempDirSync({ prefix: "denosh-bench-" });
try {
  // PostgreSQL's processes are another user's
  Deno.chmodSync(directory, 0o755);
  await bench(directory, { ...options, postgres, naive: !options["without-naive"] });
} finally {
  Deno.removeSync(directory, { recursive: true });
}
