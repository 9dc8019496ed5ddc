/**
 * Turns expressions into closures over rows of registers.
 *
 * Source: sections 5 and 6 of `aql.md`.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import { unreachable } from "../ast.ts";
import type { CallExpr, Expr, ObjectExpr } from "../plan/expression.ts";
import { add, divide, modulo, multiply, negate, plus, subtract } from "../arithmetic.ts";
import { rangeArray, rangeSize } from "../range.ts";
import {
  type AqlArray,
  type AqlObject,
  type AqlValue,
  attributeOf,
  isObject,
  isTruthy,
  setAttribute,
  toInteger,
  toStringValue,
} from "../values.ts";
import { compileExpansion, compileQuantified, compileQuestion } from "./array_operators.ts";
import { comparison, membership } from "./comparison.ts";
import type { QueryContext } from "./context.ts";

/** The variables of one row, by their ids. */
export type Row = AqlValue[];

/** Computes an expression for a row. */
export type Evaluator = (row: Row) => AqlValue;

/**
 * Compiles an expression.
 *
 * @param expr what to compute
 * @param context where warnings go and functions find their data
 * @throws ArangoError 1568 for a collection that is used as a value
 */
export function compile(expr: Expr, context: QueryContext): Evaluator {
  switch (expr.kind) {
    case "constant": {
      // a later run may have another value
      if (expr.parameter !== undefined) return () => expr.value;
      const { value } = expr;
      return () => value;
    }
    case "variable": {
      const { id } = expr.variable;
      return (row) => row[id]!;
    }
    case "parameter":
    case "boundAttribute":
      throw new ArangoError("ERROR_INTERNAL", `internal error: the bind parameter '${expr.name}' was not replaced`);
    case "collection":
      throw new ArangoError(
        "ERROR_QUERY_COLLECTION_USED_IN_EXPRESSION",
        `collection '${expr.name}' used as expression operand`,
      );
    case "attribute":
      return compileAttribute(compile(expr.target, context), expr.name);
    case "index": {
      const index = compile(expr.index, context);
      if (expr.target.kind === "range") return compileRangeMember(expr.target, index, context);
      const target = compile(expr.target, context);
      return (row) => memberAt(target(row), index(row));
    }
    case "expansion":
      return compileExpansion(expr, (part) => compile(part, context));
    case "question":
      return compileQuestion(expr, (part) => compile(part, context));
    case "unary": {
      const operand = compile(expr.operand, context);
      if (expr.operator === "!") return (row) => !isTruthy(operand(row));
      return expr.operator === "-" ? (row) => negate(operand(row)) : (row) => plus(operand(row));
    }
    case "binary":
      return compileBinary(expr, context);
    case "quantified":
      return compileQuantified(expr, (part) => compile(part, context), context);
    case "ternary": {
      const condition = compile(expr.condition, context);
      const otherwise = compile(expr.otherwise, context);
      if (!expr.then) {
        return (row) => {
          const value = condition(row);
          return isTruthy(value) ? value : otherwise(row);
        };
      }
      const then = compile(expr.then, context);
      return (row) => isTruthy(condition(row)) ? then(row) : otherwise(row);
    }
    case "range": {
      const low = compile(expr.low, context);
      const high = compile(expr.high, context);
      return (row) => {
        const members = rangeArray(toInteger(low(row)), toInteger(high(row)));
        context.memory.pass(members.length * 8);
        return members;
      };
    }
    case "call":
      return compileCall(expr, context);
    case "userCall": {
      const { name } = expr;
      const args = expr.args.map((arg) => compile(arg, context));
      return (row) => {
        const result = context.callUserFunction(name, args.map((arg) => arg(row)));
        if (result === undefined) {
          throw new ArangoError("ERROR_QUERY_FUNCTION_NOT_FOUND", `user function '${name}()' not found`);
        }
        return result;
      };
    }
    case "array": {
      const items = expr.items.map(({ value, spread }) => ({ value: compile(value, context), spread }));
      if (!items.some(({ spread }) => spread)) {
        const values = items.map(({ value }) => value);
        return (row) => {
          const result: AqlArray = [];
          for (let i = 0; i < values.length; i++) result.push(values[i]!(row));
          return result;
        };
      }
      return (row) => {
        const result: AqlArray = [];
        for (const { value, spread } of items) {
          const member = value(row);
          if (!spread) result.push(member);
          else if (Array.isArray(member)) { for (const one of member) result.push(one); }
          else context.warn(1563, "array expected");
        }
        return result;
      };
    }
    case "object":
      return compileObject(expr, context);
    default:
      return unreachable(expr);
  }
}

