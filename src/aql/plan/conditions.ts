/**
 * Conditions in disjunctive normal form: branches of terms, one branch of which has to hold with all its terms.
 *
 * @module
 */
import { isTruthy } from "../values.ts";
import { expressionText, resolved } from "./definitions.ts";
import { type Expr, isDeterministic, type Variable } from "./expression.ts";
import { addSet, isLoop } from "./node_effects.ts";
import type { PlanNode } from "./nodes.ts";

/** More branches than this are not looked at, whatever a query allows. */
const MAX_BRANCHES = 64;

/** The terms of one branch. */
export type Branch = readonly Expr[];

type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** The comparison that says the same with its sides exchanged. */
export const MIRRORED: Readonly<Record<string, Comparison>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** The comparison that holds exactly where another one does not. */
export const NEGATED: Readonly<Record<string, Comparison>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** The opposite of a condition, with NOT as far inside as it can go. */
function negation(expr: Expr): Expr {
  if (expr.kind === "unary" && expr.operator === "!") return expr.operand;
  if (expr.kind === "binary") {
    const { operator, left, right } = expr;
    if (operator === "&&") return { ...expr, operator: "||", left: negation(left), right: negation(right) };
    if (operator === "||") return { ...expr, operator: "&&", left: negation(left), right: negation(right) };
    const opposite = NEGATED[operator];
    if (opposite) return { ...expr, operator: opposite };
  }
  return { kind: "unary", operator: "!", operand: expr };
}

/**
 * The branches of a condition, each once, without what is known to be true, and without branches that cannot hold.
 *
 * Source: section "Improved filter condition optimizations" of the manual's release notes of 3.12.
 *
 * @param most how many at most
 * @returns at least one branch; undefined if there would be too many
 */
export function branchesOf(expr: Expr, most = MAX_BRANCHES): Branch[] | undefined {
  const branches = normalForm(expr, most);
  return branches?.length === 0 ? [[expr]] : branches;
}

/** As {@linkcode branchesOf}; no branches if none can hold. */
function normalForm(expr: Expr, most: number): Branch[] | undefined {
  if (expr.kind === "constant") return isTruthy(expr.value) ? [[]] : [];
  if (expr.kind === "unary" && expr.operator === "!") {
    const opposite = negation(expr.operand);
    return opposite.kind === "unary" ? [[expr]] : normalForm(opposite, most);
  }
  if (expr.kind !== "binary" || (expr.operator !== "&&" && expr.operator !== "||")) return [[expr]];
  const left = normalForm(expr.left, most);
  const right = left && normalForm(expr.right, most);
  if (!left || !right) return undefined;
  if (expr.operator === "&&") return conjunction(left, right, most);
  const all = [...new Map([...left, ...right].map((branch) => [branch.map(expressionText).join(), branch])).values()];
  return all.length > most ? undefined : all;
}

function conjunction(left: readonly Branch[], right: readonly Branch[], most: number): Branch[] | undefined {
  if (left.length * right.length > most) return undefined;
  return left.flatMap((a) => right.map((b) => withoutRepeats([...a, ...b])));
}

function withoutRepeats(terms: readonly Expr[]): Branch {
  return [...new Map(terms.map((term) => [expressionText(term), term])).values()];
}

/** What the filters behind a loop demand of its rows. */
export interface LoopCondition {
  readonly branches: readonly Branch[];
  /** Variables that have no value yet when the loop starts. */
  readonly later: ReadonlySet<Variable>;
}

/**
 * What the filters behind a loop demand, up to the node behind which rows are no longer those of the loop.
 *
 * Variables that are computed from the loop's are resolved.
 *
 * @param allowed how many branches a condition may have; one that has more is left out
 * @param onTooMany told that one was left out for that
 * @returns undefined if nothing is demanded
 */
export function conditionBehind(
  nodes: readonly PlanNode[],
  at: number,
  allowed = MAX_BRANCHES,
  onTooMany?: () => void,
): LoopCondition | undefined {
  const most = Math.min(allowed, MAX_BRANCHES);
  const loop = nodes[at]!;
  const definitions = new Map<Variable, Expr>();
  const later = new Set<Variable>();
  addSet(loop, later);
  let branches: Branch[] | undefined;
  for (const node of nodes.slice(at + 1)) {
    if (node.type === "FilterNode") {
      const definition = definitions.get(node.inVariable);
      const more = definition && branchesOf(definition, most);
      if (definition && !more && allowed <= MAX_BRANCHES) onTooMany?.();
      if (more) branches = branches ? conjunction(branches, more, most) ?? branches : more;
    } else if (node.type === "CalculationNode") {
      if (isDeterministic(node.expression)) {
        definitions.set(node.outVariable, resolved(node.expression, definitions));
      }
      later.add(node.outVariable);
    } else if (!isLoop(node) && node.type !== "SubqueryNode" && node.type !== "SortNode") {
      break;
    } else {
      addSet(node, later);
    }
  }
  return branches && { branches, later };
}
