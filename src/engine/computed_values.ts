/**
 * Attributes that a collection computes when it writes documents.
 *
 * The expressions are AQL, which lies above the engine: a {@linkcode ExpressionCompiler} brings it.
 *
 * Source: ArangoDB's documentation of computed values.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { cut, joined } from "../base/attributes_text.ts";

/** What writes a document. */
export type WriteOperation = "insert" | "update" | "replace";

/** The definition of one computed value. */
export interface ComputedValue {
  /** The attribute. */
  readonly name: string;
  /** `RETURN …` with the document in `@doc`. */
  readonly expression: string;
  /** When it is computed. */
  readonly computeOn: readonly WriteOperation[];
  /** Whether it takes the place of a value that is there. */
  readonly overwrite: boolean;
  /** Whether a warning makes the write fail. */
  readonly failOnWarning: boolean;
  /** Whether null is a value, or no attribute. */
  readonly keepNull: boolean;
}

/**
 * Computes an expression.
 *
 * @param document the JSON text of the document
 * @param failOnWarning whether to throw the first warning
 * @returns JSON text
 */
export type Expression = (document: string, failOnWarning: boolean) => string;

/**
 * Makes expressions of computed values.
 *
 * @throws ArangoError for texts that are no such expression
 */
export type ExpressionCompiler = (text: string) => Expression;

const OPERATIONS: readonly WriteOperation[] = ["insert", "update", "replace"];
const RESERVED: readonly string[] = ["_key", "_id", "_rev", "_from", "_to"];

function bad(detail: string): ArangoError {
  return new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: invalid 'computedValues' entry: ${detail}`);
}

function flag(entry: Readonly<Record<string, unknown>>, name: string, otherwise: boolean): boolean {
  const value = entry[name] ?? otherwise;
  if (typeof value !== "boolean") throw bad(`'${name}' must be a boolean`);
  return value;
}

function operations(given: unknown): readonly WriteOperation[] {
  if (given === undefined || given === null) return OPERATIONS;
  if (!Array.isArray(given) || given.length === 0) throw bad("'computeOn' must be a non-empty array");
  for (const one of given) {
    if (!OPERATIONS.includes(one)) throw bad(`'computeOn' can have 'insert', 'update' and 'replace' only`);
  }
  return OPERATIONS.filter((one) => given.includes(one));
}

function definition(given: unknown): ComputedValue {
  if (given === null || typeof given !== "object" || Array.isArray(given)) throw bad("it must be an object");
  const entry = given as Readonly<Record<string, unknown>>;
  const { name, expression, overwrite, computeOn } = entry;
  if (typeof name !== "string" || name === "") throw bad("'name' must be a non-empty string");
  if (RESERVED.includes(name)) throw bad(`'name' cannot be '${name}', which the database itself sets`);
  if (typeof expression !== "string" || expression === "") throw bad("'expression' must be a non-empty string");
  if (typeof overwrite !== "boolean") throw bad("'overwrite' must be a boolean");
  return {
    name,
    expression,
    computeOn: operations(computeOn),
    overwrite,
    failOnWarning: flag(entry, "failOnWarning", false),
    keepNull: flag(entry, "keepNull", true),
  };
}

/**
 * Checks the `computedValues` of a collection, all but the expressions, and fills in the defaults.
 *
 * @returns null for none
 * @throws ArangoError 10
 */
export function computedValueDefinitions(given: unknown): readonly ComputedValue[] | null {
  if (given === undefined || given === null) return null;
  if (!Array.isArray(given)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: computedValues must be an array");
  }
  const definitions = given.map(definition);
  const names = new Set<string>();
  for (const { name } of definitions) {
    if (names.has(name)) throw bad(`the name '${name}' is there twice`);
    names.add(name);
  }
  return definitions.length === 0 ? null : definitions;
}

/** The computed values of a collection, ready to run. */
export class ComputedValues {
  readonly #values: readonly { readonly definition: ComputedValue; readonly compute: Expression }[];

  /**
   * Compiles all expressions.
   *
   * @throws ArangoError 10 if one is no expression
   */
  constructor(definitions: readonly ComputedValue[], compiler: ExpressionCompiler | undefined) {
    if (!compiler) {
      throw new ArangoError(
        "ERROR_NOT_IMPLEMENTED",
        "not implemented: computed values need a server around the engine",
      );
    }
    this.#values = definitions.map((one) => {
      try {
        return { definition: one, compute: compiler(one.expression) };
      } catch (cause) {
        if (!(cause instanceof ArangoError)) throw cause;
        const message = `bad parameter: invalid 'computedValues' entry: expression of '${one.name}': ${cause.message}`;
        throw new ArangoError("ERROR_BAD_PARAMETER", message, { cause });
      }
    });
  }

  /**
   * The attributes of a document with those that are computed.
   *
   * @param text the JSON text of the document as it would be stored without them
   * @param own the user's attributes of the document, see `attributes_text.ts`
   * @throws ArangoError the warning of a value with `failOnWarning`
   */
  apply(operation: WriteOperation, text: string, own: string): string {
    const parts = cut(own);
    const due = this.#values.filter(({ definition: { computeOn, overwrite, name } }) =>
      computeOn.includes(operation) && (overwrite || !parts.has(name))
    );
    for (const { definition: { name, keepNull, failOnWarning }, compute } of due) {
      const raw = compute(text, failOnWarning);
      parts.delete(name);
      if (raw !== "null" || keepNull) parts.set(name, { name, quoted: JSON.stringify(name), raw });
    }
    return due.length > 0 ? joined(parts.values()) : own;
  }
}
