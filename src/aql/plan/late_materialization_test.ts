/**
 * Documents that are read late: the plans of the manual's release notes of 3.12, and that results stay the same.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, type QueryOptions, runQuery } from "../query.ts";
import { compareValues } from "../value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";

/** How many documents `coll` has. */
const COUNT = 1000;
const VALUES: readonly AqlValue[] = [null, false, true, 0, 1, 2.5, -3, 1e300, "", "a", "B", "b", "é", [], [1], {
  a: 1,
}];

/** `coll` with indexes on `x`, which has `b` beside it, on `l` and `y`, on `n.m`, and on the members of `tags`. */
function opened(engine: Engine): EngineSource {
  const database = engine.database("_system");
  const coll = database.createCollection({ name: "coll" });
  coll.ensureIndex({ type: "persistent", fields: ["x"], storedValues: ["b"] });
  coll.ensureIndex({ type: "persistent", fields: ["l", "y"] });
  coll.ensureIndex({ type: "persistent", fields: ["n.m", "v"] });
  coll.ensureIndex({ type: "persistent", fields: ["tags[*]"] });
  engine.write([coll], () => {
    for (let i = 0; i < COUNT; i++) {
      const v = VALUES[i % VALUES.length]!;
      const tags = [`t${i % 3}`, i % 2];
      coll.insert(
        jsonText({
          _key: `k${i}`,
          x: i,
          b: -i,
          l: ["foo", "bar", "q"][i % 3]!,
          y: i % 77,
          n: { m: i, v },
          v,
          tags,
          w: i * 7 % 100,
        }),
      );
    }
  });
  return new EngineSource(database);
}

/** The nodes of a plan as short texts: type, variable, projections. */
function shown(source: EngineSource, query: string, options: QueryOptions = {}): string[] {
  const nodes = explainQuery(source, query, {}, options).plan!.nodes as AqlObject[];
  return nodes.map((node) => {
    const projections = (node.projections ?? []) as AqlObject[];
    const paths = projections.map(({ path }) => (path as string[]).join(".")).join(",");
    return String(node.type).replace(/Node$/, "") + (paths === "" ? "" : `(${paths})`);
  });
}

/** Queries of the release notes with their plans. */
const PLANS: readonly (readonly [query: string, ...nodes: string[]])[] = [
  ["FOR doc IN coll FILTER doc.x > 5 RETURN doc", "Index", "Materialize", "Return"],
  ["FOR doc IN coll FILTER doc.x > 5 SORT doc.b RETURN doc", "Index(b)", "Sort", "Materialize", "Return"],
  ["FOR doc IN coll FILTER doc.x > 5 RETURN [doc.v, doc.w]", "Index", "Materialize(v,w)", "Calculation", "Return"],
  ["FOR doc IN coll FILTER doc.x > 5 RETURN [doc.b, doc.w]", "Index(b)", "Materialize(w)", "Calculation", "Return"],
  // the index tells everything, finds too few documents, or is not alone
  ["FOR doc IN coll FILTER doc.x > 5 RETURN doc.b", "Index(b)", "Return"],
  ["FOR doc IN coll FILTER doc.x == 5 RETURN doc", "Index", "Return"],
  ["FOR doc IN coll FILTER doc.x > 5 OR doc.l > 'b' RETURN doc", "Index", "Calculation", "Filter", "Return"],
  // what the index does not tell is read where it is needed
  ["FOR doc IN coll FILTER doc.x > 5 SORT doc.w RETURN doc", "Index", "Materialize", "Calculation", "Sort", "Return"],
  [
    "FOR doc IN coll FILTER doc.x > 5 SORT doc.b LIMIT 3 FILTER doc.b < -9 RETURN doc.w",
    "Index(b)",
    "Sort",
    "Limit",
    "Calculation",
    "Filter",
    "Materialize(w)",
    "Return",
  ],
  ["FOR doc IN coll FILTER doc.x > 5 FILTER ABS(doc.b) != 7 RETURN doc", "Index", "Materialize", "Return"],
  ["FOR doc IN coll FILTER doc.x > 5 FILTER ABS(doc.w) != 7 RETURN doc", "Index", "Return"],
];

for (const [query, ...nodes] of PLANS) {
  Deno.test(`the plan of ${query} is ${nodes.join(" ")}`, () => {
    using engine = Engine.open({ directory: ":memory:" });
    deepEqual(shown(opened(engine), query), ["Singleton", ...nodes]);
  });
}

Deno.test("an index loop whose documents are read late says so, and names where they are", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const query = "FOR doc IN coll FILTER doc.x > 5 SORT doc.b LIMIT 9 RETURN doc";
  const { nodes, rules } = explainQuery(source, query).plan as { nodes: AqlObject[]; rules: string[] };
  const [, loop, , , reads, result] = nodes as [AqlObject, AqlObject, AqlObject, AqlObject, AqlObject, AqlObject];
  equal(loop.strategy, "late materialized");
  equal(loop.isLateMaterialized, true);
  deepEqual(loop.outNmDocId, reads.inNmDocId);
  deepEqual(loop.outVariable, reads.oldDocVariable);
  deepEqual(result.inVariable, reads.outVariable);
  const names = ["batch-materialize-documents", "push-down-late-materialization", "materialize-into-separate-variable"];
  deepEqual(rules.filter((one) => names.includes(one)), names);
  const without = (rule: string): string => shown(source, query, { optimizer: { rules: [`-${rule}`] } }).join(" ");
  ok(!without("batch-materialize-documents").includes("Materialize"));
  ok(without("push-down-late-materialization").includes("Index Materialize Calculation Sort Limit"));
});

