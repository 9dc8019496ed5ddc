/**
 * Improves plans by rules.
 *
 * Source: sections 18.1 and 20 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { PlanningSource } from "../data_source.ts";
import { withEdgeLookups } from "./edge_lookups.ts";
import { Estimator } from "./estimates.ts";
import type { Variable } from "./expression.ts";
import type { Plan, PlanNode } from "./nodes.ts";
import { rememberedSource } from "./remembered_source.ts";
import type { BranchingRule, Rule, RuleContext } from "./rule.ts";
import { type RuleEntry, RULES } from "./rules/mod.ts";
import { unmetHint } from "./rules/use_indexes.ts";

/** The rules that may be at work here, in the order of their work. */
const OWN = RULES.filter(({ flags }) => !flags.clusterOnly);

/** The names of all rules that a plan of this server can name, in the order of their work. */
export const RULE_NAMES: readonly string[] = OWN.filter(({ rule, flags }) => rule && !flags.hidden)
  .map(({ name }) => name);

/** The rules that are on when nobody says otherwise. */
const ENABLED: ReadonlySet<string> = new Set(
  OWN.filter(({ flags }) => !flags.disabledByDefault).map(({ name }) => name),
);

/** Those of {@linkcode OWN} that do something. */
const WORKING = OWN.filter(({ rule, branches }) => rule ?? branches);

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
  ["optimize-projections", "reduce-extraction-to-projection"],
  ["remove-unnecessary-calculations-4", "reduce-extraction-to-projection"],
]);

/** More plans than this are not made, where nobody says otherwise. */
const MOST_PLANS = 128;
/** The rule behind which estimates tell plans apart, and how many of them go on if only the best one is wanted. */
const LAST_DECISIVE_RULE = "use-index-for-sort";
const PROMISING_PLANS = 4;

/** What optimizing a query took. */
export interface OptimizerStatistics {
  readonly rulesExecuted: number;
  readonly rulesSkipped: number;
  readonly plansCreated: number;
  /** Seconds by rule. */
  readonly times: ReadonlyMap<string, number>;
}

/** The plans of a query. */
export interface Optimized {
  /** At least one, the cheapest first. */
  readonly plans: readonly [Plan, ...Plan[]];
  readonly statistics: OptimizerStatistics;
  /** Whether a condition has more branches than it may have, so that no index serves it. */
  readonly isTooComplex: boolean;
}

/** How to optimize; see section 18.1 of `aql.md`. */
export interface OptimizerOptions {
  /** Which rules to use; see {@linkcode enabledRules}. @default [] */
  readonly rules?: readonly string[];
  /** How many plans are made at most. @default {128} */
  readonly maxNumberOfPlans?: number;
  /** How many branches a condition may have that indexes serve. @default {Infinity} */
  readonly maxDNFConditionMembers?: number;
  /** Whether all plans are wanted, not only the best one. @default {false} */
  readonly allPlans?: boolean;
}

/** What a query's options say to all rules. */
type RuleSettings = Pick<RuleContext, "maxBranches" | "onTooManyBranches">;

/** A plan on its way through the rules. */
interface Draft {
  readonly nodes: readonly PlanNode[];
  readonly variables: readonly Variable[];
  readonly lastId: number;
  readonly applied: readonly string[];
}

/**
 * Applies the rules to a plan and to all its subqueries.
 *
 * @throws ArangoError 1577 if a loop insists on an index that cannot be used
 */
export function optimize(plan: Plan, database: PlanningSource, options: OptimizerOptions = {}): Optimized {
  const source = rememberedSource(database);
  const enabled = enabledRules(options.rules ?? []);
  const most = Math.max(1, options.maxNumberOfPlans ?? MOST_PLANS);
  const times = new Map<string, number>();
  let isTooComplex = false;
  const settings: RuleSettings = {
    maxBranches: options.maxDNFConditionMembers ?? Infinity,
    onTooManyBranches: () => isTooComplex = true,
  };
  let drafts: readonly Draft[] = [{ ...plan, applied: [] }];
  let plansCreated = 1;
  for (const entry of WORKING) {
    if (enabled.has(entry.name)) {
      const start = performance.now();
      drafts = applyEntry(entry, drafts, source, most, settings);
      times.set(entry.name, (performance.now() - start) / 1000);
    }
    plansCreated = Math.max(plansCreated, drafts.length);
    if (entry.name === LAST_DECISIVE_RULE && !options.allPlans && drafts.length > PROMISING_PLANS) {
      drafts = cheapestFirst(drafts, source).slice(0, PROMISING_PLANS);
    }
  }
  const plans = withForcedHints(cheapestFirst(drafts, source))
    .map(({ nodes, variables, lastId, applied }): Plan => (
      { ...plan, nodes: withEdgeLookups(nodes, source), variables, rules: applied, lastId }
    ));
  const [best, ...others] = plans as [Plan, ...Plan[]];
  return {
    plans: [best, ...others],
    statistics: {
      rulesExecuted: enabled.size - idleFollowers(enabled, best.rules),
      rulesSkipped: enabled === ENABLED ? 0 : [...ENABLED].filter((name) => !enabled.has(name)).length,
      plansCreated,
      times,
    },
    isTooComplex,
  };
}

