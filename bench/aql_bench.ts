/**
 * What a query costs before it runs: tokens, syntax tree, plan, and what is left of that when the plan is kept.
 *
 * Goal: less than 0.3 ms each.
 *
 * @module
 */
import { EngineSource } from "../src/aql/engine_source.ts";
import { Lexer } from "../src/aql/lexer.ts";
import { parse } from "../src/aql/parser.ts";
import { PlanCache } from "../src/aql/plan_cache.ts";
import { explainQuery, runQuery } from "../src/aql/query.ts";
import { Engine, MEMORY } from "../src/engine/engine.ts";

const engine = Engine.open({ directory: MEMORY });
globalThis.addEventListener("unload", () => engine[Symbol.dispose]());
const database = engine.database("_system");
for (const name of ["users", "orders"]) {
  const collection = database.createCollection({ name });
  collection.ensureIndex({ type: "persistent", fields: ["name"] });
  engine.write([collection], () => {
    for (let i = 0; i < 1000; i++) collection.insert(`{"_key":"k${i}","name":"name ${i}","user":"k${i % 100}"}`);
  });
}
const source = new EngineSource(database);

const QUERIES: readonly (readonly [what: string, text: string, binds: Record<string, unknown>])[] = [
  ["look-up", "FOR u IN users FILTER u.name == @name LIMIT 20 RETURN { name: u.name, user: u.user }", {
    name: "name 7",
  }],
  [
    "join",
    "FOR o IN orders FILTER o.name == @name FOR u IN users FILTER u._key == o.user SORT u.name RETURN [o, u.name]",
    { name: "name 7" },
  ],
  [
    "grouping",
    "FOR o IN orders FILTER o.user == @user COLLECT user = o.user AGGREGATE n = COUNT(1), last = MAX(o.name) RETURN { user, n, last }",
    { user: "nobody" },
  ],
];

for (const [group, text, binds] of QUERIES) {
  Deno.bench(`${group}: tokens`, { group }, () => {
    const lexer = new Lexer(text, 1000);
    while (lexer.next().kind !== "end");
  });
  Deno.bench(`${group}: syntax tree`, { group, baseline: true }, () => void parse(text));
  Deno.bench(
    `${group}: syntax tree, plan and its description`,
    { group },
    () => void explainQuery(source, text, binds),
  );
  const plans = { cache: new PlanCache(), name: "bench" };
  Deno.bench(`${group}: all of the query, its plan kept`, { group }, () => {
    using query = runQuery(source, text, binds, {}, { plans });
    query.nextBatch(1000);
  });
}
