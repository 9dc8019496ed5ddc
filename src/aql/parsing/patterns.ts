/**
 * Reads the patterns that take values apart.
 *
 * @module
 */
import type { Pattern } from "../ast.ts";
import { node, type TokenReader } from "./token_reader.ts";

/**
 * ```text
 * ArrayPattern  = '[' [ ArrElem ] { ',' [ ArrElem ] } ']' ;
 * ObjectPattern = '{' [ ObjElem ] { ',' [ ObjElem ] } '}' ;
 * ObjElem       = Name | Name ':' ( Var | ArrayPattern | ObjectPattern ) ;
 * ```
 */
export function parsePattern(parser: TokenReader): Pattern {
  const at = parser.peek().start;
  parser.deeper();
  let pattern: Pattern;
  if (parser.accept("[")) {
    const items: (Pattern | undefined)[] = [];
    let open = true;
    while (!parser.is("]")) {
      if (parser.accept(",")) {
        if (open) items.push(undefined);
        open = true;
      } else {
        if (!open) parser.unexpected();
        items.push(parsePattern(parser));
        open = false;
      }
    }
    parser.take();
    pattern = node({ kind: "arrayPattern", at, items: Object.freeze(items) });
  } else if (parser.accept("{")) {
    const members: { name: string; pattern: Pattern; shorthand: boolean }[] = [];
    let open = true;
    while (!parser.is("}")) {
      if (parser.accept(",")) {
        open = true;
        continue;
      }
      if (!open) parser.unexpected();
      open = false;
      if (parser.peek(1).kind === ":") {
        const token = parser.peek();
        if (token.kind !== "identifier" && token.kind !== "string") parser.unexpected();
        parser.take();
        parser.take();
        members.push(node({ name: token.text, pattern: parsePattern(parser), shorthand: false }));
      } else {
        const variable = parser.variable();
        members.push(node({ name: variable.name, pattern: variable, shorthand: true }));
      }
    }
    parser.take();
    pattern = node({ kind: "objectPattern", at, members: Object.freeze(members) });
  } else {
    pattern = parser.variable();
  }
  parser.depth--;
  return pattern;
}
