/**
 * Nodes of plans in the shape that explain shows them in, each by itself.
 *
 * Source: section 19 of `aql.md`.
 *
 * @module
 */
import { unreachable } from "../ast.ts";
import { expressionJson } from "../ast_json.ts";
import type { DataSource } from "../data_source.ts";
import type { AqlObject } from "../values.ts";
import { type Paths, pathsIn } from "./attribute_uses.ts";
import { resolved } from "./definitions.ts";
import { attributeOf, type Expr, reference, some, type Variable, walk } from "./expression.ts";
import { pathJson, traversalJson, variablesJson, type WriteVariable } from "./graph_json.ts";
import { indexHint, indexJson, lookaheadOf } from "./index_json.ts";
import { tellsPaths } from "./index_match.ts";
import type {
  CollectNode,
  EnumerateCollectionNode,
  IndexNode,
  PlanAggregate,
  PlanNode,
  SubqueryNode,
} from "./nodes.ts";

/** Writes the nodes of one plan. */
export class NodeWriter {
  readonly #source: DataSource;
  readonly #tellsFunctions: boolean;
  readonly #documents = new Set<Variable>();
  readonly #definitions = new Map<Variable, Expr>();

  /**
   * @param nodes the plan
   * @param tellsFunctions whether calculations tell about their functions
   */
  constructor(nodes: readonly PlanNode[], source: DataSource, tellsFunctions: boolean) {
    this.#source = source;
    this.#tellsFunctions = tellsFunctions;
    this.#note(nodes);
  }

