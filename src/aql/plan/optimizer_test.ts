/**
 * Rules are switched on and off, and several plans compared.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Engine } from "../../engine/engine.ts";
import { explainQuery, type QueryOptions } from "../query.ts";
import type { AqlObject, AqlValue } from "../values.ts";
import { enabledRules } from "./optimizer.ts";
import { opened, outcome, planOf } from "./testing.ts";

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
