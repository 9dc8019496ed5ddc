/**
 * Reads expressions, and the clauses that statements share.
 *
 * @module
 */
import type {
  ArrayOperator,
  Assignment,
  DataSourceName,
  Direction,
  Expression,
  LimitClause,
  ObjectExpression,
  Quantifier,
  Statement,
} from "../ast.ts";
import type { TokenKind } from "../token.ts";
import { integerFromText } from "../values.ts";
import { parseArray, parseObject } from "./literals.ts";
import { EQUALITY, type Infix, INFIXES, NEGATED, RELATIONAL } from "./operators.ts";
import { node, TokenReader } from "./token_reader.ts";

const INT64_MAX = (1n << 63n) - 1n;

/** Tokens that begin statements. */
export const STATEMENT_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "FOR",
  "LET",
  "FILTER",
  "COLLECT",
  "SORT",
  "LIMIT",
  "WINDOW",
  "RETURN",
  "INSERT",
  "REMOVE",
  "UPDATE",
  "REPLACE",
  "UPSERT",
]);

/** Reads expressions; what is in the parentheses of a subquery is left to somebody else. */
export abstract class ExpressionParser extends TokenReader {
  /** Whether an IN ends the expression, as in `REMOVE x IN c`. */
  #inEnds = false;

  /** Reads the statements of a subquery. */
  protected abstract statements(): readonly Statement[];

  /** Parses inside of brackets, where IN is an operator again. */
  bracketed<T>(body: () => T): T {
    const before = this.#inEnds;
    this.#inEnds = false;
    const result = body();
    this.#inEnds = before;
    return result;
  }

  // Expr    = Ternary ;
  // Ternary = OrExpr [ '?' Expr ':' Expr | '?' ':' Expr ] ;
  expression(): Expression {
    this.deeper();
    const condition = this.#binary(0);
    let result = condition;
    if (this.accept("?")) {
      if (this.accept(":")) {
        result = node({ kind: "ternary", at: condition.at, condition, otherwise: this.expression() });
      } else {
        const then = this.expression();
        this.expect(":");
        result = node({ kind: "ternary", at: condition.at, condition, then, otherwise: this.expression() });
      }
    }
    this.depth--;
    return result;
  }

