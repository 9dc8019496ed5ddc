/**
 * `replace-function-with-index`: calls of `NEAR()`, `WITHIN()`, `WITHIN_RECTANGLE()` and `FULLTEXT()` become subqueries that
 * loop over a geo or fulltext index.
 *
 * Where there is no index, or an argument is not what it has to be, the call stays: it tells what is wrong when it runs.
 *
 * Source: the manual's pages on geo and fulltext functions.
 *
 * @module
 */
import type { PlanningSource, SourceIndex } from "../../data_source.ts";
import { AQL_FUNCTIONS } from "../../functions/mod.ts";
import { attributeOf, type CallExpr, constant, type Expr, reference, shapeOf, type Variable } from "../expression.ts";
import type { IndexNode, PlanNode, SubqueryNode } from "../nodes.ts";
import { replaceParts } from "../rewrite.ts";
import type { Rule, RuleContext } from "../rule.ts";

/**
 * Puts a subquery before each calculation that calls such a function, or in its place where it does nothing else.
 *
 * @returns the changed nodes, or undefined if there is nothing to change
 */
export const replaceFunctionWithIndex: Rule = (nodes, source, context) => {
  let changed = false;
  const result = nodes.flatMap((node): PlanNode | PlanNode[] => {
    if (node.type !== "CalculationNode") return node;
    const { expression, outVariable } = node;
    const whole = subqueryFor(expression, outVariable, source, context);
    const before: SubqueryNode[] = [];
    const rest = whole ? expression : replaceParts(expression, (part) => {
      const result = part.kind === "call" && LOOPS.has(part.spec.name) ? context.newVariable() : undefined;
      const subquery = result && subqueryFor(part, result, source, context);
      if (!subquery) return undefined;
      before.push(subquery);
      return { kind: "variable", variable: result, subquery: true };
    });
    changed ||= whole !== undefined || before.length > 0;
    return whole ?? (before.length > 0 ? [...before, { ...node, expression: rest }] : node);
  });
  return changed ? result : undefined;
};

/** What makes the nodes of a subquery. */
interface Search {
  readonly call: CallExpr;
  readonly collection: string;
  readonly indexes: readonly SourceIndex[];
  readonly context: RuleContext;
}

/** The nodes between the start of a subquery and its RETURN, and what that returns; undefined where the call has to stay. */
type Loop = (search: Search) => { readonly nodes: readonly PlanNode[]; readonly result: Variable } | undefined;

function subqueryFor(
  call: Expr,
  outVariable: Variable,
  source: PlanningSource,
  context: RuleContext,
): SubqueryNode | undefined {
  if (call.kind !== "call") return undefined;
  const loop = LOOPS.get(call.spec.name);
  const [collection] = call.args;
  // a name in a string does not make the collection one of the query's
  if (!loop || collection?.kind !== "collection") return undefined;
  const indexes = source.collection(collection.name)?.indexes();
  const made = indexes && loop({ call, collection: collection.name, indexes, context });
  if (!made) return undefined;
  return {
    id: context.newId(),
    type: "SubqueryNode",
    outVariable,
    nodes: [
      { id: context.newId(), type: "SingletonNode" },
      ...made.nodes,
      { id: context.newId(), type: "ReturnNode", inVariable: made.result },
    ],
  };
}

function isNumber(expr: Expr | undefined): boolean {
  return expr?.kind === "constant" && shapeOf(expr).type === "number";
}

/** Whether an optional argument is left out. */
function isMissing(expr: Expr | undefined): boolean {
  return !expr || (expr.kind === "constant" && shapeOf(expr).type === "null");
}

function loopOver({ collection, context }: Search, index: SourceIndex, parts: Partial<IndexNode>): IndexNode {
  return {
    id: context.newId(),
    type: "IndexNode",
    collection,
    outVariable: context.newVariable(),
    options: {},
    current: false,
    indexes: [index],
    condition: [],
    ordered: false,
    ascending: true,
    ...parts,
  };
}

/** The distance of a document's latitude and longitude, or of the pair of both, from a point. */
function distance({ fields }: SourceIndex, document: Variable, latitude: Expr, longitude: Expr): CallExpr {
  const [first, second] = fields.map((field) => attributeOf(document, field.split(".")));
  const place = second
    ? [first!, second]
    : [0, 1].map((at): Expr => ({ kind: "index", target: first!, index: constant(at) }));
  return { kind: "call", spec: AQL_FUNCTIONS.get("DISTANCE")!, args: [...place, latitude, longitude] };
}

