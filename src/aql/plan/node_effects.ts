/**
 * What the nodes of a plan read, test, set and change.
 *
 * @module
 */
import { addVariables, type Expr, isDeterministic, type Variable } from "./expression.ts";
import { sparseTerms } from "./index_match.ts";
import type { IndexNode, PathNode, PlanNode, TraversalNode } from "./nodes.ts";

/** Adds what the conditions of a loop read besides the variables that the loop sets itself. */
function addOuter(conditions: readonly Expr[], own: readonly (Variable | undefined)[], to: Set<Variable>): void {
  const used = new Set<Variable>();
  for (const one of conditions) addVariables(one, used);
  for (const one of own) if (one) used.delete(one);
  for (const one of used) to.add(one);
}

/** What an index loop tests or sorts by: expressions that read its own variable too. */
export function testsOfIndex(node: IndexNode): readonly Expr[] {
  const { condition, nearest, filter } = node;
  return [
    ...condition.flatMap((_, branch) => testsOfBranch(node, branch)),
    ...(nearest ? [nearest] : []),
    ...(filter ? [filter] : []),
  ];
}

/** Whether different indexes serve the branches of a condition. */
export function usesSeveral({ indexes }: IndexNode): boolean {
  return indexes.some(({ id }) => id !== indexes[0]!.id);
}

/** What the documents fulfil that an index loop finds for a branch of its condition: a sparse index has only some. */
export function testsOfBranch({ condition, indexes, outVariable }: IndexNode, branch: number): readonly Expr[] {
  return [...condition[branch]!, ...sparseTerms(indexes[branch] ?? indexes[0]!, outVariable)];
}

/** What a graph node tests while it walks: expressions that read its own variables too. */
export function testsOf(node: TraversalNode | PathNode): readonly Expr[] {
  const tests = (node.conditions ?? []).map(({ condition }) => condition);
  if (node.type !== "TraversalNode") return tests;
  const { prune, postFilter } = node;
  return [...(prune ? [prune.condition] : []), ...tests, ...(postFilter ? [postFilter] : [])];
}

/** Adds the variables that a node reads (those of its subquery included) to a set. */
export function addUsed(node: PlanNode, to: Set<Variable>): void {
  switch (node.type) {
    case "SingletonNode":
    case "LimitNode":
    case "NoResultsNode":
      return;
    case "EnumerateCollectionNode":
      addOuter(node.filter ? [node.filter] : [], [node.outVariable], to);
      return;
    case "IndexNode":
      addOuter(testsOfIndex(node), [node.outVariable], to);
      return;
    case "EnumerateListNode":
      addOuter(node.filter ? [node.filter] : [], [node.outVariable], to);
      to.add(node.inVariable);
      return;
    case "MaterializeNode":
    case "FilterNode":
    case "ReturnNode":
    case "InsertNode":
    case "RemoveNode":
      to.add(node.inVariable);
      return;
    case "CalculationNode":
      addVariables(node.expression, to);
      return;
    case "SubqueryNode": {
      const own = new Set<Variable>();
      const used = new Set<Variable>();
      for (const one of node.nodes) {
        addUsed(one, used);
        addSet(one, own);
      }
      for (const variable of used) if (!own.has(variable)) to.add(variable);
      return;
    }
    case "SortNode":
      for (const { inVariable } of node.elements) to.add(inVariable);
      return;
    case "CollectNode":
      for (const { inVariable } of node.groups) to.add(inVariable);
      for (const { inVariable } of node.aggregates) if (inVariable) to.add(inVariable);
      if (node.into?.expressionVariable) to.add(node.into.expressionVariable);
      else for (const variable of node.into?.keepVariables ?? []) to.add(variable);
      return;
    case "WindowNode":
      if (node.rangeVariable) to.add(node.rangeVariable);
      for (const { inVariable } of node.aggregates) if (inVariable) to.add(inVariable);
      return;
    case "UpdateNode":
    case "ReplaceNode":
      to.add(node.inDocVariable);
      if (node.inKeyVariable) to.add(node.inKeyVariable);
      return;
    case "UpsertNode":
      to.add(node.inDocVariable).add(node.insertVariable).add(node.updateVariable);
      return;
    case "TraversalNode":
      addVariables(node.start, to);
      addOuter(testsOf(node), [node.vertexOutVariable, node.edgeOutVariable, node.pathOutVariable], to);
      return;
    case "ShortestPathNode":
    case "EnumeratePathsNode":
      addVariables(node.start, to);
      addVariables(node.target, to);
      addOuter(testsOf(node), (node.conditions ?? []).map(({ variable }) => variable), to);
  }
}

