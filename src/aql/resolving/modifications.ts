/**
 * Resolves INSERT, REMOVE, UPDATE, REPLACE and UPSERT.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { DataSourceName, ModificationStatement, UpsertStatement } from "../ast.ts";
import type { BoundCollection, BoundOptions } from "../bound.ts";
import { constant, type Expr, reference } from "../plan/expression.ts";
import { type AqlObject, isObject } from "../values.ts";
import type { ExpressionResolver } from "./expression_resolver.ts";

/**
 * Resolves a statement that writes.
 *
 * @throws ArangoError 1573 inside of the expressions of another one, 1501 an UPSERT example that is none, and for its expressions
 */
export function resolveModification(resolver: ExpressionResolver, statement: ModificationStatement): void {
  if (resolver.inModification) throw resolver.lateError("ERROR_QUERY_MULTI_MODIFY");
  if (statement.kind === "upsert") return resolveUpsert(resolver, statement);
  resolver.inModification = true;
  const key = "key" in statement && statement.key ? resolver.expr(statement.key) : undefined;
  const document = resolver.expr(statement.document);
  resolver.inModification = false;
  const options = resolver.boundOptions(statement.kind.toUpperCase(), statement.options);
  const collection = writtenCollection(resolver, statement.collection, options);
  const { value } = options ?? { value: {} as AqlObject };
  const overwrites = value.overwriteMode === "update" || value.overwriteMode === "replace" ||
    (value.overwrite === true && value.overwriteMode === undefined);
  const hasOld = statement.kind !== "insert" || overwrites;
  const hasNew = statement.kind !== "remove";
  const oldVariable = hasOld ? resolver.scopes.hidden("OLD") : undefined;
  const newVariable = hasNew ? resolver.scopes.hidden("NEW") : undefined;
  resolver.scopes.redefine("OLD", oldVariable);
  resolver.scopes.redefine("NEW", newVariable);
  const common = {
    collection,
    options,
    document,
    ...(oldVariable ? { oldVariable } : {}),
    ...(newVariable ? { newVariable } : {}),
  };
  if (statement.kind === "insert" || statement.kind === "remove") {
    resolver.out.push({ kind: statement.kind, ...common });
  } else {
    resolver.out.push({ kind: statement.kind, ...common, ...(key ? { key } : {}) });
  }
}

function writtenCollection(
  resolver: ExpressionResolver,
  name: DataSourceName,
  options: BoundOptions | undefined,
): BoundCollection {
  const collection = resolver.boundCollection(name, options?.value.exclusive === true ? "exclusive" : "write");
  if (resolver.input) resolver.notWritten(collection.name);
  if (!collection.parameter) resolver.written.add(collection.name);
  return collection;
}

/** The search becomes a subquery, its first result OLD. */
function resolveUpsert(resolver: ExpressionResolver, statement: UpsertStatement): void {
  const options = resolver.boundOptions("UPSERT", statement.options);
  const collection = resolver.boundCollection(statement.collection, "write");
  if (resolver.input) resolver.notWritten(collection.name);
  resolver.inModification = true;
  const candidate = resolver.scopes.hidden("CURRENT");
  const { kind, value } = statement.search;
  const search = kind === "filter" ? resolver.inline(candidate, () => resolver.expr(value)) : resolver.expr(value);
  const oldVariable = resolver.scopes.hidden("OLD");
  if (resolver.input) {
    const conditions = kind === "filter" ? [search] : exampleConditions(search, reference(candidate));
    const found = resolver.scopes.temporary();
    const readOwnWrites = options?.value.readOwnWrites !== false;
    resolver.out.push({
      kind: "subquery",
      variable: found,
      statements: [
        {
          kind: "for",
          variable: candidate,
          source: { kind: "collection", name: collection.name },
          options: options,
          current: readOwnWrites,
        },
        ...conditions.map((condition) => ({ kind: "filter", condition: resolver.fold(condition) } as const)),
        { kind: "limit", offset: constant(0), count: constant(1) },
        { kind: "return", value: reference(candidate), distinct: false },
      ],
    });
    resolver.out.push({
      kind: "let",
      variable: oldVariable,
      value: { kind: "index", target: reference(found), index: constant(0) },
    });
  }
  resolver.scopes.redefine("OLD", undefined);
  resolver.scopes.redefine("NEW", undefined);
  const insert = resolver.expr(statement.insert);
  resolver.scopes.redefine("OLD", oldVariable);
  const update = resolver.expr(statement.update);
  resolver.inModification = false;
  writtenCollection(resolver, statement.collection, options);
  const newVariable = resolver.scopes.hidden("NEW");
  resolver.scopes.redefine("NEW", newVariable);
  const { replace } = statement;
  resolver.out.push({ kind: "upsert", collection, options, search, oldVariable, newVariable, insert, update, replace });
}

/** The conditions that an UPSERT example stands for: one for each value that is no object. */
function exampleConditions(example: Expr, target: Expr): Expr[] {
  if (example.kind === "object") {
    return example.members.flatMap((member) => {
      if (member.kind !== "fixed") {
        throw new ArangoError(
          "ERROR_QUERY_PARSE",
          "computed attribute names are not allowed in the example of an UPSERT",
        );
      }
      return exampleConditions(member.value, { kind: "attribute", target, name: member.name });
    });
  }
  if (example.kind === "constant" && isObject(example.value)) {
    return Object.entries(example.value).flatMap(([name, value]) =>
      exampleConditions(constant(value), { kind: "attribute", target, name })
    );
  }
  if (target.kind === "variable") {
    throw new ArangoError(
      "ERROR_QUERY_PARSE",
      "expecting object literal with literal attribute names in 'UPSERT'/'OPTIONS' clause",
    );
  }
  return [{ kind: "binary", operator: "==", left: target, right: example }];
}
