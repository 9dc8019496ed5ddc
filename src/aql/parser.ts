/**
 * Reads a query: recursive descent, one method for each rule of the grammar.
 *
 * Source: section 2 of `aql.md`, whose rules stand above the methods.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type {
  ArrayOperator,
  Assignment,
  BinaryOperator,
  BindExpression,
  CollectStatement,
  DataSourceName,
  Direction,
  Expression,
  GraphSubject,
  LimitClause,
  ObjectExpression,
  ObjectMember,
  PathSearch,
  Pattern,
  Quantifier,
  Query,
  SortElement,
  SpreadExpression,
  Statement,
  VariablePattern,
} from "./ast.ts";
import { Lexer } from "./lexer.ts";
import { parseError } from "./query_error.ts";
import { type Token, type TokenKind, tokenName } from "./token.ts";
import { integerFromText } from "./values.ts";

/** Bounds on what is accepted, against texts that were made to exhaust the machine. */
export interface ParseLimits {
  /** @default {67108864} the length of the text in UTF-16 units */
  readonly maxLength?: number;
  /** @default {5000000} */
  readonly maxTokens?: number;
  /** @default {500} levels of nested expressions and subqueries: ArangoDB's bound */
  readonly maxDepth?: number;
}

/**
 * Parses a query.
 *
 * @param text the query
 * @throws ArangoError 1502 empty, 1501 with the place of the trouble, 1524 over the limits
 */
export function parse(text: string, limits: ParseLimits = {}): Query {
  return new Parser(text, limits).query();
}

const STATEMENT_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
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

const VARIABLE_NAME = /^(?:\$|_*)[A-Za-z]/;
const TOO_DEEP = "too much nesting or too many objects";
const INT64_MAX = (1n << 63n) - 1n;

/** A binary operator: `..` makes ranges. */
interface Infix {
  /** How tightly it binds: the larger, the tighter. */
  readonly level: number;
  readonly operator: BinaryOperator | "..";
}

const EQUALITY = 2;
const RELATIONAL = 4;

/** The binary operators by their tokens. */
const INFIXES: ReadonlyMap<TokenKind, Infix> = new Map<TokenKind, Infix>([
  ["OR", { level: 0, operator: "||" }],
  ["||", { level: 0, operator: "||" }],
  ["AND", { level: 1, operator: "&&" }],
  ["&&", { level: 1, operator: "&&" }],
  ["==", { level: EQUALITY, operator: "==" }],
  ["!=", { level: EQUALITY, operator: "!=" }],
  ["=~", { level: EQUALITY, operator: "=~" }],
  ["!~", { level: EQUALITY, operator: "!~" }],
  ["LIKE", { level: EQUALITY, operator: "LIKE" }],
  ["IN", { level: 3, operator: "IN" }],
  ["NOT IN", { level: 3, operator: "NOT IN" }],
  ["<", { level: RELATIONAL, operator: "<" }],
  ["<=", { level: RELATIONAL, operator: "<=" }],
  [">", { level: RELATIONAL, operator: ">" }],
  [">=", { level: RELATIONAL, operator: ">=" }],
  ["..", { level: 5, operator: ".." }],
  ["+", { level: 6, operator: "+" }],
  ["-", { level: 6, operator: "-" }],
  ["*", { level: 7, operator: "*" }],
  ["/", { level: 7, operator: "/" }],
  ["%", { level: 7, operator: "%" }],
]);
/** What may follow NOT between two operands. */
const NEGATED: ReadonlyMap<TokenKind, BinaryOperator> = new Map<TokenKind, BinaryOperator>([
  ["LIKE", "NOT LIKE"],
  ["=~", "!~"],
  ["!~", "=~"],
]);

/** A new node that nothing can change. */
function node<T extends object>(fields: T): Readonly<T> {
  return Object.freeze(fields);
}

/** Whether a literal object, or one in it, has a name that is only known when it is computed. */
function hasComputedName(value: Expression): boolean {
  return value.kind === "object" &&
    value.members.some((member) =>
      member.kind === "computed" || (member.kind !== "spread" && hasComputedName(member.value))
    );
}

class Parser {
  readonly #text: string;
  readonly #lexer: Lexer;
  readonly #maxDepth: number;
  /** Tokens that have been read, the current one at `#next`. */
  readonly #tokens: Token[] = [];
  readonly #binds: string[] = [];
  #next = 0;
  #depth = 0;
  /** Whether an IN ends the expression, as in `REMOVE x IN c`. */
  #inEnds = false;