/** Names that plain property access would find on every array or object. */
function isInherited(name: string): boolean {
  return name in Array.prototype || /^\d+$/.test(name);
}

function compileAttribute(target: Evaluator, name: string): Evaluator {
  if (isInherited(name)) return (row) => attributeOf(target(row), name);
  return (row) => {
    const value = target(row);
    return typeof value === "object" && value !== null ? (value as AqlObject)[name] ?? null : null;
  };
}

/** `target[index]`. */
function memberAt(target: AqlValue, index: AqlValue): AqlValue {
  if (typeof target !== "object" || target === null) return null;
  if (Array.isArray(target)) return target[placeOf(index, target.length)] ?? null;
  if (typeof index === "string") return attributeOf(target, index);
  if (typeof index === "number") return attributeOf(target, String(Math.trunc(index) + 0));
  return null;
}

/** Where an array of some length has the member with an index, which may count from the end; NaN for what is no index. */
function placeOf(index: AqlValue, length: number): number {
  let at: number;
  if (typeof index === "number") at = Math.trunc(index);
  else if (typeof index === "string" && /^\s*[+-]?\d+/.test(index)) at = toInteger(index);
  else return NaN;
  return at < 0 ? length + at : at;
}

/** A member of a range, which is not made for that. */
function compileRangeMember(
  range: Extract<Expr, { kind: "range" }>,
  index: Evaluator,
  context: QueryContext,
): Evaluator {
  const low = compile(range.low, context);
  const high = compile(range.high, context);
  return (row) => {
    const from = toInteger(low(row));
    const to = toInteger(high(row));
    const last = Math.abs(to - from);
    const place = placeOf(index(row), last + 1);
    if (!(place >= 0 && place <= last)) return null;
    return from <= to ? from + place : from - place;
  };
}

const ARITHMETIC: Readonly<Record<string, (a: AqlValue, b: AqlValue) => AqlValue>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
};

function compileBinary(expr: Extract<Expr, { kind: "binary" }>, context: QueryContext): Evaluator {
  const { operator } = expr;
  if (operator === "IN" || operator === "NOT IN") return compileIn(expr, context);
  const left = compile(expr.left, context);
  const right = compile(expr.right, context);
  switch (operator) {
    case "&&":
      return (row) => {
        const value = left(row);
        return isTruthy(value) ? right(row) : value;
      };
    case "||":
      return (row) => {
        const value = left(row);
        return isTruthy(value) ? value : right(row);
      };
    case "+":
    case "-":
    case "*": {
      const compute = ARITHMETIC[operator]!;
      return (row) => compute(left(row), right(row));
    }
    case "/":
    case "%": {
      const compute = operator === "/" ? divide : modulo;
      return (row) => {
        const result = compute(left(row), right(row));
        if (result !== undefined) return result;
        context.warn(1562, context.running ? `in operator ${operator}: division by zero` : "division by zero");
        return null;
      };
    }
    default: {
      const holds = comparison(operator);
      return (row) => holds(left(row), right(row));
    }
  }
}

