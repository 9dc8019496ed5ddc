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
import type { ExpressionResolver } from "./expression_resolver.ts";
import { boundGraph } from "./graphs.ts";
import { destructure, loopVariable } from "./patterns.ts";
import { hasSubquery } from "./resolution.ts";

/**
 * Resolves a FOR over a collection or an array.
 *
 * @throws ArangoError 1501 SEARCH, as there are no views, 1563 a constant that is no array, and for its expressions
 */
export function resolveFor(resolver: ExpressionResolver, statement: ForStatement): void {
  const source = forSource(resolver, statement.source);
  resolver.scopes.openLoop();
  const variable = loopVariable(resolver, statement.pattern);
  const options = resolver.boundOptions(source.kind === "collection" ? "FOR" : undefined, statement.options);
  if (statement.search && resolver.input) {
    throw resolver.parseError("SEARCH condition used on non-view", statement.search.at);
  }
  const search = statement.search && resolver.expr(statement.search);
  resolver.out.push({ kind: "for", variable, source, ...(search ? { search } : {}), options });
  destructure(resolver, statement.pattern, reference(variable));
}

/**
 * Resolves a traversal.
 *
 * @throws ArangoError 1501 a subquery in PRUNE, or a function that it must not use, and as {@linkcode boundGraph}
 */
export function resolveTraversal(resolver: ExpressionResolver, statement: TraversalStatement): void {
  const depth = statement.depth && resolver.expr(statement.depth);
  const start = resolver.expr(statement.start);
  const options = resolver.boundOptions("TRAVERSAL", statement.options);
  const loop = openSearch(resolver, statement, options);
  let prune;
  if (statement.prune) {
    if (hasSubquery(statement.prune.condition)) {
      throw resolver.parseError("PRUNE condition must not use a subquery", statement.prune.condition.at);
    }
    const refused = refusedFunction(statement.prune.condition);
    if (refused !== undefined) {
      const message = `PRUNE condition must not use function '${refused}()'`;
      throw resolver.parseError(message, statement.prune.condition.at);
    }
    const condition = resolver.expr(statement.prune.condition);
    const { variable } = statement.prune;
    prune = variable ? { variable: resolver.scopes.declare(variable.name), condition } : { condition };
  }
  resolver.out.push({
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
export function resolvePath(resolver: ExpressionResolver, statement: PathStatement): void {
  const depth = statement.depth && resolver.expr(statement.depth);
  const start = resolver.expr(statement.start);
  const target = resolver.expr(statement.target);
  const options = resolver.boundOptions(statement.search, statement.options);
  const loop = openSearch(resolver, statement, options);
  resolver.out.push({ kind: "path", search: statement.search, ...loop, ...(depth ? { depth } : {}), start, target });
}

/** What is the same in all searches of graphs, whose variables are known from here on. */
function openSearch(
  resolver: ExpressionResolver,
  { graph, direction, variables }: TraversalStatement | PathStatement,
  options: BoundOptions | undefined,
): Pick<Extract<BoundStatement, { kind: "traversal" }>, "graph" | "direction" | "variables" | "options"> {
  const bound = boundGraph(resolver, graph, direction, options);
  if (resolver.written.size > 0) {
    throw resolver.lateError("ERROR_QUERY_ACCESS_AFTER_MODIFICATION", "access after data-modification by traversal");
  }
  resolver.scopes.openLoop();
  return { graph: bound, direction, variables: variables.map(({ name }) => resolver.scopes.declare(name)), options };
}

function forSource(resolver: ExpressionResolver, source: Expression): Expr {
  if (source.kind === "collectionBind") return resolver.collectionParameter(source.name);
  const expr = source.kind === "name" ? resolver.name(source.name) : resolver.expr(source);
  if (expr.kind === "constant" && shapeOf(expr).type !== "array") {
    resolver.input?.onState("optimizing ast");
    throw new ArangoError(
      "ERROR_QUERY_ARRAY_EXPECTED",
      `collection or array expected as operand to FOR loop; you specified type '${
        typeName(expr.value)
      }' with content '${jsonText(expr.value)}'`,
    );
  }
  return expr;
}
