/**
 * Expressions and statements in the shape that ArangoDB shows them in.
 *
 * Source: section 19.4 of `aql.md`.
 *
 * @module
 */
import { unreachable } from "./ast.ts";
import { OPERATORS, TYPE_IDS, UNARY } from "./ast_node_types.ts";
import type { BoundAggregate, BoundCollection, BoundGraph, BoundOptions, BoundStatement } from "./bound.ts";
import type { Expr, PlanQuantifier, Variable } from "./plan/expression.ts";
import { type AqlObject, type AqlValue, isIntegerValue } from "./values.ts";

/** Writes nodes; with type numbers for plans, without them for parsed queries. */
class AstWriter {
  readonly #withIds: boolean;

  /** @param withIds whether nodes carry `typeID` */
  constructor(withIds: boolean) {
    this.#withIds = withIds;
  }

  /** A node. */
  node(type: string, attributes: AqlObject = {}, subNodes: readonly AqlObject[] = []): AqlObject {
    const id = this.#withIds ? TYPE_IDS[type] : undefined;
    return {
      type,
      ...(id === undefined ? {} : { typeID: id }),
      ...attributes,
      ...(subNodes.length > 0 ? { subNodes: [...subNodes] } : {}),
    };
  }

  /** An expression. */
  expression(expr: Expr): AqlObject {
    switch (expr.kind) {
      case "constant":
        return this.#value(expr.value);
      case "parameter":
        return this.node("parameter", { name: expr.name });
      case "collection":
        return expr.parameter
          ? this.node("datasource parameter", { name: expr.name })
          : this.node("collection", { name: expr.name });
      case "variable":
        return this.#reference(expr.variable, expr.subquery ?? false);
      case "attribute":
        return this.node("attribute access", { name: expr.name }, [this.expression(expr.target)]);
      case "boundAttribute":
        return this.node("bound attribute access", {}, [
          this.expression(expr.target),
          this.node("parameter", { name: expr.name }),
        ]);
      case "index":
        return this.node("indexed access", {}, [this.expression(expr.target), this.expression(expr.index)]);
      case "expansion": {
        const { levels, item, filter, offset, count, projection, each } = expr;
        const limit = count && this.node("array limit", {}, [this.expression(offset ?? ZERO), this.expression(count)]);
        return this.node("expansion", { levels, booleanize: false }, [
          this.node("iterator", {}, [this.variable(item), this.expression(expr.target)]),
          this.expression(each),
          this.#optional(filter),
          limit ?? this.node("no-op"),
          this.#optional(projection),
        ]);
      }
      case "question": {
        const { levels, item, quantifier, filter } = expr;
        const condition = filter
          ? this.node("array filter", {}, [
            quantifier ? this.#quantifier(quantifier) : this.node("no-op"),
            this.expression(filter),
          ])
          : this.node("no-op");
        return this.node("expansion", { levels, booleanize: true }, [
          this.node("iterator", {}, [this.variable(item), this.expression(expr.target)]),
          this.#reference(item, false),
          condition,
          this.node("no-op"),
          this.node("no-op"),
        ]);
      }
      case "unary":
        return this.node(UNARY[expr.operator]!, {}, [this.expression(expr.operand)]);
      case "binary": {
        const { operator } = expr;
        const type = OPERATORS[operator] ?? `compare ${operator}`;
        const attributes: AqlObject = operator === "==" || operator === "<" || operator === "<="
          ? { excludesNull: false }
          : operator === "IN" || operator === "NOT IN"
          ? { sorted: false }
          : {};
        return this.node(type, attributes, [this.expression(expr.left), this.expression(expr.right)]);
      }
      case "quantified": {
        const name = typeof expr.operator === "string"
          ? expr.operator.toLowerCase()
          : expr.operator.match.name.toLowerCase();
        return this.node(`array compare ${name}`, {}, [
          this.expression(expr.left),
          this.expression(expr.right),
          this.#quantifier(expr.quantifier),
        ]);
      }
      case "ternary":
        return this.node(
          "ternary",
          {},
          [expr.condition, ...(expr.then ? [expr.then] : []), expr.otherwise].map((part) => this.expression(part)),
        );
      case "range":
        return this.node("range", {}, [this.expression(expr.low), this.expression(expr.high)]);
      case "call":
      case "userCall": {
        const type = expr.kind === "call" ? "function call" : "user function call";
        const name = expr.kind === "call" ? expr.spec.name : expr.name;
        return this.node(type, { name }, [this.#arguments(expr.args)]);
      }
      case "array":
        return this.#list(
          expr.items.map(({ value, spread }) =>
            spread ? this.node("spread", {}, [this.expression(value)]) : this.expression(value)
          ),
        );
      case "object":
        return this.node(
          "object",
          {},
          expr.members.map((member) => {
            switch (member.kind) {
              case "fixed":
                return this.node("object element", { name: member.name }, [this.expression(member.value)]);
              case "computed":
                return this.node("calculated object element", {}, [
                  this.expression(member.name),
                  this.expression(member.value),
                ]);
              case "spread":
                return this.node("spread", {}, [this.expression(member.value)]);
            }
          }),
        );
      default:
        return unreachable(expr);
    }
  }

  #optional(expr: Expr | undefined): AqlObject {
    return expr ? this.expression(expr) : this.node("no-op");
  }

