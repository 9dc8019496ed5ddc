/**
 * Resolves a syntax tree: variables, collections, functions and bind parameters find their meaning, constants are computed,
 * subqueries become statements of their own.
 *
 * Source: sections 3, 5.11, 7 to 10 and 16 of `aql.md`.
 *
 * @module
 */
import {
  type LetStatement,
  type LimitClause,
  type Query,
  type SortElement,
  type Statement,
  unreachable,
} from "./ast.ts";
import type { BoundQuery, BoundStatement } from "./bound.ts";
import { constant, type Expr } from "./plan/expression.ts";
import { ExpressionResolver } from "./resolving/expression_resolver.ts";
import { resolveCollect, resolveWindow } from "./resolving/grouping.ts";
import { resolveFor, resolvePath, resolveTraversal } from "./resolving/loops.ts";
import { resolveModification } from "./resolving/modifications.ts";
import { destructure } from "./resolving/patterns.ts";
import type { ResolverInput } from "./resolving/resolution.ts";
import { isNumber, isTruthy } from "./values.ts";

/**
 * Resolves a query.
 *
 * @param input absent when the query is only parsed: then collections need not exist, bind parameters stay and nothing is
 *   computed
 * @throws ArangoError for everything that is wrong with a query before it runs
 */
export function resolveQuery(query: Query, input?: ResolverInput): BoundQuery {
  return new Resolver(query, input).run();
}

/** The count of a LIMIT without bound. */
const NO_LIMIT = 134217728;

class Resolver extends ExpressionResolver {
  /** Resolves the whole query. */
  run(): BoundQuery {
    for (const name of this.query.withCollections) this.boundCollection(name, "read");
    const statements = this.statements(this.query.statements);
    return { statements, variables: this.scopes.variables, collections: this.collections };
  }

  protected override statements(statements: readonly Statement[]): readonly BoundStatement[] {
    const before = this.out;
    const out: BoundStatement[] = [];
    this.out = out;
    for (const statement of statements) this.#statement(statement);
    this.out = before;
    return out;
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "for":
        return resolveFor(this, statement);
      case "traversal":
        return resolveTraversal(this, statement);
      case "path":
        return resolvePath(this, statement);
      case "let":
        return this.#let(statement);
      case "filter":
        this.out.push({ kind: "filter", condition: this.expr(statement.condition) });
        return;
      case "sort":
        this.out.push({ kind: "sort", elements: statement.elements.map((element) => this.#sortElement(element)) });
        return;
      case "limit": {
        const { offset, count } = this.#limit(statement.limit);
        this.out.push({ kind: "limit", offset, count });
        return;
      }
      case "return": {
        const { distinct } = statement;
        if (distinct && this.scopes.depth === 1 && !this.scopes.inLoop && !this.#afterCollect()) {
          throw this.parseError("cannot use DISTINCT modifier on top-level query element", statement.at);
        }
        this.out.push({ kind: "return", value: this.expr(statement.value), distinct });
        return;
      }
      case "collect":
        return resolveCollect(this, statement);
      case "window":
        return resolveWindow(this, statement);
      case "insert":
      case "remove":
      case "update":
      case "replace":
      case "upsert":
        return resolveModification(this, statement);
      default:
        unreachable(statement);
    }
  }

  #let({ pattern, value }: LetStatement): void {
    if (pattern.kind !== "variable") {
      destructure(this, pattern, this.valueOf(this.letTemporary(this.expr(value))));
    } else if (value.kind === "subquery") {
      this.subquery(value.statements, () => this.scopes.declare(pattern.name));
    } else {
      const bound = this.expr(value);
      this.let(this.scopes.declare(pattern.name), bound);
    }
  }

  #afterCollect(): boolean {
    return this.out.some(({ kind }) => kind === "collect");
  }

  #sortElement({ value, direction }: SortElement): { value: Expr; ascending: boolean } {
    const expr = this.expr(value);
    if (direction === undefined || direction === "ASC" || direction === "DESC") {
      return { value: expr, ascending: direction !== "DESC" };
    }
    const order = this.computed(this.expr(direction));
    if (order.kind !== "constant") return { value: expr, ascending: true };
    const word = typeof order.value === "string" ? order.value.toLowerCase() : "";
    return { value: expr, ascending: word === "asc" || (word !== "desc" && isTruthy(order.value)) };
  }

  #limit({ offset, count }: LimitClause): { offset: Expr; count: Expr } {
    return {
      offset: offset ? this.#limitValue(this.computed(this.expr(offset)), "offset", 0) : constant(0),
      count: this.#limitValue(this.computed(this.expr(count)), "count", NO_LIMIT),
    };
  }

  #limitValue(expr: Expr, what: "offset" | "count", missing: number): Expr {
    if (!this.input) return expr;
    if (expr.kind !== "constant") {
      throw this.lateError(
        "ERROR_QUERY_NUMBER_OUT_OF_RANGE",
        "LIMIT offset/count values must be constant numeric values",
        "instantiating plan",
      );
    }
    const { value } = expr;
    if (value === null) return constant(missing);
    if (!isNumber(value) || value < 0) {
      throw this.lateError(
        "ERROR_QUERY_NUMBER_OUT_OF_RANGE",
        `LIMIT ${what} value is not a number or out of range`,
        "instantiating plan",
      );
    }
    return constant(Math.trunc(Number(value)));
  }
}
