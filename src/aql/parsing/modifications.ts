/**
 * Reads INSERT, REMOVE, UPDATE, REPLACE and UPSERT.
 *
 * @module
 */
import type { DataSourceName, Expression, ObjectExpression, Statement } from "../ast.ts";
import type { ExpressionParser } from "./expression_parser.ts";
import { node } from "./token_reader.ts";

/** Whether a literal object, or one in it, has a name that is only known when it is computed. */
function hasComputedName(value: Expression): boolean {
  return value.kind === "object" &&
    value.members.some((member) =>
      member.kind === "computed" || (member.kind !== "spread" && hasComputedName(member.value))
    );
}

// ( IN | INTO ) CollName [ Options ]
function destination(parser: ExpressionParser): { collection: DataSourceName; options?: ObjectExpression } {
  if (!parser.accept("INTO") && !parser.accept("IN")) parser.unexpected("IN keyword or INTO keyword");
  const collection = parser.collectionName();
  const options = parser.options();
  return options ? { collection, options } : { collection };
}

/** `Insert = INSERT Expr ( IN | INTO ) CollName [ Options ] ;` */
export function parseInsert(parser: ExpressionParser): Statement {
  const at = parser.expect("INSERT").start;
  return node({ kind: "insert", at, document: parser.beforeIn(), ...destination(parser) });
}

/** `Remove = REMOVE Expr ( IN | INTO ) CollName [ Options ] ;` */
export function parseRemove(parser: ExpressionParser): Statement {
  const at = parser.expect("REMOVE").start;
  return node({ kind: "remove", at, document: parser.beforeIn(), ...destination(parser) });
}

/**
 * ```text
 * Update  = UPDATE Expr [ WITH Expr ] ( IN | INTO ) CollName [ Options ] ;
 * Replace = REPLACE Expr [ WITH Expr ] ( IN | INTO ) CollName [ Options ] ;
 * ```
 */
export function parseUpdate(parser: ExpressionParser, kind: "update" | "replace"): Statement {
  const at = parser.take().start;
  const first = parser.beforeIn();
  const document = parser.accept("WITH") ? parser.beforeIn() : undefined;
  return document
    ? node({ kind, at, key: first, document, ...destination(parser) })
    : node({ kind, at, document: first, ...destination(parser) });
}

/**
 * ```text
 * Upsert = UPSERT ( ObjectLiteral | '@'name ) INSERT Expr ( UPDATE | REPLACE ) Expr ( IN | INTO ) CollName [ Options ]
 *        | UPSERT FILTER Expr INSERT Expr ( UPDATE | REPLACE ) Expr ( IN | INTO ) CollName [ Options ] ;
 * ```
 */
export function parseUpsert(parser: ExpressionParser): Statement {
  const at = parser.expect("UPSERT").start;
  const kind = parser.accept("FILTER") ? "filter" : "example";
  if (kind === "example" && !parser.is("{") && !parser.is("bind")) parser.unexpected();
  const search = node({ kind, value: parser.expression() } as const);
  if (kind === "example" && hasComputedName(search.value)) {
    parser.fail("computed attribute names are not allowed in the example of an UPSERT", search.value.at);
  }
  parser.expect("INSERT");
  const insert = parser.expression();
  const replace = parser.accept("REPLACE") !== undefined;
  if (!replace) parser.expect("UPDATE");
  const update = parser.beforeIn();
  return node({ kind: "upsert", at, search, insert, replace, update, ...destination(parser) });
}
