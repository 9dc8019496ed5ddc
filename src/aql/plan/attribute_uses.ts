/**
 * Which attributes of a variable a plan reads.
 *
 * @module
 */
import { attributePath, type Expr, partsOf, type Variable } from "./expression.ts";
import { testsOf, testsOfIndex, usedBy } from "./node_effects.ts";
import type { PlanNode } from "./nodes.ts";

/** The names of the attributes that are read, or `whole` where the value is used as it is. */
export type AttributeUse = "whole" | ReadonlySet<string>;

/**
 * What nodes read of a variable; the empty set if they do not use it.
 *
 * @param nodes the nodes behind the one that sets it
 */
export function attributeUse(variable: Variable, nodes: readonly PlanNode[]): AttributeUse {
  const names = new Set<string>();
  const note = (expr: Expr): boolean => addExpression(expr, variable, names);
  // of a document that stands for a vertex only the id is read
  const noteEnd = (expr: Expr): boolean => {
    if (expr.kind !== "variable" || expr.variable !== variable) return note(expr);
    names.add("_id");
    return true;
  };
  return nodes.every((node) => noteReads(node, variable, note, noteEnd)) ? names : "whole";
}

/** What expressions read of a variable. */
export function attributesIn(variable: Variable, expressions: readonly Expr[]): AttributeUse {
  const names = new Set<string>();
  return expressions.every((one) => addExpression(one, variable, names)) ? names : "whole";
}

/**
 * Which of `vertices` and `edges` are read of a path.
 *
 * @param later the nodes behind the one that sets the variable
 * @param tests further expressions that read it
 * @returns undefined for both
 */
export function readPathParts(
  path: Variable,
  later: readonly PlanNode[],
  tests: readonly Expr[] = [],
): string[] | undefined {
  const behind = attributeUse(path, later);
  const own = attributesIn(path, tests);
  if (behind === "whole" || own === "whole") return undefined;
  const read = PATH_PARTS.filter((name) => behind.has(name) || own.has(name));
  return read.length < PATH_PARTS.length ? read : undefined;
}

const PATH_PARTS = ["vertices", "edges"];

/**
 * Goes through the expressions with which a node reads a variable.
 *
 * @param note told each expression; gives false if it reads everything
 * @param noteEnd the same for expressions that stand for vertices
 * @returns false if the node reads everything
 */
function noteReads(
  node: PlanNode,
  variable: Variable,
  note: (expr: Expr) => boolean,
  noteEnd: (expr: Expr) => boolean = note,
): boolean {
  switch (node.type) {
    case "CalculationNode":
      return note(node.expression);
    case "SubqueryNode":
      return node.nodes.every((one) => noteReads(one, variable, note, noteEnd));
    case "EnumerateCollectionNode":
      return !node.filter || note(node.filter);
    case "IndexNode":
      return testsOfIndex(node).every(note);
    case "EnumerateListNode":
      return node.inVariable !== variable && (!node.filter || note(node.filter));
    case "TraversalNode":
      return noteEnd(node.start) && testsOf(node).every(note);
    case "ShortestPathNode":
    case "EnumeratePathsNode":
      return noteEnd(node.start) && noteEnd(node.target) && testsOf(node).every(note);
    default:
      return !usedBy(node).has(variable);
  }
}

function addExpression(expr: Expr, variable: Variable, to: Set<string>): boolean {
  if (expr.kind === "variable") return expr.variable !== variable;
  if (expr.kind === "attribute" && expr.target.kind === "variable" && expr.target.variable === variable) {
    to.add(expr.name);
    return true;
  }
  return partsOf(expr).every((part) => addExpression(part, variable, to));
}

/** Attribute paths of a document. */
export type Paths = readonly (readonly string[])[];

/** The attribute paths that nodes read of a document; undefined if they read it whole. */
export function pathsRead(variable: Variable, nodes: readonly PlanNode[]): Paths | undefined {
  const found = new Map<string, string[]>();
  const isPartial = nodes.every((node) => noteReads(node, variable, (expr) => addPaths(expr, variable, found)));
  return isPartial ? [...found.values()] : undefined;
}

/** The attribute paths that an expression reads of a document; undefined if it reads it whole. */
export function pathsIn(expr: Expr, variable: Variable): Paths | undefined {
  const found = new Map<string, string[]>();
  return addPaths(expr, variable, found) ? [...found.values()] : undefined;
}

/** Those of some paths that are not inside of others, in the order of their names. */
export function outermostPaths(paths: Paths): Paths {
  const outer = paths.filter((path) =>
    !paths.some((other) => other.length < path.length && other.every((name, i) => name === path[i]))
  );
  return outer.sort((a, b) => (a.join("\0") < b.join("\0") ? -1 : 1));
}

function addPaths(expr: Expr, variable: Variable, to: Map<string, string[]>): boolean {
  if (expr.kind === "variable") return expr.variable !== variable;
  if (expr.kind === "attribute") {
    const access = attributePath(expr);
    if (access) {
      if (access.variable === variable) to.set(access.path.join("\0"), access.path);
      return true;
    }
  }
  return partsOf(expr).every((part) => addPaths(part, variable, to));
}
