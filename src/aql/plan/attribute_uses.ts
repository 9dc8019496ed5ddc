/**
 * Which attributes of a variable a plan reads.
 *
 * @module
 */
import { type Expr, partsOf, type Variable } from "./expression.ts";
import { type PlanNode, testsOf, testsOfIndex, usedBy } from "./nodes.ts";

/** The names of the attributes that are read, or `whole` where the value is used as it is. */
export type AttributeUse = "whole" | ReadonlySet<string>;

/**
 * What nodes read of a variable; the empty set if they do not use it.
 *
 * @param nodes the nodes behind the one that sets it
 */
export function attributeUse(variable: Variable, nodes: readonly PlanNode[]): AttributeUse {
  const names = new Set<string>();
  return nodes.every((node) => addNode(node, variable, names)) ? names : "whole";
}

/** What expressions read of a variable. */
export function attributesIn(variable: Variable, expressions: readonly Expr[]): AttributeUse {
  const names = new Set<string>();
  return expressions.every((one) => addExpression(one, variable, names)) ? names : "whole";
}

/** Adds what a node reads; false if that is everything. */
function addNode(node: PlanNode, variable: Variable, to: Set<string>): boolean {
  switch (node.type) {
    case "CalculationNode":
      return addExpression(node.expression, variable, to);
    case "SubqueryNode":
      return node.nodes.every((one) => addNode(one, variable, to));
    case "EnumerateCollectionNode":
      return !node.filter || addExpression(node.filter, variable, to);
    case "IndexNode":
      return testsOfIndex(node).every((one) => addExpression(one, variable, to));
    case "EnumerateListNode":
      return node.inVariable !== variable && (!node.filter || addExpression(node.filter, variable, to));
    case "TraversalNode":
      return addEnd(node.start, variable, to) && testsOf(node).every((one) => addExpression(one, variable, to));
    case "ShortestPathNode":
    case "EnumeratePathsNode":
      return addEnd(node.start, variable, to) && addEnd(node.target, variable, to);
    default:
      return !usedBy(node).has(variable);
  }
}

/** Of a document that stands for a vertex only the id is read. */
function addEnd(end: Expr, variable: Variable, to: Set<string>): boolean {
  if (end.kind !== "variable" || end.variable !== variable) return addExpression(end, variable, to);
  to.add("_id");
  return true;
}

function addExpression(expr: Expr, variable: Variable, to: Set<string>): boolean {
  if (expr.kind === "variable") return expr.variable !== variable;
  if (expr.kind === "attribute" && expr.target.kind === "variable" && expr.target.variable === variable) {
    to.add(expr.name);
    return true;
  }
  return partsOf(expr).every((part) => addExpression(part, variable, to));
}
