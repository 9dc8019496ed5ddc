/**
 * Reads a query: recursive descent, one method or function for each rule of the grammar.
 *
 * Source: section 2 of `aql.md`, whose rules stand above them.
 *
 * @module
 */
import type { DataSourceName, Expression, Query, SortElement, Statement } from "./ast.ts";
import { ExpressionParser, STATEMENT_STARTS } from "./parsing/expression_parser.ts";
import { parseCollect, parseWindow } from "./parsing/grouping.ts";
import { parseFor } from "./parsing/loops.ts";
import { parseInsert, parseRemove, parseUpdate, parseUpsert } from "./parsing/modifications.ts";
import { parsePattern } from "./parsing/patterns.ts";
import { node, type ParseLimits } from "./parsing/token_reader.ts";

/**
 * Parses a query.
 *
 * @param text the query
 * @throws ArangoError 1502 empty, 1501 with the place of the trouble, 1524 over the limits
 */
export function parse(text: string, limits: ParseLimits = {}): Query {
  return new Parser(text, limits).query();
}

class Parser extends ExpressionParser {
  // Query = [ WithClause ] { Statement } FinalStatement ;
  // WithClause = WITH CollName { [','] CollName } ;
  query(): Query {
    const withCollections: DataSourceName[] = [];
    if (this.accept("WITH")) {
      do withCollections.push(this.collectionName()); while (
        this.accept(",") || ["identifier", "string", "collectionBind"].includes(this.peek().kind)
      );
    }
    const statements = this.statements();
    if (!this.is("end")) this.unexpected();
    return node({ kind: "query", text: this.text, withCollections, statements, binds: this.binds });
  }

  // { Statement } FinalStatement
  protected override statements(): readonly Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const { kind } = this.peek();
      if (!STATEMENT_STARTS.has(kind)) {
        const last = statements.at(-1)?.kind;
        const complete = last === "insert" || last === "update" || last === "replace" || last === "remove" ||
          last === "upsert";
        if (complete) return Object.freeze(statements);
        this.unexpected();
      }
      this.#statement(statements);
      if (kind === "RETURN") return Object.freeze(statements);
    }
  }

  // Statement = For | Let | Filter | Collect | Sort | Limit | Window | Modification ;
  #statement(into: Statement[]): void {
    switch (this.peek().kind) {
      case "FOR":
        into.push(parseFor(this));
        break;
      case "LET":
        this.#let(into);
        break;
      case "FILTER":
        into.push(node({ kind: "filter", at: this.take().start, condition: this.expression() }));
        break;
      case "COLLECT":
        into.push(parseCollect(this));
        break;
      case "SORT":
        into.push(this.#sort());
        break;
      case "LIMIT":
        into.push(node({ kind: "limit", at: this.peek().start, limit: this.limit() }));
        break;
      case "WINDOW":
        into.push(parseWindow(this));
        break;
      case "RETURN":
        into.push(this.#return());
        break;
      case "INSERT":
        into.push(parseInsert(this));
        break;
      case "REMOVE":
        into.push(parseRemove(this));
        break;
      case "UPDATE":
        into.push(parseUpdate(this, "update"));
        break;
      case "REPLACE":
        into.push(parseUpdate(this, "replace"));
        break;
      default:
        into.push(parseUpsert(this));
    }
  }

  // Let     = LET LetElem { ',' LetElem } ;
  // LetElem = ( Var | ArrayPattern | ObjectPattern ) '=' Expr ;
  #let(into: Statement[]): void {
    this.expect("LET");
    do {
      const pattern = parsePattern(this);
      this.expect("=");
      into.push(node({ kind: "let", at: pattern.at, pattern, value: this.expression() }));
    } while (this.accept(","));
  }

  // Sort     = SORT SortElem { ',' SortElem } ;
  // SortElem = Expr [ ASC | DESC | ConstValue | '@'name ] ;
  #sort(): Statement {
    const at = this.expect("SORT").start;
    const elements: SortElement[] = [];
    do {
      const value = this.expression();
      const direction = this.#sortDirection();
      elements.push(node({ at: value.at, value, ...(direction === undefined ? {} : { direction }) }));
    } while (this.accept(","));
    return node({ kind: "sort", at, elements: Object.freeze(elements) });
  }

  #sortDirection(): "ASC" | "DESC" | Expression | undefined {
    const { kind } = this.peek();
    switch (kind) {
      case "ASC":
      case "DESC":
        this.take();
        return kind;
      case "bind":
        return this.bind();
      case "string":
      case "integer":
      case "double":
      case "TRUE":
      case "FALSE":
      case "NULL":
        return this.primary();
      default:
        return undefined;
    }
  }

  // Return = RETURN [ DISTINCT ] Expr ;
  #return(): Statement {
    const at = this.expect("RETURN").start;
    const distinct = this.accept("DISTINCT") !== undefined;
    return node({ kind: "return", at, distinct, value: this.expression() });
  }
}
