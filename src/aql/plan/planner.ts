/**
 * Makes a plan of a resolved query, statement by statement; rules improve it later.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type Direction, unreachable } from "../ast.ts";
import type { BoundAggregate, BoundQuery, BoundStatement } from "../bound.ts";
import { parseDuration } from "../functions/date_text.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";
import { checkStart, depthOf, type EdgeSources, pathSettings, traversalSettings } from "./graph_settings.ts";
import type { Expr, Variable } from "./expression.ts";
import type { Plan, PlanAggregate, PlanNode, WindowBound } from "./nodes.ts";

/** ArangoDB's bound on the nodes of a plan. */
const MAX_NODES = 4000;

/**
 * Makes the first plan of a query.
 *
 * @param fullCount whether the last LIMIT of the main query counts what it leaves out
 * @throws ArangoError 1524 for too many nodes, 10 and 1501 for bad WINDOW bounds
 */
export function makePlan(query: BoundQuery, fullCount: boolean): Plan {
  const planner = new Planner(query.variables);
  const nodes = planner.pipeline(query.statements, fullCount);
  return { nodes, variables: planner.variables, collections: query.collections, rules: [], lastId: planner.lastId };
}

/** The statements of a kind. */
type Of<Kind extends BoundStatement["kind"]> = Extract<BoundStatement, { kind: Kind }>;

class Planner {
  readonly variables: Variable[];
  #ids = 0;

  constructor(variables: readonly Variable[]) {
    this.variables = [...variables];
  }

  /** The highest id of a node so far. */
  get lastId(): number {
    return this.#ids;
  }

  #id(): number {
    if (++this.#ids > MAX_NODES) throw new ArangoError("ERROR_QUERY_TOO_MUCH_NESTING");
    return this.#ids;
  }

