/**
 * `materialize-into-separate-variable`: documents that are read late get a variable of their own.
 *
 * Source: section "Improved late document materialization" of the manual's release notes of 3.12.
 *
 * @module
 */
import { attributePath, type Expr, reference, type Variable } from "../expression.ts";
import type { IndexNode, MaterializeNode, PlanNode } from "../nodes.ts";
import { namedVariables, replaceParts, replaceUses } from "../rewrite.ts";
import type { Rule } from "../rule.ts";

/**
 * Gives nodes that read documents late another variable than that of the loop, and lets the nodes behind them read it.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const materializeIntoSeparateVariable: Rule = (nodes, _source, context) => {
  const named = namedVariables(nodes);
  let result = nodes;
  for (const reads of nodes) {
    if (reads.type !== "MaterializeNode" || reads.outVariable !== reads.loopVariable) continue;
    // the name would show in the results
    if (named.has(reads.loopVariable)) continue;
    const loop = nodes.find((node) => node.type === "IndexNode" && node.placeVariable === reads.inVariable);
    result = separated(result, reads, loop as IndexNode, context.newVariable());
  }
  return result === nodes ? undefined : result;
};

function separated(
  nodes: readonly PlanNode[],
  reads: MaterializeNode,
  { projections = [] }: IndexNode,
  outVariable: Variable,
): readonly PlanNode[] {
  const { loopVariable } = reads;
  const by = new Map([[loopVariable, outVariable]]);
  /** What the loop tells itself stays with it. */
  const isTold = (path: readonly string[]): boolean =>
    projections.some((one) => one.path.every((name, i) => name === path[i]));
  const rewrite = (expr: Expr): Expr =>
    replaceParts(expr, (part) => {
      const access = part.kind === "attribute" ? attributePath(part) : undefined;
      if (access?.variable === loopVariable && isTold(access.path)) return part;
      return part.kind === "variable" && part.variable === loopVariable ? reference(outVariable) : undefined;
    });
  const at = nodes.indexOf(reads);
  return nodes.map((node, i) =>
    i < at ? node : node === reads ? { ...reads, outVariable } : replaceUses(node, by, rewrite)
  );
}