  #note(nodes: readonly PlanNode[]): void {
    for (const node of nodes) {
      if (
        node.type === "EnumerateCollectionNode" || node.type === "MaterializeNode" ||
        (node.type === "IndexNode" && !node.placeVariable)
      ) {
        if (!node.projections?.some(({ variable }) => variable)) this.#documents.add(node.outVariable);
      }
      if (node.type === "CalculationNode") this.#definitions.set(node.outVariable, node.expression);
      else if (node.type === "SubqueryNode") this.#note(node.nodes);
    }
  }

  /** A variable. */
  readonly variable: WriteVariable = (variable) => {
    const { id, name } = variable;
    return { id, name, isFullDocumentFromCollection: this.#documents.has(variable) };
  };

  /** A variable in the list of all of them, which alone tells what is constant. */
  readonly declared: WriteVariable = (variable) => {
    const definition = this.#definitions.get(variable);
    return {
      ...this.variable(variable),
      ...(definition?.kind === "constant" ? { constantValue: definition.value } : {}),
    };
  };

  /** A grouping of which an index tells the groups. */
  indexCollect(loop: IndexNode, { groups, aggregates, options }: CollectNode): AqlObject {
    const { collection, outVariable, indexes: [index] } = loop;
    const values = new Map(this.#definitions);
    for (const { path, variable } of loop.projections!) values.set(variable!, attributeOf(outVariable, path));
    return {
      ...this.#collection(collection),
      index: indexJson(index!),
      outVariable: this.variable(outVariable),
      groups: groups.map((group, i) => ({
        outVariable: this.variable(group.outVariable),
        attribute: index!.fields[i]!.split("."),
      })),
      aggregates: aggregates.map((aggregate) => ({
        type: aggregate.type,
        outVariable: this.variable(aggregate.outVariable),
        expression: expressionJson(resolved(reference(aggregate.inVariable!), values)),
      })),
      collectOptions: { disableIndex: options.disableIndex === true },
    };
  }

  #collection(name: string): AqlObject {
    return { collection: name, satellite: false, isSatellite: false, isSatelliteOf: null };
  }

  /** The index by which documents are found that are to be changed. */
  #primary(collection: string): AqlObject[] {
    const indexes = this.#source.collection(collection)?.indexes() ?? [];
    return indexes.filter(({ type }) => type === "primary").map(indexJson);
  }

  #loop(node: EnumerateCollectionNode | IndexNode): AqlObject {
    return {
      outVariable: this.variable(node.outVariable),
      projections: projectionsJson(node.projections, this.variable),
      ...(node.filter ? { filter: expressionJson(node.filter) } : {}),
      filterProjections: [],
      count: node.count === true,
      producesResult: node.producesResult !== false || node.filter !== undefined,
      readOwnWrites: node.current,
      useCache: node.options.useCache !== false,
      maxProjections: node.options.maxProjections ?? 5,
      ...this.#collection(node.collection),
    };
  }

  /** What a node has besides id, type and estimates. */
  attributes(node: Exclude<PlanNode, SubqueryNode>): AqlObject {
    switch (node.type) {
      case "SingletonNode":
        return { bindParameterVariables: {} };
      case "EnumerateCollectionNode":
        return { random: node.random === true, indexHint: indexHint(node.options), ...this.#loop(node) };
      case "IndexNode":
        return this.index(node);
      case "MaterializeNode":
        return {
          projections: projectionsJson(node.projections, this.variable),
          multiNode: false,
          ...this.#collection(node.collection),
          inNmDocId: this.variable(node.inVariable),
          oldDocVariable: this.variable(node.loopVariable),
          outVariable: this.variable(node.outVariable),
        };
      case "EnumerateListNode":
        return {
          inVariable: this.variable(node.inVariable),
          ...(node.entries
            ? {
              mode: "object",
              keyValuePairOutVars: [this.variable(node.entries.key), this.variable(node.entries.value)],
            }
            : { outVariable: this.variable(node.outVariable), mode: "array" }),
          ...(node.filter ? { filter: expressionJson(node.filter) } : {}),
        };
      case "CalculationNode":
        return {
          expression: expressionJson(node.expression),
          outVariable: this.variable(node.outVariable),
          canThrow: false,
          expressionType: expressionType(node.expression),
          ...(this.#tellsFunctions ? functionsOf(node.expression) : {}),
        };
      case "FilterNode":
        return { inVariable: this.variable(node.inVariable) };
      case "ReturnNode":
        return { inVariable: this.variable(node.inVariable), count: true };
      case "LimitNode":
        return { offset: node.offset, limit: node.limit, fullCount: node.fullCount };
      case "SortNode":
        return {
          elements: node.elements.map(({ inVariable, ascending }) => ({
            inVariable: this.variable(inVariable),
            ascending,
          })),
          numberOfTopGroupedElements: node.grouped ?? 0,
          stable: false,
          limit: node.limit ?? 0,
          strategy: node.grouped !== undefined ? "grouped" : node.limit !== undefined ? "constrained-heap" : "standard",
        };
      case "CollectNode":
        return {
          groups: node.groups.map(({ outVariable, inVariable }) => ({
            outVariable: this.variable(outVariable),
            inVariable: this.variable(inVariable),
          })),
          aggregates: this.#aggregates(node.aggregates),
          ...(node.into?.expressionVariable ? { expressionVariable: this.variable(node.into.expressionVariable) } : {}),
          ...(node.into ? { outVariable: this.variable(node.into.outVariable) } : {}),
          ...(node.into && !node.into.expressionVariable
            ? { keepVariables: node.into.keepVariables.map(({ name, id }) => ({ variable: { name, id } })) }
            : {}),
          isDistinctCommand: node.method === "distinct",
          specialized: true,
          collectOptions: {
            method: node.method,
            fixed: node.options.method !== undefined,
            disableIndex: node.options.disableIndex === true,
            aggregateIntoExpressionOnDBServers: true,
          },
        };
      case "WindowNode":
        return {
          ...(node.rangeVariable ? { rangeVariable: this.variable(node.rangeVariable) } : {}),
          aggregates: this.#aggregates(node.aggregates),
          preceding: node.bounds.preceding ?? 0,
          following: node.bounds.following ?? 0,
        };
      case "NoResultsNode":
        return {};
      case "InsertNode":
      case "RemoveNode":
      case "UpdateNode":
      case "ReplaceNode":
      case "UpsertNode":
        return {
          ...this.#collection(node.collection),
          indexes: this.#primary(node.collection),
          countStats: true,
          producesResults: node.outVariableNew !== undefined || node.outVariableOld !== undefined,
          modificationFlags: modificationFlags(node.options),
          ...variablesJson({
            outVariableOld: node.outVariableOld,
            outVariableNew: node.outVariableNew,
            ...("inVariable" in node ? { inVariable: node.inVariable } : {}),
            ...("inDocVariable" in node ? { inDocVariable: node.inDocVariable } : {}),
            ...("inKeyVariable" in node ? { inKeyVariable: node.inKeyVariable } : {}),
            ...("insertVariable" in node
              ? { insertVariable: node.insertVariable, updateVariable: node.updateVariable }
              : {}),
          }, this.variable),
          ...("isReplace" in node ? { isReplace: node.isReplace } : {}),
        };
      case "TraversalNode":
        return traversalJson(node, this.#source, this.variable);
      case "ShortestPathNode":
      case "EnumeratePathsNode":
        return pathJson(node, this.#source, this.variable);
      default:
        return unreachable(node);
    }
  }

  #aggregates(aggregates: readonly PlanAggregate[]): AqlObject[] {
    return aggregates.map(({ outVariable, inVariable, type }) => ({
      outVariable: this.variable(outVariable),
      ...(inVariable ? { inVariable: this.variable(inVariable) } : {}),
      type,
    }));
  }

  /** An index loop. */
  index(node: IndexNode): AqlObject {
    const useCache = node.options.useCache !== false && node.condition.length > 0;
    const covers = tellsProjections(node);
    const read = node.filter && pathsIn(node.filter, node.outVariable);
    const coversFilter = read !== undefined && tellsAll(node, read);
    return {
      ...this.#loop(node),
      filterProjections: (read ?? []).map((path) => ({ path: [...path] })),
      useCache,
      strategy: strategyOf(node, covers, coversFilter),
      needsGatherNodeSort: node.ordered,
      ...(node.ordered ? { sortElements: this.#sortElements(node) } : {}),
      indexCoversProjections: covers && (!node.filter || coversFilter),
      indexCoversOutProjections: covers,
      indexCoversFilterProjections: coversFilter,
      indexes: node.indexes.map(indexJson),
      condition: this.#condition(node),
      allCoveredByOneIndex: false,
      sorted: true,
      ascending: node.ascending,
      evalFCalls: true,
      waitForSync: false,
      limit: node.limit ?? 0,
      isLateMaterialized: node.placeVariable !== undefined,
      ...(node.placeVariable ? { outNmDocId: this.variable(node.placeVariable) } : {}),
      lookahead: lookaheadOf(node.options),
    };
  }

  /** What the order of the index stands for. */
  #sortElements({ outVariable, sortedBy = [], ascending }: IndexNode): AqlObject[] {
    return sortedBy.map((field) => ({
      inVariable: this.variable(outVariable),
      ascending,
      path: field.split("."),
    }));
  }

  /** The served conditions as ArangoDB writes them: a disjunction of conjunctions; empty for a whole index. */
  #condition({ condition }: IndexNode): AqlObject {
    if (condition.length === 0) return {};
    const branches = condition.map((terms) => ({ type: "n-ary and", typeID: 62, subNodes: terms.map(expressionJson) }));
    return { type: "n-ary or", typeID: 63, subNodes: branches };
  }
}

/** Whether the only index of a loop tells some attributes. */
function tellsAll({ indexes }: IndexNode, paths: Paths): boolean {
  return indexes.length === 1 && tellsPaths(indexes[0]!, paths);
}

function tellsProjections(node: IndexNode): boolean {
  return node.projections !== undefined && tellsAll(node, node.projections.map(({ path }) => path));
}

/** What an index loop reads of its documents. */
function strategyOf(node: IndexNode, covers: boolean, coversFilter: boolean): string {
  if (node.count) return "count";
  if (node.placeVariable) return "late materialized";
  const isRead = node.producesResult !== false;
  if (!node.filter) return covers ? "covering" : isRead ? "document" : "no result";
  if (!coversFilter) return "document";
  return covers ? "covering" : isRead ? "covering, filter only" : "covering, filter only, scan only";
}

/** All that a modification can be told, with ArangoDB's defaults. */
function modificationFlags(options: AqlObject): AqlObject {
  return {
    waitForSync: false,
    skipDocumentValidation: false,
    keepNull: true,
    mergeObjects: true,
    ignoreRevs: true,
    isRestore: false,
    ignoreErrors: false,
    ignoreDocumentNotFound: false,
    consultAqlWriteFilter: false,
    exclusive: false,
    ...options,
  };
}

function projectionsJson(
  projections: IndexNode["projections"],
  write: WriteVariable,
): AqlObject[] {
  return (projections ?? []).map(({ path, variable }) => ({
    path: [...path],
    ...(variable ? { variable: write(variable) } : {}),
  }));
}

function expressionType(expr: Expr): string {
  if (expr.kind === "constant") return "json";
  return expr.kind === "attribute" && !some(expr, ({ kind }) => kind !== "attribute" && kind !== "variable")
    ? "attribute"
    : "simple";
}

function functionsOf(expr: Expr): AqlObject {
  const functions = new Map<string, AqlObject>();
  walk(expr, (part) => {
    if (part.kind !== "call") return;
    const { name, deterministic, readsData } = part.spec;
    functions.set(name, {
      name,
      isDeterministic: deterministic,
      canAccessDocuments: readsData === true,
      canRunOnDBServerCluster: true,
      canRunOnDBServerOneShard: true,
      usesV8: false,
    });
  });
  return functions.size > 0 ? { functions: [...functions.values()] } : {};
}
