/**
 * `use-indexes`: loops over collections whose filters compare indexed attributes read the index instead.
 *
 * The filters stay: the index only leaves out documents that they would drop.
 *
 * @module
 */
import { ArangoError } from "../../../base/arango_error.ts";
import type { DataSource, SourceIndex } from "../../data_source.ts";
import { attributePath, type Expr, isDeterministic, reference, type Variable, variablesOf } from "../expression.ts";
import {
  type EnumerateCollectionNode,
  type IndexCondition,
  type IndexNode,
  isLoop,
  type PlanNode,
  setBy,
} from "../nodes.ts";

/** A way to serve a loop. */
interface Choice {
  readonly index: SourceIndex;
  readonly conditions: readonly IndexCondition[];
}

/**
 * Replaces loops over collections by index look-ups where filters allow it.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 * @throws ArangoError 1577 if `forceIndexHint` asks for an index that cannot be used
 */
export function useIndexes(nodes: readonly PlanNode[], source: DataSource): PlanNode[] | undefined {
  let changed = false;
  const result = nodes.map((node, i) => {
    if (node.type !== "EnumerateCollectionNode" || node.options.disableIndex === true) return node;
    const choice = choose(node, nodes, i, source);
    if (!choice) {
      if (node.options.forceIndexHint === true) {
        const hint = JSON.stringify(node.options.indexHint ?? null);
        throw new ArangoError(1577, `could not use index hint to serve query; ${hint}`);
      }
      return node;
    }
    changed = true;
    const { type: _type, ...rest } = node;
    return { ...rest, type: "IndexNode", ...choice } satisfies IndexNode;
  });
  return changed ? result : undefined;
}

function choose(
  node: EnumerateCollectionNode,
  nodes: readonly PlanNode[],
  at: number,
  source: DataSource,
): Choice | undefined {
  const conditions = conditionsOn(node.outVariable, nodes, at);
  if (conditions.size === 0) return undefined;
  const choices: Choice[] = [];
  for (const index of source.collection(node.collection)?.indexes() ?? []) {
    const matched = matchIndex(index, conditions);
    if (matched) choices.push({ index, conditions: matched });
  }
  const { indexHint } = node.options;
  const hints = typeof indexHint === "string" ? [indexHint] : Array.isArray(indexHint) ? indexHint : [];
  for (const hint of hints) {
    const hinted = choices.find(({ index }) => index.name === hint);
    if (hinted) return hinted;
  }
  if (node.options.forceIndexHint === true) return undefined;
  return choices.sort((a, b) => rank(b) - rank(a))[0];
}

/** The better choice has the higher number: one document at most, then many fields, then selective ones. */
function rank({ index, conditions }: Choice): number {
  const single = index.unique && conditions.length === index.fields.length && index.type !== "edge";
  return (single ? 1000 : 0) + conditions.length * 2 + (index.selectivityEstimate ?? 0.5);
}

/** The conditions that an index can serve; undefined if none. */
function matchIndex(index: SourceIndex, conditions: ReadonlyMap<string, IndexCondition>): IndexCondition[] | undefined {
  switch (index.type) {
    case "primary": {
      const found = conditions.get("_key") ?? conditions.get("_id");
      return found && [found];
    }
    case "edge": {
      const found = conditions.get("_from") ?? conditions.get("_to");
      return found && [found];
    }
    case "persistent":
    case "hash":
    case "skiplist": {
      const matched: IndexCondition[] = [];
      for (const field of index.fields) {
        const found = conditions.get(field);
        if (!found) break;
        matched.push(found);
      }
      if (matched.length === 0) return undefined;
      // documents without a value for any field are not in a sparse index
      if (index.sparse && !(matched.length === index.fields.length && matched.every(excludesNull))) return undefined;
      return matched;
    }
    default:
      return undefined;
  }
}

function excludesNull({ operator, value }: IndexCondition): boolean {
  if (value.kind !== "constant") return false;
  return operator === "==" ? value.value !== null : Array.isArray(value.value) && !value.value.includes(null);
}

/** What the filters after a loop demand of its variable's attributes, by attribute path. */
function conditionsOn(variable: Variable, nodes: readonly PlanNode[], at: number): Map<string, IndexCondition> {
  const definitions = new Map<Variable, Expr>();
  /** Variables that have no value yet when the loop starts. */
  const later = new Set<Variable>([variable]);
  const found = new Map<string, IndexCondition>();
  for (const node of nodes.slice(at + 1)) {
    if (node.type === "FilterNode") {
      const condition = definitions.get(node.inVariable) ?? reference(node.inVariable);
      collect(condition, variable, later, found);
    } else if (node.type === "CalculationNode") {
      definitions.set(node.outVariable, node.expression);
    } else if (!isLoop(node) && node.type !== "SubqueryNode" && node.type !== "SortNode") {
      break;
    }
    for (const one of setBy(node)) later.add(one);
  }
  return found;
}

function collect(
  condition: Expr,
  variable: Variable,
  later: ReadonlySet<Variable>,
  found: Map<string, IndexCondition>,
): void {
  if (condition.kind !== "binary") return;
  const { operator, left, right } = condition;
  if (operator === "&&") {
    collect(left, variable, later, found);
    collect(right, variable, later, found);
  } else if (operator === "==") {
    add(left, "==", right);
    add(right, "==", left);
  } else if (operator === "IN" && right.kind !== "range") {
    add(left, "IN", right);
  }

  function add(access: Expr, operator: "==" | "IN", value: Expr): void {
    const target = attributePath(access);
    if (target?.variable !== variable || target.path.length === 0) return;
    const field = target.path.join(".");
    if (found.get(field)?.operator === "==" || target.path.some((name) => name.includes("."))) return;
    if (!isDeterministic(value) || [...variablesOf(value)].some((one) => later.has(one))) return;
    found.set(field, { field, operator, value });
  }
}
