/**
 * Checks the values of bind parameters against a query.
 *
 * Source: section 16 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { constant, type ConstantExpr, type ConstantShape, shapeOf } from "./plan/expression.ts";
import { type AqlObject, type AqlValue, jsonText } from "./values.ts";

/**
 * The values of a query's bind parameters.
 *
 * @param declared the names of the parameters of the query
 * @param given the values by name, `@x` for data sources; null and undefined for none
 * @throws ArangoError 1550 no object, 1551 a value is missing, 1552 a value is not used, 1553 and 1208 for collection names
 */
export function checkedBinds(declared: readonly string[], given: unknown): AqlObject {
  if (given === null || given === undefined) given = {};
  if (typeof given !== "object" || Array.isArray(given)) throw new ArangoError("ERROR_QUERY_BIND_PARAMETERS_INVALID");
  const values = given as AqlObject;
  for (const name of declared) {
    if (!Object.hasOwn(values, name) || values[name] === undefined) {
      throw new ArangoError(
        "ERROR_QUERY_BIND_PARAMETER_MISSING",
        `no value specified for declared bind parameter '${name}'`,
      );
    }
  }
  const used = new Set(declared);
  for (const name of Object.keys(values)) {
    if (!used.has(name)) {
      throw new ArangoError(
        "ERROR_QUERY_BIND_PARAMETER_UNDECLARED",
        `bind parameter '${name}' was not declared in the query`,
      );
    }
    if (!name.startsWith("@")) continue;
    const value = values[name];
    if (typeof value !== "string") throw invalidBind(name);
    if (value === "") throw new ArangoError("ERROR_ARANGO_ILLEGAL_NAME");
  }
  return values;
}

/** The error (1553) for a value that cannot stand where its parameter stands. */
export function invalidBind(name: string): ArangoError {
  return new ArangoError("ERROR_QUERY_BIND_PARAMETER_TYPE", `bind parameter '${name}' has an invalid value or type`);
}

/** A constant whose value the next run of the plan may change. */
class BoundConstant implements ConstantExpr {
  readonly kind = "constant";
  readonly #binds: BindParameters;
  /** The value as long as nobody has to note who looks at it. */
  current: AqlValue | undefined;

  constructor(binds: BindParameters, readonly parameter: string) {
    this.#binds = binds;
  }

  get value(): AqlValue {
    return this.current === undefined ? this.#binds.value(this.parameter) : this.current;
  }

  get shape(): ConstantShape {
    return this.#binds.shape(this.parameter);
  }
}

/**
 * The values of a query's parameters, and what of them its plan depends on.
 *
 * While the query is planned and its operators are made, every look at a value is noted: the plan is good for other values
 * too, as long as those that were looked at are the same.
 */
export class BindParameters {
  #values: AqlObject;
  #isPlanning = true;
  readonly #keepsPlan: boolean;
  readonly #constants = new Map<string, BoundConstant>();
  readonly #seen = new Map<string, "value" | "shape">();

  /**
   * @param values by name, as {@linkcode checkedBinds} gives them
   * @param keepsPlan whether the plan may be used again with other values
   */
  constructor(values: AqlObject, keepsPlan: boolean) {
    this.#values = values;
    this.#keepsPlan = keepsPlan;
  }

  /** The value of a parameter. */
  value(name: string): AqlValue {
    if (this.#isPlanning) this.#seen.set(name, "value");
    return this.#values[name] ?? null;
  }

  /** What is to be known of a parameter without its value. */
  shape(name: string): ConstantShape {
    if (this.#isPlanning && !this.#seen.has(name)) this.#seen.set(name, "shape");
    return shapeOf(constant(this.#values[name] ?? null));
  }

  /** The parameter as a part of expressions. */
  constant(name: string): ConstantExpr {
    if (!this.#keepsPlan) return constant(this.value(name));
    let known = this.#constants.get(name);
    if (!known) this.#constants.set(name, known = new BoundConstant(this, name));
    return known;
  }

  /** Ends the planning: what is looked at from now on is not noted. */
  planned(): void {
    this.#isPlanning = false;
    this.assign(this.#values);
  }

  /** What the plan depends on, as a text that is the same for all values that it is good for. */
  dependence(values: AqlObject): string {
    if (this.#seen.size === 0) return "";
    return [...this.#seen].map(([name, how]) => {
      const value = values[name] ?? null;
      return how === "value" ? jsonText(value) : Object.values(shapeOf(constant(value))).join();
    }).join("\n");
  }

  /** Puts other values in the place of those that were there. */
  assign(values: AqlObject): void {
    this.#values = values;
    if (this.#isPlanning) return;
    for (const [name, constant] of this.#constants) constant.current = values[name] ?? null;
  }
}
