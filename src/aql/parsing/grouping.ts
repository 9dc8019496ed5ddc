/**
 * Reads COLLECT and WINDOW.
 *
 * @module
 */
import type { Assignment, CollectStatement, Expression, Statement, VariablePattern } from "../ast.ts";
import type { ExpressionParser } from "./expression_parser.ts";
import { node } from "./token_reader.ts";

/**
 * ```text
 * Collect = COLLECT [ Groups ] ( WITH COUNT INTO Var | [ Aggregate ] [ Into ] [ Keep ] ) [ Options ] ;
 * Into    = INTO Var [ '=' Expr ] ;
 * Keep    = KEEP Var { ',' Var } ;
 * ```
 */
export function parseCollect(parser: ExpressionParser): CollectStatement {
  const at = parser.expect("COLLECT").start;
  const groups: Assignment[] = [];
  while (parser.is("identifier") && parser.peek(1).kind === "=") {
    groups.push(parser.assignment());
    if (!parser.accept(",")) break;
  }
  const aggregates: Assignment[] = [];
  let count: VariablePattern | undefined;
  if (parser.accept("WITH")) {
    parser.onlyWords("COUNT");
    if (!parser.acceptWord("COUNT")) parser.unexpected("identifier");
    parser.expect("INTO");
    count = parser.variable();
  } else {
    if (parser.accept("AGGREGATE")) {
      do aggregates.push(parser.assignment()); while (parser.accept(",") && parser.is("identifier"));
    }
    if (groups.length === 0 && aggregates.length === 0) parser.unexpected();
  }
  const into = count ? undefined : parser.accept("INTO") && intoClause(parser);
  parser.onlyWords("KEEP", "OPTIONS");
  let keep: VariablePattern[] | undefined;
  const keepToken = parser.acceptWord("KEEP");
  if (keepToken) {
    keep = [parser.variable()];
    while (parser.accept(",")) keep.push(parser.variable());
    if (!into) parser.fail("use of 'KEEP' without 'INTO'", keepToken.start);
    if (into.projection) parser.fail("use of 'KEEP' with 'INTO' and projection expression", keepToken.start);
  }
  const options = parser.options();
  return node({
    kind: "collect",
    at,
    groups: Object.freeze(groups),
    aggregates: Object.freeze(aggregates),
    ...(count ? { count } : {}),
    ...(into ? { into } : {}),
    ...(keep ? { keep: Object.freeze(keep) } : {}),
    ...(options ? { options } : {}),
  });
}

function intoClause(parser: ExpressionParser): { variable: VariablePattern; projection?: Expression } {
  const variable = parser.variable();
  return parser.accept("=") ? node({ variable, projection: parser.expression() }) : node({ variable });
}

/** `Window = WINDOW ObjectLiteral AGGREGATE AggList | WINDOW Expr WITH ObjectLiteral AGGREGATE AggList ;` */
export function parseWindow(parser: ExpressionParser): Statement {
  const at = parser.expect("WINDOW").start;
  let bounds = parser.expression();
  let range: Expression | undefined;
  if (parser.accept("WITH")) {
    range = bounds;
    bounds = parser.expression();
  }
  if (bounds.kind !== "object") parser.unexpected();
  parser.expect("AGGREGATE");
  const aggregates = [parser.assignment()];
  while (parser.accept(",")) aggregates.push(parser.assignment());
  return node({ kind: "window", at, ...(range ? { range } : {}), bounds, aggregates: Object.freeze(aggregates) });
}
