/**
 * Which variables are visible where.
 *
 * Source: section 3 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Variable } from "./plan/expression.ts";

/** A piece of a query with names of its own; `loop` for what a FOR or a COLLECT opens. */
interface Scope {
  readonly kind: "query" | "loop";
  readonly names: Map<string, Variable>;
}

/** The nested scopes of a query that is being resolved, innermost last. */
export class Scopes {
  readonly #scopes: Scope[] = [{ kind: "query", names: new Map() }];
  readonly #variables: Variable[] = [];

  /** All variables so far, by id. */
  get variables(): readonly Variable[] {
    return this.#variables;
  }

  /** A variable without a name of the user's. */
  temporary(): Variable {
    const id = this.#variables.length;
    const variable = { id, name: String(id), temporary: true };
    this.#variables.push(variable);
    return variable;
  }

  /** A variable that expressions name but that is in no scope, such as CURRENT. */
  hidden(name: string): Variable {
    const variable = { id: this.#variables.length, name, temporary: true };
    this.#variables.push(variable);
    return variable;
  }

  /**
   * Declares a variable in the innermost scope.
   *
   * @throws ArangoError 1511 if the name is visible already
   */
  declare(name: string): Variable {
    if (this.find(name)) {
      throw new ArangoError("ERROR_QUERY_VARIABLE_REDECLARED", `variable '${name}' is assigned multiple times`);
    }
    const variable = { id: this.#variables.length, name, temporary: false };
    this.#variables.push(variable);
    this.#scopes.at(-1)!.names.set(name, variable);
    return variable;
  }

  /** Gives OLD, NEW and the like a new meaning from here on. */
  redefine(name: string, variable: Variable | undefined): void {
    const { names } = this.#scopes.at(-1)!;
    if (variable) names.set(name, variable);
    else names.delete(name);
  }

  /** The variable that a name means here. */
  find(name: string): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const found = this.#scopes[i]!.names.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** Enters a subquery. */
  openQuery(): void {
    this.#scopes.push({ kind: "query", names: new Map() });
  }

  /** Leaves a subquery with all of its loops. */
  closeQuery(): void {
    while (this.#scopes.pop()!.kind === "loop");
  }

  /** Enters a loop, which lasts to the end of the (sub)query. */
  openLoop(): void {
    this.#scopes.push({ kind: "loop", names: new Map() });
  }

  /** Whether the (sub)query has a loop so far. */
  get inLoop(): boolean {
    return this.#scopes.at(-1)!.kind === "loop";
  }

  /** How many queries are open: 1 in the main query. */
  get depth(): number {
    return this.#scopes.filter(({ kind }) => kind === "query").length;
  }

  /** The variables that the members of an INTO carry: those of the loops, or without loops those of the (sub)query. */
  forInto(): Variable[] {
    const found: Variable[] = [];
    let i = this.#scopes.length - 1;
    do {
      for (const variable of this.#scopes[i]!.names.values()) if (!variable.temporary) found.push(variable);
    } while (this.#scopes[i]!.kind === "loop" && this.#scopes[--i]!.kind === "loop");
    return found.sort((a, b) => a.id - b.id);
  }

  /** Closes the loops of the (sub)query, as a COLLECT does, and opens one for what the COLLECT declares. */
  collect(): void {
    if (!this.inLoop) return;
    while (this.inLoop) this.#scopes.pop();
    this.openLoop();
  }
}
