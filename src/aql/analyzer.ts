/**
 * Resolves a syntax tree: variables, collections, functions and bind parameters find their meaning, constants are computed,
 * subqueries become statements of their own.
 *
 * Source: sections 3, 5.11, 7 to 10 and 16 of `aql.md`.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import {
  type Assignment,
  type CallExpression,
  type CollectStatement,
  type DataSourceName,
  type Direction,
  type Expression,
  type GraphSubject,
  type LimitClause,
  type ModificationStatement,
  type ObjectExpression,
  type Pattern,
  type Quantifier,
  type Query,
  type SortElement,
  type Statement,
  unreachable,
  type UpsertStatement,
  type WindowStatement,
} from "./ast.ts";
import { type BindParameters, invalidBind } from "./bind_parameters.ts";
import type { BoundAggregate, BoundCollection, BoundGraph, BoundOptions, BoundQuery, BoundStatement } from "./bound.ts";
import type { DataSource } from "./data_source.ts";
import { compile } from "./execution/compile.ts";
import type { QueryContext } from "./execution/context.ts";
import { AQL_AGGREGATES } from "./functions/aggregates.ts";
import { AQL_FUNCTIONS, checkArgumentCount, type FunctionSpec } from "./functions/mod.ts";
import {
  constant,
  type Expr,
  type ExprMember,
  isDeterministic,
  partsOf,
  type PlanQuantifier,
  reference,
  shapeOf,
  some,
  type Variable,
  variablesOf,
} from "./plan/expression.ts";
import { namesOf, restrictionOf } from "./plan/graph_settings.ts";
import { asConstant, parseError, type QueryState } from "./query_error.ts";
import { Scopes } from "./scopes.ts";
import { checkedOptions } from "./statement_options.ts";
import {
  type AqlObject,
  type AqlValue,
  foldIntegers,
  isNumber,
  isObject,
  isTruthy,
  jsonText,
  negate,
  typeName,
} from "./values.ts";

/** What resolving a query needs when the query is to be run. */
export interface AnalysisInput {
  /** Where collections are. */
  readonly source: DataSource;
  /** The bind parameters. */
  readonly binds: BindParameters;
  /** Where warnings of constant expressions go. */
  readonly context: QueryContext;
  /** Told what the query is doing, for error messages. */
  readonly onState: (state: QueryState) => void;
}

/**
 * Resolves a query.
 *
 * @param input absent when the query is only parsed: then collections need not exist, bind parameters stay and nothing is
 *   computed
 * @throws ArangoError for everything that is wrong with a query before it runs
 */
export function analyze(query: Query, input?: AnalysisInput): BoundQuery {
  return new Analyzer(query, input).run();
}

/** Functions whose first argument may be a collection. */
const COLLECTION_FUNCTIONS: ReadonlySet<string> = new Set([
  "LENGTH",
  "COUNT",
  "COLLECTION_COUNT",
  "DOCUMENT",
  "IS_SAME_COLLECTION",
  "SCHEMA_GET",
  "SHARD_ID",
  "FULLTEXT",
  "NEAR",
  "WITHIN",
  "WITHIN_RECTANGLE",
]);

/** Expressions that have no parts and are not computed. */
const SIMPLE: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["constant", "parameter", "collection", "variable"]);
/** The count of a LIMIT without bound. */
const NO_LIMIT = 134217728;

class Analyzer {
  readonly #query: Query;
  readonly #input: AnalysisInput | undefined;
  readonly #scopes = new Scopes();
  readonly #collections = new Map<string, "read" | "write" | "exclusive">();
  readonly #written = new Set<string>();
  readonly #hasSubqueries: boolean;
  /** The statements of the (sub)query at hand. */
  #out: BoundStatement[] = [];
  /** What CURRENT means, innermost last; undefined where it means nothing. */
  #current: (Variable | undefined)[] = [];
  /** What the accesses after an expansion apply to. */
  #item: Variable | undefined;
  /** The condition under which a subquery that comes now is needed. */
  #guard: Expr | undefined;
  /** Names that a COLLECT is about to declare, and the message for their use. */
  #collectNames: ReadonlyMap<string, string> = new Map();
  #modificationDepth = 0;

  constructor(query: Query, input: AnalysisInput | undefined) {
    this.#query = query;
    this.#input = input;
    this.#hasSubqueries = hasSubquery(query.statements);
  }

