/**
 * Reads the literals of arrays and objects.
 *
 * @module
 */
import type { Expression, ObjectExpression, ObjectMember, SpreadExpression } from "../ast.ts";
import type { TokenKind } from "../token.ts";
import type { ExpressionParser } from "./expression_parser.ts";
import { node } from "./token_reader.ts";

/** Keywords that may be keys of object literals without quotes. */
const KEY_KEYWORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "ALL",
  "ANY",
  "INBOUND",
  "INTO",
  "LIKE",
  "LIMIT",
  "NONE",
  "OUTBOUND",
  "WINDOW",
  "WITH",
]);

/** `ArrayLit = '[' [ Item { ',' Item } [ ',' ] ] ']' ;  Item = Expr | '...' Expr` */
export function parseArray(parser: ExpressionParser): Expression {
  const at = parser.expect("[").start;
  const items = parser.bracketed(() => {
    const found: (Expression | SpreadExpression)[] = [];
    while (!parser.is("]")) {
      const spread = parser.accept("...");
      found.push(
        spread ? node({ kind: "spread", at: spread.start, operand: parser.expression() }) : parser.expression(),
      );
      if (!parser.accept(",")) break;
    }
    return found;
  });
  parser.expect("]");
  return node({ kind: "array", at, items: Object.freeze(items) });
}

/** `ObjectLit = '{' [ Member { ',' Member } [ ',' ] ] '}' ;` */
export function parseObject(parser: ExpressionParser): ObjectExpression {
  const at = parser.expect("{").start;
  const members = parser.bracketed(() => {
    const found: ObjectMember[] = [];
    while (!parser.is("}")) {
      found.push(objectMember(parser));
      if (!parser.accept(",")) break;
    }
    return found;
  });
  parser.expect("}");
  return node({ kind: "object", at, members: Object.freeze(members) });
}

// Member = Identifier
//        | ( Identifier | QuotedString | AllowedKeyword ) ':' Expr
//        | '@'name ':' Expr
//        | '[' Expr ']' ':' Expr
//        | '...' Expr ;
function objectMember(parser: ExpressionParser): ObjectMember {
  const token = parser.peek();
  const at = token.start;
  if (parser.accept("...")) return node({ kind: "spread", at, operand: parser.expression() });
  if (token.kind === "bind") {
    const bind = parser.bind();
    parser.expect(":");
    return node({ kind: "bound", at, bind, value: parser.expression() });
  }
  if (parser.accept("[")) {
    const name = parser.expression();
    parser.expect("]");
    parser.expect(":");
    return node({ kind: "computed", at, name, value: parser.expression() });
  }
  if (token.kind !== "identifier" && token.kind !== "string" && !KEY_KEYWORDS.has(token.kind)) parser.unexpected();
  parser.take();
  if (parser.accept(":")) return node({ kind: "member", at, name: token.text, value: parser.expression() });
  if (token.kind !== "identifier") parser.unexpected();
  const value = node({ kind: "name", at, name: token.text } as const);
  return node({ kind: "member", at, name: token.text, value, shorthand: true });
}