function compileIn(expr: Extract<Expr, { kind: "binary" }>, context: QueryContext): Evaluator {
  const left = compile(expr.left, context);
  const expected = expr.operator === "IN";
  if (expr.right.kind === "range") {
    const low = compile(expr.right.low, context);
    const high = compile(expr.right.high, context);
    return (row) => {
      const value = left(row);
      const ends = [toInteger(low(row)), toInteger(high(row))] as const;
      const inside = typeof value === "number" && Number.isInteger(value) && value >= Math.min(...ends) &&
        value <= Math.max(...ends);
      return inside === expected;
    };
  }
  const right = compile(expr.right, context);
  const has = membership(context);
  return (row) => {
    const value = left(row);
    const list = right(row);
    return Array.isArray(list) && has(list, value) === expected;
  };
}

/** What functions give for a range, which is not made for that. */
const TOLD_BY_ENDS: Readonly<Record<string, (from: number, to: number) => AqlValue>> = {
  COUNT: rangeSize,
  FIRST: (from) => from,
  IS_ARRAY: () => true,
  IS_LIST: () => true,
  LAST: (_from, to) => to,
  LENGTH: rangeSize,
  TO_BOOL: () => true,
  TYPENAME: () => "array",
};

/** Whether a function needs no more of a range than its ends. */
export function isToldByEnds(name: string): boolean {
  return Object.hasOwn(TOLD_BY_ENDS, name);
}

function compileCall({ spec, args: parts }: CallExpr, context: QueryContext): Evaluator {
  const first = parts[0];
  if (first?.kind === "collection") {
    const { name } = first;
    // the collection itself is counted, to any other function it is its name
    if (spec.name === "LENGTH" || spec.name === "COUNT") return () => collectionCount(name, context);
  }
  const told = first?.kind === "range" ? TOLD_BY_ENDS[spec.name] : undefined;
  if (first?.kind === "range" && told) {
    const low = compile(first.low, context);
    const high = compile(first.high, context);
    return (row) => told(toInteger(low(row)), toInteger(high(row)));
  }
  const args = parts.map((part): Evaluator => {
    if (part.kind !== "collection") return compile(part, context);
    const { name } = part;
    return () => name;
  });
  const { run } = spec;
  if (args.length === 0) return () => run(context, []);
  const [a, b] = args as [Evaluator, Evaluator];
  if (args.length === 1) return (row) => run(context, [a(row)]);
  if (args.length === 2) return (row) => run(context, [a(row), b(row)]);
  return (row) => {
    const values: AqlValue[] = [];
    for (let i = 0; i < args.length; i++) values.push(args[i]!(row));
    return run(context, values);
  };
}

function collectionCount(name: string, context: QueryContext): number {
  const count = context.data.collectionCount(name);
  if (count === undefined) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
  return count;
}

function compileObject(expr: ObjectExpr, context: QueryContext): Evaluator {
  const spreads = expr.members.some((member) => member.kind === "spread");
  if (expr.members.every((member) => member.kind === "fixed" && member.name !== "__proto__")) {
    const names = expr.members.map((member) => (member as { name: string }).name);
    const values = expr.members.map((member) => compile(member.value, context));
    return (row) => {
      const result: AqlObject = {};
      for (let i = 0; i < names.length; i++) result[names[i]!] = values[i]!(row);
      return result;
    };
  }
  const members = expr.members.map((member) => ({
    name: member.kind === "computed"
      ? compile(member.name, context)
      : member.kind === "fixed"
      ? member.name
      : undefined,
    value: compile(member.value, context),
  }));
  return (row) => {
    const result: AqlObject = {};
    for (const { name, value } of members) {
      if (name === undefined) {
        const other = value(row);
        if (!isObject(other)) context.warn(1564, "object expected");
        else for (const key of Object.keys(other)) setAttribute(result, key, other[key]!);
        continue;
      }
      const key = typeof name === "string" ? name : toStringValue(name(row));
      const member = value(row);
      // of members with the same name the first one counts, but a spread is meant to be overridden
      if (spreads || !Object.hasOwn(result, key)) setAttribute(result, key, member);
    }
    return result;
  };
}
