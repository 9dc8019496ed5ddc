/**
 * `replace-entries-with-object-iteration`: `FOR [key, value] IN ENTRIES(object)` goes through the object itself.
 *
 * Source: section "Fast object enumeration with `ENTRIES()`" of the manual's release notes of 3.12.
 *
 * @module
 */
import { definitionsOf, readersOf } from "../definitions.ts";
import { constant, type Expr, reference, type Variable } from "../expression.ts";
import { usedBy } from "../node_effects.ts";
import type { CalculationNode, EnumerateListNode, PlanNode } from "../nodes.ts";
import { namedVariables, replaceParts, rewriteExpressions } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Lets loops over the entries of objects set a variable for the name and one for the value.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const replaceEntriesWithObjectIteration: Rule = (nodes, _source, context) => {
  const definitions = definitionsOf(nodes);
  const readers = readersOf(nodes);
  const named = namedVariables(nodes);
  let result = nodes;
  for (const loop of nodes) {
    if (loop.type !== "EnumerateListNode" || readers.get(loop.inVariable) !== 1 || named.has(loop.outVariable)) {
      continue;
    }
    const list = definitions.get(loop.inVariable);
    if (list?.kind !== "call" || list.spec.name !== "ENTRIES" || list.args.length !== 1) continue;
    if (!nodes.every((node) => readsHalves(node, loop.outVariable))) continue;
    result = iterating(result, loop, list.args[0]!, () => context.newVariable());
  }
  return result === nodes ? undefined : result;
};

/** Which half of an entry an expression reads, 0 or 1; undefined if it is no such access. */
function halfOf(expr: Expr, entry: Variable): 0 | 1 | undefined {
  if (expr.kind !== "index" || expr.target.kind !== "variable" || expr.target.variable !== entry) return undefined;
  const { index } = expr;
  return index.kind === "constant" && (index.value === 0 || index.value === 1) ? index.value : undefined;
}

/** Whether a node reads an entry in no other way than by its halves. */
function readsHalves(node: PlanNode, entry: Variable): boolean {
  const rest = rewriteExpressions(
    node,
    (expr) => replaceParts(expr, (part) => halfOf(part, entry) === undefined ? undefined : constant(null)),
  );
  return !usedBy(rest).has(entry);
}

/** The nodes with a loop that goes through an object; those that only name a half of an entry are left out. */
function iterating(
  nodes: readonly PlanNode[],
  loop: EnumerateListNode,
  object: Expr,
  newVariable: () => Variable,
): readonly PlanNode[] {
  const entry = loop.outVariable;
  const named = [0, 1].map((half) =>
    nodes.find((node): node is CalculationNode =>
      node.type === "CalculationNode" && halfOf(node.expression, entry) === half
    )
  );
  const [key, value] = named.map((node) => node?.outVariable ?? newVariable()) as [Variable, Variable];
  return nodes.flatMap((node): PlanNode | PlanNode[] => {
    if (named.includes(node as CalculationNode)) return [];
    if (node === loop) {
      const inVariable = object.kind === "variable" ? object.variable : loop.inVariable;
      return { ...loop, inVariable, entries: { key, value } };
    }
    if (node.type === "CalculationNode" && node.outVariable === loop.inVariable) {
      return object.kind === "variable" ? [] : { ...node, expression: object };
    }
    return rewriteExpressions(node, (expr) =>
      replaceParts(expr, (part) => {
        const half = halfOf(part, entry);
        return half === undefined ? undefined : reference(half === 0 ? key : value);
      }));
  });
}