  /** The arguments of a call; in plans those that are all constant stand there as values. */
  #arguments(args: readonly Expr[]): AqlObject {
    const values = args.map((arg) => arg.kind === "constant" ? arg.value : undefined);
    const isConstant = this.#withIds && args.length > 0 && values.every((value) => value !== undefined);
    return isConstant ? this.#value(values) : this.#list(args.map((arg) => this.expression(arg)));
  }

  #list(members: readonly AqlObject[]): AqlObject {
    return this.node("array", {}, members);
  }

  #value(value: AqlValue): AqlObject {
    if (typeof value === "object" && value !== null) {
      return this.node(Array.isArray(value) ? "array" : "object", { raw: value });
    }
    if (!this.#withIds) return { type: "value", value };
    let kind = 0;
    if (typeof value === "boolean") kind = 1;
    else if (typeof value === "string") kind = 4;
    else if (value !== null) kind = isIntegerValue(value) ? 2 : 3;
    return this.node("value", { value, vTypeID: kind });
  }

  #reference({ name, id }: Variable, subqueryReference: boolean): AqlObject {
    return this.node("reference", { name, id, subqueryReference });
  }

  /** A declared variable. */
  variable({ name, id }: Variable): AqlObject {
    return { type: "variable", name, id };
  }

  #quantifier(quantifier: PlanQuantifier): AqlObject {
    const name = { ALL: "all", ANY: "any", NONE: "none", "AT LEAST": "at least", exactly: "exactly" }[quantifier.kind];
    return this.node(
      "quantifier",
      { quantifier: name },
      "count" in quantifier ? [this.expression(quantifier.count)] : [],
    );
  }

  /** Statements, in their order. */
  statements(statements: readonly BoundStatement[]): AqlObject[] {
    return statements.map((statement) => this.#statement(statement));
  }

  #statement(statement: BoundStatement): AqlObject {
    switch (statement.kind) {
      case "for":
        return this.node("for", {}, [
          this.variable(statement.variable),
          this.expression(statement.source),
          this.#options(statement.options),
        ]);
      case "let":
        return this.node("let", {}, [this.variable(statement.variable), this.expression(statement.value)]);
      case "subquery":
        return this.node("let", {}, [
          this.variable(statement.variable),
          this.node("subquery", {}, this.statements(statement.statements)),
        ]);
      case "filter":
        return this.node("filter", {}, [this.expression(statement.condition)]);
      case "sort":
        return this.node("sort", {}, [
          this.#list(
            statement.elements.map(({ value, ascending }) =>
              this.node("sort element", {}, [this.expression(value), { type: "value", value: ascending }])
            ),
          ),
        ]);
      case "limit":
        return this.node("limit", {}, [this.expression(statement.offset), this.expression(statement.count)]);
      case "return": {
        const value = this.expression(statement.value);
        return this.node("return", {}, [statement.distinct ? this.node("distinct", {}, [value]) : value]);
      }
      case "collect": {
        const { into } = statement;
        return this.node("collect", {}, [
          this.#options(statement.options),
          this.#list(
            statement.groups.map(({ variable, value }) =>
              this.node("assign", {}, [this.variable(variable), this.expression(value)])
            ),
          ),
          this.#aggregates(statement.aggregates),
          into ? this.variable(into.variable) : this.node("no-op"),
          this.#optional(into?.projection),
          into?.keep
            ? this.#list(into.variables.map((variable) => this.#reference(variable, false)))
            : this.node("no-op"),
        ]);
      }
      case "window":
        return this.node("window", {}, [
          this.expression(statement.bounds),
          this.#optional(statement.range),
          this.#aggregates(statement.aggregates),
        ]);
      case "insert":
      case "remove":
        return this.node(statement.kind, {}, [
          this.#options(statement.options),
          this.#collection(statement.collection),
          this.expression(statement.document),
        ]);
      case "update":
      case "replace":
        return this.node(statement.kind, {}, [
          this.#options(statement.options),
          this.#collection(statement.collection),
          this.expression(statement.document),
          this.#optional(statement.key),
        ]);
      case "upsert":
        return this.node("upsert", {}, [
          this.#options(statement.options),
          this.#collection(statement.collection),
          this.expression(statement.search),
          this.expression(statement.insert),
          this.expression(statement.update),
        ]);
      case "traversal":
        return this.node("traversal", {}, [
          this.#direction(statement.direction, statement.depth),
          this.expression(statement.start),
          this.#graph(statement.graph),
          this.#optional(statement.prune?.condition),
          this.#options(statement.options),
          ...statement.variables.map((variable) => this.variable(variable)),
        ]);
      case "path":
        return this.node(statement.search === "SHORTEST_PATH" ? "shortest path" : "enumerate paths", {}, [
          this.#direction(statement.direction, statement.depth),
          this.expression(statement.start),
          this.expression(statement.target),
          this.#graph(statement.graph),
          this.#options(statement.options),
          ...statement.variables.map((variable) => this.variable(variable)),
        ]);
      default:
        return unreachable(statement);
    }
  }

  #options(options: BoundOptions | undefined): AqlObject {
    return options ? this.expression(options.expression) : this.node("no-op");
  }

  #collection({ name, parameter }: BoundCollection): AqlObject {
    return this.expression({ kind: "collection", name, ...(parameter ? { parameter } : {}) });
  }

  #aggregates(aggregates: readonly BoundAggregate[]): AqlObject {
    return this.node(
      "aggregations array",
      {},
      aggregates.map(({ variable, name, argument }) =>
        this.node("assign", {}, [
          this.variable(variable),
          this.node("function call", { name }, [this.#list(argument ? [this.expression(argument)] : [])]),
        ])
      ),
    );
  }

  #direction(direction: string, depth: Expr | undefined): AqlObject {
    const number = direction === "ANY" ? 0 : direction === "INBOUND" ? 1 : 2;
    return this.node("direction", {}, [{ type: "value", value: number }, this.#optional(depth)]);
  }

  #graph(graph: BoundGraph): AqlObject {
    if (graph.name) return this.expression(graph.name);
    return this.node("collection list", {}, graph.edges.map(({ collection }) => this.#collection(collection)));
  }
}

const ZERO: Expr = { kind: "constant", value: 0 };

/** The statements of a parsed query, without type numbers. */
export function statementsJson(statements: readonly BoundStatement[]): AqlObject[] {
  return new AstWriter(false).statements(statements);
}

/** An expression of a plan, with type numbers. */
export function expressionJson(expr: Expr): AqlObject {
  return new AstWriter(true).expression(expr);
}
