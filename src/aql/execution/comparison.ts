/**
 * The tests of comparison operators and of `IN`.
 *
 * @module
 */
import type { ComparisonOperator } from "../plan/expression.ts";
import { compareValues, distinctKey, equalValues } from "../value_order.ts";
import type { AqlArray, AqlValue } from "../values.ts";
import type { QueryContext } from "./context.ts";

/** From how many members on a list that comes again is made into a set. */
const SET_SIZE = 8;

/** The test of a comparison operator. */
export function comparison(operator: ComparisonOperator): (a: AqlValue, b: AqlValue) => boolean {
  switch (operator) {
    case "==":
      return equalValues;
    case "!=":
      return (a, b) => !equalValues(a, b);
    case "<":
      return (a, b) => compareValues(a, b) < 0;
    case "<=":
      return (a, b) => compareValues(a, b) <= 0;
    case ">":
      return (a, b) => compareValues(a, b) > 0;
    case ">=":
      return (a, b) => compareValues(a, b) >= 0;
    case "IN":
      return (a, b) => Array.isArray(b) && includes(b, a);
    case "NOT IN":
      return (a, b) => Array.isArray(b) && !includes(b, a);
  }
}

function includes(members: AqlArray, value: AqlValue): boolean {
  for (let i = 0; i < members.length; i++) if (equalValues(members[i]!, value)) return true;
  return false;
}

/** A test for members of lists: where a long list comes twice in a row, its members are put into a set. */
export function membership(context: QueryContext): (list: AqlArray, value: AqlValue) => boolean {
  let last: AqlArray | undefined;
  let keys: ReadonlySet<unknown> | undefined;
  context.atEnd(() => last = keys = undefined);
  return (list, value) => {
    if (list.length < SET_SIZE) return includes(list, value);
    if (list !== last) {
      last = list;
      keys = undefined;
      return includes(list, value);
    }
    keys ??= new Set(list.map(distinctKey));
    return keys.has(distinctKey(value));
  };
}
