/**
 * Reads FOR, with its searches in graphs.
 *
 * @module
 */
import type {
  DataSourceName,
  Direction,
  Expression,
  GraphSubject,
  PathSearch,
  Pattern,
  Statement,
  VariablePattern,
} from "../ast.ts";
import type { ExpressionParser } from "./expression_parser.ts";
import { parsePattern } from "./patterns.ts";
import { node } from "./token_reader.ts";

/**
 * ```text
 * For = FOR ForVars IN Expr [ SEARCH Expr ] [ Options ]
 *     | FOR Var [',' Var [',' Var]] IN Traversal
 *     | FOR Var [',' Var] IN ShortestPath
 *     | FOR Var IN ( KShortest | AllShortest | KPaths ) ;
 * ForVars = Var | ArrayPattern | ObjectPattern ;
 * ```
 */
export function parseFor(parser: ExpressionParser): Statement {
  const at = parser.expect("FOR").start;
  const patterns = [parsePattern(parser)];
  while (parser.accept(",")) patterns.push(parsePattern(parser));
  const inToken = parser.expect("IN");
  if (parser.direction(0)) return graphLoop(parser, at, patterns, undefined);
  const source = parser.expression();
  if (parser.direction(0)) return graphLoop(parser, at, patterns, source);
  if (patterns.length > 1) {
    parser.fail("Collections and views FOR loops should only have a single output variable", inToken.start);
  }
  parser.onlyWords("SEARCH", "OPTIONS");
  const search = parser.acceptWord("SEARCH") && parser.expression();
  if (search && patterns[0]!.kind !== "variable") {
    parser.fail("SEARCH condition is incompatible with destructuring", search.at);
  }
  const options = parser.options();
  return node({
    kind: "for",
    at,
    pattern: patterns[0]!,
    source,
    ...(search ? { search } : {}),
    ...(options ? { options } : {}),
  });
}

// Traversal    = [ Depth ] Direction Expr GraphSubject [ Prune ] [ Options ] ;
// ShortestPath = Direction SHORTEST_PATH Expr TO Expr GraphSubject [ Options ] ;
// KPaths       = [ Depth ] Direction K_PATHS Expr TO Expr GraphSubject [ Options ] ;
function graphLoop(
  parser: ExpressionParser,
  at: number,
  patterns: readonly Pattern[],
  depth: Expression | undefined,
): Statement {
  const place = parser.peek().start;
  const direction = parser.direction(0)!;
  parser.take();
  const search = pathSearch(parser);
  const name = search ?? "Traversal";
  const variables = patterns.filter((pattern) => pattern.kind === "variable") as VariablePattern[];
  if (variables.length < patterns.length) {
    parser.fail(`${name} does not support array/object destructuring`, place);
  }
  if (search) {
    if (depth && search !== "K_PATHS") parser.unexpected();
    const limit = search === "SHORTEST_PATH" ? 2 : 1;
    if (variables.length > limit) {
      const text = limit === 2 ? "between 1 and 2 output variables" : "a single output variable";
      parser.fail(`${name} should have ${text}`, place);
    }
    const start = parser.expression();
    parser.onlyWords("TO");
    if (!parser.acceptWord("TO")) parser.unexpected("identifier");
    const target = parser.expression();
    const graph = graphSubject(parser);
    const options = parser.options();
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
  if (variables.length > 3) parser.fail("Traversal should have between 1 and 3 output variables", place);
  const start = parser.expression();
  const graph = graphSubject(parser);
  parser.onlyWords("PRUNE", "OPTIONS");
  const prune = parser.acceptWord("PRUNE") && pruneClause(parser);
  const options = parser.options();
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

function pathSearch(parser: ExpressionParser): PathSearch | undefined {
  const { kind } = parser.peek();
  switch (kind) {
    case "SHORTEST_PATH":
    case "K_SHORTEST_PATHS":
    case "ALL_SHORTEST_PATHS":
    case "K_PATHS":
      parser.take();
      return kind;
    default:
      return undefined;
  }
}

// GraphSubject = GRAPH ( Identifier | QuotedString | '@'name | '@@'name ) | EdgeColl { ',' EdgeColl } ;
// EdgeColl     = [ Direction ] ( Identifier | QuotedString | '@'name | '@@'name ) ;
function graphSubject(parser: ExpressionParser): GraphSubject {
  const at = parser.peek().start;
  if (parser.accept("GRAPH")) return node({ kind: "graph", at, name: parser.sourceName(true) });
  const collections: { direction?: Direction; name: DataSourceName }[] = [];
  do {
    const direction = parser.direction(0);
    if (direction) parser.take();
    collections.push(node({ ...(direction ? { direction } : {}), name: parser.sourceName(true) }));
  } while (parser.accept(","));
  return node({ kind: "edges", at, collections });
}

// Prune = PRUNE [ Var '=' ] Expr ;
function pruneClause(parser: ExpressionParser): { variable?: VariablePattern; condition: Expression } {
  if (parser.is("identifier") && parser.peek(1).kind === "=") {
    const variable = parser.variable();
    parser.expect("=");
    return node({ variable, condition: parser.expression() });
  }
  return node({ condition: parser.expression() });
}
