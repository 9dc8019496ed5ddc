/**
 * What the loops of a plan need of their documents: what no node reads is not taken out of them.
 *
 * @module
 */
import { attributesIn, type AttributeUse, attributeUse } from "../plan/attribute_uses.ts";
import type { Expr, Variable } from "../plan/expression.ts";
import { testsOfIndex } from "../plan/node_effects.ts";
import type { EnumerateCollectionNode, IndexNode, MaterializeNode, PlanNode, Projection } from "../plan/nodes.ts";
import { lateReading } from "./late_documents.ts";
import { BATCH } from "./operator.ts";

/** The needs of one plan. Names of attributes are those of the top level; undefined stands for whole documents. */
export class DocumentNeeds {
  readonly #nodes: readonly PlanNode[];

  constructor(nodes: readonly PlanNode[]) {
    this.#nodes = nodes;
  }

  /**
   * What the nodes behind a place read of a variable.
   *
   * @param condition one that reads it too
   */
  behind(variable: Variable | undefined, at: number, condition?: Expr): AttributeUse {
    if (!variable) return new Set();
    const later = attributeUse(variable, this.#nodes.slice(at + 1));
    const own = condition ? attributesIn(variable, [condition]) : new Set<string>();
    return later === "whole" || own === "whole" ? "whole" : new Set([...later, ...own]);
  }

  /**
   * What a loop over all documents needs of them. Without projections it needs them whole.
   *
   * @param at where the loop is in the plan
   */
  ofScan(node: EnumerateCollectionNode, at: number): readonly string[] | undefined {
    if (!node.projections && node.producesResult !== false) return undefined;
    const own = attributesIn(node.outVariable, node.filter ? [node.filter] : []);
    return attributesOf(node.projections, [own, this.behind(node.outVariable, at)]);
  }

  /** What an index loop needs of its documents, and the node behind it whose work it does. */
  ofIndex(
    node: IndexNode,
    at: number,
  ): { readonly attributes: readonly string[] | undefined; readonly reads: MaterializeNode | undefined } {
    const { indexes, outVariable, producesResult } = node;
    const late = node.placeVariable && lateReading(this.#nodes, node.placeVariable);
    const reads = late?.isApart ? undefined : late?.node;
    const projections = reads
      ? reads.projections && [...node.projections ?? [], ...reads.projections]
      : node.projections;
    if (!projections && producesResult !== false && !late?.isApart) return { attributes: undefined, reads };
    const isOrdered = node.ordered || node.limit !== undefined;
    const fields = isOrdered ? indexes[0]!.fields.map((field) => field.split(".")[0]!) : [];
    const uses: AttributeUse[] = [
      new Set([...fields, ...(late?.isApart ? ["_rev"] : [])]),
      attributesIn(outVariable, testsOfIndex(node)),
      attributeUse(outVariable, this.#nodes.slice(at + 1, late?.isApart ? late.at : undefined)),
    ];
    if (reads && reads.outVariable !== outVariable) uses.push(this.behind(reads.outVariable, at));
    return { attributes: attributesOf(projections, uses), reads };
  }

  /** What a node needs that reads documents whose places are known. */
  ofMaterialize(node: MaterializeNode, at: number): readonly string[] | undefined {
    return node.projections && attributesOf(node.projections, [this.behind(node.outVariable, at)]);
  }

  /**
   * What is read of the documents of a loop before a SORT that keeps few rows, where the documents are read whole behind it: they
   * have to be materialized there.
   */
  beforeTop(
    node: EnumerateCollectionNode,
    at: number,
  ): { readonly sort: PlanNode; readonly attributes: ReadonlySet<string> } | undefined {
    if (node.projections || node.current || node.random || node.producesResult === false) return undefined;
    let end = at + 1;
    while (this.#nodes[end]?.type === "CalculationNode" || this.#nodes[end]?.type === "FilterNode") end++;
    const sort = this.#nodes[end];
    if (sort?.type !== "SortNode" || sort.limit === undefined || sort.limit > BATCH) return undefined;
    const before = attributeUse(node.outVariable, this.#nodes.slice(at + 1, end + 1));
    const own = attributesIn(node.outVariable, node.filter ? [node.filter] : []);
    if (before === "whole" || own === "whole") return undefined;
    // what is computed behind the SORT is read from the whole documents
    if (attributeUse(node.outVariable, this.#nodes.slice(end + 1)) !== "whole") return undefined;
    return { sort, attributes: new Set([...before, ...own]) };
  }
}

/** The names of the attributes that are taken out of documents and read otherwise; undefined where they are needed whole. */
function attributesOf(
  projections: readonly Projection[] | undefined,
  uses: readonly AttributeUse[],
): readonly string[] | undefined {
  const names = new Set(projections?.map(({ path }) => path[0]!));
  for (const use of uses) {
    if (use === "whole") return undefined;
    for (const name of use) names.add(name);
  }
  return [...names];
}
