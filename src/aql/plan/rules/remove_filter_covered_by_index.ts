/**
 * `remove-filter-covered-by-index`, `remove-filter-covered-by-traversal`: what a loop has decided is not tested again.
 *
 * @module
 */
import { type Branch, branchesOf } from "../conditions.ts";
import { definitionsOf, expressionText, resolved } from "../definitions.ts";
import { allOf, type Expr, isDeterministic, type Variable } from "../expression.ts";
import { testsOfBranch, usesSeveral } from "../node_effects.ts";
import type { PlanNode } from "../nodes.ts";
import type { Rule } from "../rule.ts";

/** What the rows of a loop fulfil: all terms of one of the branches; undefined for nodes that decide nothing. */
export type Decided = (node: PlanNode) => readonly Branch[] | undefined;

/**
 * Leaves out filters whose terms the rows of index loops fulfil, or those of their terms; not where different indexes serve
 * the branches of an OR.
 *
 * Source: section "Support projections when different indexes are utilized for OR conditions" of the manual's release notes of
 * 3.12, whose plan keeps the filter.
 */
export const removeFilterCoveredByIndex: Rule = removeCovered((node) => {
  if (node.type !== "IndexNode" || usesSeveral(node)) return undefined;
  return node.condition.length === 1 ? [testsOfBranch(node, 0)] : node.condition;
});

/** Leaves out filters whose terms traversals and path searches have tested, or those of their terms. */
export const removeFilterCoveredByTraversal: Rule = removeCovered((node) =>
  "covered" in node && node.covered ? [node.covered] : undefined
);

/**
 * A rule that leaves out what loops before a filter have decided.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function removeCovered(decided: Decided): Rule {
  return (nodes, _source, context) => {
    const loops: (readonly Branch[])[] = [];
    const definitions = new Map<Variable, Expr>();
    for (const [variable, expression] of definitionsOf(nodes)) {
      if (isDeterministic(expression)) definitions.set(variable, expression);
    }
    let changed = false;
    const result: PlanNode[] = [];
    for (const node of nodes) {
      const own = decided(node);
      if (own) loops.push(own);
      const definition = node.type === "FilterNode" ? definitions.get(node.inVariable) : undefined;
      const left = definition && loops.length > 0 ? remaining(resolved(definition, definitions), loops) : undefined;
      if (!left) {
        result.push(node);
        continue;
      }
      changed = true;
      if (left.length === 0) continue;
      const outVariable = context.newVariable();
      result.push(
        { id: context.newId(), type: "CalculationNode", outVariable, expression: allOf(left) },
        { id: context.newId(), type: "FilterNode", inVariable: outVariable },
      );
    }
    return changed ? result : undefined;
  };
}

/** The terms of a condition that no loop fulfils; undefined if that is the condition as it is. */
function remaining(condition: Expr, loops: readonly (readonly Branch[])[]): readonly Expr[] | undefined {
  const branches = branchesOf(condition);
  if (!branches) return undefined;
  if (branches.length > 1) return loops.some((loop) => sameBranches(branches, loop)) ? [] : undefined;
  const fulfilled = new Set(
    loops.flatMap((loop) => loop.length === 1 ? loop[0]!.map(expressionText) : []),
  );
  const [terms] = branches as [Branch];
  const left = terms.filter((term) => !fulfilled.has(expressionText(term)));
  return left.length < terms.length ? left : undefined;
}

function sameBranches(a: readonly Branch[], b: readonly Branch[]): boolean {
  return a.length === b.length && texts(a) === texts(b);
}

function texts(branches: readonly Branch[]): string {
  return branches.map((branch) => branch.map(expressionText).sort().join()).sort().join("|");
}
