/**
 * Expressions of computed values: a single RETURN over one document.
 *
 * Source: ArangoDB's documentation of computed values.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Expression } from "../engine/computed_values.ts";
import type { DataSource } from "./data_source.ts";
import { compile } from "./execution/compile.ts";
import { QueryContext } from "./execution/context.ts";
import { UNCONFINED_FUNCTIONS } from "./functions/unconfined_functions.ts";
import { parse } from "./parser.ts";
import type { Expr, Variable } from "./plan/expression.ts";
import { resolveQuery } from "./resolver.ts";
import { type AqlValue, jsonText, parseJson } from "./values.ts";

function refused(detail: string): ArangoError {
  return new ArangoError("ERROR_BAD_PARAMETER", detail);
}

/** A database in which nothing is. */
const NOWHERE: DataSource = {
  name: "_system",
  collection: () => undefined,
  read: () => {
    throw refused("an expression reads no documents");
  },
  write: () => {
    throw refused("an expression writes no documents");
  },
};

/** What an expression shares with the functions that it calls. */
class ExpressionContext extends QueryContext {
  /** Whether the next warning is an error. */
  failOnWarning = false;
  #now = 0;

  constructor() {
    super({
      source: NOWHERE,
      environment: {},
      limits: { maxWarningCount: 0, failOnWarning: false, maxRuntime: 0, memoryLimit: 0 },
    });
  }

  /** Begins with a new document. */
  start(failOnWarning: boolean): void {
    this.failOnWarning = failOnWarning;
    this.#now = Date.now();
  }

  override now(): number {
    return this.#now;
  }

  override warn(errorNum: number, message: string): void {
    if (this.failOnWarning) throw new ArangoError(errorNum, message);
  }
}

/** Puts a variable in the place of `@doc`, and refuses what an expression cannot have. */
function withDocument(expr: Expr, variable: Variable): Expr {
  function visit(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== "object") return node;
    const { kind } = node as { kind?: string };
    if (kind === "parameter") {
      const { name } = node as { name: string };
      if (name !== "doc") {
        throw refused(`it has the bind parameter '@${name}', and @doc is the only one that has a value`);
      }
      return { kind: "variable", variable };
    }
    if (kind === "boundAttribute") throw refused("@doc is no attribute name");
    if (kind === "collection") throw refused(`it uses the collection '${(node as { name: string }).name}'`);
    if (kind === "userCall") throw refused("it calls a user-defined function");
    if (kind === "call") {
      const { spec, args } = node as Extract<Expr, { kind: "call" }>;
      if (spec.readsData || UNCONFINED_FUNCTIONS.has(spec.name)) throw refused(`it calls the function ${spec.name}()`);
      return { kind, spec, args: args.map(visit) };
    }
    return Object.fromEntries(
      Object.entries(node).map(([name, value]) => [name, name === "match" || name === "spec" ? value : visit(value)]),
    );
  }
  return visit(expr) as Expr;
}

/**
 * Makes an expression of a computed value.
 *
 * @param text `RETURN …` with the document in `@doc`
 * @throws ArangoError 1501 and other numbers for texts that are no AQL, 10 for those that do not fit
 */
export function computedValueExpression(text: string): Expression {
  const query = parse(text);
  const [only] = query.statements;
  if (query.statements.length !== 1 || only?.kind !== "return") throw refused("it must be a single RETURN operation");
  const { statements, variables } = resolveQuery(query);
  const [statement] = statements;
  if (statements.length !== 1 || statement?.kind !== "return") throw refused("it must not have subqueries");
  const variable: Variable = { id: variables.length, name: "doc", temporary: true };
  const context = new ExpressionContext();
  const evaluate = compile(withDocument(statement.value, variable), context);
  return (document, failOnWarning) => {
    context.start(failOnWarning);
    const row: AqlValue[] = new Array(variables.length + 1).fill(null);
    row[variable.id] = parseJson(document);
    return jsonText(evaluate(row));
  };
}