  constructor(text: string, limits: ParseLimits) {
    const { maxLength = 67108864, maxTokens = 5000000, maxDepth = 500 } = limits;
    if (text === "") throw new ArangoError(1502);
    if (text.length > maxLength) {
      throw new ArangoError(
        1524,
        `${TOO_DEEP}: the query has ${text.length} characters, over the ${maxLength} allowed`,
      );
    }
    this.#text = text;
    this.#lexer = new Lexer(text, maxTokens);
    this.#maxDepth = maxDepth;
  }

  // the current token

  #peek(ahead = 0): Token {
    while (this.#tokens.length <= this.#next + ahead) this.#tokens.push(this.#lexer.next());
    return this.#tokens[this.#next + ahead]!;
  }

  #is(kind: TokenKind): boolean {
    return this.#peek().kind === kind;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #accept(kind: TokenKind): Token | undefined {
    return this.#is(kind) ? this.#take() : undefined;
  }

  #expect(kind: TokenKind): Token {
    return this.#is(kind) ? this.#take() : this.#unexpected(tokenName(kind));
  }

  #unexpected(expecting?: string): never {
    const token = this.#peek();
    const hint = expecting === undefined ? "" : `, expecting ${expecting}`;
    throw parseError(`syntax error, unexpected ${tokenName(token.kind)}${hint}`, this.#text, token.start);
  }

  #fail(message: string, at: number): never {
    throw parseError(message, this.#text, at);
  }

  /** Whether the current token is one of these contextual words. */
  #isWord(...words: string[]): boolean {
    const token = this.#peek();
    return token.kind === "identifier" && !token.quoted && words.includes(token.text.toUpperCase());
  }

  #acceptWord(word: string): Token | undefined {
    return this.#isWord(word) ? this.#take() : undefined;
  }

  /** Refuses an identifier that is none of the words that may stand here. */
  #onlyWords(...words: string[]): void {
    const token = this.#peek();
    if (token.kind !== "identifier" || this.#isWord(...words)) return;
    const list = words.map((word) => `'${word}'`).join(" or ");
    this.#fail(`unexpected qualifier '${token.text}', expecting ${list}`, token.start);
  }

  #deeper(): void {
    if (++this.#depth > this.#maxDepth) throw new ArangoError(1524);
  }

  /** Parses inside of brackets, where IN is an operator again. */
  #bracketed<T>(body: () => T): T {
    const before = this.#inEnds;
    this.#inEnds = false;
    const result = body();
    this.#inEnds = before;
    return result;
  }

  // Query = [ WithClause ] { Statement } FinalStatement ;
  // WithClause = WITH CollName { [','] CollName } ;
  query(): Query {
    const withCollections: DataSourceName[] = [];
    if (this.#accept("WITH")) {
      do withCollections.push(this.#collectionName()); while (
        this.#accept(",") || ["identifier", "string", "collectionBind"].includes(this.#peek().kind)
      );
    }
    const statements = this.#statements();
    if (!this.#is("end")) this.#unexpected();
    return node({ kind: "query", text: this.#text, withCollections, statements, binds: this.#binds });
  }

  // { Statement } FinalStatement
  #statements(): readonly Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const { kind } = this.#peek();
      if (!STATEMENT_STARTS.has(kind)) {
        const last = statements.at(-1)?.kind;
        const complete = last === "insert" || last === "update" || last === "replace" || last === "remove" ||
          last === "upsert";
        if (complete) return Object.freeze(statements);
        this.#unexpected();
      }
      this.#statement(statements);
      if (kind === "RETURN") return Object.freeze(statements);
    }
  }

  // Statement = For | Let | Filter | Collect | Sort | Limit | Window | Modification ;
  #statement(into: Statement[]): void {
    switch (this.#peek().kind) {
      case "FOR":
        into.push(this.#for());
        break;
      case "LET":
        this.#let(into);
        break;
      case "FILTER":
        into.push(node({ kind: "filter", at: this.#take().start, condition: this.#expression() }));
        break;
      case "COLLECT":
        into.push(this.#collect());
        break;
      case "SORT":
        into.push(this.#sort());
        break;
      case "LIMIT":
        into.push(node({ kind: "limit", at: this.#peek().start, limit: this.#limit() }));
        break;
      case "WINDOW":
        into.push(this.#window());
        break;
      case "RETURN":
        into.push(this.#return());
        break;
      case "INSERT":
        into.push(this.#insert());
        break;
      case "REMOVE":
        into.push(this.#remove());
        break;
      case "UPDATE":
        into.push(this.#update("update"));
        break;
      case "REPLACE":
        into.push(this.#update("replace"));
        break;
      default:
        into.push(this.#upsert());
    }
  }

  // For = FOR ForVars IN Expr [ SEARCH Expr ] [ Options ]
  //     | FOR Var [',' Var [',' Var]] IN Traversal
  //     | FOR Var [',' Var] IN ShortestPath
  //     | FOR Var IN ( KShortest | AllShortest | KPaths ) ;
  // ForVars = Var | ArrayPattern | ObjectPattern ;
  #for(): Statement {
    const at = this.#expect("FOR").start;
    const patterns = [this.#pattern()];
    while (this.#accept(",")) patterns.push(this.#pattern());
    const inToken = this.#expect("IN");
    if (this.#direction(0)) return this.#graph(at, patterns, undefined);
    const source = this.#expression();
    if (this.#direction(0)) return this.#graph(at, patterns, source);
    if (patterns.length > 1) {
      this.#fail("Collections and views FOR loops should only have a single output variable", inToken.start);
    }
    this.#onlyWords("SEARCH", "OPTIONS");
    const search = this.#acceptWord("SEARCH") && this.#expression();
    if (search && patterns[0]!.kind !== "variable") {
      this.#fail("SEARCH condition is incompatible with destructuring", search.at);
    }
    const options = this.#options();
    return node({
      kind: "for",
      at,
      pattern: patterns[0]!,
      source,
      ...(search ? { search } : {}),
      ...(options ? { options } : {}),
    });
  }

  #direction(ahead: number): Direction | undefined {
    const { kind } = this.#peek(ahead);
    return kind === "OUTBOUND" || kind === "INBOUND" || kind === "ANY" ? kind : undefined;
  }

  // Traversal    = [ Depth ] Direction Expr GraphSubject [ Prune ] [ Options ] ;
  // ShortestPath = Direction SHORTEST_PATH Expr TO Expr GraphSubject [ Options ] ;
  // KPaths       = [ Depth ] Direction K_PATHS Expr TO Expr GraphSubject [ Options ] ;
  #graph(at: number, patterns: readonly Pattern[], depth: Expression | undefined): Statement {
    const place = this.#peek().start;
    const direction = this.#direction(0)!;
    this.#take();
    const search = this.#pathSearch();
    const name = search ?? "Traversal";
    const variables = patterns.filter((pattern) => pattern.kind === "variable") as VariablePattern[];
    if (variables.length < patterns.length) {
      this.#fail(`${name} does not support array/object destructuring`, place);
    }
    if (search) {
      if (depth && search !== "K_PATHS") this.#unexpected();
      const limit = search === "SHORTEST_PATH" ? 2 : 1;
      if (variables.length > limit) {
        const text = limit === 2 ? "between 1 and 2 output variables" : "a single output variable";
        this.#fail(`${name} should have ${text}`, place);
      }
      const start = this.#expression();
      this.#onlyWords("TO");
      if (!this.#acceptWord("TO")) this.#unexpected("identifier");
      const target = this.#expression();
      const graph = this.#graphSubject();
      const options = this.#options();
      return node({
        kind: "path",
        at,
        search,
        variables,
        ...(depth ? { depth } : {}),
        direction,
        start,
        target,
        graph,
        ...(options ? { options } : {}),
      });
    }
    if (variables.length > 3) this.#fail("Traversal should have between 1 and 3 output variables", place);
    const start = this.#expression();
    const graph = this.#graphSubject();
    this.#onlyWords("PRUNE", "OPTIONS");
    const prune = this.#acceptWord("PRUNE") && this.#prune();
    const options = this.#options();
    return node({
      kind: "traversal",
      at,
      variables,
      ...(depth ? { depth } : {}),
      direction,
      start,
      graph,
      ...(prune ? { prune } : {}),
      ...(options ? { options } : {}),
    });
  }

  #pathSearch(): PathSearch | undefined {
    const { kind } = this.#peek();
    switch (kind) {
      case "SHORTEST_PATH":
      case "K_SHORTEST_PATHS":
      case "ALL_SHORTEST_PATHS":
      case "K_PATHS":
        this.#take();
        return kind;
      default:
        return undefined;
    }
  }

  // GraphSubject = GRAPH ( Identifier | QuotedString | '@'name | '@@'name ) | EdgeColl { ',' EdgeColl } ;
  // EdgeColl     = [ Direction ] ( Identifier | QuotedString | '@'name | '@@'name ) ;
  #graphSubject(): GraphSubject {
    const at = this.#peek().start;
    if (this.#accept("GRAPH")) return node({ kind: "graph", at, name: this.#sourceName(true) });
    const collections: { direction?: Direction; name: DataSourceName }[] = [];
    do {
      const direction = this.#direction(0);
      if (direction) this.#take();
      collections.push(node({ ...(direction ? { direction } : {}), name: this.#sourceName(true) }));
    } while (this.#accept(","));
    return node({ kind: "edges", at, collections });
  }

  // Prune = PRUNE [ Var '=' ] Expr ;
  #prune(): { variable?: VariablePattern; condition: Expression } {
    if (this.#is("identifier") && this.#peek(1).kind === "=") {
      const variable = this.#variable();
      this.#expect("=");
      return node({ variable, condition: this.#expression() });
    }
    return node({ condition: this.#expression() });
  }

  // Options = OPTIONS ObjectLiteral ;
  #options(): ObjectExpression | undefined {
    this.#onlyWords("OPTIONS");
    if (!this.#acceptWord("OPTIONS")) return undefined;
    const at = this.#peek().start;
    const value = this.#expression();
    if (value.kind !== "object") this.#fail("'OPTIONS' have to be an object", at);
    return value;
  }

  // CollName = Identifier | QuotedString | '@@'name ;
  #collectionName(): DataSourceName {
    return this.#sourceName(false);
  }

  #sourceName(value: boolean): DataSourceName {
    const token = this.#peek();
    switch (token.kind) {
      case "identifier":
      case "string":
        this.#take();
        return node({ kind: "name", at: token.start, name: token.text });
      case "collectionBind":
        return this.#collectionBind();
      case "bind":
        if (value) return this.#bind();
    }
    return this.#unexpected();
  }

  #bind(): BindExpression {
    const token = this.#expect("bind");
    if (!this.#binds.includes(token.text)) this.#binds.push(token.text);
    return node({ kind: "bind", at: token.start, name: token.text });
  }

  #collectionBind(): Extract<DataSourceName, { kind: "collectionBind" }> {
    const token = this.#expect("collectionBind");
    if (!this.#binds.includes(`@${token.text}`)) this.#binds.push(`@${token.text}`);
    return node({ kind: "collectionBind", at: token.start, name: token.text });
  }

  #variable(): VariablePattern {
    const token = this.#expect("identifier");
    if (token.quoted && !VARIABLE_NAME.test(token.text)) {
      throw new ArangoError(1501, `variable name '${token.text}' has an invalid format`);
    }
    return node({ kind: "variable", at: token.start, name: token.text });
  }

  // ArrayPattern  = '[' [ ArrElem ] { ',' [ ArrElem ] } ']' ;
  // ObjectPattern = '{' [ ObjElem ] { ',' [ ObjElem ] } '}' ;
  // ObjElem       = Name | Name ':' ( Var | ArrayPattern | ObjectPattern ) ;
  #pattern(): Pattern {
    const at = this.#peek().start;
    this.#deeper();
    let pattern: Pattern;
    if (this.#accept("[")) {
      const items: (Pattern | undefined)[] = [];
      let open = true;
      while (!this.#is("]")) {
        if (this.#accept(",")) {
          if (open) items.push(undefined);
          open = true;
        } else {
          if (!open) this.#unexpected();
          items.push(this.#pattern());
          open = false;
        }
      }
      this.#take();
      pattern = node({ kind: "arrayPattern", at, items: Object.freeze(items) });
    } else if (this.#accept("{")) {
      const members: { name: string; pattern: Pattern; shorthand: boolean }[] = [];
      let open = true;
      while (!this.#is("}")) {
        if (this.#accept(",")) {
          open = true;
          continue;
        }
        if (!open) this.#unexpected();
        open = false;
        if (this.#peek(1).kind === ":") {
          const token = this.#peek();
          if (token.kind !== "identifier" && token.kind !== "string") this.#unexpected();
          this.#next += 2;
          members.push(node({ name: token.text, pattern: this.#pattern(), shorthand: false }));
        } else {
          const variable = this.#variable();
          members.push(node({ name: variable.name, pattern: variable, shorthand: true }));
        }
      }
      this.#take();
      pattern = node({ kind: "objectPattern", at, members: Object.freeze(members) });
    } else {
      pattern = this.#variable();
    }
    this.#depth--;
    return pattern;
  }

  // Let     = LET LetElem { ',' LetElem } ;
  // LetElem = ( Var | ArrayPattern | ObjectPattern ) '=' Expr ;
  #let(into: Statement[]): void {
    this.#expect("LET");
    do {
      const pattern = this.#pattern();
      this.#expect("=");
      into.push(node({ kind: "let", at: pattern.at, pattern, value: this.#expression() }));
    } while (this.#accept(","));
  }

  // Sort     = SORT SortElem { ',' SortElem } ;
  // SortElem = Expr [ ASC | DESC | ConstValue | '@'name ] ;
  #sort(): Statement {
    const at = this.#expect("SORT").start;
    const elements: SortElement[] = [];
    do {
      const value = this.#expression();
      const direction = this.#sortDirection();
      elements.push(node({ at: value.at, value, ...(direction === undefined ? {} : { direction }) }));
    } while (this.#accept(","));
    return node({ kind: "sort", at, elements: Object.freeze(elements) });
  }

  #sortDirection(): "ASC" | "DESC" | Expression | undefined {
    const { kind } = this.#peek();
    switch (kind) {
      case "ASC":
      case "DESC":
        this.#take();
        return kind;
      case "bind":
        return this.#bind();
      case "string":
      case "integer":
      case "double":
      case "TRUE":
      case "FALSE":
      case "NULL":
        return this.#primary();
      default:
        return undefined;
    }
  }

  // Limit = LIMIT Expr [ ',' Expr ] ;
  #limit(): LimitClause {
    const at = this.#expect("LIMIT").start;
    const first = this.#expression();
    return this.#accept(",") ? node({ at, offset: first, count: this.#expression() }) : node({ at, count: first });
  }

  // Return = RETURN [ DISTINCT ] Expr ;
  #return(): Statement {
    const at = this.#expect("RETURN").start;
    const distinct = this.#accept("DISTINCT") !== undefined;
    return node({ kind: "return", at, distinct, value: this.#expression() });
  }

  // Collect = COLLECT [ Groups ] ( WITH COUNT INTO Var | [ Aggregate ] [ Into ] [ Keep ] ) [ Options ] ;
  // Into    = INTO Var [ '=' Expr ] ;
  // Keep    = KEEP Var { ',' Var } ;
  #collect(): CollectStatement {
    const at = this.#expect("COLLECT").start;
    const groups: Assignment[] = [];
    while (this.#is("identifier") && this.#peek(1).kind === "=") {
      groups.push(this.#assignment());
      if (!this.#accept(",")) break;
    }
    const aggregates: Assignment[] = [];
    let count: VariablePattern | undefined;
    if (this.#accept("WITH")) {
      this.#onlyWords("COUNT");
      if (!this.#acceptWord("COUNT")) this.#unexpected("identifier");
      this.#expect("INTO");
      count = this.#variable();
    } else {
      if (this.#accept("AGGREGATE")) {
        do aggregates.push(this.#assignment()); while (this.#accept(",") && this.#is("identifier"));
      }
      if (groups.length === 0 && aggregates.length === 0) this.#unexpected();
    }
    const into = count ? undefined : this.#accept("INTO") && this.#into();
    this.#onlyWords("KEEP", "OPTIONS");
    let keep: VariablePattern[] | undefined;
    const keepToken = this.#acceptWord("KEEP");
    if (keepToken) {
      keep = [this.#variable()];
      while (this.#accept(",")) keep.push(this.#variable());
      if (!into) this.#fail("use of 'KEEP' without 'INTO'", keepToken.start);
      if (into.projection) this.#fail("use of 'KEEP' with 'INTO' and projection expression", keepToken.start);
    }
    const options = this.#options();
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

  #into(): { variable: VariablePattern; projection?: Expression } {
    const variable = this.#variable();
    return this.#accept("=") ? node({ variable, projection: this.#expression() }) : node({ variable });
  }

  #assignment(): Assignment {
    const variable = this.#variable();
    this.#expect("=");
    return node({ at: variable.at, variable, value: this.#expression() });
  }

  // Window = WINDOW ObjectLiteral AGGREGATE AggList | WINDOW Expr WITH ObjectLiteral AGGREGATE AggList ;
  #window(): Statement {
    const at = this.#expect("WINDOW").start;
    let bounds = this.#expression();
    let range: Expression | undefined;
    if (this.#accept("WITH")) {
      range = bounds;
      bounds = this.#expression();
    }
    if (bounds.kind !== "object") this.#unexpected();
    this.#expect("AGGREGATE");
    const aggregates = [this.#assignment()];
    while (this.#accept(",")) aggregates.push(this.#assignment());
    return node({ kind: "window", at, ...(range ? { range } : {}), bounds, aggregates: Object.freeze(aggregates) });
  }

  /** An expression that an IN at its outermost level ends. */
  #beforeIn(): Expression {
    const before = this.#inEnds;
    this.#inEnds = true;
    const expression = this.#expression();
    this.#inEnds = before;
    return expression;
  }

  // ( IN | INTO ) CollName [ Options ]
  #destination(): { collection: DataSourceName; options?: ObjectExpression } {
    if (!this.#accept("INTO") && !this.#accept("IN")) this.#unexpected("IN keyword or INTO keyword");
    const collection = this.#collectionName();
    const options = this.#options();
    return options ? { collection, options } : { collection };
  }

  // Insert = INSERT Expr ( IN | INTO ) CollName [ Options ] ;
  #insert(): Statement {
    const at = this.#expect("INSERT").start;
    return node({ kind: "insert", at, document: this.#beforeIn(), ...this.#destination() });
  }

  // Remove = REMOVE Expr ( IN | INTO ) CollName [ Options ] ;
  #remove(): Statement {
    const at = this.#expect("REMOVE").start;
    return node({ kind: "remove", at, document: this.#beforeIn(), ...this.#destination() });
  }

  // Update  = UPDATE Expr [ WITH Expr ] ( IN | INTO ) CollName [ Options ] ;
  // Replace = REPLACE Expr [ WITH Expr ] ( IN | INTO ) CollName [ Options ] ;
  #update(kind: "update" | "replace"): Statement {
    const at = this.#take().start;
    const first = this.#beforeIn();
    const document = this.#accept("WITH") ? this.#beforeIn() : undefined;
    return document
      ? node({ kind, at, key: first, document, ...this.#destination() })
      : node({ kind, at, document: first, ...this.#destination() });
  }

  // Upsert = UPSERT ( ObjectLiteral | '@'name ) INSERT Expr ( UPDATE | REPLACE ) Expr ( IN | INTO ) CollName [ Options ]
  //        | UPSERT FILTER Expr INSERT Expr ( UPDATE | REPLACE ) Expr ( IN | INTO ) CollName [ Options ] ;
  #upsert(): Statement {
    const at = this.#expect("UPSERT").start;
    const kind = this.#accept("FILTER") ? "filter" : "example";
    if (kind === "example" && !this.#is("{") && !this.#is("bind")) this.#unexpected();
    const search = node({ kind, value: this.#expression() } as const);
    if (kind === "example" && hasComputedName(search.value)) {
      this.#fail("computed attribute names are not allowed in the example of an UPSERT", search.value.at);
    }
    this.#expect("INSERT");
    const insert = this.#expression();
    const replace = this.#accept("REPLACE") !== undefined;
    if (!replace) this.#expect("UPDATE");
    const update = this.#beforeIn();
    return node({ kind: "upsert", at, search, insert, replace, update, ...this.#destination() });
  }

  // Expr    = Ternary ;
  // Ternary = OrExpr [ '?' Expr ':' Expr | '?' ':' Expr ] ;
  #expression(): Expression {
    this.#deeper();
    const condition = this.#binary(0);
    let result = condition;
    if (this.#accept("?")) {
      if (this.#accept(":")) {
        result = node({ kind: "ternary", at: condition.at, condition, otherwise: this.#expression() });
      } else {
        const then = this.#expression();
        this.#expect(":");
        result = node({ kind: "ternary", at: condition.at, condition, then, otherwise: this.#expression() });
      }
    }
    this.#depth--;
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
    const depth = this.#depth;
    let left = this.#unary();
    for (let found = this.#infix(level); found; found = this.#infix(level)) {
      const { at } = left;
      const { quantifier } = found;
      const right = this.#binary(found.level + 1);
      if (found.operator === "..") left = node({ kind: "range", at, low: left, high: right });
      else if (quantifier) {
        left = node({ kind: "quantified", at, quantifier, operator: found.operator as ArrayOperator, left, right });
      } else left = node({ kind: "binary", at, operator: found.operator, left, right });
      this.#deeper();
    }
    this.#depth = depth;
    return left;
  }

  /** Takes the operator at the current token, with its quantifier, if it binds at least as tightly as `level`. */
  #infix(level: number): (Infix & { readonly quantifier?: Quantifier }) | undefined {
    const { kind } = this.#peek();
    const infix = INFIXES.get(kind);
    if (infix) {
      if (infix.level < level || (kind === "IN" && this.#inEnds)) return undefined;
      this.#take();
      return infix;
    }
    const negated = kind === "NOT" && level <= EQUALITY ? NEGATED.get(this.#peek(1).kind) : undefined;
    if (negated) {
      this.#next += 2;
      return { level: EQUALITY, operator: negated };
    }
    const start = this.#next;
    const quantifier = level <= RELATIONAL ? this.#quantifier() : undefined;
    if (!quantifier) return undefined;
    // Quantifier = ALL | ANY | NONE | AT LEAST '(' Expr ')' ;
    const compared = this.#infix(Math.max(level, EQUALITY));
    if (compared && !compared.quantifier && compared.level <= RELATIONAL) return { ...compared, quantifier };
    this.#next = start;
    return undefined;
  }

  #quantifier(): Quantifier | undefined {
    const { kind } = this.#peek();
    switch (kind) {
      case "ALL":
      case "ANY":
      case "NONE":
        this.#take();
        return node({ kind });
      case "AT LEAST": {
        this.#take();
        this.#expect("(");
        const count = this.#bracketed(() => this.#expression());
        this.#expect(")");
        return node({ kind, count });
      }
      default:
        return undefined;
    }
  }

  // Unary = { '+' | '-' | '!' | NOT } Postfix ;
  #unary(): Expression {
    const { kind, start } = this.#peek();
    if (kind !== "+" && kind !== "-" && kind !== "!" && kind !== "NOT") return this.#access(this.#primary());
    this.#take();
    this.#deeper();
    const operand = this.#unary();
    this.#depth--;
    return node({ kind: "unary", at: start, operator: kind === "NOT" ? "!" : kind, operand });
  }

  // Postfix = Primary { Access } ;
  // Access  = '.' ( Identifier | '@'name )
  //         | '[' Expr ']'
  //         | '[' '*' { '*' } Inline ']'
  //         | '[' '?' { '?' } [ [ Quantifier | Expr ] FILTER Expr ] ']' ;
  #access(target: Expression, ofEach = false): Expression {
    const depth = this.#depth;
    const { at } = target;
    for (;;) {
      // A contraction flattens what the expansions before it give together, not each of their members.
      if (ofEach && this.#isContraction()) break;
      if (this.#accept(".")) {
        target = this.#is("bind")
          ? node({ kind: "boundAttribute", at, target, bind: this.#bind() })
          : node({ kind: "attribute", at, target, name: this.#expect("identifier").text });
      } else if (this.#accept("[")) {
        target = this.#bracketed(() => {
          if (this.#is("*")) return this.#expansion(target);
          return this.#is("?") ? this.#question(target) : this.#index(target);
        });
      } else {
        break;
      }
      this.#deeper();
    }
    this.#depth = depth;
    return target;
  }

  #isContraction(): boolean {
    return this.#is("[") && this.#peek(1).kind === "*" && this.#peek(2).kind === "*";
  }

  #index(target: Expression): Expression {
    const index = this.#expression();
    this.#expect("]");
    return node({ kind: "index", at: target.at, target, index });
  }

  // Inline = [ FILTER Expr ] [ LIMIT Expr [ ',' Expr ] ] [ RETURN Expr ] ;
  #expansion(target: Expression): Expression {
    let levels = 0;
    while (this.#accept("*")) levels++;
    const filter = this.#accept("FILTER") && this.#expression();
    const limit = this.#is("LIMIT") ? this.#limit() : undefined;
    const projection = this.#accept("RETURN") && this.#expression();
    const end = this.#expect("]");
    this.#deeper();
    const each = this.#access(node({ kind: "item", at: end.start }), true);
    this.#depth--;
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
    while (this.#accept("?")) levels++;
    let quantifier: Quantifier | undefined;
    let filter: Expression | undefined;
    if (!this.#is("]")) {
      if (!this.#is("FILTER")) {
        quantifier = this.#quantifier() ?? node({ kind: "exactly", count: this.#expression() } as const);
      }
      this.#expect("FILTER");
      filter = this.#expression();
    }
    this.#expect("]");
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
  #primary(): Expression {
    const token = this.#peek();
    const at = token.start;
    switch (token.kind) {
      case "NULL":
        this.#take();
        return node({ kind: "literal", at, value: null });
      case "TRUE":
      case "FALSE":
        this.#take();
        return node({ kind: "literal", at, value: token.kind === "TRUE" });
      case "string":
        this.#take();
        return node({ kind: "literal", at, value: token.text });
      case "integer": {
        this.#take();
        const value = integerFromText(token.text);
        return node({
          kind: "literal",
          at,
          value: typeof value === "bigint" && value > INT64_MAX ? Number(value) : value,
        });
      }
      case "double": {
        this.#take();
        const value = Number(token.text);
        return Number.isFinite(value)
          ? node({ kind: "literal", at, value })
          : node({ kind: "literal", at, value: null, overflow: true });
      }
      case "bind":
        return this.#bind();
      case "collectionBind":
        return this.#collectionBind();
      case "[":
        return this.#array();
      case "{":
        return this.#object();
      case "(": {
        this.#take();
        const before = this.#inEnds;
        this.#inEnds = false;
        const inner = this.#argument();
        this.#inEnds = before;
        this.#expect(")");
        return inner;
      }
      case "LIKE":
        if (this.#peek(1).kind === "(") {
          this.#take();
          return this.#call(at, "LIKE");
        }
        return this.#unexpected();
      case "identifier": {
        this.#take();
        const names = [token.text];
        while (this.#is("::")) {
          this.#take();
          names.push(this.#expect("identifier").text);
        }
        if (this.#is("(") && !token.quoted) return this.#call(at, names.join("::"));
        if (names.length > 1) this.#unexpected("(");
        return node({ kind: "name", at, name: token.text });
      }
      default:
        return this.#unexpected();
    }
  }

  // Arg = Expr | Query ;
  #argument(): Expression {
    const { kind, start } = this.#peek();
    if (!STATEMENT_STARTS.has(kind)) return this.#expression();
    this.#deeper();
    const statements = this.#statements();
    this.#depth--;
    return node({ kind: "subquery", at: start, statements });
  }

  // Call = Name { '::' Name } '(' [ Arg { ',' Arg } ] ')' | LIKE '(' Args ')' ;
  #call(at: number, name: string): Expression {
    this.#expect("(");
    const args = this.#bracketed(() => {
      const found: Expression[] = [];
      if (!this.#is(")")) {
        do found.push(this.#argument()); while (this.#accept(",") && !this.#is(")"));
      }
      return found;
    });
    this.#expect(")");
    return node({ kind: "call", at, name, args: Object.freeze(args) });
  }

  // ArrayLit = '[' [ Item { ',' Item } [ ',' ] ] ']' ;  Item = Expr | '...' Expr
  #array(): Expression {
    const at = this.#expect("[").start;
    const items = this.#bracketed(() => {
      const found: (Expression | SpreadExpression)[] = [];
      while (!this.#is("]")) {
        const spread = this.#accept("...");
        found.push(
          spread ? node({ kind: "spread", at: spread.start, operand: this.#expression() }) : this.#expression(),
        );
        if (!this.#accept(",")) break;
      }
      return found;
    });
    this.#expect("]");
    return node({ kind: "array", at, items: Object.freeze(items) });
  }

  // ObjectLit = '{' [ Member { ',' Member } [ ',' ] ] '}' ;
  #object(): ObjectExpression {
    const at = this.#expect("{").start;
    const members = this.#bracketed(() => {
      const found: ObjectMember[] = [];
      while (!this.#is("}")) {
        found.push(this.#member());
        if (!this.#accept(",")) break;
      }
      return found;
    });
    this.#expect("}");
    return node({ kind: "object", at, members: Object.freeze(members) });
  }

  // Member = Identifier
  //        | ( Identifier | QuotedString | AllowedKeyword ) ':' Expr
  //        | '@'name ':' Expr
  //        | '[' Expr ']' ':' Expr
  //        | '...' Expr ;
  #member(): ObjectMember {
    const token = this.#peek();
    const at = token.start;
    if (this.#accept("...")) return node({ kind: "spread", at, operand: this.#expression() });
    if (token.kind === "bind") {
      const bind = this.#bind();
      this.#expect(":");
      return node({ kind: "bound", at, bind, value: this.#expression() });
    }
    if (this.#accept("[")) {
      const name = this.#expression();
      this.#expect("]");
      this.#expect(":");
      return node({ kind: "computed", at, name, value: this.#expression() });
    }
    if (token.kind !== "identifier" && token.kind !== "string" && !KEY_KEYWORDS.has(token.kind)) this.#unexpected();
    this.#take();
    if (this.#accept(":")) return node({ kind: "member", at, name: token.text, value: this.#expression() });
    if (token.kind !== "identifier") this.#unexpected();
    const value = node({ kind: "name", at, name: token.text } as const);
    return node({ kind: "member", at, name: token.text, value, shorthand: true });
  }
}