/** What a rule makes of all plans so far. */
function applyEntry(
  { name, flags, rule, branches }: RuleEntry,
  drafts: readonly Draft[],
  source: PlanningSource,
  most: number,
  settings: RuleSettings,
): readonly Draft[] {
  let total = drafts.length;
  return drafts.flatMap((draft): Draft | Draft[] => {
    const apply = (one: Rule): Draft => changed(draft, one, flags.hidden ? undefined : name, source, settings);
    if (!branches) return apply((nodes, data, context) => applyDeep(rule!, nodes, data, context));
    const ways = branchesDeep(branches, draft.nodes, source).slice(0, Math.max(1, most - total + 1));
    total += ways.length - 1;
    return ways.map(apply);
  });
}

/** A plan with what a rule makes of it; the same one if that changes nothing. */
function changed(
  draft: Draft,
  rule: Rule,
  name: string | undefined,
  source: PlanningSource,
  settings: RuleSettings,
): Draft {
  const variables = [...draft.variables];
  let { lastId } = draft;
  const context: RuleContext = {
    ...settings,
    isMain: true,
    newVariable() {
      const id = variables.length;
      const variable: Variable = { id, name: String(id), temporary: true };
      variables.push(variable);
      return variable;
    },
    newId: () => ++lastId,
  };
  const nodes = rule(draft.nodes, source, context);
  if (!nodes) return draft;
  return { nodes, variables, lastId, applied: name === undefined ? draft.applied : [...draft.applied, name] };
}

/** Plans in the order of their costs, those that pass over an index that a loop insists on behind all others. */
function cheapestFirst(drafts: readonly Draft[], source: PlanningSource): readonly Draft[] {
  if (drafts.length === 1) return drafts;
  return drafts.map((draft) => ({
    draft,
    misses: Number(unmetHint(draft.nodes) !== undefined),
    cost: new Estimator(draft.nodes, source).behind(draft.nodes).cost,
  }))
    .sort((a, b) => a.misses - b.misses || a.cost - b.cost)
    .map(({ draft }) => draft);
}

/** The plans that use all indexes that loops insist on; throws ArangoError 1577 if there is none. */
function withForcedHints(drafts: readonly Draft[]): readonly Draft[] {
  const found = drafts.filter(({ nodes }) => !unmetHint(nodes));
  if (found.length > 0) return found;
  const { options } = unmetHint(drafts[0]!.nodes)!;
  throw new ArangoError(
    "ERROR_QUERY_FORCED_INDEX_HINT_UNUSABLE",
    `could not use index hint to serve query; ${JSON.stringify(options.indexHint ?? null)}`,
  );
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
  source: PlanningSource,
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

/** All combinations of what a rule can make of nodes and of their subqueries. */
function branchesDeep(rule: BranchingRule, nodes: readonly PlanNode[], source: PlanningSource): readonly Rule[] {
  let ways: readonly Rule[] = rule(nodes, source);
  for (const node of nodes) {
    if (node.type !== "SubqueryNode") continue;
    const inner = branchesDeep(rule, node.nodes, source);
    const inside = inner.map((way): Rule => (outer, data, context) => {
      const better = way(node.nodes, data, { ...context, isMain: false });
      return better && outer.map((one) => one.id === node.id ? { ...node, nodes: better } : one);
    });
    ways = inside.flatMap((first) => ways.map((second) => bothOf(first, second)));
  }
  return ways;
}

function bothOf(first: Rule, second: Rule): Rule {
  return (nodes, source, context) => {
    const between = first(nodes, source, context);
    return second(between ?? nodes, source, context) ?? between;
  };
}
