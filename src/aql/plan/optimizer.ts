/**
 * Improves plans by rules.
 *
 * Source: sections 18.1 and 20 of `aql.md`.
 *
 * @module
 */
import type { DataSource } from "../data_source.ts";
import type { Plan, PlanNode } from "./nodes.ts";
import { moveFiltersUp } from "./rules/move_filters_up.ts";
import { removeUnnecessaryCalculations } from "./rules/remove_unnecessary_calculations.ts";
import { sortLimit } from "./rules/sort_limit.ts";
import { useIndexes } from "./rules/use_indexes.ts";

/** A rule: what it makes of the nodes of one (sub)plan, undefined if it changes nothing. */
type Rule = (nodes: readonly PlanNode[], source: DataSource) => readonly PlanNode[] | undefined;

/** All rules in the order of their work. */
const RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ["move-filters-up", moveFiltersUp],
  ["remove-unnecessary-calculations", removeUnnecessaryCalculations],
  ["use-indexes", useIndexes],
  ["sort-limit", sortLimit],
];

/** The names of all rules, in the order of their work. */
export const RULE_NAMES: readonly string[] = RULES.map(([name]) => name);

/** The rules that a list such as `["-all", "+use-indexes"]` leaves switched on. */
export function enabledRules(list: readonly string[]): ReadonlySet<string> {
  const enabled = new Set(RULE_NAMES);
  for (const entry of list) {
    const off = entry.startsWith("-");
    const name = entry.replace(/^[+-]/, "");
    for (const rule of name === "all" ? RULE_NAMES : [name]) {
      if (off) enabled.delete(rule);
      else enabled.add(rule);
    }
  }
  return enabled;
}

/**
 * Applies the rules to a plan and to all its subqueries.
 *
 * @param list which rules to use; see {@linkcode enabledRules}
 */
export function optimize(plan: Plan, source: DataSource, list: readonly string[] = []): Plan {
  const enabled = enabledRules(list);
  const applied: string[] = [];
  let { nodes } = plan;
  for (const [name, rule] of RULES) {
    if (!enabled.has(name)) continue;
    const better = applyDeep(rule, nodes, source);
    if (!better) continue;
    nodes = better;
    applied.push(name);
  }
  return { ...plan, nodes, rules: applied };
}

function applyDeep(rule: Rule, nodes: readonly PlanNode[], source: DataSource): readonly PlanNode[] | undefined {
  let changed = false;
  const inner = nodes.map((node) => {
    if (node.type !== "SubqueryNode") return node;
    const better = applyDeep(rule, node.nodes, source);
    if (!better) return node;
    changed = true;
    return { ...node, nodes: better };
  });
  return rule(inner, source) ?? (changed ? inner : undefined);
}