Deno.test("only the documents that a LIMIT leaves are looked up", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const { documentLookups, scannedIndex } = runQuery(
    source,
    "FOR doc IN coll FILTER doc.l >= 'bar' SORT doc.y LIMIT 9 RETURN doc",
  ).extra().stats;
  equal(scannedIndex, COUNT);
  equal(documentLookups, 9);
  const byKey = "FOR x IN coll FOR doc IN coll FILTER doc._key == x._key SORT doc._key LIMIT 3 RETURN doc";
  equal(runQuery(source, byKey).extra().stats.documentLookups, 3);
});

Deno.test("a SORT with LIMIT behind a list of values reads the first documents of each of them", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const query = "FOR doc IN coll FILTER doc.l IN ['foo', 'bar'] SORT doc.y DESC LIMIT 1, 4 RETURN doc.y";
  const { nodes, rules } = explainQuery(source, query).plan as { nodes: AqlObject[]; rules: string[] };
  ok(rules.includes("push-limit-into-index"));
  equal(nodes[1]!.limit, 5);
  equal(nodes[1]!.ascending, false);
  const run = runQuery(source, query);
  deepEqual(run.nextBatch(Infinity), [76, 76, 76, 76]);
  ok(run.extra().stats.scannedIndex < COUNT / 3);
  const isPushed = (text: string): boolean =>
    (explainQuery(source, text).plan!.rules as string[]).includes("push-limit-into-index");
  ok(!isPushed("FOR doc IN coll FILTER doc.l IN ['foo'] SORT doc.w LIMIT 5 RETURN doc"), "another order");
  ok(!isPushed("FOR doc IN coll FILTER doc.l IN ['foo'] FILTER doc.w > 3 SORT doc.y LIMIT 5 RETURN doc"), "a filter");
  ok(!isPushed("FOR i IN 1..2 FOR doc IN coll FILTER doc.l IN ['a', i] SORT doc.y LIMIT 5 RETURN doc"), "a loop");
  ok(!isPushed("FOR doc IN coll FILTER doc.l IN ['foo'] SORT doc.y RETURN doc"), "no LIMIT");
});

const condition = fc.constantFrom(
  "doc.x > 100",
  "doc.l IN ['foo', 'bar']",
  "doc.l >= 'b'",
  "doc.n.m >= 300",
  "'t1' IN doc.tags",
  "doc._key IN keys",
  "doc.x > 100 AND ABS(doc.b) % 3 == 1",
  "doc.l >= 'b' AND doc.y != 9",
  "doc.l IN ['foo', 'q'] AND doc.y > 10",
);
const order = fc.constantFrom(
  "doc.b",
  "doc.y DESC",
  "doc.n.m DESC",
  "doc.v",
  "doc.w",
  "doc.l, doc.y",
  "doc.y DESC, doc.l",
);
const limit = fc.constantFrom("", "LIMIT 5", "LIMIT 3, 40", "LIMIT 990, 100", "LIMIT 30 FILTER doc.y > 20");
const result = fc.constantFrom("doc", "doc.w", "[doc.b, doc.w]", "{k: doc._key, y: doc.y}", "doc.n", "LENGTH(doc)");
const between = fc.constantFrom(
  "",
  "",
  "LET s = doc.x + doc.b FILTER s < 10",
  "LET one = doc",
  "LET t = (RETURN doc.x)",
);

Deno.test("reading documents late changes no results", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const keys = "LET keys = (FOR i IN 1..150 RETURN CONCAT('k', i * 3)) ";
  const rules = ["batch-materialize-documents", "push-down-late-materialization", "push-limit-into-index"];
  fc.assert(
    fc.property(
      fc.tuple(condition, between, fc.option(order), limit, result),
      fc.subarray(rules),
      ([filter, middle, by, cut, value], off) => {
        const sort = by === null ? "" : `SORT ${by}, doc._key`;
        // without an order a LIMIT may leave other documents
        const text = `${keys} FOR doc IN coll FILTER ${filter} ${middle} ${sort} ${
          by === null ? "" : cut
        } RETURN ${value}`;
        const outcome = (options: QueryOptions): string => {
          const found = runQuery(source, text, {}, options).nextBatch(Infinity);
          return jsonText(by === null ? found.sort(compareValues) : found);
        };
        const expected = outcome({ optimizer: { rules: ["-all"] } });
        equal(outcome({ optimizer: { rules: off.map((one) => `-${one}`) } }), expected, text);
        equal(outcome({ optimizer: { rules: off.map((one) => `-${one}`) }, profile: 2 }), expected, text);
      },
    ),
    { numRuns: 150 },
  );
});
