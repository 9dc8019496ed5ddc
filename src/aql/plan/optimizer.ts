/**
 * Improves plans by rules.
 *
 * Source: sections 18.1 and 20 of `aql.md`.
 *
 * @module
 */
import type { DataSource } from "../data_source.ts";
import type { Variable } from "./expression.ts";
import type { Plan, PlanNode } from "./nodes.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { RULES } from "./rules/mod.ts";
import { checkForcedHints } from "./rules/use_indexes.ts";

/** The rules that may be at work here, in the order of their work. */
const OWN = RULES.filter(({ name, flags }) => !flags.clusterOnly && name !== "late-materialization-offset-info");

/** The names of all rules that a plan of this server can name, in the order of their work. */
export const RULE_NAMES: readonly string[] = OWN.filter(({ rule }) => rule).map(({ name }) => name);

/** The rules that are on when nobody says otherwise. */
const ENABLED: ReadonlySet<string> = new Set(
  OWN.filter(({ flags }) => !flags.disabledByDefault).map(({ name }) => name),
);

/** Those of {@linkcode OWN} that do something. */
const WORKING = OWN.flatMap(({ name, rule }) => rule ? [{ name, rule }] : []);

/**
 * The rules that a list such as `["-all", "+use-indexes"]` leaves switched on; names that are not known are ignored, and
 * rules that cannot be switched off stay on.
 */
export function enabledRules(list: readonly string[]): ReadonlySet<string> {
  if (list.length === 0) return ENABLED;
  const enabled = new Set(ENABLED);
  for (const entry of list) {
    const off = entry.startsWith("-");
    const name = entry.replace(/^[+-]/, "");
    for (const rule of OWN) {
      if (rule.name !== name && name !== "all") continue;
      if (!off) enabled.add(rule.name);
      else if (rule.flags.canBeDisabled) enabled.delete(rule.name);
    }
  }
  return enabled;
}

/** Rules that only run where others have left them something to do. */
const FOLLOWING: ReadonlyMap<string, string> = new Map([
  ["push-down-late-materialization", "batch-materialize-documents"],
  ["optimize-projections", "reduce-extraction-to-projection"],
  ["remove-unnecessary-calculations-4", "reduce-extraction-to-projection"],
]);

/** What optimizing a plan took. */
export interface OptimizerStatistics {
  readonly rulesExecuted: number;
  readonly rulesSkipped: number;
  /** Seconds by rule, of those that changed the plan or took long. */
  readonly times: ReadonlyMap<string, number>;
}

/** An optimized plan. */
export interface Optimized {
  readonly plan: Plan;
  readonly statistics: OptimizerStatistics;
}

/**
 * Applies the rules to a plan and to all its subqueries.
 *
 * @param list which rules to use; see {@linkcode enabledRules}
 * @throws ArangoError 1577 if a loop insists on an index that cannot be used
 */
export function optimize(plan: Plan, source: DataSource, list: readonly string[] = []): Optimized {
  const enabled = enabledRules(list);
  const applied: string[] = [];
  const times = new Map<string, number>();
  const variables = [...plan.variables];
  let ids = plan.lastId;
  const context: RuleContext = {
    isMain: true,
    newVariable() {
      const id = variables.length;
      const variable: Variable = { id, name: String(id), temporary: true };
      variables.push(variable);
      return variable;
    },
    newId: () => ++ids,
  };
  let { nodes } = plan;
  let start = performance.now();
  for (const { name, rule } of WORKING) {
    if (!enabled.has(name)) continue;
    const better = applyDeep(rule, nodes, source, context);
    const end = performance.now();
    times.set(name, (end - start) / 1000);
    start = end;
    if (!better) continue;
    nodes = better;
    applied.push(name);
  }
  checkForcedHints(nodes);
  return {
    plan: { ...plan, nodes, variables, rules: applied, lastId: ids },
    statistics: {
      rulesExecuted: enabled.size - idleFollowers(enabled, applied),
      rulesSkipped: enabled === ENABLED
        ? 0
        : [...ENABLED].filter((name) => !enabled.has(name) && !FOLLOWING.has(name)).length,
      times,
    },
  };
}

/** How many rules had nothing left to do for them. */
function idleFollowers(enabled: ReadonlySet<string>, applied: readonly string[]): number {
  let idle = 0;
  for (const [name, first] of FOLLOWING) if (enabled.has(name) && !applied.includes(first)) idle++;
  return idle;
}

function applyDeep(
  rule: Rule,
  nodes: readonly PlanNode[],
  source: DataSource,
  context: RuleContext,
): readonly PlanNode[] | undefined {
  if (!nodes.some(({ type }) => type === "SubqueryNode")) return rule(nodes, source, context);
  let changed = false;
  const inner = nodes.map((node) => {
    if (node.type !== "SubqueryNode") return node;
    const better = applyDeep(rule, node.nodes, source, { ...context, isMain: false });
    if (!better) return node;
    changed = true;
    return { ...node, nodes: better };
  });
  return rule(inner, source, context) ?? (changed ? inner : undefined);
}
