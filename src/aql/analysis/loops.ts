/**
 * Resolves FOR, with its searches in graphs.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { Expression, ForStatement, PathStatement, TraversalStatement } from "../ast.ts";
import type { BoundOptions, BoundStatement } from "../bound.ts";
import { UNCONFINED_FUNCTIONS } from "../functions/unconfined_functions.ts";
import { type Expr, reference, shapeOf } from "../plan/expression.ts";
import { jsonText, typeName } from "../values.ts";
import { hasSubquery } from "./analysis.ts";
import type { ExpressionAnalyzer } from "./expression_analyzer.ts";
import { boundGraph } from "./graphs.ts";
import { destructure, loopVariable } from "./patterns.ts";

/** Resolves a FOR over a collection or an array. */
export function analyzeFor(analyzer: ExpressionAnalyzer, statement: ForStatement): void {
  const source = forSource(analyzer, statement.source);
  analyzer.scopes.openLoop();
  const variable = loopVariable(analyzer, statement.pattern);
  const options = analyzer.boundOptions(source.kind === "collection" ? "FOR" : undefined, statement.options);
  if (statement.search && analyzer.input) {
    throw analyzer.parseError("SEARCH condition used on non-view", statement.search.at);
  }
  const search = statement.search && analyzer.expr(statement.search);
  analyzer.out.push({ kind: "for", variable, source, ...(search ? { search } : {}), options });
  destructure(analyzer, statement.pattern, reference(variable));
}

/** Resolves a traversal. */
export function analyzeTraversal(analyzer: ExpressionAnalyzer, statement: TraversalStatement): void {
  const depth = statement.depth && analyzer.expr(statement.depth);
  const start = analyzer.expr(statement.start);
  const options = analyzer.boundOptions("TRAVERSAL", statement.options);
  const loop = openSearch(analyzer, statement, options);
  let prune;
  if (statement.prune) {
    if (hasSubquery(statement.prune.condition)) {
      throw analyzer.parseError("PRUNE condition must not use a subquery", statement.prune.condition.at);
    }
    const refused = refusedFunction(statement.prune.condition);
    if (refused !== undefined) {
      const message = `PRUNE condition must not use function '${refused}()'`;
      throw analyzer.parseError(message, statement.prune.condition.at);
    }
    const condition = analyzer.expr(statement.prune.condition);
    const { variable } = statement.prune;
    prune = variable ? { variable: analyzer.scopes.declare(variable.name), condition } : { condition };
  }
  analyzer.out.push({
    kind: "traversal",
    ...loop,
    ...(depth ? { depth } : {}),
    start,
    ...(prune ? { prune } : {}),
  });
}

/** The name of a function in a piece of a syntax tree that PRUNE does not take: unconfined, or of a user's own. */
function refusedFunction(node: unknown): string | undefined {
  if (node === null || typeof node !== "object") return undefined;
  const { kind, name } = node as { kind?: unknown; name?: string };
  if (kind === "call" && (name!.includes("::") || UNCONFINED_FUNCTIONS.has(name!.toUpperCase()))) return name;
  return Object.values(node).map(refusedFunction).find((found) => found !== undefined);
}

/** Resolves a search of paths. */
export function analyzePath(analyzer: ExpressionAnalyzer, statement: PathStatement): void {
  const depth = statement.depth && analyzer.expr(statement.depth);
  const start = analyzer.expr(statement.start);
  const target = analyzer.expr(statement.target);
  const options = analyzer.boundOptions(statement.search, statement.options);
  const loop = openSearch(analyzer, statement, options);
  analyzer.out.push({ kind: "path", search: statement.search, ...loop, ...(depth ? { depth } : {}), start, target });
}

/** What is the same in all searches of graphs, whose variables are known from here on. */
function openSearch(
  analyzer: ExpressionAnalyzer,
  { graph, direction, variables }: TraversalStatement | PathStatement,
  options: BoundOptions | undefined,
): Pick<Extract<BoundStatement, { kind: "traversal" }>, "graph" | "direction" | "variables" | "options"> {
  const bound = boundGraph(analyzer, graph, direction, options);
  if (analyzer.written.size > 0) {
    throw analyzer.lateError("ERROR_QUERY_ACCESS_AFTER_MODIFICATION", "access after data-modification by traversal");
  }
  analyzer.scopes.openLoop();
  return { graph: bound, direction, variables: variables.map(({ name }) => analyzer.scopes.declare(name)), options };
}

function forSource(analyzer: ExpressionAnalyzer, source: Expression): Expr {
  if (source.kind === "collectionBind") return analyzer.collectionParameter(source.name);
  const expr = source.kind === "name" ? analyzer.name(source.name) : analyzer.expr(source);
  if (expr.kind === "constant" && shapeOf(expr).type !== "array") {
    analyzer.input?.onState("optimizing ast");
    throw new ArangoError(
      "ERROR_QUERY_ARRAY_EXPECTED",
      `collection or array expected as operand to FOR loop; you specified type '${
        typeName(expr.value)
      }' with content '${jsonText(expr.value)}'`,
    );
  }
  return expr;
}
