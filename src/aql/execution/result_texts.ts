/**
 * Queries that return documents as they are stored, or some of their attributes: the last loop makes the texts of the results
 * itself, so that no document is parsed and written again.
 *
 * @module
 */
import type { DocumentForm } from "../../storage/document_sql.ts";
import { attributePath, type Expr, type Variable } from "../plan/expression.ts";
import type { EnumerateCollectionNode, IndexNode, PlanNode } from "../plan/nodes.ts";
import { type AqlObject, attributeOf, jsonText } from "../values.ts";
import { looksUpKeys } from "./index_branches.ts";
import type { Values } from "./loops.ts";

/** The loop that makes the results of a plan, and what it makes of each document. */
export interface ResultTexts {
  readonly loop: EnumerateCollectionNode | IndexNode;
  readonly form: DocumentForm;
}

/**
 * Finds the loop that can make the results of a plan.
 *
 * @param inlined the expressions that their only reader computes
 * @returns undefined where the results are more than texts of documents, or something looks at the documents before
 */
export function resultTexts(
  nodes: readonly PlanNode[],
  inlined: ReadonlyMap<Variable, Expr>,
): ResultTexts | undefined {
  const last = nodes.at(-1);
  if (last?.type !== "ReturnNode") return undefined;
  const definition = inlined.get(last.inVariable);
  const loop = nodes.findLast((node, i) =>
    i < nodes.length - 1 && node.type !== "LimitNode" &&
    !(node.type === "CalculationNode" && node.outVariable === last.inVariable && definition)
  );
  if (loop?.type !== "EnumerateCollectionNode" && loop?.type !== "IndexNode") return undefined;
  if (!givesTexts(loop)) return undefined;
  const form = formOf(definition ?? { kind: "variable", variable: last.inVariable }, loop);
  return form && { loop, form };
}

/** Whether a loop does nothing with documents but to find them. */
function givesTexts(loop: EnumerateCollectionNode | IndexNode): boolean {
  if (loop.filter || loop.current || loop.count || loop.producesResult === false) return false;
  if (loop.type === "EnumerateCollectionNode") return !loop.random;
  return loop.condition.length <= 1 && !loop.ordered && !loop.collect && !loop.nearest && loop.limit === undefined &&
    loop.placeVariable === undefined && loop.join === undefined && !looksUpKeys(loop);
}

/** What an expression makes of the documents of a loop; undefined for what is none of the forms. */
function formOf(expr: Expr, loop: EnumerateCollectionNode | IndexNode): DocumentForm | undefined {
  if (expr.kind === "variable" && expr.variable === loop.outVariable) return { kind: "document" };
  const attribute = attributeName(expr, loop);
  if (attribute !== undefined) return { kind: "attribute", attribute };
  if (expr.kind !== "object") return undefined;
  const members = expr.members.map((member) => {
    const name = member.kind === "fixed" ? attributeName(member.value, loop) : undefined;
    return name === undefined || member.kind !== "fixed" ? undefined : { label: member.name, attribute: name };
  });
  const known = members.filter((member) => member !== undefined);
  const isPlain = known.length === members.length && new Set(known.map(({ label }) => label)).size === known.length;
  return isPlain ? { kind: "object", members: known } : undefined;
}

/** The attribute of a loop's documents that an expression is. */
function attributeName(expr: Expr, loop: EnumerateCollectionNode | IndexNode): string | undefined {
  const access = attributePath(expr);
  if (!access) return undefined;
  const { variable, path } = access;
  const before = variable === loop.outVariable ? [] : loop.projections?.find((one) => one.variable === variable)?.path;
  const whole = before && [...before, ...path];
  return whole?.length === 1 ? whole[0] : undefined;
}

/** Makes the text of a document that had to be looked at all the same. */
function textOf(document: AqlObject, form: DocumentForm): string {
  switch (form.kind) {
    case "document":
      return jsonText(document);
    case "attribute":
      return jsonText(attributeOf(document, form.attribute));
    case "object":
      return `{${
        form.members.map(({ label, attribute }) =>
          `${JSON.stringify(label)}:${jsonText(attributeOf(document, attribute))}`
        )
      }}`;
  }
}

/** Makes texts of documents that had to be looked at all the same. */
export function writtenOut(documents: Values<AqlObject>, form: DocumentForm): Values<string> {
  const { skip } = documents;
  return {
    next: (max) => documents.next(max).map((document) => textOf(document, form)),
    ...(skip ? { skip: (count) => skip.call(documents, count) } : {}),
  };
}
