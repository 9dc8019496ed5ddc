/**
 * Copies of expressions and nodes with something changed in them.
 *
 * @module
 */
import type { Expr, ExprMember, PlanQuantifier, Variable } from "./expression.ts";
import type { PathCondition, PlanNode } from "./nodes.ts";

/** A part that stays as it is. */
type Rewrite = (expr: Expr) => Expr;

function quantifier(given: PlanQuantifier, rewrite: Rewrite): PlanQuantifier {
  return "count" in given ? { ...given, count: rewrite(given.count) } : given;
}

function member(given: ExprMember, rewrite: Rewrite): ExprMember {
  return given.kind === "computed"
    ? { ...given, name: rewrite(given.name), value: rewrite(given.value) }
    : { ...given, value: rewrite(given.value) };
}

/** A copy of an expression whose direct parts were rewritten. */
function rewriteParts(expr: Expr, rewrite: Rewrite): Expr {
  switch (expr.kind) {
    case "constant":
    case "parameter":
    case "collection":
    case "variable":
      return expr;
    case "attribute":
    case "boundAttribute":
      return { ...expr, target: rewrite(expr.target) };
    case "index":
      return { ...expr, target: rewrite(expr.target), index: rewrite(expr.index) };
    case "expansion":
      return {
        ...expr,
        target: rewrite(expr.target),
        ...(expr.filter ? { filter: rewrite(expr.filter) } : {}),
        ...(expr.offset ? { offset: rewrite(expr.offset) } : {}),
        ...(expr.count ? { count: rewrite(expr.count) } : {}),
        ...(expr.projection ? { projection: rewrite(expr.projection) } : {}),
        each: rewrite(expr.each),
      };
    case "question":
      return {
        ...expr,
        target: rewrite(expr.target),
        ...(expr.quantifier ? { quantifier: quantifier(expr.quantifier, rewrite) } : {}),
        ...(expr.filter ? { filter: rewrite(expr.filter) } : {}),
      };
    case "unary":
      return { ...expr, operand: rewrite(expr.operand) };
    case "binary":
      return { ...expr, left: rewrite(expr.left), right: rewrite(expr.right) };
    case "quantified":
      return {
        ...expr,
        left: rewrite(expr.left),
        right: rewrite(expr.right),
        quantifier: quantifier(expr.quantifier, rewrite),
      };
    case "ternary":
      return {
        ...expr,
        condition: rewrite(expr.condition),
        ...(expr.then ? { then: rewrite(expr.then) } : {}),
        otherwise: rewrite(expr.otherwise),
      };
    case "range":
      return { ...expr, low: rewrite(expr.low), high: rewrite(expr.high) };
    case "call":
    case "userCall":
      return { ...expr, args: expr.args.map(rewrite) };
    case "array":
      return { ...expr, items: expr.items.map(({ value, spread }) => ({ value: rewrite(value), spread })) };
    case "object":
      return { ...expr, members: expr.members.map((one) => member(one, rewrite)) };
  }
}

/**
 * An expression with some of its parts replaced, from the outside in.
 *
 * @param replace the replacement of a part; undefined to look inside of it
 * @returns the same object if nothing was replaced
 */
export function replaceParts(expr: Expr, replace: (part: Expr) => Expr | undefined): Expr {
  let changed = false;
  const visit = (part: Expr): Expr => {
    const replaced = replace(part);
    if (replaced) {
      changed = true;
      return replaced;
    }
    return rewriteParts(part, visit);
  };
  const result = visit(expr);
  return changed ? result : expr;
}

/** The variables that FILTERs read: the values of their conditions. */
export function filterVariables(nodes: readonly PlanNode[]): Set<Variable> {
  return new Set(nodes.flatMap((node) => node.type === "FilterNode" ? [node.inVariable] : []));
}

/**
 * Nodes with some parts of the conditions of FILTERs replaced.
 *
 * @param replace as for {@linkcode replaceParts}
 * @param filtered the values of the conditions; without them, those of all filters
 * @returns undefined if nothing was replaced
 */
export function replaceInFilters(
  nodes: readonly PlanNode[],
  replace: (part: Expr) => Expr | undefined,
  filtered: ReadonlySet<Variable> = filterVariables(nodes),
): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node) => {
    if (node.type !== "CalculationNode" || !filtered.has(node.outVariable)) return node;
    const expression = replaceParts(node.expression, replace);
    if (expression === node.expression) return node;
    changed = true;
    return { ...node, expression };
  });
  return changed ? result : undefined;
}

/** An expression that reads other variables instead. */
function replaceVariables(expr: Expr, by: ReadonlyMap<Variable, Variable>): Expr {
  return replaceParts(expr, (part) => {
    const other = part.kind === "variable" ? by.get(part.variable) : undefined;
    return other && { ...part, kind: "variable", variable: other };
  });
}

/** Conditions on paths, rewritten; the same array if nothing was. */
function rewrittenConditions(
  conditions: readonly PathCondition[] | undefined,
  rewrite: Rewrite,
): readonly PathCondition[] | undefined {
  const rewritten = conditions?.map((one) => ({ ...one, condition: rewrite(one.condition) }));
  return rewritten?.every((one, i) => one.condition === conditions![i]!.condition) ? conditions : rewritten;
}

