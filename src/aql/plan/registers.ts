/**
 * How many values a query has to hold at the same time.
 *
 * Source: the manual's page on limitations of AQL; section 21 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Variable } from "./expression.ts";
import { setBy, usedBy } from "./node_effects.ts";
import type { Plan, PlanNode } from "./nodes.ts";

/** How many registers ArangoDB lets a query have. */
const MAX_REGISTERS = 1000;

/**
 * Refuses plans that hold more values than ArangoDB's do.
 *
 * @throws ArangoError 32
 */
export function checkRegisters({ nodes, variables }: Plan): void {
  if (variables.length <= MAX_REGISTERS) return;
  const needed = registersOf(nodes);
  if (needed > MAX_REGISTERS) {
    throw new ArangoError("ERROR_RESOURCE_LIMIT", `too many registers (${needed}) needed for AQL query`);
  }
}

/** The most values that are needed at once: from where they are set to where they are read last; constants aside. */
function registersOf(nodes: readonly PlanNode[]): number {
  const lastUses = new Map<Variable, number>();
  nodes.forEach((node, at) => {
    for (const variable of usedBy(node)) lastUses.set(variable, at);
  });
  const held = new Set<Variable>();
  let most = 0;
  nodes.forEach((node, at) => {
    const inner = node.type === "SubqueryNode" ? registersOf(node.nodes) : 0;
    if (!isConstant(node)) { for (const variable of setBy(node)) held.add(variable); }
    most = Math.max(most, held.size + inner);
    for (const variable of held) if ((lastUses.get(variable) ?? -1) <= at) held.delete(variable);
  });
  return most;
}

function isConstant(node: PlanNode): boolean {
  return node.type === "CalculationNode" && node.expression.kind === "constant";
}
