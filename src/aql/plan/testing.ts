/**
 * What the optimizer's tests share: a database, and what is seen of plans.
 *
 * @module
 */
import type { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, type QueryOptions, runQuery } from "../query.ts";
import { compareValues } from "../value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";

/**
 * `c` with indexes on `v`, on `g` and `v`, on the members of `tags` and, sparse, on `s`; `p` with none but geo and fulltext;
 * edges `e`.
 */
export function opened(engine: Engine): EngineSource {
  const database = engine.database("_system");
  const c = database.createCollection({ name: "c" });
  const p = database.createCollection({ name: "p" });
  const e = database.createCollection({ name: "e", type: 3 });
  c.ensureIndex({ type: "persistent", fields: ["v"], name: "byV" });
  c.ensureIndex({ type: "persistent", fields: ["g", "v"], name: "byGV" });
  c.ensureIndex({ type: "persistent", fields: ["tags[*]"], name: "byTag" });
  c.ensureIndex({ type: "persistent", fields: ["s"], sparse: true, name: "byS" });
  c.ensureIndex({ type: "persistent", fields: ["u"], unique: true, sparse: true, name: "byU" });
  p.ensureIndex({ type: "geo", fields: ["place"] });
  p.ensureIndex({ type: "fulltext", fields: ["text"] });
  for (const collection of [c, p]) for (const document of DOCUMENTS) collection.insert(jsonText(document));
  for (let i = 0; i < 6; i++) e.insert(jsonText({ _key: `e${i}`, _from: `c/k${i}`, _to: `c/k${(i * 3) % 8}` }));
  return new EngineSource(database);
}

/** Values of all types, some of which are hard to tell apart. */
export const VALUES: readonly AqlValue[] = [
  null,
  true,
  false,
  0,
  1,
  2,
  2.5,
  -3,
  1e300,
  9007199254740993n,
  "",
  "a",
  "B",
  "b",
  "é",
  "10",
  [],
  [1],
  { a: 1 },
];

const DOCUMENTS: readonly AqlObject[] = Array.from({ length: 40 }, (_, i) => ({
  _key: `k${i}`,
  v: VALUES[(i * 7) % VALUES.length]!,
  g: ["x", "y", 3, null][i % 4]!,
  n: i,
  tags: [i % 3, `t${i % 5}`],
  u: i,
  deep: { er: VALUES[i % VALUES.length]!, own: "text" },
  ...(i % 3 === 0 ? { s: i } : {}),
}));

/** The rules that worked on a plan, but for `async-prefetch`, and the types of its nodes without `Node`. */
export function planOf(
  source: EngineSource,
  text: string,
  rules: readonly string[] = [],
): { rules: string[]; nodes: string[] } {
  const plan = explainQuery(source, text, {}, { optimizer: { rules } }).plan!;
  const nodes = plan.nodes as AqlObject[];
  return {
    rules: (plan.rules as string[]).filter((rule) => rule !== "async-prefetch"),
    nodes: nodes.map(({ type }) => String(type).replace(/Node$/, "")),
  };
}

/** The results of a query as text, sorted where it does not sort itself. */
export function outcome(source: EngineSource, text: string, options: QueryOptions = {}): string {
  const results = runQuery(source, text, {}, options).nextBatch(Infinity);
  return jsonText(/SORT/.test(text) ? results : results.sort(compareValues));
}
