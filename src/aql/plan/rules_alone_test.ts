/**
 * Each rule by itself: with all others off it changes a plan, and not the results.
 *
 * @module
 */
import { equal, notEqual, ok } from "node:assert/strict";
import { Engine } from "../../engine/engine.ts";
import type { EngineSource } from "../engine_source.ts";
import { explainQuery } from "../query.ts";
import { jsonText } from "../values.ts";
import { RULES } from "./rules/mod.ts";
import { opened, outcome } from "./testing.ts";

const COVERED = ["use-indexes", "remove-filter-covered-by-index"] as const;

/** For each rule a query that it changes, and the rules that have to go before it. */
const QUERIES: Readonly<Record<string, readonly [query: string, ...before: string[]]>> = {
  "replace-function-with-index": ["FOR d IN WITHIN(p, 1, 2, 300) RETURN d.n"],
  "inline-subqueries": ["FOR i IN (FOR d IN c FILTER d.n < 9 RETURN d.v) RETURN i"],
  "replace-like-with-range": ["FOR d IN c FILTER d.v LIKE 'b%' RETURN d.n"],
  "replace-entries-with-object-iteration": ["FOR d IN c FOR [k, v] IN ENTRIES(d.deep) RETURN [k, v]"],
  "simplify-conditions": ["FOR d IN c FILTER {x: d.v}.x == 1 RETURN d.n"],
  "move-calculations-up": ["FOR d IN c FOR o IN p LET n = d.n + 1 FILTER o.n == n RETURN o.v"],
  "move-filters-up": ["FOR d IN c FOR o IN p FILTER d.n == 3 RETURN o.n", "move-calculations-up"],
  "remove-redundant-calculations": ["FOR d IN c LET a = d.n + 1 LET b = d.n + 1 RETURN [a, b]"],
  "remove-unnecessary-filters": ["FOR d IN c FILTER true RETURN d.n"],
  "remove-unnecessary-calculations": ["FOR d IN c LET a = d.n + 1 RETURN d.v"],
  "remove-redundant-sorts": ["FOR d IN c SORT d.v SORT d.n RETURN d.n"],
  "optimize-subqueries": ["RETURN (FOR d IN c SORT d.n RETURN d.n)[2]"],
  "interchange-adjacent-enumerations": ["FOR d IN p FOR o IN p FILTER o._key == 'k1' RETURN [d.n, o.n]", "use-indexes"],
  "move-calculations-up-2": ["FOR d IN c FOR o IN p LET n = d.n + 1 FILTER o.n == n RETURN o.v"],
  "move-filters-up-2": ["FOR d IN c FOR o IN p FILTER d.n == 3 RETURN o.n", "move-calculations-up"],
  "replace-equal-attribute-accesses": ["FOR d IN p FOR o IN p FILTER o.n == d.n RETURN o.n"],
  "remove-redundant-sorts-2": ["FOR d IN c SORT d.v SORT d.n RETURN d.n"],
  "remove-sort-rand-limit-1": ["RETURN LENGTH(FOR d IN c SORT RAND() LIMIT 1 RETURN d)"],
  "remove-collect-variables": ["FOR d IN c COLLECT g = d.g INTO members RETURN g"],
  "propagate-constant-attributes": ["FOR d IN c FOR o IN p FILTER d.n == 3 AND o.n == d.n RETURN o.v"],
  "remove-data-modification-out-variables": ["FOR i IN [] INSERT {} INTO c RETURN i"],
  "replace-or-with-in": ["FOR d IN c FILTER d.n == 1 OR d.n == 2 RETURN d.v"],
  "replace-any-eq-with-in": ["FOR d IN c FILTER d.tags ANY == 't1' RETURN d.n"],
  "remove-redundant-or": ["FOR d IN c FILTER d.n > 30 OR d.n > 35 RETURN d.n"],
  "geo-index-optimizer": [
    "FOR d IN p FILTER d.place != null AND DISTANCE(d.place[0], d.place[1], 1, 2) < 9 RETURN d.n",
  ],
  "use-indexes": ["FOR d IN c FILTER d.v == 1 RETURN d.n"],
  "remove-filter-covered-by-index": ["FOR d IN c FILTER d.v == 1 RETURN d.n", "use-indexes"],
  "remove-unnecessary-filters-2": ["FOR d IN c FILTER true RETURN d.n"],
  "use-index-for-sort": ["FOR d IN c SORT d.v, d.n RETURN d.n", "use-indexes"],
  "sort-in-values": ["LET l = (FOR d IN p RETURN d.n * 2) FOR d IN c FILTER d.n IN l RETURN d.n"],
  "optimize-traversal-last-element-access": [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e RETURN [p.vertices[-1].n, p.edges[-1]._key]",
  ],
  "optimize-traversals": ["FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e FILTER p.edges[0]._key == 'e1' RETURN v.n"],
  "optimize-enumerate-path-filters": [
    "FOR p IN 1..3 ANY K_PATHS 'c/k1' TO 'c/k3' e FILTER p.vertices[*].n ALL < 9 RETURN p.edges",
  ],
  "optimize-paths": ["FOR p IN ANY K_SHORTEST_PATHS 'c/k1' TO 'c/k3' e RETURN p.weight"],
  "remove-filter-covered-by-traversal": [
    "FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e FILTER p.edges[0]._key == 'e1' RETURN v.n",
    "optimize-traversals",
  ],
  "remove-unnecessary-calculations-2": ["FOR d IN c LET a = d.n + 1 RETURN d.v"],
  "remove-redundant-path-var": ["FOR v, e, p IN 1..2 OUTBOUND 'c/k1' e RETURN v.n"],
  "move-calculations-down": ["FOR d IN c LET a = d.n + 1 SORT d.n LIMIT 3 RETURN a"],
  "fuse-filters": ["FOR d IN c FILTER d.n > 3 FILTER d.n < 9 RETURN d.v"],
  "move-filters-into-enumerate": ["FOR d IN c FILTER d.n > 3 RETURN d.v"],
  "sort-limit": ["FOR i IN 1..2000 SORT i % 77, i LIMIT 3 RETURN i"],
  "reduce-extraction-to-projection": ["FOR d IN c RETURN [d.n, d.deep.own]"],
  "optimize-count": ["RETURN LENGTH(FOR d IN c RETURN 1)"],
  "push-limit-into-index": ["FOR d IN many FILTER d.l IN ['a', 'b'] SORT d.y LIMIT 3 RETURN d.y", ...COVERED],
  "batch-materialize-documents": ["FOR d IN many FILTER d.x > 5 RETURN d", ...COVERED],
  "join-index-nodes": [
    "FOR d IN c FOR o IN p FILTER o._key == d._key RETURN o.n",
    ...COVERED,
    "reduce-extraction-to-projection",
  ],
  "use-index-for-collect": ["FOR d IN many COLLECT third = d.third RETURN third"],
  "push-down-late-materialization": [
    "FOR d IN many FILTER d.x > 5 SORT d.b, d.x LIMIT 3 RETURN d",
    ...COVERED,
    "batch-materialize-documents",
  ],
  "materialize-into-separate-variable": [
    "FOR d IN many FILTER d.x > 5 SORT d.b, d.x LIMIT 3 RETURN d",
    ...COVERED,
    "batch-materialize-documents",
    "push-down-late-materialization",
  ],
  "optimize-projections": ["FOR d IN c RETURN d.n", "reduce-extraction-to-projection"],
  "remove-unnecessary-calculations-4": [
    "FOR d IN c RETURN d.n",
    "reduce-extraction-to-projection",
    "optimize-projections",
  ],
  "async-prefetch": ["FOR d IN c RETURN d"],
  "splice-subqueries": ["FOR d IN c LET s = (FOR i IN 1..d.n RETURN i) RETURN s"],
};

