/**
 * Operators that look at the members of arrays: `[*]`, `[?]`, and comparisons with ALL, ANY, NONE and AT LEAST.
 *
 * Source: sections 5.7 and 6 of `aql.md`.
 *
 * @module
 */
import type { ExpansionExpr, Expr, PlanQuantifier, QuantifiedExpr, QuestionExpr } from "../plan/expression.ts";
import { type AqlArray, type AqlValue, isTruthy, toInteger } from "../values.ts";
import { comparison, membership } from "./comparison.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";

/** Compiles a part of an expression. */
type Compile = (part: Expr) => Evaluator;

/** The members of an expansion's operand, flattened `levels - 1` times. */
function membersOf(value: AqlValue, levels: number): AqlArray | undefined {
  if (!Array.isArray(value)) return undefined;
  return levels > 1 ? (value as unknown[]).flat(levels - 1) as AqlArray : value;
}

/** `array[* FILTER … LIMIT … RETURN …]`, and what comes behind it. */
export function compileExpansion(expr: ExpansionExpr, compile: Compile): Evaluator {
  const { levels } = expr;
  const item = expr.item.id;
  const result = expr.result.id;
  const target = compile(expr.target);
  const filter = expr.filter && compile(expr.filter);
  const offset = expr.offset && compile(expr.offset);
  const count = expr.count && compile(expr.count);
  const projection = expr.projection && compile(expr.projection);
  const each = compile(expr.each);
  return (row) => {
    const members = membersOf(target(row), levels);
    if (!members) return [];
    let skip = offset ? toInteger(offset(row)) : 0;
    let take = count ? toInteger(count(row)) : Infinity;
    const found: AqlArray = [];
    if (skip < 0 || take <= 0) return found;
    for (let i = 0; i < members.length && take > 0; i++) {
      row[item] = members[i]!;
      if (filter && !isTruthy(filter(row))) continue;
      if (skip > 0) {
        skip--;
        continue;
      }
      take--;
      row[result] = projection ? projection(row) : row[item]!;
      found.push(each(row));
    }
    return found;
  };
}

/** `array[? … FILTER …]`. */
export function compileQuestion(expr: QuestionExpr, compile: Compile): Evaluator {
  const { levels, quantifier } = expr;
  const item = expr.item.id;
  const target = compile(expr.target);
  if (!expr.filter) {
    return (row) => (membersOf(target(row), levels)?.length ?? 0) > 0;
  }
  const filter = compile(expr.filter);
  const enough = compileQuantifier(quantifier ?? { kind: "ANY" }, compile);
  return (row) => {
    const members = membersOf(target(row), levels);
    if (!members) return false;
    let matches = 0;
    for (const member of members) {
      row[item] = member;
      if (isTruthy(filter(row))) matches++;
    }
    return enough(row, matches, members.length);
  };
}

/** Whether so many matches among so many members satisfy a quantifier. */
function compileQuantifier(
  quantifier: PlanQuantifier,
  compile: Compile,
): (row: Row, matches: number, members: number) => boolean {
  switch (quantifier.kind) {
    case "ALL":
      return (_row, matches, members) => matches === members;
    case "ANY":
      return (_row, matches) => matches > 0;
    case "NONE":
      return (_row, matches) => matches === 0;
    case "AT LEAST": {
      const count = compile(quantifier.count);
      return (row, matches) => matches >= toInteger(count(row));
    }
    case "exactly": {
      if (quantifier.count.kind === "range") {
        const low = compile(quantifier.count.low);
        const high = compile(quantifier.count.high);
        return (row, matches) => matches >= toInteger(low(row)) && matches <= toInteger(high(row));
      }
      const count = compile(quantifier.count);
      return (row, matches) => {
        const wanted = count(row);
        // a range that came through a variable or a parameter
        if (Array.isArray(wanted) && wanted.length > 0) {
          const ends = [toInteger(wanted[0]!), toInteger(wanted.at(-1)!)];
          return matches >= Math.min(...ends) && matches <= Math.max(...ends);
        }
        return matches === toInteger(wanted);
      };
    }
  }
}

/** `array ALL == value` and its like. */
export function compileQuantified(expr: QuantifiedExpr, compile: Compile, context: QueryContext): Evaluator {
  const { operator } = expr;
  const left = compile(expr.left);
  const right = compile(expr.right);
  const enough = compileQuantifier(expr.quantifier, compile);
  const needsArray = operator === "IN" || operator === "NOT IN";
  let holds: (member: AqlValue, value: AqlValue) => boolean;
  if (needsArray) {
    const has = membership(context);
    holds = (member, list) => has(list as AqlArray, member) === (operator === "IN");
  } else if (typeof operator === "string") {
    holds = comparison(operator);
  } else {
    const { match, negated } = operator;
    holds = (member, value) => isTruthy(match.run(context, [member, value])) !== negated;
  }
  return (row) => {
    const members = left(row);
    const value = right(row);
    if (!Array.isArray(members) || (needsArray && !Array.isArray(value))) return false;
    let matches = 0;
    for (const member of members) if (holds(member, value)) matches++;
    return enough(row, matches, members.length);
  };
}
