/**
 * What is known of a query while it is resolved: its collections, variables and statements so far.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ErrorName } from "../../base/error_table.ts";
import type { DataSourceName, Query } from "../ast.ts";
import type { BindParameters } from "../bind_parameters.ts";
import type { BoundCollection, BoundStatement } from "../bound.ts";
import type { DataSource } from "../data_source.ts";
import type { QueryContext } from "../execution/context.ts";
import { type Expr, reference, type Variable } from "../plan/expression.ts";
import { parseError, type QueryState } from "../query_error.ts";
import { Scopes } from "../scopes.ts";

/** What resolving a query needs when the query is to be run. */
export interface ResolverInput {
  /** Where collections are. */
  readonly source: DataSource;
  /** The bind parameters. */
  readonly binds: BindParameters;
  /** Where warnings of constant expressions go. */
  readonly context: QueryContext;
  /** Told what the query is doing, for error messages. */
  readonly onState: (state: QueryState) => void;
}

/** What is known of a query while it is resolved. */
export class Resolution {
  /** The query as it was parsed. */
  readonly query: Query;
  /** Undefined where the query is only parsed. */
  readonly input: ResolverInput | undefined;
  /** Which variables are visible. */
  readonly scopes = new Scopes();
  /** What is read and written so far, by collection. */
  readonly collections = new Map<string, "read" | "write" | "exclusive">();
  /** The collections that statements so far have written. */
  readonly written = new Set<string>();
  readonly #constants = new Map<Variable, Expr>();
  /** The statements of the (sub)query at hand. */
  out: BoundStatement[] = [];
  /** Whether the expressions at hand are those of a statement that writes, which may not write themselves. */
  inModification = false;

  constructor(query: Query, input: ResolverInput | undefined) {
    this.query = query;
    this.input = input;
  }

  /** A parse error with its place. */
  parseError(message: string, at: number): ArangoError {
    return parseError(message, this.query.text, at);
  }

  /** An error of the checks that come after parsing. */
  lateError(name: ErrorName, message?: string, state: QueryState = "optimizing ast"): ArangoError {
    this.input?.onState(state);
    return new ArangoError(name, message);
  }

  /** The collection that a name or a bind parameter stands for, which the query is going to read or write. */
  boundCollection(source: DataSourceName, access: "read" | "write" | "exclusive"): BoundCollection {
    if (!this.input) {
      if (source.kind === "collectionBind") return { name: `@${source.name}`, parameter: true };
      this.touch(source.name, access);
      return { name: source.name };
    }
    const name = source.kind === "collectionBind" ? this.input.binds.value(`@${source.name}`) as string : source.name;
    this.known(name);
    this.touch(name, access);
    return { name };
  }

  /** Refuses names of collections that do not exist. */
  known(name: string): void {
    if (name === "") throw new ArangoError("ERROR_ARANGO_ILLEGAL_NAME");
    if (this.input && !this.input.source.collection(name)) {
      throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
    }
  }

  /** Notes what is done to a collection. */
  touch(name: string, access: "read" | "write" | "exclusive"): void {
    const before = this.collections.get(name);
    if (before === undefined || before === "read" || access === "exclusive") this.collections.set(name, access);
  }

  /** Refuses names of collections that statements before have written. */
  notWritten(name: string): void {
    if (this.written.has(name)) {
      throw this.lateError(
        "ERROR_QUERY_ACCESS_AFTER_MODIFICATION",
        `access after data-modification by collection '${name}'`,
      );
    }
  }

  /** The value of a bind parameter; a parameter where values are not known. */
  bind(name: string): Expr {
    return this.input ? this.input.binds.constant(name) : { kind: "parameter", name };
  }

  /** Gives a variable its value. */
  let(variable: Variable, value: Expr): void {
    this.out.push({ kind: "let", variable, value });
    if (this.input && value.kind === "constant") this.#constants.set(variable, value);
  }

  /** A variable with a value. */
  letTemporary(value: Expr): Variable {
    if (value.kind === "variable") return value.variable;
    const variable = this.scopes.temporary();
    this.let(variable, value);
    return variable;
  }

  /** What a variable stands for in expressions: its value, where that is constant. */
  valueOf(variable: Variable): Expr {
    return this.#constants.get(variable) ?? reference(variable);
  }
}

/** Whether there is a subquery in a piece of a syntax tree. */
export function hasSubquery(node: unknown): boolean {
  if (node === null || typeof node !== "object") return false;
  if ((node as { kind?: unknown }).kind === "subquery") return true;
  return Object.values(node).some(hasSubquery);
}