/** The collections of {@linkcode opened}, a place in `p`, and `many` documents. */
function openedWithMany(engine: Engine): EngineSource {
  const source = opened(engine);
  const database = engine.database("_system");
  database.collection("p").insert(jsonText({ n: 77, place: [1, 2] }));
  const many = database.createCollection({ name: "many" });
  many.ensureIndex({ type: "persistent", fields: ["x"], storedValues: ["b"] });
  many.ensureIndex({ type: "persistent", fields: ["l", "y"] });
  many.ensureIndex({ type: "persistent", fields: ["third"] });
  engine.write([many], () => {
    for (let i = 0; i < 400; i++) {
      many.insert(jsonText({ x: i, b: -i, l: ["a", "b", "c"][i % 3]!, y: i * 7 % 400, third: i % 3 }));
    }
  });
  return source;
}

Deno.test("each rule changes a plan by itself, and no results", async (t) => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = openedWithMany(engine);
  for (const { name, rule, branches, flags } of RULES) {
    if ((!rule && !branches) || flags.hidden) continue;
    await t.step(name, () => {
      const [query, ...before] = QUERIES[name]!;
      const [without, alone] = [["-all", ...before], ["-all", ...before, `+${name}`]].map((rules) => {
        const options = { optimizer: { rules } };
        const plan = explainQuery(source, query, {}, options).plan!;
        return { plan, isNamed: (plan.rules as string[]).includes(name), results: outcome(source, query, options) };
      });
      equal(without!.isNamed, !flags.canBeDisabled);
      ok(alone!.isNamed);
      if (flags.canBeDisabled) notEqual(jsonText(alone!.plan.nodes!), jsonText(without!.plan.nodes!));
      equal(alone!.results, without!.results);
    });
  }
});
