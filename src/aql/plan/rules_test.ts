/**
 * Which rules are named for which queries, and what nodes they leave.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { Engine } from "../../engine/engine.ts";
import { opened, planOf } from "./testing.ts";

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
    "FOR d IN p LET a = d.n + 1 LET s = (FOR o IN c FILTER o.n == d.n RETURN o) RETURN [a, a, s]",
    "Singleton EnumerateCollection SubqueryStart EnumerateCollection SubqueryEnd Calculation Calculation Return",
    "move-calculations-down",
  ],
  ["FOR d IN p LET a = d.n + 1 LET s = (FOR o IN c FILTER o.n == a RETURN a) RETURN s", "*", "!move-calculations-down"],
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
  // what may be a long list
  ...["SPLIT(d.g, ',')", "NOOPT([1, 2, 3, 4, 5, 6, 7, 8])", "d.tags"].map((list) =>
    [`FOR d IN c LET l = ${list} FOR o IN p FILTER o.n NOT IN l RETURN o`, "*", "sort-in-values"] as const
  ),
  ...["RAND()", "NOOPT([1])", "{a: d.n}", "1..d.n"].map((list) =>
    [`FOR d IN c LET l = ${list} FOR o IN p FILTER o.n IN l RETURN o`, "*", "!sort-in-values"] as const
  ),
  ["FOR d IN p LET l = d.tags FILTER d.n IN l RETURN d", "*", "!sort-in-values"],
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
  ["FOR d IN c FILTER d.v LIKE 'ab%' RETURN d", "Singleton Index Return", "replace-like-with-range use-indexes"],
  ["FOR d IN c FILTER d.v LIKE 'ab' RETURN d", "Singleton Index Return", "replace-like-with-range use-indexes"],
  ["FOR d IN p FILTER d._key LIKE 'k1%' RETURN d", "Singleton Index Return", "replace-like-with-range use-indexes"],
  // what numbers, null and true are as texts begins like this too
  ...["1%", "-%", "%", "tr%", "[%"].map((pattern) =>
    [`FOR d IN c FILTER d.v LIKE '${pattern}' RETURN d`, "*", "!replace-like-with-range !use-indexes"] as const
  ),
  ["FOR d IN p FILTER d.v LIKE 'ab%' RETURN d", "*", "!replace-like-with-range"],
  ["FOR d IN c FILTER LIKE(d.v, 'ab%', true) RETURN d", "*", "!replace-like-with-range"],
  ["FOR d IN c OPTIONS {disableIndex: true} FILTER d.v LIKE 'ab%' RETURN d", "*", "!replace-like-with-range"],
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
  ...["RETURN [s[0], s[3]]", "FILTER s[1] > 2 RETURN FIRST(s)", "RETURN LENGTH(s) + COUNT(s)"].map((use) =>
    [`LET s = (FOR d IN p RETURN d.n) ${use}`, "*", "optimize-subqueries"] as const
  ),
  ...["[s[0], s[-1]]", "[FIRST(s), LENGTH(s)]", "[s[0], s]", "s[LENGTH(s)]"].map((use) =>
    [`LET s = (FOR d IN p RETURN d.n) RETURN ${use}`, "*", "!optimize-subqueries"] as const
  ),
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
