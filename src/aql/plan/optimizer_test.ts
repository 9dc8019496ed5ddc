/**
 * Plans: which rules are named for which queries, what nodes they leave, and that no rule changes results.
 *
 * @module
 */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, type QueryOptions, runQuery } from "../query.ts";
import { compareValues } from "../value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";
import { enabledRules, RULE_NAMES } from "./optimizer.ts";

/**
 * `c` with indexes on `v`, on `g` and `v`, on the members of `tags` and, sparse, on `s`; `p` with none but geo and fulltext;
 * edges `e`.
 */
function opened(engine: Engine): EngineSource {
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

const VALUES: readonly AqlValue[] = [
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

function planOf(
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

const LAST = "optimize-traversal-last-element-access optimize-traversals !remove-redundant-path-var";

/** Queries with the nodes of their plans (`*`: any) and rules that are named among others; `!rule` is not named. */
const PLANS: readonly (readonly [query: string, nodes: string, rules: string])[] = [
  ["FOR d IN p RETURN d", "Singleton EnumerateCollection Return", ""],
  ["FOR d IN p FILTER d.n == 1 RETURN d", "Singleton EnumerateCollection Return", "move-filters-into-enumerate"],
  [
    "FOR d IN c FILTER d.v == 1 RETURN d",
    "Singleton Index Return",
    "use-indexes remove-filter-covered-by-index remove-unnecessary-calculations-2",
  ],
  [
    "FOR d IN c FILTER d.v > 1 SORT d.v RETURN d.v",
    "Singleton Index Return",
    "move-calculations-up move-filters-up remove-redundant-calculations remove-unnecessary-calculations use-indexes remove-filter-covered-by-index use-index-for-sort reduce-extraction-to-projection optimize-projections",
  ],
  ["FOR d IN c SORT d.v RETURN d", "Singleton Index Return", "use-indexes use-index-for-sort"],
  ["FOR d IN c SORT d.v DESC RETURN d", "Singleton Index Return", "use-indexes use-index-for-sort"],
  [
    "FOR d IN c SORT d.v DESC, d.g RETURN d",
    "Singleton Index Calculation Calculation Sort Return",
    "use-indexes use-index-for-sort",
  ],
  [
    "FOR d IN c SORT d.n, d.v RETURN d",
    "Singleton EnumerateCollection Calculation Calculation Sort Return",
    "!use-indexes !use-index-for-sort",
  ],
  // what is the same in all rows makes no groups
  ["FOR d IN c FILTER d.g == 'x' SORT d.g, d.n RETURN d", "*", "use-indexes !use-index-for-sort"],
  ["FOR d IN c FILTER d.g == 'x' SORT d.v RETURN d", "Singleton Index Return", "use-indexes use-index-for-sort"],
  ["FOR d IN c SORT d.s RETURN d", "Singleton EnumerateCollection Calculation Sort Return", "!use-index-for-sort"],
  ["FOR d IN c FILTER d.s == null RETURN d", "Singleton EnumerateCollection Return", "!use-indexes"],
  ["FOR d IN c FILTER d.s > 3 RETURN d", "Singleton Index Return", "use-indexes"],
  ["FOR d IN c FILTER 't1' IN d.tags RETURN d", "Singleton Index Return", "use-indexes"],
  ["FOR d IN c FILTER d.tags ANY == 't1' RETURN d", "Singleton Index Return", "replace-any-eq-with-in use-indexes"],
  ["FOR d IN c FILTER d.v == 1 OR d.v == 2 RETURN d", "Singleton Index Return", "replace-or-with-in use-indexes"],
  [
    "FOR d IN c FILTER d.v == 1 OR d.u == 2 RETURN d",
    "Singleton Index Calculation Filter Return",
    "use-indexes !remove-filter-covered-by-index !move-filters-into-enumerate",
  ],
  ...["d.v == 1 OR false", "d.v == 1 OR (d.n == 3 AND false)", "d.v == 1 AND true", "d.v == 1 OR d.v == 1"].map((
    filter,
  ) =>
    [
      `FOR d IN c FILTER ${filter} RETURN d`,
      "Singleton Index Return",
      "use-indexes remove-filter-covered-by-index",
    ] as const
  ),
  [
    "FOR d IN p LET a = (FOR o IN c FILTER o.n == d.n RETURN o) SORT d.v LIMIT 2 RETURN [d, a]",
    "Singleton EnumerateCollection Calculation Sort Limit SubqueryStart EnumerateCollection SubqueryEnd Calculation Return",
    "move-calculations-down",
  ],
  [
    "FOR d IN p LET a = (INSERT {n: d.n} INTO c RETURN 1) SORT d.v LIMIT 2 RETURN [d, a]",
    "Singleton EnumerateCollection Calculation SubqueryStart Calculation Calculation Insert SubqueryEnd Sort Limit Calculation Return",
    "move-calculations-down",
  ],
  [
    "FOR i IN 1..3 LET s = (FOR j IN 1..10 RETURN i * j) RETURN s",
    "Singleton Calculation Calculation EnumerateList SubqueryStart EnumerateList Calculation SubqueryEnd Return",
    "move-calculations-up",
  ],
  ["FOR d IN c FILTER d.v == 1 OR d.n == 2 RETURN d", "Singleton EnumerateCollection Return", "!use-indexes"],
  ["FOR d IN e FILTER d._from == 'c/k1' RETURN d", "Singleton Index Return", "use-indexes"],
  [
    "FOR d IN p FOR o IN c FILTER d.n == 3 FILTER o.v == d.n RETURN o",
    "Singleton EnumerateCollection Index Return",
    "propagate-constant-attributes use-indexes",
  ],
  ["FOR d IN p FILTER d.n == 3 LIMIT 5 FILTER d.v == d.n RETURN d", "*", "!propagate-constant-attributes"],
  [
    "LET l = (FOR x IN c RETURN x.n) FOR d IN p FILTER d.n IN l RETURN d",
    "*",
    "sort-in-values",
  ],
  [
    "FOR d IN p FOR o IN c FILTER o.n == d.n FILTER o._key == 'k3' RETURN o",
    "Singleton Index EnumerateCollection Return",
    "interchange-adjacent-enumerations use-indexes",
  ],
  ["FOR d IN c FOR o IN c FILTER o._key == d.g RETURN [d, o]", "*", "!interchange-adjacent-enumerations"],
  ["FOR d IN p FOR o IN p FILTER o.n == d.n RETURN [d, o]", "*", "!interchange-adjacent-enumerations"],
  ["FOR i IN 1..9 FOR j IN 1..2 RETURN [i, j]", "*", "!interchange-adjacent-enumerations"],
  ["FOR d IN c FILTER d['v'] == 1 RETURN d", "Singleton Index Return", "use-indexes"],
  ["FOR d IN c FILTER {x: d.v, y: 1}.x == 1 RETURN d", "Singleton Index Return", "simplify-conditions use-indexes"],
  ["FOR d IN c FILTER [0, d.v][1] == 1 RETURN d", "Singleton Index Return", "simplify-conditions use-indexes"],
  ["FOR d IN p RETURN [RAND(), d.v][1]", "*", "!simplify-conditions"],
  ["FOR d IN p RETURN DISTINCT d.v", "*", "!use-index-for-collect"],
  ["FOR d IN c FILTER d.s < 2 AND d.s != null RETURN d.n", "*", "use-indexes remove-filter-covered-by-index"],
  ["FOR d IN c FILTER d.s IN [null, 1, [1]] FILTER null != d.s RETURN d.n", "*", "use-indexes"],
  ["FOR o IN p FOR d IN c FILTER d.s == o.v AND d.s != null RETURN [o.n, d.n]", "*", "use-indexes"],
  ["FOR o IN p FOR d IN c FILTER d.s >= o.v AND d.s != null RETURN [o.n, d.n]", "*", "use-indexes"],
  ["FOR d IN c FILTER d.s != null RETURN d.n", "*", "!use-indexes"],
  ["RETURN LENGTH(FOR d IN p RETURN d)", "*", "optimize-count"],
  ["RETURN COUNT(FOR d IN c FILTER d.v == 1 RETURN d.n)", "*", "optimize-count"],
  ["RETURN COUNT(FOR d IN p FILTER d.v == 1 RETURN d.n)", "*", "!optimize-count"],
  ["RETURN COUNT(FOR d IN p LIMIT 3 RETURN d.n)", "*", "!optimize-count"],
  ["LET s = (FOR d IN p RETURN d) RETURN [LENGTH(s), s]", "*", "!optimize-count"],
  ["LET l = [1, 2, 3] FOR d IN p FILTER d.n IN l RETURN d", "*", "!sort-in-values"],
  [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e FILTER p.edges[0].n == 1 RETURN v",
    "Singleton Traversal Return",
    "optimize-traversals remove-filter-covered-by-traversal remove-redundant-path-var",
  ],
  [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e FILTER v.n == 1 RETURN p",
    "*",
    "optimize-traversals !remove-redundant-path-var",
  ],
  [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e RETURN p.vertices",
    "*",
    "optimize-traversals remove-redundant-path-var",
  ],
  [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e FILTER p.edges[1].n == 1 RETURN v",
    "Singleton Traversal Calculation Filter Return",
    "optimize-traversals !remove-filter-covered-by-traversal",
  ],
  ["FOR v IN 1..2 OUTBOUND 'c/k1' e FILTER v.n == 1 RETURN v", "Singleton Traversal Return", "optimize-traversals"],
  ["FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e RETURN p.vertices[-1]", "Singleton Traversal Return", LAST],
  [
    "FOR p IN 1..3 OUTBOUND K_PATHS 'c/k1' TO 'c/k6' e FILTER p.vertices[*].n ALL < 9 RETURN p",
    "Singleton EnumeratePaths Return",
    "optimize-enumerate-path-filters remove-filter-covered-by-traversal !optimize-paths",
  ],
  [
    "FOR p IN OUTBOUND K_SHORTEST_PATHS 'c/k1' TO 'c/k6' e FILTER p.edges[*].n NONE == 1 RETURN p.edges",
    "Singleton EnumeratePaths Calculation Return",
    "optimize-enumerate-path-filters optimize-paths",
  ],
  ...["p.vertices[0].n == 1", "p.vertices[*].n ANY == 1", "LENGTH(p.edges) > 1"].map((filter) =>
    [
      `FOR p IN 1..3 OUTBOUND K_PATHS 'c/k1' TO 'c/k6' e FILTER ${filter} RETURN p`,
      "Singleton EnumeratePaths Calculation Filter Return",
      "!optimize-enumerate-path-filters",
    ] as const
  ),
  [
    "FOR p IN OUTBOUND ALL_SHORTEST_PATHS 'c/k1' TO 'c/k6' e FILTER p.vertices[*].n ALL < 9 RETURN p",
    "Singleton EnumeratePaths Calculation Filter Return",
    "!optimize-enumerate-path-filters",
  ],
  ["FOR v, e IN OUTBOUND SHORTEST_PATH 'c/k1' TO 'c/k6' e RETURN v", "*", "optimize-paths"],
  ["FOR v, e IN OUTBOUND SHORTEST_PATH 'c/k1' TO 'c/k6' e RETURN e", "*", "!optimize-paths"],
  ["FOR p IN ANY K_SHORTEST_PATHS 'c/k1' TO 'c/k6' e RETURN p.weight", "*", "optimize-paths"],
  ["FOR d IN NEAR(p, 1, 2, 3, 'm') RETURN d.m", "*", "replace-function-with-index !inline-subqueries"],
  [
    "FOR d IN WITHIN(p, 1, 2, 300) RETURN d.n",
    "Singleton Index Calculation Sort Return",
    "replace-function-with-index inline-subqueries",
  ],
  [
    "FOR d IN WITHIN_RECTANGLE(p, 1, 2, 3, 4) FILTER d.n > 1 RETURN d.n",
    "Singleton Index Return",
    "replace-function-with-index inline-subqueries move-filters-into-enumerate",
  ],
  ["FOR d IN FULLTEXT(p, 'text', 'word', 3) RETURN d", "Singleton Index Return", "replace-function-with-index"],
  [
    "RETURN [1, FULLTEXT(p, 'text', 'word')]",
    "Singleton SubqueryStart Index SubqueryEnd Calculation Return",
    "replace-function-with-index",
  ],
  // without an index or a number, the call tells what is wrong when it runs
  ...["FULLTEXT(p, 'n', 'word')", "FULLTEXT(c, 'text', 'word')", "NEAR(c, 1, 2)", "NEAR(p, 1, 'x')", "NEAR('p', 1, 2)"]
    .map((call) =>
      [
        `FOR d IN ${call} RETURN d`,
        "Singleton Calculation EnumerateList Return",
        "!replace-function-with-index",
      ] as const
    ),
  ["FOR d IN p FOR o IN p FILTER o.n == d.n RETURN o.n", "*", "!replace-equal-attribute-accesses"],
  ["FOR d IN c FILTER d._key == 'k1' RETURN d", "Singleton Index Return", "use-indexes"],
  [
    "FOR d IN c FOR o IN p FILTER o._key == d._key RETURN o",
    "Singleton Join Return",
    "use-indexes join-index-nodes",
  ],
  [
    "FOR i IN 1..10 LET a = 1 FILTER i == 1 RETURN i",
    "Singleton Calculation EnumerateList Return",
    "move-calculations-up",
  ],
  [
    "FOR i IN 1..10 FOR j IN 1..9 FILTER i > 1 RETURN i",
    "Singleton Calculation Calculation EnumerateList EnumerateList Return",
    "move-filters-up",
  ],
  [
    "FOR i IN 1..10 INSERT {} INTO p FILTER i < 5 RETURN i",
    "Singleton Calculation Calculation EnumerateList Calculation Insert Filter Return",
    "!move-filters-up",
  ],
  [
    "FOR i IN [{a: 1}] SORT i.a SORT i.a RETURN i",
    "Singleton Calculation EnumerateList Calculation Sort Return",
    "remove-redundant-sorts",
  ],
  [
    "FOR i IN [{a: 1}] SORT i.a SORT RAND() RETURN i",
    "Singleton Calculation EnumerateList Calculation Sort Calculation Sort Return",
    "!remove-redundant-sorts",
  ],
  [
    "RETURN (FOR d IN p RETURN d)[0]",
    "Singleton SubqueryStart EnumerateCollection Limit SubqueryEnd Calculation Return",
    "optimize-subqueries splice-subqueries",
  ],
  [
    "RETURN (FOR d IN p RETURN d)[-1]",
    "Singleton SubqueryStart EnumerateCollection SubqueryEnd Calculation Return",
    "!optimize-subqueries splice-subqueries",
  ],
  [
    "FOR doc IN [{a: 1, b: 2}, {c: RAND()}] FOR [key, value] IN ENTRIES(doc) RETURN CONCAT(key, value)",
    "Singleton Calculation EnumerateList EnumerateList Calculation Return",
    "replace-entries-with-object-iteration",
  ],
  ["FOR d IN p FOR [key] IN ENTRIES(d.deep) RETURN key", "*", "replace-entries-with-object-iteration"],
  ["FOR d IN p FOR e IN ENTRIES(d.deep) RETURN e", "*", "!replace-entries-with-object-iteration"],
  ["FOR d IN p LET l = ENTRIES(d) FOR [k] IN l RETURN [k, l]", "*", "!replace-entries-with-object-iteration"],
  ["FOR i IN (FOR j IN 1..3 RETURN j) RETURN i", "Singleton Calculation EnumerateList Return", "inline-subqueries"],
  [
    "FOR i IN (FOR j IN 1..3 LIMIT 2 RETURN j) RETURN i",
    "Singleton Calculation SubqueryStart EnumerateList Limit SubqueryEnd EnumerateList Return",
    "!inline-subqueries",
  ],
  [
    "FOR x IN 1..3 FILTER x == 1 OR x == 2 RETURN x",
    "Singleton Calculation EnumerateList Return",
    "replace-or-with-in",
  ],
  ["FOR x IN 1..3 FILTER x > 1 OR x > 2 RETURN x", "Singleton Calculation EnumerateList Return", "remove-redundant-or"],
  ["FOR d IN p SORT RAND() LIMIT 1 RETURN d", "Singleton EnumerateCollection Limit Return", "remove-sort-rand-limit-1"],
  ["FOR i IN 1..200 SORT i LIMIT 5 RETURN i", "Singleton Calculation EnumerateList Sort Limit Return", "sort-limit"],
  ["FOR i IN 1..20 SORT i LIMIT 5 RETURN i", "Singleton Calculation EnumerateList Sort Limit Return", "!sort-limit"],
];

for (const [query, nodes, rules] of PLANS) {
  Deno.test(`the plan of ${query} is ${nodes}`, () => {
    using engine = Engine.open({ directory: ":memory:" });
    const plan = planOf(opened(engine), query);
    if (nodes !== "*") equal(plan.nodes.join(" "), nodes, plan.rules.join(" "));
    for (const rule of rules.split(" ").filter((one) => one !== "")) {
      equal(plan.rules.includes(rule.replace("!", "")), !rule.startsWith("!"), `${rule} in ${plan.rules.join(" ")}`);
    }
  });
}

Deno.test("rules are switched by name, all but those that always work", () => {
  ok(!enabledRules(["-use-indexes"]).has("use-indexes"));
  ok(enabledRules(["-all", "+use-indexes"]).has("use-indexes"));
  ok(!enabledRules(["-all"]).has("sort-limit"));
  ok(enabledRules(["-all"]).has("splice-subqueries"));
  ok(!enabledRules([]).has("replace-equal-attribute-accesses"));
  using engine = Engine.open({ directory: ":memory:" });
  deepEqual(planOf(opened(engine), "FOR d IN c FILTER d.v == 1 SORT d.v RETURN d.v", ["-all"]).rules, []);
});

Deno.test("an attribute that equals one of an outer loop is read there, where that is switched on", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const options = { optimizer: { rules: ["+replace-equal-attribute-accesses"] } };
  const projected = (text: string): string[] => {
    const { nodes, rules } = explainQuery(source, text, {}, options).plan!;
    ok((rules as string[]).includes("replace-equal-attribute-accesses"), text);
    return (nodes as AqlObject[]).filter(({ type }) => type === "EnumerateCollectionNode" || type === "IndexNode")
      .map(({ outVariable, projections }) => {
        const paths = (projections as AqlObject[]).map(({ path }) => (path as string[]).join("."));
        return `${(outVariable as AqlObject).name}: ${paths}`;
      });
  };
  for (
    const [text, first, second] of [
      ["FOR d IN p FOR o IN p FILTER o.n == d.n RETURN [d.g, o.n]", "d: g,n", "o: "],
      ["FOR d IN p FOR o IN p FILTER d.n == o.deep.own SORT o.deep.own RETURN [d.n, o.deep]", "d: n", "o: deep"],
      ["FOR d IN p FOR o IN c FILTER o.v == d.v FILTER o.n == 3 RETURN [o.v, o.u]", "d: v", "o: u"],
    ] as const
  ) {
    deepEqual(projected(text), [first, second], text);
    equal(outcome(source, text, options), outcome(source, text), text);
  }
});

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

Deno.test("allPlans shows a plan for each way to group and each order of loops, the cheapest first", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const plansOf = (text: string, options: QueryOptions = {}): AqlObject[] =>
    explainQuery(source, text, {}, { ...options, allPlans: true }).plans as AqlObject[];
  const methods = (plans: readonly AqlObject[]): AqlValue[] =>
    plans.map(({ nodes }) => {
      const collect = (nodes as AqlObject[]).find(({ type }) => type === "CollectNode")!;
      return (collect.collectOptions as AqlObject).method!;
    });
  // without an index hashing wins, with one the rows come sorted; each is made whatever rules are switched off
  deepEqual(methods(plansOf("FOR d IN p COLLECT v = d.v RETURN v")), ["hash", "sorted"]);
  deepEqual(methods(plansOf("FOR d IN c COLLECT v = d.v RETURN v")), ["sorted", "hash"]);
  deepEqual(methods(plansOf("FOR d IN p COLLECT v = d.v RETURN v", { optimizer: { rules: ["-all"] } })).length, 2);
  deepEqual(methods(plansOf("FOR d IN p COLLECT v = d.v OPTIONS {method: 'sorted'} RETURN v")), ["sorted"]);
  deepEqual(methods(plansOf("FOR i IN 1..9 COLLECT v = i RETURN v")), ["hash"]);
  const loops = "FOR a IN c FOR b IN p FOR d IN p RETURN 1";
  const named = plansOf(loops).map(({ rules }) => (rules as string[]).includes("interchange-adjacent-enumerations"));
  equal(named.length, 6);
  equal(named.filter((one) => one).length, 5, "the order of the query itself is not called interchanged");
  const costs = plansOf(loops).map(({ estimatedCost }) => Number(estimatedCost));
  deepEqual(costs, costs.toSorted((a, b) => a - b));
  equal(plansOf(loops, { maxNumberOfPlans: 2 }).length, 2);
  equal(plansOf("FOR a IN [[1]] FOR b IN a RETURN b").length, 1, "a loop stays behind the one that it depends on");
  equal(explainQuery(source, loops).stats.plansCreated, 6);
});

/** Queries whose results no rule may change. */
const QUERIES: readonly string[] = [
  "FOR d IN C FILTER d.v > 1 AND d.v <= 'a' RETURN d._key",
  "FOR d IN C FILTER d.v >= 'a' RETURN d.v",
  "FOR d IN C FILTER d.v < [] RETURN d.n",
  "FOR d IN C FILTER d.v IN [1, 'a', null, 9007199254740993] RETURN d.n",
  "FOR d IN C FILTER d.v == @undefined RETURN d.n".replace("@undefined", "{a: 1}"),
  "FOR d IN C FILTER d.v == 1 OR d.u == 7 OR d.n > 37 RETURN d.n",
  "FOR d IN C FILTER d.v == 1 OR d.u == 7 OR d.v == null RETURN [d.n, d.v]",
  "FOR d IN C FILTER NOT (d.v == 1 OR d.n > 30) RETURN d.n",
  "FOR d IN C FILTER d.g == 'x' FILTER d.v > 0 FILTER d.n < 30 RETURN {n: d.n}",
  "FOR d IN C FILTER 't1' IN d.tags AND 1 IN d.tags RETURN d.n",
  "FOR d IN C FILTER d.deep.er == 'a' || d.deep.er == 1 RETURN d.deep.own",
  "FOR d IN C FILTER d.s >= 9 RETURN d.s",
  "FOR d IN C LET x = d.v FILTER x == 2 LET y = x + 1 RETURN [x, y]",
  "FOR d IN C LET a = d.n * 2 LET b = d.n * 2 SORT a DESC, b LIMIT 3 RETURN [a, b]",
  "FOR d IN C SORT d.v, d.n RETURN [d.v, d.n]",
  "FOR d IN C SORT d.v DESC, d.n DESC LIMIT 2, 9 RETURN d.n",
  "FOR d IN C FILTER d.g == 'x' SORT d.g, d.v DESC, d.n RETURN d.n",
  "FOR d IN C SORT d.u LIMIT 5 RETURN KEEP(d, 'n', 'v')",
  "FOR d IN C FOR o IN p FILTER o.n == d.n + 1 RETURN [d.n, o.n]",
  "FOR o IN p FOR d IN C FILTER d._key == o._key FILTER o.n < 4 RETURN d.v",
  "FOR o IN p FOR d IN C FILTER d._id == CONCAT('c/', o._key) AND d.n < 4 RETURN d.v",
  "FOR o IN p FOR d IN C FILTER d.v == o.v RETURN [o.n, d.n]",
  "FOR d IN C COLLECT g = d.g WITH COUNT INTO n RETURN [g, n]",
  "FOR d IN C FILTER d.n < 9 FOR [k, v] IN ENTRIES(KEEP(d, 'v', 'g', 'deep')) FILTER k != 'g' RETURN [d.n, k, v]",
  "FOR d IN C FILTER d.n < 9 FOR [k, {er, own}] IN ENTRIES(KEEP(d, 'deep', 'v')) FILTER er > 0 RETURN [k, er, own]",
  "FOR d IN C FOR [k, l] IN ENTRIES({tags: d.tags, no: [d.n]}) FOR t IN l LET s = (RETURN [k, t]) RETURN s",
  "FOR d IN C FOR [k, v] IN ENTRIES(KEEP(d, 'v', 'n')) COLLECT name = k INTO g RETURN [name, LENGTH(g)]",
  "FOR d IN C COLLECT g = d.g AGGREGATE s = SUM(d.n), m = MAX(d.v) INTO members RETURN [g, s, m]",
  "FOR d IN C COLLECT g = d.g INTO members RETURN [g, SUM(members[*].d.n)]",
  "FOR d IN C COLLECT g = d.g INTO members = d.n RETURN [g, LENGTH(members)]",
  "FOR d IN C FILTER d.n < 5 COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C RETURN DISTINCT d.g",
  "RETURN LENGTH(FOR d IN C FILTER d.n > 3 RETURN d)",
  "RETURN (FOR d IN C SORT d.n RETURN d.n)[2]",
  "RETURN FIRST(FOR d IN C FILTER d.n == 3 RETURN d.v)",
  "FOR i IN (FOR d IN C FILTER d.n < 9 RETURN d.v) FILTER i != null RETURN i",
  "FOR i IN 1..3 LET s = (FOR d IN C FILTER d.n == i RETURN d.g) RETURN [i, s]",
  "FOR i IN 1..3 FOR x IN (FOR d IN C FILTER d.n <= i RETURN d.n) RETURN [i, x]",
  "FOR i IN 1..9 FILTER i > 3 OR i > 5 FILTER i == 4 OR i == 6 OR i == 2 RETURN i",
  "FOR i IN 1..3 LET c = 5 FILTER c == 5 LET d = c + 1 RETURN i + d",
  "FOR d IN C FILTER 1 == 2 RETURN d",
  "FOR d IN e FILTER d._from IN ['c/k1', 'c/k2', 5] RETURN d._to",
  "FOR d IN e FILTER d._to == 'c/k3' RETURN d._key",
  "FOR d IN C LET k = KEYS(d) FILTER LENGTH(k) > 3 RETURN k",
  "FOR d IN C WINDOW {preceding: 1} AGGREGATE s = SUM(d.n) RETURN s >= 0",
  "FOR d IN C FOR o IN C FOR x IN C FILTER o.n == d.n FILTER x._key == 'k3' AND x.n == o.n RETURN [d.n, o.n, x.n]",
  "FOR d IN C FOR o IN C FILTER o._key == 'k3' FILTER d.v == o.v RETURN [d.n, o.n]",
  "FOR d IN C RETURN [{a: d.n, b: {c: d.v}}.b.c, [d.n, d.v][-1], [d.n][3], {a: d.n}.b, {a: 1, a: d.n}.a]",
  "RETURN LENGTH(FOR d IN C RETURN d) + COUNT(FOR d IN C FILTER d.v > 0 RETURN 1)",
  "FOR i IN 0..3 RETURN LENGTH(FOR d IN C FILTER d.v >= i RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER d.v IN [1, 'a', [1], null] RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER d.v > 'a' RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER 't1' IN d.tags RETURN d)",
  "RETURN LENGTH(FOR d IN e FILTER d._from == 'c/k1' RETURN d)",
  "FOR i IN 0..2 FOR d IN C FILTER d.v == i COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C FILTER d.v == 77 COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C COLLECT AGGREGATE a = LENGTH(1), b = COUNT(1) RETURN [a, b]",
  "FOR d IN C FILTER d.v > 1 SORT d.v RETURN d.v",
  ...["5, 3", "39, 5", "40, 5", "77, 1", "0, 2"].flatMap((limit) => [
    `FOR d IN C SORT d.n LIMIT ${limit} RETURN d.n`,
    `FOR d IN C SORT d.v, d.n LIMIT ${limit} RETURN d.n`,
    `FOR i IN 1..3 FOR d IN C FILTER d.v == 1 SORT i, d.n LIMIT ${limit} RETURN [i, d.n]`,
    `RETURN LENGTH(FOR d IN C LIMIT ${limit} RETURN d)`,
    `RETURN LENGTH(FOR i IN 1..3 FOR d IN C LIMIT ${limit} RETURN d)`,
    `RETURN LENGTH(FOR d IN C FILTER d.v IN [1, 2, 'a', null] LIMIT ${limit} RETURN d)`,
  ]),
  "FOR d IN C FILTER d.g == 'x' AND d.v <= 2 RETURN [d.g, d.v]",
  "FOR d IN C FILTER d.g == 'x' AND d.v <= 'zz' SORT d.v DESC RETURN d.v",
  "FOR d IN C FOR o IN C FILTER d.n == 3 AND o.u == d.n AND d.n == o.n RETURN [d.n, o.n]",
  "FOR d IN C FOR o IN C FILTER o.v == d.v FILTER d.v == 1 RETURN [d.n, o.n]",
  "LET l = (FOR x IN C FILTER x.n > 20 RETURN x.n) FOR d IN C FILTER d.n IN l OR d.v NOT IN l RETURN d.n",
  "FOR i IN 1..3 LET l = (FOR x IN C FILTER x.n > i * 5 RETURN x.v) FOR d IN C FILTER d.v NOT IN l RETURN [i, d.n]",
  "LET l = [1, 2, 3, 'a', null, 5, 6, 7, 8, 9, 10, 11, 12, 13] FOR d IN C FILTER d.v IN l RETURN d.n",
  ...[
    "p.edges[0]._key == 'e1'",
    "p.edges[1].n == null",
    "p.vertices[0].n == 1",
    "p.vertices[1]._key != 'k3' AND p.edges[2]._key == null",
    "p.edges[*].n ALL == null AND p.vertices[*]._key NONE == 'k6'",
    "p.vertices[*].n ALL < 6",
    "p.edges[*]._to ANY == 'c/k3'",
    "p.edges[0]._key == p.edges[1]._key OR v.n > 2",
    "v.n > 2 AND e._key != 'e2'",
    "p.vertices[-1].n > 2 AND p.edges[-1]._from != null",
    "LENGTH(p.edges) == 2 FILTER p.edges[0]._key == 'e2'",
  ].flatMap((filter) => [
    `FOR v, e, p IN 0..3 ANY 'c/k1' e FILTER ${filter} RETURN [v._key, LENGTH(p.edges)]`,
    `FOR d IN p FOR v, e, p IN 2..3 OUTBOUND CONCAT('c', '/', d._key) e FILTER ${filter} RETURN [d._key, p.edges[*]._key]`,
    `FOR v, e, p IN 1..4 ANY 'c/k1' e OPTIONS {uniqueVertices: 'global', order: 'bfs'} FILTER ${filter} RETURN v._key`,
  ]),
  ...["K_PATHS", "K_SHORTEST_PATHS", "ALL_SHORTEST_PATHS"].flatMap((search) => [
    `FOR d IN p FOR r IN ANY ${search} 'c/k1' TO CONCAT('c', '/', d._key) e FILTER r.vertices[*].n ALL != d.n + 1 RETURN [d.n, r.edges[*]._to]`,
    `FOR d IN p FOR r IN ANY ${search} CONCAT('c', '/', d._key) TO 'c/k6' e FILTER r.edges[*]._key NONE == 'e2' RETURN d.n`,
  ]),
  ...["ALL", "NONE"].flatMap((quantifier) => [
    `FOR one IN [1, ['e1']] FOR v, e, p IN 0..2 ANY 'c/k1' e FILTER p.edges[*]._key ${quantifier} IN one RETURN [one, v._key]`,
    `FOR one IN [1, ['e1']] FOR r IN ANY K_PATHS 'c/k1' TO 'c/k6' e FILTER r.edges[*]._key ${quantifier} NOT IN one RETURN [one, r]`,
  ]),
  "FOR d IN p FOR v, e IN ANY SHORTEST_PATH 'c/k1' TO CONCAT('c', '/', d._key) e RETURN [d.n, v.n]",
  "FOR v, e, p IN 1..2 ANY 'c/k1' e PRUNE v.n == 3 FILTER p.edges[0]._key != 'e0' RETURN [v._key, e._key]",
];

function outcome(source: EngineSource, text: string, options: QueryOptions = {}): string {
  const results = runQuery(source, text, {}, options).nextBatch(Infinity);
  return jsonText(/SORT/.test(text) ? results : results.sort(compareValues));
}

Deno.test("no rule changes the results of queries, with and without indexes", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  for (const query of QUERIES) {
    const expected = outcome(source, query.replace(/\bC\b/g, "p").replace("'c/'", "'p/'"), {
      optimizer: { rules: ["-all"] },
    });
    const text = query.replace(/\bC\b/g, "c");
    const plans = new Set<string>();
    for (const rules of [[], ["-all"], ...RULE_NAMES.flatMap((name) => [[`-${name}`], ["-all", name]])]) {
      const options = { optimizer: { rules } };
      const plan = jsonText(explainQuery(source, text, {}, options).plan!.nodes!);
      // most rules have nothing to do for most queries
      if (plans.has(plan)) continue;
      plans.add(plan);
      equal(outcome(source, text, options), expected, `${text} with ${rules}`);
    }
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

Deno.test("a SORT that keeps few rows of many keeps the right ones, whatever their values are", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const source = new EngineSource(engine.database("_system"));
  engine.write([collection], () => {
    for (let i = 0; i < 7000; i++) {
      const v = i % 5 === 0 ? VALUES[(i / 5) % VALUES.length]! : Math.sin(i * 7919) * (i % 3 === 0 ? 10 : 1e6);
      collection.insert(jsonText({ _key: `k${i}`, n: i, v, w: Math.floor(Math.abs(Math.sin(i)) * 50), s: `s${v}` }));
    }
  });
  for (const order of ["d.v", "d.v DESC", "d.w, d.v", "d.w DESC, d.n DESC", "d.s", "d.missing, d.n", "d.n DESC"]) {
    for (const [limit, result] of [["1", "d"], ["2, 30", "d.n"], ["1200", "[d.v, d.w]"]]) {
      const text = `FOR d IN c SORT ${order} LIMIT ${limit} RETURN ${result}`;
      equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
      equal(runQuery(source, text).extra().stats.scannedFull, 7000);
    }
  }
});

const value = fc.oneof(
  fc.constantFrom<AqlValue>(...VALUES, "a\u0000b", "\"'\\", "😀", -0, 4.35, 0.1, 123456789012345680, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);
const attribute = fc.constantFrom("d.a", "d.b", "d.o.x", 'd.`odd "name"`', "d._key", "d.a.b");
const comparison = fc.tuple(attribute, fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "IN"), value, value).map(
  ([path, operator, first, second]) =>
    `${path} ${operator} ${operator === "IN" ? jsonText([first, second]) : jsonText(first)}`,
);
const condition = fc.tuple(
  comparison,
  comparison,
  comparison,
  fc.constantFrom("AND", "OR"),
  fc.constantFrom("AND", "OR"),
)
  .map(([a, b, c, first, second]) => `(${a} ${first} ${b}) ${second} ${c}`);

Deno.test("what SQLite tests and takes out of documents is what AQL would", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "docs" });
  const source = new EngineSource(database);
  let key = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value, value, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.array(condition, { minLength: 1, maxLength: 4 }),
      (rows, conditions) => {
        collection.truncate();
        for (const [a, b, x, whole] of rows) {
          collection.insert(jsonText({ _key: `k${key++}`, ...(whole ? { a, 'odd "name"': x } : {}), b, o: { x } }));
        }
        for (const one of conditions) {
          for (const result of ["d", "[d._key, d.a]", '[d._id, d.o.x, d.`odd "name"`]']) {
            const text = `FOR d IN docs FILTER ${one} RETURN ${result}`;
            equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
