/**
 * What loops take from indexes: the order of a SORT, the groups of a COLLECT, the index that is hinted at.
 *
 * @module
 */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, runQuery } from "../query.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";
import { opened, outcome, planOf, VALUES } from "./testing.ts";

Deno.test("a SORT whose first elements have an index sorts what is equal there, and a LIMIT needs few groups", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const sortOf = (text: string): AqlObject =>
    (explainQuery(source, text).plan!.nodes as AqlObject[]).find(({ type }) => type === "SortNode")!;
  for (
    const [text, grouped] of [
      ["FOR d IN c SORT d.v, d.n RETURN d.n", 1],
      ["FOR d IN c SORT d.v DESC, d.n LIMIT 3, 5 RETURN d.n", 1],
      ["FOR d IN c SORT d.g, d.v, d.n DESC RETURN d.n", 2],
      ["FOR d IN c FILTER d.g == 'x' SORT d.v, d.n RETURN d.n", 1],
    ] as const
  ) {
    const { strategy, numberOfTopGroupedElements, limit } = sortOf(text);
    deepEqual([strategy, numberOfTopGroupedElements, limit], ["grouped", grouped, 0], text);
    equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
  }
  equal(sortOf("FOR d IN c SORT d.n, d.v RETURN d").strategy, "standard");
  const [grouped, standard] = ["v", "n"].map((first) => {
    try {
      return outcome(source, `FOR d IN c SORT d.${first}, 1 / (d.n - 3) RETURN d`, { failOnWarning: true });
    } catch (error) {
      return String(error);
    }
  });
  ok(standard!.includes("SortNode"), standard);
  equal(grouped, standard, "an error names the nodes that it has passed, however they sort");
  const first = runQuery(source, "FOR d IN c SORT d.u, d.n LIMIT 2 RETURN d.n");
  const few = runQuery(source, "FOR d IN c FILTER d.n >= 0 SORT d.v, d.n LIMIT 1 RETURN d.n");
  for (const query of [first, few]) query.nextBatch(Infinity);
  equal(first.extra().stats.scannedFull, 40, "a sparse index does not have all documents");
  ok(few.extra().stats.scannedIndex < 40);
});

Deno.test("a SORT finds its index without the rule that looks for those of filters", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const rules = ["-all", "+use-index-for-sort"];
  const query = (options: string) => `FOR d IN c ${options} FILTER d.n > 3 SORT d.v DESC RETURN d.v`;
  // as recorded in `RestExplainOptions`
  const plan = planOf(source, query(""), rules);
  deepEqual(plan.rules, ["use-index-for-sort"]);
  equal(plan.nodes.join(" "), "Singleton Index Calculation Filter Calculation Calculation Return");
  equal(outcome(source, query(""), { optimizer: { rules } }), outcome(source, query("")));
  deepEqual(planOf(source, query("OPTIONS { disableIndex: true }"), rules).rules, []);
});

Deno.test("an index that is hinted at is used, one that is insisted on and does not fit is an error", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const used = (options: string): AqlValue => {
    const text = `FOR d IN c OPTIONS ${options} FILTER d.g == 'x' AND d.v == 1 AND d.u == 4 RETURN d`;
    const nodes = explainQuery(source, text).plan!.nodes as AqlObject[];
    return ((nodes[1]!.indexes as AqlObject[] | undefined) ?? [])[0]?.name ?? null;
  };
  equal(used("{}"), "byU");
  equal(used("{indexHint: 'byGV'}"), "byGV");
  equal(used("{indexHint: ['nope', 'byV']}"), "byV");
  equal(used("{disableIndex: true}"), null);
  throws(() => used("{indexHint: 'byS', forceIndexHint: true}"), { errorNum: 1577 });
  engine.database("_system").collection("c").ensureIndex({ type: "persistent", fields: ["v", "n"], name: "byVN" });
  const sorting = (options: string): AqlValue => {
    const { nodes } = explainQuery(source, `FOR d IN c OPTIONS ${options} SORT d.v, d.n RETURN d`).plan!;
    return ((nodes as AqlObject[])[1]!.indexes as AqlObject[])[0]!.name!;
  };
  equal(sorting("{}"), "byVN");
  equal(sorting("{indexHint: ['byV', 'byVN']}"), "byV");
});