/**
 * A node whose expressions are rewritten, those of its subquery included.
 *
 * @param rewrite gives the same object for what it leaves alone
 * @returns the same object if nothing was rewritten
 */
export function rewriteExpressions(node: PlanNode, rewrite: Rewrite): PlanNode {
  switch (node.type) {
    case "CalculationNode": {
      const expression = rewrite(node.expression);
      return expression === node.expression ? node : { ...node, expression };
    }
    case "EnumerateCollectionNode":
    case "EnumerateListNode": {
      const filter = node.filter && rewrite(node.filter);
      return filter === node.filter ? node : { ...node, ...(filter ? { filter } : {}) };
    }
    case "IndexNode": {
      const filter = node.filter && rewrite(node.filter);
      const condition = node.condition.map((branch) => branch.map(rewrite));
      const nearest = node.nearest && rewrite(node.nearest) as typeof node.nearest;
      const same = filter === node.filter && nearest === node.nearest &&
        condition.every((branch, i) => branch.every((term, k) => term === node.condition[i]![k]));
      if (same) return node;
      return { ...node, condition, ...(nearest ? { nearest } : {}), ...(filter ? { filter } : {}) };
    }
    case "SubqueryNode": {
      const nodes = node.nodes.map((one) => rewriteExpressions(one, rewrite));
      return nodes.every((one, i) => one === node.nodes[i]) ? node : { ...node, nodes };
    }
    case "TraversalNode": {
      const start = rewrite(node.start);
      const prune = node.prune && { ...node.prune, condition: rewrite(node.prune.condition) };
      const conditions = rewrittenConditions(node.conditions, rewrite);
      const postFilter = node.postFilter && rewrite(node.postFilter);
      const same = start === node.start && prune?.condition === node.prune?.condition &&
        postFilter === node.postFilter && conditions === node.conditions;
      if (same) return node;
      return {
        ...node,
        start,
        ...(prune ? { prune } : {}),
        ...(conditions ? { conditions } : {}),
        ...(postFilter ? { postFilter } : {}),
      };
    }
    case "ShortestPathNode":
    case "EnumeratePathsNode": {
      const start = rewrite(node.start);
      const target = rewrite(node.target);
      const conditions = rewrittenConditions(node.conditions, rewrite);
      const same = start === node.start && target === node.target && conditions === node.conditions;
      return same ? node : { ...node, start, target, ...(conditions ? { conditions } : {}) };
    }
    default:
      return node;
  }
}

/**
 * A node that reads other variables instead; what it sets stays.
 *
 * @param rewrite does so in an expression
 */
export function replaceUses(
  node: PlanNode,
  by: ReadonlyMap<Variable, Variable>,
  rewrite: Rewrite = (expr) => replaceVariables(expr, by),
): PlanNode {
  const of = (variable: Variable): Variable => by.get(variable) ?? variable;
  switch (node.type) {
    case "EnumerateListNode": {
      const rewritten = rewriteExpressions(node, rewrite) as typeof node;
      return by.has(node.inVariable) ? { ...rewritten, inVariable: of(node.inVariable) } : rewritten;
    }
    case "MaterializeNode":
    case "FilterNode":
    case "ReturnNode":
    case "InsertNode":
    case "RemoveNode":
      return by.has(node.inVariable) ? { ...node, inVariable: of(node.inVariable) } : node;
    case "SortNode":
      return node.elements.some(({ inVariable }) => by.has(inVariable))
        ? { ...node, elements: node.elements.map((one) => ({ ...one, inVariable: of(one.inVariable) })) }
        : node;
    case "CollectNode": {
      const { into } = node;
      return {
        ...node,
        groups: node.groups.map((group) => ({ ...group, inVariable: of(group.inVariable) })),
        aggregates: node.aggregates.map((one) => one.inVariable ? { ...one, inVariable: of(one.inVariable) } : one),
        ...(into?.expressionVariable ? { into: { ...into, expressionVariable: of(into.expressionVariable) } } : {}),
      };
    }
    case "WindowNode":
      return {
        ...node,
        ...(node.rangeVariable ? { rangeVariable: of(node.rangeVariable) } : {}),
        aggregates: node.aggregates.map((one) => one.inVariable ? { ...one, inVariable: of(one.inVariable) } : one),
      };
    case "UpdateNode":
    case "ReplaceNode":
      return {
        ...node,
        inDocVariable: of(node.inDocVariable),
        ...(node.inKeyVariable ? { inKeyVariable: of(node.inKeyVariable) } : {}),
      };
    case "UpsertNode":
      return {
        ...node,
        inDocVariable: of(node.inDocVariable),
        insertVariable: of(node.insertVariable),
        updateVariable: of(node.updateVariable),
      };
    case "SubqueryNode": {
      const nodes = node.nodes.map((one) => replaceUses(one, by, rewrite));
      return nodes.every((one, i) => one === node.nodes[i]) ? node : { ...node, nodes };
    }
    default:
      return rewriteExpressions(node, rewrite);
  }
}

/** The variables whose names a node shows in its results: they cannot stand for others. */
export function namedVariables(nodes: readonly PlanNode[], to: Set<Variable> = new Set()): Set<Variable> {
  for (const node of nodes) {
    if (node.type === "CollectNode") { for (const one of node.into?.keepVariables ?? []) to.add(one); }
    else if (node.type === "SubqueryNode") namedVariables(node.nodes, to);
  }
  return to;
}
