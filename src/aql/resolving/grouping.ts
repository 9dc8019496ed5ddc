/**
 * Resolves COLLECT and WINDOW.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Assignment, CollectStatement, WindowStatement } from "../ast.ts";
import type { BoundAggregate } from "../bound.ts";
import { AQL_AGGREGATES } from "../functions/aggregates.ts";
import type { Expr } from "../plan/expression.ts";
import type { ExpressionResolver } from "./expression_resolver.ts";

/**
 * Resolves a COLLECT, which ends the loops before it.
 *
 * @throws ArangoError 1501 an unknown variable in KEEP, 1574 an AGGREGATE that is not the call of such a function, and for its
 *   expressions
 */
export function resolveCollect(resolver: ExpressionResolver, statement: CollectStatement): void {
  const names = new Map<string, string>();
  const forbid = (assignments: readonly Assignment[], text: (name: string) => string): void => {
    for (const { variable: { name } } of assignments) names.set(name, text(name));
  };
  forbid(statement.groups, (name) => `use of COLLECT variable '${name}' inside same COLLECT`);
  const before = resolver.collectNames;
  resolver.collectNames = names;
  const groupValues = statement.groups.map(({ value }) => resolver.expr(value));
  forbid(statement.groups, (name) => `use of unknown variable '${name}' in AGGREGATE expression`);
  const aggregates = statement.aggregates.map((one) => {
    const bound = aggregateCall(resolver, one);
    names.set(one.variable.name, `use of unknown variable '${one.variable.name}' in AGGREGATE expression`);
    return bound;
  });
  forbid(
    [...statement.groups, ...statement.aggregates],
    (name) => `use of COLLECT variable '${name}' inside same COLLECT's expression`,
  );
  const projection = statement.into?.projection && resolver.expr(statement.into.projection);
  resolver.collectNames = before;
  const options = resolver.boundOptions("COLLECT", statement.options);
  const visible = resolver.scopes.forInto();
  const kept = statement.keep?.map(({ name }) => {
    const variable = resolver.scopes.find(name);
    if (!variable) throw new ArangoError("ERROR_QUERY_PARSE", `use of unknown variable '${name}' for KEEP`);
    return variable;
  });
  resolver.scopes.collect();
  const groups = statement.groups.map(({ variable }, i) => ({
    variable: resolver.scopes.declare(variable.name),
    value: groupValues[i]!,
  }));
  const bound: BoundAggregate[] = statement.aggregates.map(({ variable }, i) => ({
    variable: resolver.scopes.declare(variable.name),
    ...aggregates[i]!,
  }));
  if (statement.count) bound.push({ variable: resolver.scopes.declare(statement.count.name), name: "LENGTH" });
  const into = statement.into && {
    variable: resolver.scopes.declare(statement.into.variable.name),
    ...(projection ? { projection } : {}),
    variables: kept ?? visible,
    keep: kept !== undefined,
  };
  resolver.out.push({ kind: "collect", groups, aggregates: bound, ...(into ? { into } : {}), options });
}

function aggregateCall(resolver: ExpressionResolver, { value }: Assignment): { name: string; argument?: Expr } {
  if (value.kind !== "call") {
    throw new ArangoError("ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION", "aggregate expression must be a function call");
  }
  const name = value.name.toUpperCase();
  if (!AQL_AGGREGATES.has(name)) {
    throw new ArangoError("ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION", "unknown aggregate function used");
  }
  const optional = name === "LENGTH" || name === "COUNT";
  if (value.args.length > 1 || (value.args.length === 0 && !optional)) {
    throw new ArangoError("ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION");
  }
  return value.args.length === 0 ? { name } : { name, argument: resolver.expr(value.args[0]!) };
}

/**
 * Resolves a WINDOW.
 *
 * @throws ArangoError 1595 behind a statement that writes, 1501 bounds that are none, 1575 bounds that are not constant, 1574 as
 *   for {@linkcode resolveCollect}, and for its expressions
 */
export function resolveWindow(resolver: ExpressionResolver, statement: WindowStatement): void {
  if (resolver.written.size > 0) throw resolver.lateError("ERROR_QUERY_WINDOW_AFTER_MODIFICATION");
  const range = statement.range && resolver.expr(statement.range);
  const seen = new Set<string>();
  for (const member of statement.bounds.members) {
    const name = member.kind === "member" ? member.name : undefined;
    if (name !== "preceding" && name !== "following") {
      throw new ArangoError(
        "ERROR_QUERY_PARSE",
        `Invalid WINDOW attribute '${name ?? ""}'; only "preceding" and "following" are supported`,
      );
    }
    if (seen.has(name)) {
      throw new ArangoError("ERROR_QUERY_PARSE", `WINDOW attribute '${name}' is specified multiple times`);
    }
    seen.add(name);
  }
  if (seen.size === 0) {
    throw new ArangoError("ERROR_QUERY_PARSE", "At least one WINDOW bound must be specified ('preceding'/'following')");
  }
  const bounds = resolver.computed(resolver.expr(statement.bounds));
  if (resolver.input && bounds.kind !== "constant") {
    throw resolver.lateError("ERROR_QUERY_COMPILE_TIME_OPTIONS", undefined, "instantiating plan");
  }
  const aggregates = statement.aggregates.map((one) => aggregateCall(resolver, one));
  resolver.out.push({
    kind: "window",
    ...(range ? { range } : {}),
    bounds,
    aggregates: statement.aggregates.map(({ variable }, i) => ({
      variable: resolver.scopes.declare(variable.name),
      ...aggregates[i]!,
    })),
  });
}
