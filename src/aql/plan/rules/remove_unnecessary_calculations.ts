/**
 * `remove-unnecessary-calculations`: what nobody reads is not computed, what one calculation reads becomes a part of it.
 *
 * @module
 */
import { definitionsOf, mentions, readersOf } from "../definitions.ts";
import { isDeterministic, reference, type Variable } from "../expression.ts";
import { addUsed, isPure, usedBy } from "../node_effects.ts";
import type { CalculationNode, PlanNode } from "../nodes.ts";
import { namedVariables, replaceParts, replaceUses } from "../rewrite.ts";

/**
 * Leaves out deterministic calculations and read-only subqueries whose results are not used, calculations that only
 * repeat a variable, and those that a single other calculation reads.
 *
 * @returns the nodes that remain, or undefined if all do
 */
export function removeUnnecessaryCalculations(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  let current = nodes;
  for (const step of [dropAliases, dropUnused, merge]) current = step(current) ?? current;
  return current === nodes ? undefined : [...current];
}

function dropUnused(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const used = new Set<Variable>();
  const kept: PlanNode[] = [];
  for (const node of nodes.toReversed()) {
    const computes = node.type === "CalculationNode" || node.type === "SubqueryNode";
    if (computes && !used.has(node.outVariable) && isPure(node)) continue;
    addUsed(node, used);
    kept.push(node);
  }
  return kept.length < nodes.length ? kept.reverse() : undefined;
}

function dropAliases(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const named = namedVariables(nodes);
  const by = new Map<Variable, Variable>();
  const kept: PlanNode[] = [];
  for (const given of nodes) {
    const node = by.size > 0 ? replaceUses(given, by) : given;
    if (node.type === "CalculationNode" && node.expression.kind === "variable" && !named.has(node.outVariable)) {
      by.set(node.outVariable, node.expression.variable);
    } else {
      kept.push(node);
    }
  }
  return by.size > 0 ? kept : undefined;
}

/** Puts calculations into the only one that reads them, if no row is dropped or made in between. */
function merge(nodes: readonly PlanNode[]): PlanNode[] | undefined {
  const readers = readersOf(nodes);
  const definitions = definitionsOf(nodes);
  const merged = new Set<Variable>();
  const result: PlanNode[] = [];
  nodes.forEach((given, i) => {
    let node = given;
    if (node.type === "CalculationNode") {
      for (const variable of usedBy(node)) {
        const definition = definitions.get(variable);
        if (!definition || readers.get(variable) !== 1 || mentions(node.expression, variable) !== 1) continue;
        if (!isDeterministic(definition) || definition.kind === "constant" || !adjacent(nodes, variable, i)) continue;
        if (insideExpansion(node, variable)) continue;
        const inner = merged.has(variable) ? definition : definitions.get(variable)!;
        node = {
          ...node,
          expression: replaceParts(node.expression, (part) => isRead(part, variable) ? inner : undefined),
        };
        merged.add(variable);
      }
      definitions.set(node.outVariable, node.expression);
    }
    result.push(node);
  });
  if (merged.size === 0) return undefined;
  return result.filter((node) => node.type !== "CalculationNode" || !merged.has(node.outVariable));
}

function isRead(part: PlanExpr, variable: Variable): boolean {
  return part.kind === "variable" && part.variable === variable;
}

type PlanExpr = CalculationNode["expression"];

/** Whether a variable is read for each member of an array: then it is better computed before. */
function insideExpansion({ expression }: CalculationNode, variable: Variable): boolean {
  let found = false;
  replaceParts(expression, (part) => {
    if (part.kind !== "expansion" && part.kind !== "question") return undefined;
    if (mentions(part, variable) > 0) found = true;
    return reference(variable);
  });
  return found;
}

function adjacent(nodes: readonly PlanNode[], variable: Variable, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.type === "CalculationNode") {
      if (node.outVariable === variable) return true;
    } else if (node.type !== "FilterNode" && node.type !== "SubqueryNode") {
      return false;
    }
  }
  return false;
}
