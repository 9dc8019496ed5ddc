/**
 * `optimize-traversals`: what filters demand of the paths of a traversal is tested while it walks.
 *
 * Source: section 11.1 of `aql.md`, "FILTER on paths"; recorded example `02_debugDumpInspect`.
 *
 * @module
 */
import { conditionBehind } from "../conditions.ts";
import { type Expr, isDeterministic, reference, some, type Variable, variablesOf } from "../expression.ts";
import type { PathCondition, PlanNode, TraversalNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Gives traversals the terms of the filters behind them. The filters stay; `remove-filter-covered-by-traversal` takes away
 * what the traversal has decided.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const optimizeTraversals: Rule = (nodes) => {
  let changed = false;
  const result = nodes.map((node, i): PlanNode => {
    if (node.type !== "TraversalNode" || node.conditions || node.postFilter) return node;
    const demanded = conditionBehind(nodes, i);
    if (demanded?.branches.length !== 1) return node;
    const better = withTerms(node, demanded.branches[0]!, demanded.later);
    changed ||= better !== node;
    return better;
  });
  return changed ? result : undefined;
};

function withTerms(node: TraversalNode, terms: readonly Expr[], later: ReadonlySet<Variable>): TraversalNode {
  const { vertexOutVariable: vertex, edgeOutVariable: edge, pathOutVariable: path } = node;
  const conditions: PathCondition[] = [];
  const after: Expr[] = [];
  for (const term of terms) {
    if (!isDeterministic(term)) continue;
    const used = [...variablesOf(term)].filter((one) => later.has(one));
    if (used.length > 0 && used.every((one) => one === vertex || one === edge)) after.push(term);
    else if (path && edge && used.length === 1 && used[0] === path) {
      const condition = prunable(node) ? pathCondition(term, node, path) : undefined;
      if (condition) conditions.push(condition);
    }
  }
  if (conditions.length === 0 && after.length === 0) return node;
  return {
    ...node,
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(after.length > 0
      ? { postFilter: after.reduce((left, right): Expr => ({ kind: "binary", operator: "&&", left, right })) }
      : {}),
    covered: [...after, ...conditions.filter((one) => decides(one, node)).map(({ term }) => term)],
  };
}

/** Whether leaving out a path changes nothing about others: a vertex that is visited once is found by the first path to it. */
function prunable({ settings }: TraversalNode): boolean {
  return settings.uniqueVertices !== "global";
}

/** Whether the filter need not be tested again: paths that are too short for the condition would not come out. */
function decides({ part, depth }: PathCondition, { settings }: TraversalNode): boolean {
  return depth === undefined || settings.depth.min >= (part === "edge" ? depth + 1 : depth);
}

const PARTS: Readonly<Record<string, PathCondition["part"]>> = { edges: "edge", vertices: "vertex" };

/** What a term says about one vertex or edge of a path, or about each; undefined for anything else. */
function pathCondition(term: Expr, node: TraversalNode, path: Variable): PathCondition | undefined {
  // what a function warns of must not depend on paths that are never asked for
  if (some(term, ({ kind }) => kind === "call")) return undefined;
  return onEach(term, node, path) ?? onOne(term, node, path);
}

/** `p.edges` or `p.vertices`. */
function listOf(expr: Expr, path: Variable): PathCondition["part"] | undefined {
  if (expr.kind !== "attribute" || expr.target.kind !== "variable" || expr.target.variable !== path) return undefined;
  return PARTS[expr.name];
}

function variableOf(part: PathCondition["part"], node: TraversalNode): Variable {
  return part === "edge" ? node.edgeOutVariable! : node.vertexOutVariable;
}

function reads(expr: Expr, path: Variable): boolean {
  return some(expr, (part) => part.kind === "variable" && part.variable === path);
}

/** `p.edges[*].x ALL == y`, `NONE` alike. */
function onEach(term: Expr, node: TraversalNode, path: Variable): PathCondition | undefined {
  if (term.kind !== "quantified" || typeof term.operator !== "string" || reads(term.right, path)) return undefined;
  const { kind } = term.quantifier;
  const { left: list, operator, right } = term;
  if ((kind !== "ALL" && kind !== "NONE") || list.kind !== "expansion" || list.levels !== 1) return undefined;
  if (list.filter || list.offset || list.count || list.projection) return undefined;
  const part = listOf(list.target, path);
  if (!part) return undefined;
  const variable = variableOf(part, node);
  const left = replaceParts(
    list.each,
    (one) => one.kind === "variable" && one.variable === list.result ? reference(variable) : undefined,
  );
  const holds: Expr = { kind: "binary", operator, left, right };
  return { part, variable, term, condition: kind === "ALL" ? holds : { kind: "unary", operator: "!", operand: holds } };
}

/** A term about `p.edges[n]` or `p.vertices[n]` alone. */
function onOne(term: Expr, node: TraversalNode, path: Variable): PathCondition | undefined {
  let found: Pick<PathCondition, "part" | "depth"> | undefined;
  let isOne = true;
  const condition = replaceParts(term, (one) => {
    if (one.kind !== "index" || one.index.kind !== "constant") return undefined;
    const part = listOf(one.target, path);
    const { value: depth } = one.index;
    if (!part || typeof depth !== "number" || !Number.isInteger(depth) || depth < 0) return undefined;
    if (found && (found.part !== part || found.depth !== depth)) isOne = false;
    found ??= { part, depth };
    return reference(variableOf(part, node));
  });
  return found && isOne && !reads(condition, path)
    ? { ...found, variable: variableOf(found.part, node), term, condition }
    : undefined;
}
