/**
 * AQL beside hand-written SQL on the same SQLite, PostgreSQL in the same process, and a loop:
 * `deno task bench:aql [--documents N] [--orders N] [--rounds N] [--quick] [--without-postgres]`.
 *
 * Times are the fastest of the rounds (works that write are done once); the ratios are those of the rivals to AQL.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { EngineSource } from "../src/aql/engine_source.ts";
import { PlanCache } from "../src/aql/plan_cache.ts";
import { runQuery } from "../src/aql/query.ts";
import type { Collection } from "../src/engine/collection.ts";
import { Engine } from "../src/engine/engine.ts";
import { loopWorks, pgliteWorks, sqliteWorks, WORKS, type Works, type WorkSizes } from "./bench_aql_rivals.ts";
import { documentKey, documentText } from "./bench_documents.ts";
import { fillCollection } from "./fill_collection.ts";
import { scriptOptions } from "./script_options.ts";
import { say, seconds, table, thousands } from "./terminal.ts";

/** The most documents and orders of a quick run. */
const QUICK = { documents: 50_000, orders: 5_000 };
/** How many look-ups by index one work does. */
const LOOKUPS = 200;

/** Works that change data: they are done once. */
const WRITES: ReadonlySet<string> = new Set(["upsert", "insert"]);

function orderText(index: number, documents: number): string {
  const person = documentKey((index * 7919) % documents, "sorted");
  const target = index % 2 === 0 ? person : `new${index}`;
  return `{"_key":"o${index}","person":"${person}","target":"${target}","amount":${index % 500}}`;
}

/** A copy of a collection's file, and the texts in it. */
class FileCopy {
  readonly path: string;

  constructor(collection: Collection, directory: string) {
    this.path = `${directory}/${collection.name}.copy.sqlite`;
    const file = new DatabaseSync(collection.reading()!.file.path, { readOnly: true });
    file.exec(`VACUUM INTO '${this.path}'`);
    file.close();
  }

  *texts(): Generator<string> {
    const file = new DatabaseSync(this.path, { readOnly: true });
    try {
      for (const row of file.prepare("SELECT text FROM doc ORDER BY rev").iterate()) yield row.text as string;
    } finally {
      file.close();
    }
  }
}

const QUERIES: Readonly<Record<keyof typeof WORKS, string>> = {
  scan: "FOR d IN people FILTER d.balance > 9900 RETURN d",
  attribute: "FOR d IN people RETURN d.name",
  group: "FOR d IN people COLLECT age = d.age WITH COUNT INTO n RETURN {age, n}",
  top: "FOR d IN people SORT d.balance DESC LIMIT 10 RETURN d",
  equality: "FOR d IN people FILTER d.visits == @visits RETURN d",
  range: "FOR d IN people FILTER d.visits >= 100 AND d.visits <= 140 RETURN d",
  join: "FOR o IN orders FOR p IN people FILTER p._key == o.person RETURN p.name",
  upsert: "FOR o IN orders UPSERT {_key: o.target} INSERT {_key: o.target, age: 1} UPDATE {seen: true} IN people",
  insert: "FOR n IN 1..@count INSERT {_key: CONCAT('k', n), n, square: n * n} INTO target",
};

/** Queries as requests run them: in a turn of the engine, with the plan of the last run. */
function aqlWorks(engine: Engine, source: EngineSource, sizes: WorkSizes): Works {
  const plans = { cache: new PlanCache(), name: source.name };
  const run = (name: keyof typeof WORKS, bindVars: Record<string, unknown> = {}): number =>
    engine.turn(() => runQuery(source, QUERIES[name], bindVars, {}, { plans }).nextBatch(Infinity).length);
  const works = Object.keys(WORKS).map((name) => [name, () => run(name as keyof typeof WORKS)]);
  return {
    ...Object.fromEntries(works),
    equality: () => sizes.visits.reduce((found, visits) => found + run("equality", { visits }), 0),
    insert: () => run("insert", { count: sizes.orders }),
  };
}

/** The fastest of some runs, in milliseconds, and how many results there were. */
async function measure(work: Works[string], rounds: number): Promise<{ milliseconds: number; results: number }> {
  let best = Infinity;
  let results = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    results = await work();
    best = Math.min(best, performance.now() - start);
  }
  return { milliseconds: best, results };
}

async function main(): Promise<void> {
  const options = scriptOptions(Deno.args, {
    documents: 1_000_000,
    orders: 100_000,
    rounds: 3,
    quick: false,
    "without-postgres": false,
  });
  const { quick } = options;
  const documents = quick ? Math.min(options.documents, QUICK.documents) : options.documents;
  const orders = quick ? Math.min(options.orders, QUICK.orders) : options.orders;
  const sizes: WorkSizes = { documents, orders, visits: Array.from({ length: LOOKUPS }, (_, i) => i * 17 % 4096) };
  const directory = Deno.makeTempDirSync();
  try {
    using engine = Engine.open({ directory });
    const database = engine.database("_system");
    const [people, ordered] = ["people", "orders"].map((name) => database.createCollection({ name }));
    database.createCollection({ name: "target" });
    say(`loading ${thousands(documents)} documents and ${thousands(orders)} orders`);
    fillCollection(engine, people!, documents, (i) => documentText(i, "sorted"));
    fillCollection(engine, ordered!, orders, (i) => orderText(i, documents));
    people!.ensureIndex({ type: "persistent", fields: ["visits"] });
    const [peopleCopy, ordersCopy] = [people!, ordered!].map((one) => new FileCopy(one, directory));
    const contestants = new Map<string, Works>([["AQL", aqlWorks(engine, new EngineSource(database), sizes)]]);
    contestants.set("loop", loopWorks(() => peopleCopy!.texts(), () => ordersCopy!.texts()));
    if (!options["without-postgres"]) {
      say("loading PGlite");
      contestants.set("PGlite", await pgliteWorks(peopleCopy!.texts(), ordersCopy!.texts(), sizes));
    }
    contestants.set("SQL", sqliteWorks(peopleCopy!.path, ordersCopy!.path, sizes));
    say(table(await results(contestants, options.rounds)));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

async function results(contestants: ReadonlyMap<string, Works>, rounds: number): Promise<string[][]> {
  const names = ["AQL", "SQL", "PGlite", "loop"].filter((name) => contestants.has(name));
  const rivals = names.slice(1);
  const rows = [["work<", "results", ...names, ...rivals.map((name) => `AQL is, of ${name}'s time`)]];
  for (const [work, title] of Object.entries(WORKS)) {
    const times = new Map<string, number>();
    const counts = new Set<number>();
    for (const name of names) {
      const body = contestants.get(name)![work];
      if (!body) continue;
      const { milliseconds, results } = await measure(body, WRITES.has(work) ? 1 : rounds);
      times.set(name, milliseconds);
      counts.add(results);
      say(`${title}, ${name}: ${seconds(milliseconds)}`);
    }
    if (counts.size > 1) throw new Error(`the contestants disagree on '${title}': ${[...counts].join(", ")} results`);
    const own = times.get("AQL")!;
    rows.push([
      title,
      thousands([...counts][0]!),
      ...names.map((name) => times.has(name) ? seconds(times.get(name)!) : ""),
      ...rivals.map((name) => times.has(name) ? `${(own / times.get(name)!).toFixed(2)}` : ""),
    ]);
  }
  return rows;
}

await main();