Deno.test("of all plans one is taken that uses the index that is insisted on", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const byV = "OPTIONS {indexHint: 'byV', forceIndexHint: true}";
  for (
    const query of [
      `FOR d IN c ${byV} FOR o IN c FILTER o.v == d.v RETURN [d.n, o.n]`,
      `FOR o IN c FOR d IN c ${byV} FILTER o.v == d.v RETURN [d.n, o.n]`,
      `FOR x IN p FOR y IN p FOR o IN c FOR d IN c ${byV} FILTER o.v == d.v FILTER x.n == y.n LIMIT 1 RETURN d.n`,
      `FOR d IN c ${byV} COLLECT v = d.v RETURN v`,
    ]
  ) {
    const { plans } = explainQuery(source, query, {}, { allPlans: true });
    const best = explainQuery(source, query).plan!;
    for (const { nodes } of [best, ...plans!]) ok(JSON.stringify(nodes).includes('"name":"byV"'), query);
  }
});

Deno.test("the different values of an attribute come from an index, in leaps, and are all of them", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const source = new EngineSource(engine.database("_system"));
  collection.ensureIndex({ type: "persistent", fields: ["v"] });
  engine.write([collection], () => {
    for (let i = 0; i < 3000; i++) {
      const v = VALUES[i % VALUES.length]!;
      collection.insert(jsonText(i % 30 === 0 ? { n: i } : { n: i, v, w: i % 3 }));
    }
  });
  for (const text of ["FOR d IN c RETURN DISTINCT d.v", "FOR d IN c COLLECT v = d.v RETURN v"]) {
    const { nodes, rules } = planOf(source, text);
    ok(rules.includes("use-index-for-collect"), text);
    equal(nodes.join(" "), "Singleton IndexCollect Return", text);
    const expected = outcome(source, text, { optimizer: { rules: ["-all"] } });
    equal(outcome(source, text), expected, text);
    ok(runQuery(source, text).extra().stats.scannedIndex < 100, text);
  }
  collection.ensureIndex({ type: "persistent", fields: ["w", "v"] });
  for (
    const text of [
      "FOR d IN c COLLECT w = d.w, v = d.v RETURN [w, v]",
      "FOR d IN c COLLECT w = d.w, v = d.v SORT v DESC, w LIMIT 7 RETURN [v, w]",
    ]
  ) {
    ok(planOf(source, text).rules.includes("use-index-for-collect"), text);
    equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
  }
  for (
    const text of [
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v) RETURN [w, m]",
      "FOR d IN c COLLECT w = d.w AGGREGATE s = SUM(d.w * 2 + d.w), l = COUNT(d.v), m = MIN(d.v) RETURN [w, s, l, m]",
      "FOR d IN c LET v = d.v COLLECT w = d.w AGGREGATE m = MAX(v) SORT w DESC LIMIT 3 RETURN [w, m]",
      "FOR x IN 1..2 LET s = (FOR d IN c COLLECT w = d.w AGGREGATE m = MIN(d.v) RETURN [w, m]) RETURN [x, s]",
    ]
  ) {
    const { nodes, rules } = planOf(source, text);
    ok(rules.includes("use-index-for-collect") && nodes.includes("IndexCollect"), text);
    equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
  }
  for (
    const text of [
      "FOR d IN c COLLECT v = d.v WITH COUNT INTO n RETURN n",
      "FOR d IN c COLLECT n = d.n RETURN n",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.n) RETURN [w, m]",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d) RETURN [w, m]",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v), n = SUM(1) RETURN [w, m, n]",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v + RAND()) RETURN [w, m >= 0]",
      "FOR x IN 1..2 FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v + x) RETURN [w, m]",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v) INTO g RETURN [w, m, LENGTH(g)]",
      "FOR d IN c COLLECT w = d.w AGGREGATE m = MAX(d.v) OPTIONS {disableIndex: true} RETURN [w, m]",
      "FOR d IN c FILTER d.n > 7 COLLECT w = d.w AGGREGATE m = MAX(d.v) RETURN [w, m]",
      "FOR d IN c LET r = RAND() COLLECT w = d.w AGGREGATE m = MAX(d.v) RETURN [w, m]",
      "FOR d IN c COLLECT AGGREGATE m = MAX(d.v) RETURN m",
    ]
  ) {
    ok(!planOf(source, text).rules.includes("use-index-for-collect"), text);
    equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
  }
});
