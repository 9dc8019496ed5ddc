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
import type { ExpressionAnalyzer } from "./expression_analyzer.ts";

/** Resolves a statement that writes. */
export function analyzeModification(analyzer: ExpressionAnalyzer, statement: ModificationStatement): void {
  if (analyzer.inModification) throw analyzer.lateError("ERROR_QUERY_MULTI_MODIFY");
  if (statement.kind === "upsert") return analyzeUpsert(analyzer, statement);
  analyzer.inModification = true;
  const key = "key" in statement && statement.key ? analyzer.expr(statement.key) : undefined;
  const document = analyzer.expr(statement.document);
  analyzer.inModification = false;
  const options = analyzer.boundOptions(statement.kind.toUpperCase(), statement.options);
  const collection = writtenCollection(analyzer, statement.collection, options);
  const { value } = options ?? { value: {} as AqlObject };
  const overwrites = value.overwriteMode === "update" || value.overwriteMode === "replace" ||
    (value.overwrite === true && value.overwriteMode === undefined);
  const hasOld = statement.kind !== "insert" || overwrites;
  const hasNew = statement.kind !== "remove";
  const oldVariable = hasOld ? analyzer.scopes.hidden("OLD") : undefined;
  const newVariable = hasNew ? analyzer.scopes.hidden("NEW") : undefined;
  analyzer.scopes.redefine("OLD", oldVariable);
  analyzer.scopes.redefine("NEW", newVariable);
  const common = {
    collection,
    options,
    document,
    ...(oldVariable ? { oldVariable } : {}),
    ...(newVariable ? { newVariable } : {}),
  };
  if (statement.kind === "insert" || statement.kind === "remove") {
    analyzer.out.push({ kind: statement.kind, ...common });
  } else {
    analyzer.out.push({ kind: statement.kind, ...common, ...(key ? { key } : {}) });
  }
}

function writtenCollection(
  analyzer: ExpressionAnalyzer,
  name: DataSourceName,
  options: BoundOptions | undefined,
): BoundCollection {
  const collection = analyzer.boundCollection(name, options?.value.exclusive === true ? "exclusive" : "write");
  if (analyzer.input) analyzer.notWritten(collection.name);
  if (!collection.parameter) analyzer.written.add(collection.name);
  return collection;
}

/** The search becomes a subquery, its first result OLD. */
function analyzeUpsert(analyzer: ExpressionAnalyzer, statement: UpsertStatement): void {
  const options = analyzer.boundOptions("UPSERT", statement.options);
  const collection = analyzer.boundCollection(statement.collection, "write");
  if (analyzer.input) analyzer.notWritten(collection.name);
  analyzer.inModification = true;
  const candidate = analyzer.scopes.hidden("CURRENT");
  const { kind, value } = statement.search;
  const search = kind === "filter" ? analyzer.inline(candidate, () => analyzer.expr(value)) : analyzer.expr(value);
  const oldVariable = analyzer.scopes.hidden("OLD");
  if (analyzer.input) {
    const conditions = kind === "filter" ? [search] : exampleConditions(search, reference(candidate));
    const found = analyzer.scopes.temporary();
    const readOwnWrites = options?.value.readOwnWrites !== false;
    analyzer.out.push({
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
        ...conditions.map((condition) => ({ kind: "filter", condition: analyzer.fold(condition) } as const)),
        { kind: "limit", offset: constant(0), count: constant(1) },
        { kind: "return", value: reference(candidate), distinct: false },
      ],
    });
    analyzer.out.push({
      kind: "let",
      variable: oldVariable,
      value: { kind: "index", target: reference(found), index: constant(0) },
    });
  }
  analyzer.scopes.redefine("OLD", undefined);
  analyzer.scopes.redefine("NEW", undefined);
  const insert = analyzer.expr(statement.insert);
  analyzer.scopes.redefine("OLD", oldVariable);
  const update = analyzer.expr(statement.update);
  analyzer.inModification = false;
  writtenCollection(analyzer, statement.collection, options);
  const newVariable = analyzer.scopes.hidden("NEW");
  analyzer.scopes.redefine("NEW", newVariable);
  const { replace } = statement;
  analyzer.out.push({ kind: "upsert", collection, options, search, oldVariable, newVariable, insert, update, replace });
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
