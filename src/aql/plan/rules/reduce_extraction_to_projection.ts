/**
 * `reduce-extraction-to-projection`: loops take only those attributes out of documents that are read.
 *
 * @module
 */
import { noteReads } from "../attribute_uses.ts";
import { attributePath, type Expr, partsOf, type Variable } from "../expression.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../nodes.ts";

/** How many attributes are taken out at most, where the loop does not say. */
const MAX_PROJECTIONS = 5;

/**
 * Notes at loops over collections which attributes the nodes behind them read, if these are few, and whether anything
 * reads the documents at all.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export function reduceExtractionToProjection(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" && node.type !== "IndexNode") return node;
    if (node.projections || node.current || node.producesResult === false) return node;
    const paths = pathsRead(node.outVariable, nodes.slice(i + 1));
    if (!paths) return node;
    if (paths.length === 0) {
      changed = true;
      return { ...node, producesResult: false };
    }
    if (paths.length > maxProjections(node)) return node;
    changed = true;
    return { ...node, projections: paths.map((path) => ({ path })) };
  });
  return changed ? result : undefined;
}

function maxProjections({ options }: EnumerateCollectionNode | IndexNode): number {
  return typeof options.maxProjections === "number" ? options.maxProjections : MAX_PROJECTIONS;
}

/** The attribute paths that nodes read of a document, in the order of their names; undefined if they read it whole. */
function pathsRead(variable: Variable, nodes: readonly PlanNode[]): string[][] | undefined {
  const found = new Map<string, string[]>();
  if (!nodes.every((node) => noteReads(node, variable, (expr) => addExpression(expr, variable, found)))) {
    return undefined;
  }
  const paths = [...found.values()];
  // what is inside of another path comes with it
  const outer = paths.filter((path) =>
    !paths.some((other) => other.length < path.length && other.every((name, i) => name === path[i]))
  );
  return outer.sort((a, b) => (a.join("\0") < b.join("\0") ? -1 : 1));
}

function addExpression(expr: Expr, variable: Variable, to: Map<string, string[]>): boolean {
  if (expr.kind === "variable") return expr.variable !== variable;
  if (expr.kind === "attribute") {
    const access = attributePath(expr);
    if (access) {
      if (access.variable === variable) to.set(access.path.join("\0"), access.path);
      return true;
    }
  }
  return partsOf(expr).every((part) => addExpression(part, variable, to));
}