/** What documents are returned as: with their distance where the call names an attribute for it. */
function withDistance(
  document: Variable,
  meters: Expr,
  attribute: Expr | undefined,
  { newId, newVariable }: RuleContext,
): { readonly nodes: readonly PlanNode[]; readonly result: Variable } | undefined {
  if (isMissing(attribute)) return { nodes: [], result: document };
  if (attribute?.kind !== "constant" || typeof attribute.value !== "string") return undefined;
  const outVariable = newVariable();
  const members = [
    { kind: "spread", value: reference(document) },
    { kind: "fixed", name: attribute.value, value: meters },
  ] as const;
  const expression: Expr = { kind: "object", members };
  return { nodes: [{ id: newId(), type: "CalculationNode", outVariable, expression }], result: outVariable };
}

/** A loop over what the call itself finds in the index: shapes in GeoJSON may be no points, whose distance is another one. */
function found(search: Search, index: SourceIndex | undefined): ReturnType<Loop> {
  const loop = index && loopOver(search, index, { condition: [[search.call]] });
  return loop && { nodes: [loop], result: loop.outVariable };
}

/** How many documents `NEAR()` gives when nobody says otherwise. */
const NEAR_LIMIT = 100;

const near: Loop = (search) => {
  const { call: { args: [, latitude, longitude, count, attribute] }, indexes, context } = search;
  const index = indexes.find(({ type }) => type === "geo");
  const limit = isMissing(count) ? NEAR_LIMIT : isNumber(count) ? Number((count as { value: unknown }).value) : -1;
  if (!index || !isNumber(latitude) || !isNumber(longitude) || !Number.isInteger(limit) || limit < 0) return undefined;
  if (index.geoJson) return found(search, index);
  const outVariable = context.newVariable();
  const meters = distance(index, outVariable, latitude!, longitude!);
  const rows = withDistance(outVariable, meters, attribute, context);
  return rows && {
    nodes: [
      loopOver(search, index, { outVariable, nearest: meters }),
      { id: context.newId(), type: "LimitNode", offset: 0, limit, fullCount: false },
      ...rows.nodes,
    ],
    result: rows.result,
  };
};

const within: Loop = (search) => {
  const { call: { args: [, latitude, longitude, radius, attribute] }, indexes, context } = search;
  const index = indexes.find(({ type }) => type === "geo");
  if (!index || ![latitude, longitude, radius].every(isNumber)) return undefined;
  if (index.geoJson) return found(search, index);
  const outVariable = context.newVariable();
  const meters = distance(index, outVariable, latitude!, longitude!);
  const inReach: Expr = { kind: "binary", operator: "<=", left: meters, right: radius! };
  const sorted = context.newVariable();
  const rows = withDistance(outVariable, reference(sorted), attribute, context);
  return rows && {
    nodes: [
      loopOver(search, index, { outVariable, condition: [[inReach]] }),
      { id: context.newId(), type: "CalculationNode", outVariable: sorted, expression: meters },
      { id: context.newId(), type: "SortNode", elements: [{ inVariable: sorted, ascending: true }] },
      ...rows.nodes,
    ],
    result: rows.result,
  };
};

const withinRectangle: Loop = (search) => {
  const { call: { args: [, ...corners] }, indexes } = search;
  return corners.every(isNumber) ? found(search, indexes.find(({ type }) => type === "geo")) : undefined;
};

const fulltext: Loop = (search) => {
  const { call: { args: [, attribute, query, limit] }, indexes } = search;
  const name = attribute?.kind === "constant" ? attribute.value : undefined;
  const isQuery = query?.kind === "constant" && shapeOf(query).type === "string" && (!limit || isNumber(limit));
  return isQuery
    ? found(search, indexes.find(({ type, fields }) => type === "fulltext" && fields[0] === name))
    : undefined;
};

const LOOPS: ReadonlyMap<string, Loop> = new Map([
  ["NEAR", near],
  ["WITHIN", within],
  ["WITHIN_RECTANGLE", withinRectangle],
  ["FULLTEXT", fulltext],
]);