  // OrExpr     = AndExpr { ( OR | '||' ) AndExpr } ;
  // AndExpr    = Equality { ( AND | '&&' ) Equality } ;
  // Equality   = Membership { EqOp Membership } ;
  // EqOp       = '==' | '!=' | '=~' | '!~' | LIKE | NOT LIKE | NOT '=~' | NOT '!~' | Quantifier ( '==' | '!=' ) ;
  // Membership = Relational { ( IN | NOT IN | Quantifier ( IN | NOT IN ) ) Relational } ;
  // Relational = Range { [ Quantifier ] ( '<' | '<=' | '>' | '>=' ) Range } ;
  // Range      = Additive [ '..' Additive ] ;
  // Additive   = Multiplic { ( '+' | '-' ) Multiplic } ;
  // Multiplic  = Unary { ( '*' | '/' | '%' ) Unary } ;
  //
  // One method for all levels: a method for each would overflow the stack long before the bound on nesting.
  #binary(level: number): Expression {
    const depth = this.depth;
    let left = this.#unary();
    for (let found = this.#infix(level); found; found = this.#infix(level)) {
      const { at } = left;
      const { quantifier } = found;
      const right = this.#binary(found.level + 1);
      if (found.operator === "..") left = node({ kind: "range", at, low: left, high: right });
      else if (quantifier) {
        left = node({ kind: "quantified", at, quantifier, operator: found.operator as ArrayOperator, left, right });
      } else left = node({ kind: "binary", at, operator: found.operator, left, right });
      this.deeper();
    }
    this.depth = depth;
    return left;
  }

  /** Takes the operator at the current token, with its quantifier, if it binds at least as tightly as `level`. */
  #infix(level: number): (Infix & { readonly quantifier?: Quantifier }) | undefined {
    const { kind } = this.peek();
    const infix = INFIXES.get(kind);
    if (infix) {
      if (infix.level < level || (kind === "IN" && this.#inEnds)) return undefined;
      this.take();
      return infix;
    }
    const negated = kind === "NOT" && level <= EQUALITY ? NEGATED.get(this.peek(1).kind) : undefined;
    if (negated) {
      this.position += 2;
      return { level: EQUALITY, operator: negated };
    }
    const start = this.position;
    const quantifier = level <= RELATIONAL ? this.#quantifier() : undefined;
    if (!quantifier) return undefined;
    // Quantifier = ALL | ANY | NONE | AT LEAST '(' Expr ')' ;
    const compared = this.#infix(Math.max(level, EQUALITY));
    if (compared && !compared.quantifier && compared.level <= RELATIONAL) return { ...compared, quantifier };
    this.position = start;
    return undefined;
  }

  #quantifier(): Quantifier | undefined {
    const { kind } = this.peek();
    switch (kind) {
      case "ALL":
      case "ANY":
      case "NONE":
        this.take();
        return node({ kind });
      case "AT LEAST": {
        this.take();
        this.expect("(");
        const count = this.bracketed(() => this.expression());
        this.expect(")");
        return node({ kind, count });
      }
      default:
        return undefined;
    }
  }

  // Unary = { '+' | '-' | '!' | NOT } Postfix ;
  #unary(): Expression {
    const { kind, start } = this.peek();
    if (kind !== "+" && kind !== "-" && kind !== "!" && kind !== "NOT") return this.#access(this.primary());
    this.take();
    this.deeper();
    const operand = this.#unary();
    this.depth--;
    return node({ kind: "unary", at: start, operator: kind === "NOT" ? "!" : kind, operand });
  }

  // Postfix = Primary { Access } ;
  // Access  = '.' ( Identifier | '@'name )
  //         | '[' Expr ']'
  //         | '[' '*' { '*' } Inline ']'
  //         | '[' '?' { '?' } [ [ Quantifier | Expr ] FILTER Expr ] ']' ;
  #access(target: Expression, ofEach = false): Expression {
    const depth = this.depth;
    const { at } = target;
    for (;;) {
      // A contraction flattens what the expansions before it give together, not each of their members.
      if (ofEach && this.#isContraction()) break;
      if (this.accept(".")) {
        target = this.is("bind")
          ? node({ kind: "boundAttribute", at, target, bind: this.bind() })
          : node({ kind: "attribute", at, target, name: this.expect("identifier").text });
      } else if (this.accept("[")) {
        target = this.bracketed(() => {
          if (this.is("*")) return this.#expansion(target);
          return this.is("?") ? this.#question(target) : this.#index(target);
        });
      } else {
        break;
      }
      this.deeper();
    }
    this.depth = depth;
    return target;
  }

  #isContraction(): boolean {
    return this.is("[") && this.peek(1).kind === "*" && this.peek(2).kind === "*";
  }

  #index(target: Expression): Expression {
    const index = this.expression();
    this.expect("]");
    return node({ kind: "index", at: target.at, target, index });
  }

  // Inline = [ FILTER Expr ] [ LIMIT Expr [ ',' Expr ] ] [ RETURN Expr ] ;
  #expansion(target: Expression): Expression {
    let levels = 0;
    while (this.accept("*")) levels++;
    const filter = this.accept("FILTER") && this.expression();
    const limit = this.is("LIMIT") ? this.limit() : undefined;
    const projection = this.accept("RETURN") && this.expression();
    const end = this.expect("]");
    this.deeper();
    const each = this.#access(node({ kind: "item", at: end.start }), true);
    this.depth--;
    return node({
      kind: "expansion",
      at: target.at,
      target,
      levels,
      ...(filter ? { filter } : {}),
      ...(limit ? { limit } : {}),
      ...(projection ? { projection } : {}),
      each,
    });
  }

  #question(target: Expression): Expression {
    let levels = 0;
    while (this.accept("?")) levels++;
    let quantifier: Quantifier | undefined;
    let filter: Expression | undefined;
    if (!this.is("]")) {
      if (!this.is("FILTER")) {
        quantifier = this.#quantifier() ?? node({ kind: "exactly", count: this.expression() } as const);
      }
      this.expect("FILTER");
      filter = this.expression();
    }
    this.expect("]");
    return node({
      kind: "question",
      at: target.at,
      target,
      levels,
      ...(quantifier ? { quantifier } : {}),
      ...(filter ? { filter } : {}),
    });
  }

  // Primary = Literal | Reference | Call | '@'name | ArrayLit | ObjectLit | '(' Expr ')' | '(' Query ')' ;
  primary(): Expression {
    const token = this.peek();
    const at = token.start;
    switch (token.kind) {
      case "NULL":
        this.take();
        return node({ kind: "literal", at, value: null });
      case "TRUE":
      case "FALSE":
        this.take();
        return node({ kind: "literal", at, value: token.kind === "TRUE" });
      case "string":
        this.take();
        return node({ kind: "literal", at, value: token.text });
      case "integer": {
        this.take();
        const value = integerFromText(token.text);
        return node({
          kind: "literal",
          at,
          value: typeof value === "bigint" && value > INT64_MAX ? Number(value) : value,
        });
      }
      case "double": {
        this.take();
        const value = Number(token.text);
        return Number.isFinite(value)
          ? node({ kind: "literal", at, value })
          : node({ kind: "literal", at, value: null, overflow: true });
      }
      case "bind":
        return this.bind();
      case "collectionBind":
        return this.collectionBind();
      case "[":
        return parseArray(this);
      case "{":
        return parseObject(this);
      case "(": {
        this.take();
        const before = this.#inEnds;
        this.#inEnds = false;
        const inner = this.argument();
        this.#inEnds = before;
        this.expect(")");
        return inner;
      }
      case "LIKE":
        if (this.peek(1).kind === "(") {
          this.take();
          return this.#call(at, "LIKE");
        }
        return this.unexpected();
      case "identifier": {
        this.take();
        const names = [token.text];
        while (this.is("::")) {
          this.take();
          names.push(this.expect("identifier").text);
        }
        if (this.is("(")) return this.#call(at, names.join("::"));
        if (names.length > 1) this.unexpected("(");
        return node({ kind: "name", at, name: token.text });
      }
      default:
        return this.unexpected();
    }
  }

  // Arg = Expr | Query ;
  argument(): Expression {
    const { kind, start } = this.peek();
    if (!STATEMENT_STARTS.has(kind)) return this.expression();
    this.deeper();
    const statements = this.statements();
    this.depth--;
    return node({ kind: "subquery", at: start, statements });
  }

  // Call = Name { '::' Name } '(' [ Arg { ',' Arg } ] ')' | LIKE '(' Args ')' ;
  #call(at: number, name: string): Expression {
    this.expect("(");
    const args = this.bracketed(() => {
      const found: Expression[] = [];
      if (!this.is(")")) {
        do found.push(this.argument()); while (this.accept(",") && !this.is(")"));
      }
      return found;
    });
    this.expect(")");
    return node({ kind: "call", at, name, args: Object.freeze(args) });
  }

  // Limit = LIMIT Expr [ ',' Expr ] ;
  limit(): LimitClause {
    const at = this.expect("LIMIT").start;
    const first = this.expression();
    return this.accept(",") ? node({ at, offset: first, count: this.expression() }) : node({ at, count: first });
  }

  // Options = OPTIONS ObjectLiteral ;
  options(): ObjectExpression | undefined {
    this.onlyWords("OPTIONS");
    if (!this.acceptWord("OPTIONS")) return undefined;
    const at = this.peek().start;
    const value = this.expression();
    if (value.kind !== "object") this.fail("'OPTIONS' have to be an object", at);
    return value;
  }

  /** The name of a collection or graph; with `value` a value parameter may stand for it too. */
  sourceName(value: boolean): DataSourceName {
    const token = this.peek();
    switch (token.kind) {
      case "identifier":
      case "string":
        this.take();
        return node({ kind: "name", at: token.start, name: token.text });
      case "collectionBind":
        return this.collectionBind();
      case "bind":
        if (value) return this.bind();
    }
    return this.unexpected();
  }

  // CollName = Identifier | QuotedString | '@@'name ;
  collectionName(): DataSourceName {
    return this.sourceName(false);
  }

  /** An expression that an IN at its outermost level ends. */
  beforeIn(): Expression {
    const before = this.#inEnds;
    this.#inEnds = true;
    const expression = this.expression();
    this.#inEnds = before;
    return expression;
  }

  /** `name = Expr`. */
  assignment(): Assignment {
    const variable = this.variable();
    this.expect("=");
    return node({ at: variable.at, variable, value: this.expression() });
  }

  /** The direction of a search that a token ahead stands for. */
  direction(ahead: number): Direction | undefined {
    const { kind } = this.peek(ahead);
    return kind === "OUTBOUND" || kind === "INBOUND" || kind === "ANY" ? kind : undefined;
  }
}