  run(): BoundQuery {
    for (const name of this.#query.withCollections) this.#collection(name, "read");
    const statements = this.#statements(this.#query.statements);
    return {
      statements,
      variables: this.#scopes.variables,
      collections: this.#collections,
      binds: this.#query.binds,
    };
  }

  #statements(statements: readonly Statement[]): readonly BoundStatement[] {
    const before = this.#out;
    const out: BoundStatement[] = [];
    this.#out = out;
    for (const statement of statements) this.#statement(statement);
    this.#out = before;
    return out;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "for": {
        const source = this.#forSource(statement.source);
        this.#scopes.openLoop();
        const variable = this.#loopVariable(statement.pattern);
        const options = this.#options(source.kind === "collection" ? "FOR" : undefined, statement.options);
        if (statement.search && this.#input) {
          throw this.#error("SEARCH condition used on non-view", statement.search.at);
        }
        const search = statement.search && this.#expr(statement.search);
        this.#out.push({ kind: "for", variable, source, ...(search ? { search } : {}), options });
        this.#destructure(statement.pattern, reference(variable));
        return;
      }
      case "traversal": {
        const depth = statement.depth && this.#expr(statement.depth);
        const start = this.#expr(statement.start);
        const options = this.#options("TRAVERSAL", statement.options);
        const graph = this.#graph(statement.graph, statement.direction, options);
        if (this.#written.size > 0) throw this.#late(1579, "access after data-modification by traversal");
        this.#scopes.openLoop();
        const variables = statement.variables.map(({ name }) => this.#scopes.declare(name));
        let prune;
        if (statement.prune) {
          if (hasSubquery(statement.prune.condition)) {
            throw this.#error("PRUNE condition must not use a subquery", statement.prune.condition.at);
          }
          const condition = this.#expr(statement.prune.condition);
          const { variable } = statement.prune;
          prune = variable ? { variable: this.#scopes.declare(variable.name), condition } : { condition };
        }
        this.#out.push({
          kind: "traversal",
          variables,
          ...(depth ? { depth } : {}),
          direction: statement.direction,
          start,
          graph,
          ...(prune ? { prune } : {}),
          options,
        });
        return;
      }
      case "path": {
        const depth = statement.depth && this.#expr(statement.depth);
        const start = this.#expr(statement.start);
        const target = this.#expr(statement.target);
        const options = this.#options(statement.search, statement.options);
        const graph = this.#graph(statement.graph, statement.direction, options);
        if (this.#written.size > 0) throw this.#late(1579, "access after data-modification by traversal");
        this.#scopes.openLoop();
        const variables = statement.variables.map(({ name }) => this.#scopes.declare(name));
        const { direction, search } = statement;
        this.#out.push({
          kind: "path",
          search,
          variables,
          ...(depth ? { depth } : {}),
          direction,
          start,
          target,
          graph,
          options,
        });
        return;
      }
      case "let":
        if (statement.pattern.kind === "variable" && statement.value.kind === "subquery") {
          this.#subquery(
            statement.value.statements,
            () => this.#scopes.declare((statement.pattern as { name: string }).name),
          );
        } else if (statement.pattern.kind === "variable") {
          const value = this.#expr(statement.value);
          this.#out.push({ kind: "let", variable: this.#scopes.declare(statement.pattern.name), value });
        } else {
          this.#destructure(statement.pattern, reference(this.#let(this.#expr(statement.value))));
        }
        return;
      case "filter":
        this.#out.push({ kind: "filter", condition: this.#expr(statement.condition) });
        return;
      case "sort":
        this.#out.push({ kind: "sort", elements: statement.elements.map((element) => this.#sortElement(element)) });
        return;
      case "limit": {
        const { offset, count } = this.#limit(statement.limit);
        this.#out.push({ kind: "limit", offset, count });
        return;
      }
      case "return": {
        const { distinct } = statement;
        if (distinct && this.#scopes.depth === 1 && !this.#scopes.inLoop && !this.#afterCollect()) {
          throw this.#error("cannot use DISTINCT modifier on top-level query element", statement.at);
        }
        this.#out.push({ kind: "return", value: this.#expr(statement.value), distinct });
        return;
      }
      case "collect":
        return this.#collect(statement);
      case "window":
        return this.#window(statement);
      case "insert":
      case "remove":
      case "update":
      case "replace":
      case "upsert":
        return this.#modification(statement);
      default:
        unreachable(statement);
    }
  }

  #afterCollect(): boolean {
    return this.#out.some(({ kind }) => kind === "collect");
  }

  #error(message: string, at: number): ArangoError {
    return parseError(message, this.#query.text, at);
  }

  /** An error of the checks that come after parsing. */
  #late(errorNum: number, message?: string, state: QueryState = "optimizing ast"): ArangoError {
    this.#input?.onState(state);
    return new ArangoError(errorNum, message);
  }

  // names

  #collection(source: DataSourceName, access: "read" | "write" | "exclusive"): BoundCollection {
    if (!this.#input) {
      if (source.kind === "collectionBind") return { name: `@${source.name}`, parameter: true };
      this.#touch(source.name, access);
      return { name: source.name };
    }
    const name = source.kind === "collectionBind" ? this.#input.binds.value(`@${source.name}`) as string : source.name;
    this.#known(name);
    this.#touch(name, access);
    return { name };
  }

  /** Refuses names of collections that do not exist. */
  #known(name: string): void {
    if (name === "") throw new ArangoError(1208);
    if (this.#input && !this.#input.source.collection(name)) {
      throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
    }
  }

  #touch(name: string, access: "read" | "write" | "exclusive"): void {
    const before = this.#collections.get(name);
    if (before === undefined || before === "read" || access === "exclusive") this.#collections.set(name, access);
  }

  #notWritten(name: string): void {
    if (this.#written.has(name)) {
      throw this.#late(1579, `access after data-modification by collection '${name}'`);
    }
  }

  #name(name: string): Expr {
    if (name === "CURRENT") {
      const variable = this.#current.at(-1);
      if (variable) return reference(variable);
    }
    const variable = this.#scopes.find(name);
    if (variable) return reference(variable);
    const message = this.#collectNames.get(name);
    if (message !== undefined) throw new ArangoError(1512, message);
    this.#known(name);
    if (this.#input) this.#notWritten(name);
    this.#touch(name, "read");
    return { kind: "collection", name };
  }

  #bind(name: string): Expr {
    return this.#input ? this.#input.binds.constant(name) : { kind: "parameter", name };
  }

  #graph(graph: GraphSubject, direction: Direction, options: BoundOptions | undefined): BoundGraph {
    const bound = graph.kind === "graph" ? this.#namedGraph(graph.name, direction) : this.#edgeList(graph, direction);
    if (!this.#input) return bound;
    const only = restrictionOf(options?.value.edgeCollections);
    if (only) this.#checkEdgeRestriction(only, bound);
    const vertices = restrictionOf(options?.value.vertexCollections);
    if (vertices) this.#checkVertexRestriction(vertices, bound);
    for (const { collection } of bound.edges) this.#checkIsEdges(collection.name);
    const edges = this.#withoutDuplicates(bound.edges);
    return { ...bound, edges: only ? edges.filter(({ collection }) => only.includes(collection.name)) : edges };
  }

  #checkIsEdges(name: string): void {
    if (this.#input!.source.collection(name)?.type === 3) return;
    throw this.#late(1218, `collection type invalid: '${name}' is no edge collection`, "instantiating plan");
  }

  /** Refuses names in the option `edgeCollections` that are no edge collections of the graph. */
  #checkEdgeRestriction(names: readonly string[], graph: BoundGraph): void {
    for (const name of names) {
      this.#known(name);
      this.#checkIsEdges(name);
      const isThere = graph.edges.some(({ collection }) => collection.name === name);
      if (!isThere) throw this.#late(1939, undefined, "instantiating plan");
    }
  }

  /** Refuses names in the option `vertexCollections` that do not exist, or do not belong to a named graph. */
  #checkVertexRestriction(names: readonly string[], graph: BoundGraph): void {
    for (const name of names) {
      this.#known(name);
      const isThere = graph.name === undefined || graph.vertexCollections.includes(name);
      if (!isThere) throw this.#late(1926, undefined, "instantiating plan");
    }
  }

  /** Each edge collection once; one that is to be followed in different directions is refused. */
  #withoutDuplicates(edges: BoundGraph["edges"]): BoundGraph["edges"] {
    const byName = new Map<string, BoundGraph["edges"][number]>();
    for (const edge of edges) {
      const { name } = edge.collection;
      const known = byName.get(name);
      if (known && known.direction !== edge.direction) {
        throw this.#late(1218, `conflicting directions specified for collection '${name}'`, "instantiating plan");
      }
      byName.set(name, known ?? edge);
    }
    return [...byName.values()];
  }

  #namedGraph(name: DataSourceName, direction: Direction): BoundGraph {
    const parameter = name.kind === "bind" ? name.name : `@${name.name}`;
    const bound = name.kind === "name" ? constant(name.name) : this.#bind(parameter);
    if (!this.#input) return { name: bound, edges: [], vertexCollections: [] };
    const { value } = bound as { value: AqlValue };
    if (typeof value !== "string" || value === "") throw invalidBind(parameter);
    const definition = this.#graphDefinition(value);
    if (!definition) throw this.#late(1924, `graph '${value}' not found`, "parsing");
    for (const one of definition.vertexCollections) if (this.#input.source.collection(one)) this.#touch(one, "read");
    const edges = definition.edgeCollections.map((one) => ({
      direction,
      collection: this.#collection({ kind: "name", at: 0, name: one }, "read"),
    }));
    return { name: bound, edges, vertexCollections: definition.vertexCollections };
  }

  /** The collections of a named graph, as `_graphs` has them. */
  #graphDefinition(name: string): { edgeCollections: string[]; vertexCollections: string[] } | undefined {
    const { source, context } = this.#input!;
    context.planIsFleeting = true;
    if (!source.collection("_graphs")) return undefined;
    using session = source.read({ read: ["_graphs"], write: [], waitForSync: false });
    const document = session.reader("_graphs")?.document(name);
    if (!document) return undefined;
    const definitions = Array.isArray(document.edgeDefinitions) ? document.edgeDefinitions.filter(isObject) : [];
    const vertices = definitions.flatMap(({ from, to }) => [...namesOf(from) ?? [], ...namesOf(to) ?? []]);
    return {
      edgeCollections: definitions.flatMap(({ collection }) => namesOf(collection) ?? []),
      vertexCollections: [...new Set([...vertices, ...namesOf(document.orphanCollections) ?? []])],
    };
  }

  #edgeList(graph: Extract<GraphSubject, { kind: "edges" }>, direction: Direction): BoundGraph {
    const edges = graph.collections.flatMap(({ direction: own = direction, name }) => {
      if (name.kind !== "bind") return [{ direction: own, collection: this.#collection(name, "read") }];
      if (!this.#input) return [{ direction: own, collection: { name: name.name, parameter: true } }];
      const value = this.#input.binds.value(name.name);
      const names = Array.isArray(value) ? value : [value];
      return names.map((one) => {
        if (typeof one !== "string") throw invalidBind(name.name);
        return { direction: own, collection: this.#collection({ kind: "name", at: graph.at, name: one }, "read") };
      });
    });
    return { edges, vertexCollections: [] };
  }

  // variables and patterns

  #let(value: Expr): Variable {
    if (value.kind === "variable") return value.variable;
    const variable = this.#scopes.temporary();
    this.#out.push({ kind: "let", variable, value });
    return variable;
  }

  #loopVariable(pattern: Pattern): Variable {
    return pattern.kind === "variable" ? this.#scopes.declare(pattern.name) : this.#scopes.temporary();
  }

  /** Declares the variables of a pattern that takes a value apart. */
  #destructure(pattern: Pattern, value: Expr): void {
    switch (pattern.kind) {
      case "variable":
        return;
      case "arrayPattern":
        pattern.items.forEach((item, i) => {
          if (item) this.#bindPattern(item, { kind: "index", target: value, index: constant(i) });
        });
        return;
      case "objectPattern":
        for (const { name, pattern: inner } of pattern.members) {
          this.#bindPattern(inner, { kind: "attribute", target: value, name });
        }
    }
  }

  #bindPattern(pattern: Pattern, value: Expr): void {
    if (pattern.kind === "variable") {
      this.#out.push({ kind: "let", variable: this.#scopes.declare(pattern.name), value: this.#fold(value) });
    } else {
      this.#destructure(pattern, value);
    }
  }

  /** A subquery as a statement of its own; `declare` makes the variable for its result. */
  #subquery(statements: readonly Statement[], declare: () => Variable): Variable {
    const { length } = this.#current;
    this.#current.push(undefined);
    this.#scopes.openQuery();
    const guard = this.#guard;
    this.#guard = undefined;
    const bound = this.#statements(statements);
    this.#guard = guard;
    this.#scopes.closeQuery();
    this.#current.length = length;
    const variable = declare();
    const guarded: readonly BoundStatement[] = guard ? [{ kind: "filter", condition: guard }, ...bound] : bound;
    this.#out.push({ kind: "subquery", variable, statements: guarded });
    return variable;
  }

  // statements

  #forSource(source: Expression): Expr {
    if (source.kind === "collectionBind" || source.kind === "name") {
      const expr = source.kind === "name" ? this.#name(source.name) : this.#collectionParameter(source.name);
      return expr;
    }
    const expr = this.#expr(source);
    if (expr.kind === "constant" && shapeOf(expr).type !== "array") {
      this.#input?.onState("optimizing ast");
      throw new ArangoError(
        1563,
        `collection or array expected as operand to FOR loop; you specified type '${
          typeName(expr.value)
        }' with content '${jsonText(expr.value)}'`,
      );
    }
    return expr;
  }

  #collectionParameter(name: string): Expr {
    const { name: bound, parameter } = this.#collection({ kind: "collectionBind", at: 0, name }, "read");
    if (this.#input) this.#notWritten(bound);
    return { kind: "collection", name: bound, ...(parameter ? { parameter } : {}) };
  }

  /** The value of an OPTIONS object; `statement` names it in warnings, undefined leaves it unchecked. */
  #options(statement: string | undefined, options: ObjectExpression | undefined): BoundOptions | undefined {
    if (!options) return undefined;
    const expression = this.#computed(this.#expr(options));
    if (!this.#input) return { expression, value: {} };
    if (expression.kind !== "constant" || !isObject(expression.value)) {
      throw this.#late(1575, undefined, "instantiating plan");
    }
    const value = statement === undefined
      ? expression.value
      : checkedOptions(statement, expression.value, (code, message) => this.#input!.context.warn(code, message));
    return { expression, value };
  }

  #sortElement({ value, direction }: SortElement): { value: Expr; ascending: boolean } {
    const expr = this.#expr(value);
    if (direction === undefined || direction === "ASC" || direction === "DESC") {
      return { value: expr, ascending: direction !== "DESC" };
    }
    const order = this.#computed(this.#expr(direction));
    if (order.kind !== "constant") return { value: expr, ascending: true };
    const word = typeof order.value === "string" ? order.value.toLowerCase() : "";
    return { value: expr, ascending: word === "asc" || (word !== "desc" && isTruthy(order.value)) };
  }

  #limit({ offset, count }: LimitClause): { offset: Expr; count: Expr } {
    return {
      offset: offset ? this.#limitValue(this.#computed(this.#expr(offset)), "offset", 0) : constant(0),
      count: this.#limitValue(this.#computed(this.#expr(count)), "count", NO_LIMIT),
    };
  }

  #limitValue(expr: Expr, what: "offset" | "count", missing: number): Expr {
    if (!this.#input) return expr;
    if (expr.kind !== "constant") {
      throw this.#late(1504, "LIMIT offset/count values must be constant numeric values", "instantiating plan");
    }
    const { value } = expr;
    if (value === null) return constant(missing);
    if (!isNumber(value) || value < 0) {
      throw this.#late(1504, `LIMIT ${what} value is not a number or out of range`, "instantiating plan");
    }
    return constant(Math.trunc(Number(value)));
  }

  #collect(statement: CollectStatement): void {
    const names = new Map<string, string>();
    const forbid = (assignments: readonly Assignment[], text: (name: string) => string): void => {
      for (const { variable: { name } } of assignments) names.set(name, text(name));
    };
    forbid(statement.groups, (name) => `use of COLLECT variable '${name}' inside same COLLECT`);
    const before = this.#collectNames;
    this.#collectNames = names;
    const groupValues = statement.groups.map(({ value }) => this.#expr(value));
    forbid(statement.groups, (name) => `use of unknown variable '${name}' in AGGREGATE expression`);
    const aggregates = statement.aggregates.map((one) => {
      const bound = this.#aggregate(one);
      names.set(one.variable.name, `use of unknown variable '${one.variable.name}' in AGGREGATE expression`);
      return bound;
    });
    forbid(
      [...statement.groups, ...statement.aggregates],
      (name) => `use of COLLECT variable '${name}' inside same COLLECT's expression`,
    );
    const projection = statement.into?.projection && this.#expr(statement.into.projection);
    this.#collectNames = before;
    const options = this.#options("COLLECT", statement.options);
    const visible = this.#scopes.forInto();
    const kept = statement.keep?.map(({ name }) => {
      const variable = this.#scopes.find(name);
      if (!variable) throw new ArangoError(1501, `use of unknown variable '${name}' for KEEP`);
      return variable;
    });
    this.#scopes.collect();
    const groups = statement.groups.map(({ variable }, i) => ({
      variable: this.#scopes.declare(variable.name),
      value: groupValues[i]!,
    }));
    const bound: BoundAggregate[] = statement.aggregates.map(({ variable }, i) => ({
      variable: this.#scopes.declare(variable.name),
      ...aggregates[i]!,
    }));
    if (statement.count) bound.push({ variable: this.#scopes.declare(statement.count.name), name: "LENGTH" });
    const into = statement.into && {
      variable: this.#scopes.declare(statement.into.variable.name),
      ...(projection ? { projection } : {}),
      variables: kept ?? visible,
      keep: kept !== undefined,
    };
    this.#out.push({ kind: "collect", groups, aggregates: bound, ...(into ? { into } : {}), options });
  }

  #aggregate({ value }: Assignment): { name: string; argument?: Expr } {
    if (value.kind !== "call") throw new ArangoError(1574, "aggregate expression must be a function call");
    const name = value.name.toUpperCase();
    if (!AQL_AGGREGATES.has(name)) throw new ArangoError(1574, "unknown aggregate function used");
    const optional = name === "LENGTH" || name === "COUNT";
    if (value.args.length > 1 || (value.args.length === 0 && !optional)) throw new ArangoError(1574);
    return value.args.length === 0 ? { name } : { name, argument: this.#expr(value.args[0]!) };
  }

  #window(statement: WindowStatement): void {
    if (this.#written.size > 0) throw this.#late(1595);
    const range = statement.range && this.#expr(statement.range);
    const seen = new Set<string>();
    for (const member of statement.bounds.members) {
      const name = member.kind === "member" ? member.name : undefined;
      if (name !== "preceding" && name !== "following") {
        throw new ArangoError(
          1501,
          `Invalid WINDOW attribute '${name ?? ""}'; only "preceding" and "following" are supported`,
        );
      }
      if (seen.has(name)) throw new ArangoError(1501, `WINDOW attribute '${name}' is specified multiple times`);
      seen.add(name);
    }
    if (seen.size === 0) {
      throw new ArangoError(1501, "At least one WINDOW bound must be specified ('preceding'/'following')");
    }
    const bounds = this.#computed(this.#expr(statement.bounds));
    if (this.#input && bounds.kind !== "constant") throw this.#late(1575, undefined, "instantiating plan");
    const aggregates = statement.aggregates.map((one) => this.#aggregate(one));
    this.#out.push({
      kind: "window",
      ...(range ? { range } : {}),
      bounds,
      aggregates: statement.aggregates.map(({ variable }, i) => ({
        variable: this.#scopes.declare(variable.name),
        ...aggregates[i]!,
      })),
    });
  }

  #modification(statement: ModificationStatement): void {
    if (this.#modificationDepth > 0) throw this.#late(1573);
    if (statement.kind === "upsert") return this.#upsert(statement);
    this.#modificationDepth++;
    const key = "key" in statement && statement.key ? this.#expr(statement.key) : undefined;
    const document = this.#expr(statement.document);
    this.#modificationDepth--;
    const options = this.#options(statement.kind.toUpperCase(), statement.options);
    const collection = this.#writes(statement.collection, options);
    const { value } = options ?? { value: {} as AqlObject };
    const overwrites = value.overwriteMode === "update" || value.overwriteMode === "replace" ||
      (value.overwrite === true && value.overwriteMode === undefined);
    const hasOld = statement.kind !== "insert" || overwrites;
    const hasNew = statement.kind !== "remove";
    const oldVariable = hasOld ? this.#scopes.hidden("OLD") : undefined;
    const newVariable = hasNew ? this.#scopes.hidden("NEW") : undefined;
    this.#scopes.redefine("OLD", oldVariable);
    this.#scopes.redefine("NEW", newVariable);
    const common = {
      collection,
      options,
      document,
      ...(oldVariable ? { oldVariable } : {}),
      ...(newVariable ? { newVariable } : {}),
    };
    if (statement.kind === "insert" || statement.kind === "remove") {
      this.#out.push({ kind: statement.kind, ...common });
    } else {
      this.#out.push({ kind: statement.kind, ...common, ...(key ? { key } : {}) });
    }
  }

  #writes(name: DataSourceName, options: BoundOptions | undefined): BoundCollection {
    const collection = this.#collection(name, options?.value.exclusive === true ? "exclusive" : "write");
    if (this.#input) this.#notWritten(collection.name);
    if (!collection.parameter) this.#written.add(collection.name);
    return collection;
  }

  /** The search becomes a subquery, its first result OLD. */
  #upsert(statement: UpsertStatement): void {
    const options = this.#options("UPSERT", statement.options);
    const collection = this.#collection(statement.collection, "write");
    if (this.#input) this.#notWritten(collection.name);
    this.#modificationDepth++;
    const candidate = this.#scopes.hidden("CURRENT");
    let search: Expr;
    if (statement.search.kind === "filter") {
      this.#current.push(candidate);
      search = this.#expr(statement.search.value);
      this.#current.pop();
    } else {
      search = this.#expr(statement.search.value);
    }
    const oldVariable = this.#scopes.hidden("OLD");
    if (this.#input) {
      const conditions = statement.search.kind === "filter"
        ? [search]
        : exampleConditions(search, reference(candidate));
      const found = this.#scopes.temporary();
      const readOwnWrites = options?.value.readOwnWrites !== false;
      this.#out.push({
        kind: "subquery",
        variable: found,
        statements: [
          {
            kind: "for",
            variable: candidate,
            source: { kind: "collection", name: collection.name },
            options: options,
            current: readOwnWrites,
          },
          ...conditions.map((condition) => ({ kind: "filter", condition: this.#fold(condition) } as const)),
          { kind: "limit", offset: constant(0), count: constant(1) },
          { kind: "return", value: reference(candidate), distinct: false },
        ],
      });
      this.#out.push({
        kind: "let",
        variable: oldVariable,
        value: { kind: "index", target: reference(found), index: constant(0) },
      });
    }
    this.#scopes.redefine("OLD", undefined);
    this.#scopes.redefine("NEW", undefined);
    const insert = this.#expr(statement.insert);
    this.#scopes.redefine("OLD", oldVariable);
    const update = this.#expr(statement.update);
    this.#modificationDepth--;
    this.#writes(statement.collection, options);
    const newVariable = this.#scopes.hidden("NEW");
    this.#scopes.redefine("NEW", newVariable);
    const { replace } = statement;
    this.#out.push({ kind: "upsert", collection, options, search, oldVariable, newVariable, insert, update, replace });
  }

  // expressions

  /** An expression that has to be a value. */
  #expr(node: Expression): Expr {
    const expr = this.#any(node);
    if (expr.kind === "collection" && this.#input) {
      throw this.#late(1568, `collection '${expr.name}' used as expression operand`);
    }
    return expr;
  }

  /** An expression, or a collection. */
  #any(node: Expression): Expr {
    switch (node.kind) {
      case "literal":
        if (node.overflow) this.#input?.context.warn(1504, "number out of range");
        return constant(node.value);
      case "name":
        return this.#name(node.name);
      case "bind":
        return this.#bind(node.name);
      case "collectionBind":
        return this.#collectionParameter(node.name);
      case "array": {
        const items = node.items.map((item) =>
          item.kind === "spread"
            ? { value: this.#expr(item.operand), spread: true }
            : { value: this.#expr(item), spread: false }
        );
        return this.#fold({ kind: "array", items });
      }
      case "object":
        return this.#object(node);
      case "attribute":
        return this.#fold({ kind: "attribute", target: this.#expr(node.target), name: node.name });
      case "boundAttribute":
        return this.#boundAttribute(this.#expr(node.target), node.bind.name);
      case "index":
        return this.#fold({ kind: "index", target: this.#expr(node.target), index: this.#expr(node.index) });
      case "expansion":
        return this.#expansion(node);
      case "question":
        return this.#question(node);
      case "item":
        return reference(this.#item!);
      case "unary":
        return this.#fold({ kind: "unary", operator: node.operator, operand: this.#expr(node.operand) });
      case "binary":
        return this.#binary(node);
      case "quantified": {
        const { operator } = node;
        const left = this.#expr(node.left);
        const right = this.#expr(node.right);
        const quantifier = this.#quantifier(node.quantifier);
        const pattern = patternFunction(operator);
        const plain = pattern ? { match: this.#function(pattern.name, 2), negated: pattern.negated } : operator;
        return this.#fold({ kind: "quantified", quantifier, operator: plain as "==", left, right });
      }
      case "ternary":
        return this.#ternary(node);
      case "range":
        return { kind: "range", low: this.#expr(node.low), high: this.#expr(node.high) };
      case "call":
        return this.#call(node);
      case "subquery": {
        const variable = this.#subquery(node.statements, () => this.#scopes.temporary());
        return { kind: "variable", variable, subquery: true };
      }
      default:
        return unreachable(node);
    }
  }

  /** Computes an expression whose parts are constant, unless it only puts values of parameters together. */
  #fold(expr: Expr): Expr {
    const isCollection = expr.kind === "array" || expr.kind === "object";
    return isCollection && some(expr, isParameter) ? expr : this.#computed(expr);
  }

  /** Computes an expression whose parts are constant. */
  #computed(expr: Expr): Expr {
    const { kind } = expr;
    if (!this.#input) {
      const sign = kind === "unary" && expr.operator !== "!" && expr.operand.kind === "constant";
      if (!sign || !isNumber((expr.operand as { value: AqlValue }).value)) return expr;
      const { value } = expr.operand as { value: number | bigint };
      return constant(expr.operator === "-" ? negate(value) : value);
    }
    if (kind === "binary" && expr.left.kind === "constant") {
      if (expr.operator === "&&") return isTruthy(expr.left.value) ? expr.right : expr.left;
      if (expr.operator === "||") return isTruthy(expr.left.value) ? expr.left : expr.right;
      if (expr.right.kind === "constant" && (expr.operator === "+" || expr.operator === "-" || expr.operator === "*")) {
        const exact = foldIntegers(expr.operator, expr.left.value, expr.right.value);
        if (exact !== undefined) return constant(exact);
      }
    }
    if (kind === "expansion" || kind === "question") {
      if (expr.target.kind !== "constant" || variablesOf(expr).size > 0) return expr;
      if (!isDeterministic(expr) || some(expr, ({ kind }) => kind === "collection")) return expr;
    } else if (SIMPLE.has(kind) || !partsOf(expr).every(isFixed)) {
      return expr;
    } else if (kind === "userCall" || (kind === "call" && (!expr.spec.deterministic || expr.spec.readsData))) {
      return expr;
    }
    const { context, onState } = this.#input;
    onState("optimizing ast");
    const evaluate = compile(expr, context);
    const value = asConstant(() => evaluate([]));
    onState("parsing");
    if (value === null && kind === "binary" && "+-*/%".includes(expr.operator) && !isZeroDivision(expr)) {
      context.warn(1504, "number out of range");
    }
    return constant(value);
  }

  #boundAttribute(target: Expr, name: string): Expr {
    if (!this.#input) return { kind: "boundAttribute", target, name };
    const value = this.#input.binds.value(name);
    const path = Array.isArray(value) ? value : [value];
    if (path.length === 0) throw invalidBind(name);
    for (const part of path) {
      if (typeof part !== "string" || part === "") throw invalidBind(name);
      target = this.#fold({ kind: "attribute", target, name: part });
    }
    return target;
  }

  #object(node: ObjectExpression): Expr {
    const members: ExprMember[] = [];
    const names = new Set<string>();
    const spreads = node.members.some(({ kind }) => kind === "spread");
    for (const member of node.members) {
      switch (member.kind) {
        case "member": {
          if (member.shorthand && !this.#isVariable(member.name)) {
            throw new ArangoError(1512, `use of unknown variable '${member.name}' in object literal`);
          }
          this.#addMember(members, member.name, this.#expr(member.value), names, spreads);
          break;
        }
        case "bound": {
          const bound = this.#bind(member.bind.name);
          const value = this.#expr(member.value);
          if (bound.kind !== "constant") members.push({ kind: "computed", name: bound, value });
          else if (typeof bound.value !== "string") throw invalidBind(member.bind.name);
          else this.#addMember(members, bound.value, value, names, spreads);
          break;
        }
        case "computed":
          members.push({ kind: "computed", name: this.#expr(member.name), value: this.#expr(member.value) });
          break;
        case "spread":
          members.push({ kind: "spread", value: this.#expr(member.operand) });
      }
    }
    return this.#fold({ kind: "object", members });
  }

  #isVariable(name: string): boolean {
    return this.#scopes.find(name) !== undefined || (name === "CURRENT" && this.#current.at(-1) !== undefined);
  }

  /** Up to 3.12 the first of several members with one name counts; one that follows a spread overrides. */
  #addMember(members: ExprMember[], name: string, value: Expr, names: Set<string>, spreads: boolean): void {
    if (names.has(name) && !spreads) return;
    names.add(name);
    members.push({ kind: "fixed", name, value });
  }

  /** Analyzes inline parts in which CURRENT is `item`. */
  #inline<T>(item: Variable, body: () => T): T {
    this.#current.push(item);
    const result = body();
    this.#current.pop();
    return result;
  }

  #expansion(node: Extract<Expression, { kind: "expansion" }>): Expr {
    const target = this.#expr(node.target);
    const item = this.#scopes.hidden("CURRENT");
    const inline = this.#inline(item, () => ({
      ...(node.filter ? { filter: this.#expr(node.filter) } : {}),
      ...(node.limit?.offset ? { offset: this.#expr(node.limit.offset) } : {}),
      ...(node.limit ? { count: this.#expr(node.limit.count) } : {}),
      ...(node.projection ? { projection: this.#expr(node.projection) } : {}),
    }));
    const result = inline.projection ? this.#scopes.hidden("CURRENT") : item;
    const before = this.#item;
    this.#item = result;
    const each = this.#expr(node.each);
    this.#item = before;
    return this.#fold({ kind: "expansion", target, levels: node.levels, item, ...inline, each, result });
  }

  #question(node: Extract<Expression, { kind: "question" }>): Expr {
    const target = this.#expr(node.target);
    const quantifier = node.quantifier && this.#quantifier(node.quantifier);
    const item = this.#scopes.hidden("CURRENT");
    const filter = node.filter && this.#inline(item, () => this.#expr(node.filter!));
    return this.#fold({
      kind: "question",
      target,
      levels: node.levels,
      item,
      ...(quantifier ? { quantifier } : {}),
      ...(filter ? { filter } : {}),
    });
  }

  #quantifier(quantifier: Quantifier): PlanQuantifier {
    return "count" in quantifier ? { kind: quantifier.kind, count: this.#expr(quantifier.count) } : quantifier;
  }

  #binary(node: Extract<Expression, { kind: "binary" }>): Expr {
    const { operator } = node;
    const pattern = patternFunction(operator);
    if (pattern) {
      const args = [this.#expr(node.left), this.#expr(node.right)];
      const call = this.#fold({ kind: "call", spec: this.#function(pattern.name, 2), args });
      return pattern.negated ? this.#fold({ kind: "unary", operator: "!", operand: call }) : call;
    }
    let left = this.#expr(node.left);
    let right: Expr;
    if ((operator === "&&" || operator === "||") && this.#mayGuard(node.right)) {
      left = this.#guardBy(left);
      right = this.#guarded(left, operator === "||", node.right);
    } else {
      right = this.#expr(node.right);
    }
    return this.#fold({ kind: "binary", operator: operator as "==", left, right });
  }

  #ternary(node: Extract<Expression, { kind: "ternary" }>): Expr {
    let condition = this.#expr(node.condition);
    let then: Expr | undefined;
    let otherwise: Expr;
    if ((node.then && this.#mayGuard(node.then)) || this.#mayGuard(node.otherwise)) {
      condition = this.#guardBy(condition);
      then = node.then && this.#guarded(condition, false, node.then);
      otherwise = this.#guarded(condition, true, node.otherwise);
    } else {
      then = node.then && this.#expr(node.then);
      otherwise = this.#expr(node.otherwise);
    }
    if (condition.kind === "constant" && this.#input) {
      return isTruthy(condition.value) ? then ?? condition : otherwise;
    }
    return { kind: "ternary", condition, ...(then ? { then } : {}), otherwise };
  }

  /** Whether a subquery in `node` has to wait for a condition. Inside of expansions nothing can. */
  #mayGuard(node: Expression): boolean {
    return this.#input !== undefined && this.#hasSubqueries && this.#current.at(-1) === undefined &&
      hasSubquery(node);
  }

  /** The condition as a variable that subqueries can test. */
  #guardBy(condition: Expr): Expr {
    if (condition.kind === "constant") return condition;
    const value: Expr = this.#guard
      ? { kind: "binary", operator: "&&", left: this.#guard, right: condition }
      : condition;
    return reference(this.#let(value));
  }

  /** Analyzes an operand whose subqueries are needed only if `condition` holds (or, `negated`, does not). */
  #guarded(condition: Expr, negated: boolean, node: Expression): Expr {
    const before = this.#guard;
    const test: Expr = negated ? this.#fold({ kind: "unary", operator: "!", operand: condition }) : condition;
    this.#guard = before && negated ? { kind: "binary", operator: "&&", left: before, right: test } : test;
    const expr = this.#expr(node);
    this.#guard = before;
    return expr;
  }

  #function(name: string, args: number): FunctionSpec {
    const upper = name.toUpperCase();
    const spec = AQL_FUNCTIONS.get(upper);
    if (!spec) throw new ArangoError(1540, `usage of unknown function '${upper}()'`);
    checkArgumentCount(spec, args);
    return spec;
  }

  #call(node: CallExpression): Expr {
    if (node.name.includes("::")) {
      return { kind: "userCall", name: node.name.toUpperCase(), args: node.args.map((arg) => this.#expr(arg)) };
    }
    const spec = this.#function(node.name, node.args.length);
    const takesCollection = COLLECTION_FUNCTIONS.has(spec.name);
    const args = node.args.map((arg, i) => takesCollection && i === 0 ? this.#any(arg) : this.#expr(arg));
    if (spec.readsData && this.#written.size > 0 && this.#input) {
      throw this.#late(1579, `access after data-modification by function ${spec.name}`);
    }
    return this.#fold({ kind: "call", spec, args });
  }
}

/** The function behind an operator of patterns. */
function patternFunction(operator: string): { name: string; negated: boolean } | undefined {
  switch (operator) {
    case "LIKE":
    case "NOT LIKE":
      return { name: "LIKE", negated: operator === "NOT LIKE" };
    case "=~":
    case "!~":
      return { name: "REGEX_TEST", negated: operator === "!~" };
    default:
      return undefined;
  }
}

/** Whether null is what a division by zero gave, which has its own warning. */
function isZeroDivision(expr: Extract<Expr, { kind: "binary" }>): boolean {
  return expr.operator === "/" || expr.operator === "%";
}

/** Whether a part of an expression is a parameter whose value the plan need not know. */
function isParameter(part: Expr): boolean {
  return part.kind === "constant" && part.parameter !== undefined;
}

/** Whether an expression is a constant, or puts constants together. */
function isFixed(expr: Expr): boolean {
  return expr.kind === "constant" ||
    ((expr.kind === "array" || expr.kind === "object") && partsOf(expr).every(isFixed));
}

/** Whether there is a subquery in a piece of a syntax tree. */
function hasSubquery(node: unknown): boolean {
  if (node === null || typeof node !== "object") return false;
  if ((node as { kind?: unknown }).kind === "subquery") return true;
  return Object.values(node).some(hasSubquery);
}

/** The conditions that an UPSERT example stands for: one for each value that is no object. */
function exampleConditions(example: Expr, target: Expr): Expr[] {
  if (example.kind === "object") {
    return example.members.flatMap((member) => {
      if (member.kind !== "fixed") {
        throw new ArangoError(1501, "computed attribute names are not allowed in the example of an UPSERT");
      }
      return exampleConditions(member.value, { kind: "attribute", target, name: member.name });
    });
  }
  if (example.kind === "constant" && isObject(example.value)) {
    return Object.entries(example.value).flatMap(([name, value]) =>
      exampleConditions(constant(value), { kind: "attribute", target, name })
    );
  }
  if (target.kind === "variable") {
    throw new ArangoError(1501, "expecting object literal with literal attribute names in 'UPSERT'/'OPTIONS' clause");
  }
  return [{ kind: "binary", operator: "==", left: target, right: example }];
}