  #temporary(): Variable {
    const id = this.variables.length;
    const variable = { id, name: String(id), temporary: true };
    this.variables.push(variable);
    return variable;
  }

  pipeline(statements: readonly BoundStatement[], fullCount = false): PlanNode[] {
    const nodes: PlanNode[] = [{ id: this.#id(), type: "SingletonNode" }];
    const lastLimit = fullCount ? statements.findLastIndex(({ kind }) => kind === "limit") : -1;
    statements.forEach((statement, i) => this.#statement(statement, nodes, i === lastLimit));
    return nodes;
  }

  /** The variable that holds a value, computed by a node of its own if need be. */
  #variable(value: Expr, nodes: PlanNode[]): Variable {
    if (value.kind === "variable") return value.variable;
    const outVariable = this.#temporary();
    nodes.push(this.#calculation(outVariable, value));
    return outVariable;
  }

  #calculation(outVariable: Variable, expression: Expr): PlanNode {
    return { id: this.#id(), type: "CalculationNode", outVariable, expression };
  }

  #statement(statement: BoundStatement, nodes: PlanNode[], fullCount: boolean): void {
    switch (statement.kind) {
      case "for":
        return this.#for(statement, nodes);
      case "let":
        nodes.push(this.#calculation(statement.variable, statement.value));
        return;
      case "subquery": {
        const inner = this.pipeline(statement.statements);
        nodes.push({ id: this.#id(), type: "SubqueryNode", outVariable: statement.variable, nodes: inner });
        return;
      }
      case "filter": {
        const inVariable = this.#variable(statement.condition, nodes);
        nodes.push({ id: this.#id(), type: "FilterNode", inVariable });
        return;
      }
      case "sort":
        return this.#sort(statement, nodes);
      case "limit":
        nodes.push({
          id: this.#id(),
          type: "LimitNode",
          offset: constantNumber(statement.offset),
          limit: constantNumber(statement.count),
          fullCount,
        });
        return;
      case "return":
        return this.#return(statement, nodes);
      case "collect":
        return this.#collect(statement, nodes);
      case "window":
        return this.#window(statement, nodes);
      case "insert":
      case "remove": {
        const inVariable = this.#variable(statement.document, nodes);
        const type = statement.kind === "insert" ? "InsertNode" : "RemoveNode";
        nodes.push({ id: this.#id(), type, inVariable, ...writeParts(statement) });
        return;
      }
      case "update":
      case "replace":
        return this.#update(statement, nodes);
      case "upsert":
        return this.#upsert(statement, nodes);
      case "traversal":
        nodes.push(this.#traversal(statement));
        return;
      case "path":
        nodes.push(this.#path(statement));
        return;
      default:
        unreachable(statement);
    }
  }

  #for({ variable: outVariable, source, options, current }: Of<"for">, nodes: PlanNode[]): void {
    if (source.kind !== "collection") {
      const inVariable = this.#variable(source, nodes);
      nodes.push({ id: this.#id(), type: "EnumerateListNode", inVariable, outVariable });
      return;
    }
    nodes.push({
      id: this.#id(),
      type: "EnumerateCollectionNode",
      collection: source.name,
      outVariable,
      options: options?.value ?? {},
      current: current ?? false,
    });
  }

  #sort(statement: Of<"sort">, nodes: PlanNode[]): void {
    const elements = statement.elements.map(({ value, ascending }) => (
      { inVariable: this.#variable(value, nodes), ascending }
    ));
    nodes.push({ id: this.#id(), type: "SortNode", elements });
  }

  #return({ value, distinct }: Of<"return">, nodes: PlanNode[]): void {
    let inVariable = this.#variable(value, nodes);
    if (distinct) {
      const outVariable = this.#temporary();
      nodes.push({
        id: this.#id(),
        type: "CollectNode",
        method: "distinct",
        specialized: true,
        groups: [{ outVariable, inVariable }],
        aggregates: [],
        options: {},
      });
      inVariable = outVariable;
    }
    nodes.push({ id: this.#id(), type: "ReturnNode", inVariable });
  }

  #window(statement: Of<"window">, nodes: PlanNode[]): void {
    const bounds = (statement.bounds as { value: AqlObject }).value;
    const rangeVariable = statement.range && this.#variable(statement.range, nodes);
    const aggregates = this.#aggregates(statement.aggregates, nodes);
    if (rangeVariable) {
      nodes.push({ id: this.#id(), type: "SortNode", elements: [{ inVariable: rangeVariable, ascending: true }] });
    }
    nodes.push({
      id: this.#id(),
      type: "WindowNode",
      ...(rangeVariable ? { rangeVariable, ...rangeBounds(bounds) } : rowBounds(bounds)),
      bounds,
      aggregates,
    });
  }

  #update(statement: Of<"update" | "replace">, nodes: PlanNode[]): void {
    const inKeyVariable = statement.key && this.#variable(statement.key, nodes);
    const inDocVariable = this.#variable(statement.document, nodes);
    nodes.push({
      id: this.#id(),
      type: statement.kind === "update" ? "UpdateNode" : "ReplaceNode",
      inDocVariable,
      ...(inKeyVariable ? { inKeyVariable } : {}),
      ...writeParts(statement),
    });
  }

  #upsert(statement: Of<"upsert">, nodes: PlanNode[]): void {
    const insertVariable = this.#variable(statement.insert, nodes);
    const updateVariable = this.#variable(statement.update, nodes);
    nodes.push({
      id: this.#id(),
      type: "UpsertNode",
      inDocVariable: statement.oldVariable,
      insertVariable,
      updateVariable,
      isReplace: statement.replace,
      ...writeParts(statement),
    });
  }

  #traversal(statement: Of<"traversal">): PlanNode {
    const [vertex, edge, path] = statement.variables;
    const options = statement.options?.value ?? {};
    checkStart(statement.start);
    return {
      id: this.#id(),
      type: "TraversalNode",
      ...graphParts(statement),
      vertexOutVariable: vertex!,
      ...(edge ? { edgeOutVariable: edge } : {}),
      ...(path ? { pathOutVariable: path } : {}),
      ...(statement.prune ? { prune: statement.prune } : {}),
      ...(options.indexHint === undefined ? {} : { indexHint: options.indexHint as AqlObject }),
      settings: traversalSettings(statement.depth, options),
    };
  }

  #path(statement: Of<"path">): PlanNode {
    checkStart(statement.start);
    checkStart(statement.target);
    return {
      id: this.#id(),
      type: statement.search === "SHORTEST_PATH" ? "ShortestPathNode" : "EnumeratePathsNode",
      search: statement.search,
      ...graphParts(statement),
      target: statement.target,
      outVariables: statement.variables,
      depth: depthOf(statement.depth),
      settings: pathSettings(statement.options?.value ?? {}),
    };
  }

  #aggregates(aggregates: readonly BoundAggregate[], nodes: PlanNode[]): PlanAggregate[] {
    return aggregates.map(({ variable: outVariable, name: type, argument }) =>
      argument ? { outVariable, inVariable: this.#variable(argument, nodes), type } : { outVariable, type }
    );
  }

  #collect(statement: Of<"collect">, nodes: PlanNode[]): void {
    const groups = statement.groups.map(({ variable: outVariable, value }) => ({
      outVariable,
      inVariable: this.#variable(value, nodes),
    }));
    const aggregates = this.#aggregates(statement.aggregates, nodes);
    const { into } = statement;
    const expressionVariable = into?.projection && this.#variable(into.projection, nodes);
    nodes.push({
      id: this.#id(),
      type: "CollectNode",
      method: "sorted",
      groups,
      aggregates,
      ...(into
        ? {
          into: {
            outVariable: into.variable,
            ...(expressionVariable ? { expressionVariable } : {}),
            keepVariables: into.variables,
          },
        }
        : {}),
      options: statement.options?.value ?? {},
    });
  }
}

function constantNumber(expr: Expr): number {
  return Number((expr as { value: AqlValue }).value);
}

function writeParts(statement: Extract<BoundStatement, { collection: unknown; options: unknown }>): {
  collection: string;
  options: AqlObject;
  outVariableOld?: Variable;
  outVariableNew?: Variable;
} {
  return {
    collection: statement.collection.name,
    options: statement.options?.value ?? {},
    ...(statement.oldVariable ? { outVariableOld: statement.oldVariable } : {}),
    ...(statement.newVariable ? { outVariableNew: statement.newVariable } : {}),
  };
}

function graphParts({ direction, graph, start }: Extract<BoundStatement, { graph: unknown }>): {
  direction: Direction;
  graph?: string;
  edges: EdgeSources;
  vertexCollections: readonly string[];
  start: Expr;
} {
  return {
    direction,
    ...(graph.name ? { graph: String((graph.name as { value: AqlValue }).value) } : {}),
    edges: graph.edges.map((edge) => ({ collection: edge.collection.name, direction: edge.direction })),
    vertexCollections: graph.vertexCollections,
    start,
  };
}

function rowBounds(bounds: AqlObject): { preceding: number; following: number } {
  function bound(value: AqlValue | undefined): number {
    if (value === undefined) return 0;
    if (value === "unbounded" || value === "inf") return Infinity;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
      throw new ArangoError(
        "ERROR_BAD_PARAMETER",
        'WINDOW row spec is invalid; bounds must be positive integers or "unbounded"',
      );
    }
    return value;
  }
  return { preceding: bound(bounds.preceding), following: bound(bounds.following) };
}

function rangeBounds(bounds: AqlObject): { preceding: WindowBound; following: WindowBound } {
  const given = [bounds.preceding, bounds.following].filter((one) => one !== undefined);
  const kinds = new Set(given.map((one) => typeof one));
  if (kinds.size > 1 || given.some((one) => typeof one !== "number" && typeof one !== "string")) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      "WINDOW range spec is invalid; bounds must be of the same type - either both are numeric values, or both are ISO 8601 duration strings",
    );
  }
  const durations = kinds.has("string");
  function bound(value: AqlValue | undefined): WindowBound {
    if (value === undefined) return durations ? { months: 0, milliseconds: 0 } : 0;
    if (typeof value === "number") return value;
    const duration = parseDuration(value as string);
    if (!duration) {
      throw new ArangoError(
        "ERROR_BAD_PARAMETER",
        `WINDOW range spec is invalid; ${jsonText(value)} is not a valid ISO 8601 duration string`,
      );
    }
    return duration;
  }
  return { preceding: bound(bounds.preceding), following: bound(bounds.following) };
}
