/**
 * Checks the values of bind parameters against a query.
 *
 * Source: section 16 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Query } from "./ast.ts";
import type { AqlObject, AqlValue } from "./values.ts";

/**
 * The values of a query's bind parameters.
 *
 * @param query the query
 * @param given the values by name, `@x` for data sources; null and undefined for none
 * @throws ArangoError 1550 no object, 1551 a value is missing, 1552 a value is not used, 1553 and 1208 for collection names
 */
export function checkedBinds(query: Query, given: unknown): AqlObject {
  if (given === null || given === undefined) given = {};
  if (typeof given !== "object" || Array.isArray(given)) throw new ArangoError(1550);
  const values = given as AqlObject;
  for (const name of query.binds) {
    if (!Object.hasOwn(values, name) || values[name] === undefined) {
      throw new ArangoError(1551, `no value specified for declared bind parameter '${name}'`);
    }
  }
  const used = new Set(query.binds);
  for (const name of Object.keys(values)) {
    if (!used.has(name)) {
      throw new ArangoError(1552, `bind parameter '${name}' was not declared in the query`);
    }
    if (!name.startsWith("@")) continue;
    const value = values[name];
    if (typeof value !== "string") throw invalidBind(name);
    if (value === "") throw new ArangoError(1208);
  }
  return values;
}

/** The error (1553) for a value that cannot stand where its parameter stands. */
export function invalidBind(name: string): ArangoError {
  return new ArangoError(1553, `bind parameter '${name}' has an invalid value or type`);
}

/** The value of a parameter that {@linkcode checkedBinds} has seen. */
export function bindValue(values: AqlObject, name: string): AqlValue {
  return values[name] ?? null;
}