/** Adds the variables that a node sets to a set. */
export function addSet(node: PlanNode, to: Set<Variable>): void {
  switch (node.type) {
    case "EnumerateCollectionNode":
    case "IndexNode":
    case "MaterializeNode":
      to.add(node.outVariable);
      for (const { variable } of node.projections ?? []) if (variable) to.add(variable);
      if (node.type === "IndexNode" && node.placeVariable) to.add(node.placeVariable);
      return;
    case "EnumerateListNode":
      if (node.entries) to.add(node.entries.key).add(node.entries.value);
      else to.add(node.outVariable);
      return;
    case "CalculationNode":
    case "SubqueryNode":
      to.add(node.outVariable);
      return;
    case "CollectNode":
      for (const { outVariable } of node.groups) to.add(outVariable);
      for (const { outVariable } of node.aggregates) to.add(outVariable);
      if (node.into) to.add(node.into.outVariable);
      return;
    case "WindowNode":
      for (const { outVariable } of node.aggregates) to.add(outVariable);
      return;
    case "InsertNode":
    case "RemoveNode":
    case "UpdateNode":
    case "ReplaceNode":
    case "UpsertNode":
      if (node.outVariableOld) to.add(node.outVariableOld);
      if (node.outVariableNew) to.add(node.outVariableNew);
      return;
    case "TraversalNode":
      for (const one of [node.vertexOutVariable, node.edgeOutVariable, node.pathOutVariable, node.prune?.variable]) {
        if (one) to.add(one);
      }
      return;
    case "ShortestPathNode":
    case "EnumeratePathsNode":
      for (const one of node.outVariables) to.add(one);
  }
}

/** The variables that a node reads. */
export function usedBy(node: PlanNode): Set<Variable> {
  const found = new Set<Variable>();
  addUsed(node, found);
  return found;
}

/** The variables that some nodes read. */
export function usedByAny(nodes: readonly PlanNode[]): Set<Variable> {
  const found = new Set<Variable>();
  for (const node of nodes) addUsed(node, found);
  return found;
}

/** The variables that a node sets. */
export function setBy(node: PlanNode): Set<Variable> {
  const found = new Set<Variable>();
  addSet(node, found);
  return found;
}

/** Whether a node writes documents, itself or in its subquery. */
export function isModification(node: PlanNode): boolean {
  switch (node.type) {
    case "InsertNode":
    case "RemoveNode":
    case "UpdateNode":
    case "ReplaceNode":
    case "UpsertNode":
      return true;
    case "SubqueryNode":
      return node.nodes.some(isModification);
    default:
      return false;
  }
}

/** Whether a node makes several rows out of one. */
export function isLoop(node: PlanNode): boolean {
  switch (node.type) {
    case "EnumerateCollectionNode":
    case "IndexNode":
    case "EnumerateListNode":
    case "TraversalNode":
    case "ShortestPathNode":
    case "EnumeratePathsNode":
      return true;
    default:
      return false;
  }
}

/** Whether a node computes the same whenever its variables are the same, and changes nothing: it can be moved or left out. */
export function isPure(node: PlanNode): boolean {
  switch (node.type) {
    case "CalculationNode":
      return isDeterministic(node.expression);
    case "SubqueryNode":
      return node.nodes.every(isPure);
    case "EnumerateCollectionNode":
      return !node.current && node.random !== true;
    case "IndexNode":
      return !node.current;
    default:
      return !isModification(node);
  }
}
