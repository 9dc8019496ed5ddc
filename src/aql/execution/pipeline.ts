/**
 * Makes running operators of a plan.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { DocumentForm } from "../../storage/document_sql.ts";
import { unreachable } from "../ast.ts";
import { attributePath, constant, type Expr, isDeterministic, type Variable, variablesOf } from "../plan/expression.ts";
import { isLoop, isModification, isPure, setBy, usedBy } from "../plan/node_effects.ts";
import type { EnumerateCollectionNode, FilterNode, IndexNode, MaterializeNode, PlanNode } from "../plan/nodes.ts";
import { traceNode } from "../query_error.ts";
import { type AqlArray, type AqlValue, isTruthy } from "../values.ts";
import { Collect, Distinct } from "./collect.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { EnumerateCollection, IndexLookup } from "./document_loops.ts";
import { DocumentNeeds } from "./document_needs.ts";
import type { DocumentUse } from "./document_use.ts";
import { ExpectedKeys, keySearch } from "./expected_keys.ts";
import { GroupedSort } from "./grouped_sort.ts";
import { indexBranches, looksUpKeys } from "./index_branches.ts";
import { KeyLookup } from "./key_lookup.ts";
import { lateReading, type LateReads, Materialize } from "./late_documents.ts";
import { EnumerateEntries, EnumerateList } from "./loops.ts";
import { Modification } from "./modification.ts";
import { BATCH, type Operator, Profiled, Source, Traced } from "./operator.ts";
import { Calculation, Filter, Limit, NoResults, type Runnable, Sort, Subquery } from "./rows.ts";
import { PathSearch } from "./paths.ts";
import { rangesInPlace } from "./ranges_in_place.ts";
import { type ResultTexts, resultTexts } from "./result_texts.ts";
import { TopBound } from "./top_bound.ts";
import { Traversal } from "./traversal.ts";
import { Window } from "./window.ts";

/** A plan that can be run: for the main query once, for a subquery row after row. */
export class Pipeline implements Runnable {
  readonly #source = new Source();
  readonly #context: QueryContext;
  readonly #operator: Operator;
  /** Reads the result of a row; undefined where the plan returns nothing. */
  readonly #result: Evaluator | undefined;
  readonly #registers: number;
  /** Whether the results are JSON texts of what the plan returns. */
  readonly givesTexts: boolean;

  /**
   * @param nodes the plan
   * @param registers how many variables the query has
   * @param mayGiveTexts whether results may be JSON texts, where that saves work
   */
  constructor(nodes: readonly PlanNode[], registers: number, context: QueryContext, mayGiveTexts = false) {
    this.#context = context;
    this.#registers = registers;
    const builder = new Builder(rangesInPlace(nodes), registers, this.#source, context, mayGiveTexts);
    const { operator, result } = builder.build();
    this.#operator = operator;
    this.#result = result;
    this.givesTexts = builder.texts !== undefined;
  }

  /** Begins the main query. */
  start(): void {
    this.#source.start(new Array<AqlValue>(this.#registers).fill(null));
  }

  /** At most `max` further results; an empty array at the end. A query that returns nothing is run to its end. */
  next(max: number): AqlArray {
    if (this.#result) {
      const result = this.#result;
      return this.#operator.pull(Math.min(max, BATCH)).map((row) => result(row));
    }
    while (this.#operator.pull(BATCH).length > 0);
    return [];
  }

  run(row: Row): AqlArray {
    this.#operator.reset();
    this.#source.start(row);
    const results: AqlArray = [];
    const { memory } = this.#context;
    const before = memory.used;
    this.#context.retaining++;
    for (let batch = this.next(BATCH); batch.length > 0; batch = this.next(BATCH)) {
      for (const one of batch) results.push(one);
      if (memory.limited) memory.keep(batch);
    }
    this.#context.retaining--;
    memory.shrink(memory.used - before);
    if (this.#context.retaining > 0) memory.keep(results);
    return results;
  }

  forget(): void {
    this.#operator.reset();
  }
}

class Builder {
  readonly #nodes: readonly PlanNode[];
  readonly #registers: number;
  readonly #source: Source;
  readonly #context: QueryContext;
  readonly #needs: DocumentNeeds;
  /** How many nodes read a variable. */
  readonly #uses = new Map<Variable, number>();
  /** Loops whose documents are read whole only behind a SORT. */
  readonly #materialized = new Map<PlanNode, EnumerateCollectionNode>();
  /** What SORTs tell the loops before them. */
  readonly #bounds = new Map<PlanNode, TopBound>();
  /** Variables that are computed by the only node that needs them. */
  readonly #inlined = new Map<Variable, Expr>();
  /** Where the results are texts: who makes them. */
  readonly texts: ResultTexts | undefined;

  constructor(
    nodes: readonly PlanNode[],
    registers: number,
    source: Source,
    context: QueryContext,
    mayGiveTexts: boolean,
  ) {
    this.#nodes = nodes;
    this.#needs = new DocumentNeeds(nodes);
    this.#registers = registers;
    this.#source = source;
    this.#context = context;
    this.#inline();
    if (context.profile) this.#keepRangesAlone();
    else if (mayGiveTexts) this.texts = resultTexts(nodes, this.#inlined);
  }

  /** Finds calculations that need no register: the nodes up to the only one that reads them leave the row as it is. */
  #inline(): void {
    const uses = this.#uses;
    for (const node of this.#nodes) {
      for (const variable of usedBy(node)) uses.set(variable, (uses.get(variable) ?? 0) + 1);
    }
    const documents = new Set(this.#nodes.filter(isDocumentLoop).flatMap((node) => [...setBy(node)]));
    this.#nodes.forEach((node, i) => {
      if (node.type !== "CalculationNode" || uses.get(node.outVariable) !== 1 || !isDeterministic(node.expression)) {
        return;
      }
      let at = i + 1;
      // however far behind a loop is, the ends of its range are in the row, unless documents are read later than planned
      if (node.expression.kind === "range" && variablesOf(node.expression).isDisjointFrom(documents)) {
        at = Math.max(at, this.#nodes.findIndex((one) => goesThrough(one, node.outVariable)));
      }
      while (this.#nodes[at]?.type === "CalculationNode") at++;
      const user = this.#nodes[at];
      if (!user || !INLINING.has(user.type) || !usedBy(user).has(node.outVariable)) return;
      // a loop's condition reads rows: what it needs must stand in them
      if (user.type === "EnumerateListNode" && user.filter && variablesOf(user.filter).has(node.outVariable)) return;
      this.#inlined.set(node.outVariable, node.expression);
    });
  }

  /** What is profiled has to be done by an operator of its own, but no range is made whole for a loop that only goes through it. */
  #keepRangesAlone(): void {
    for (const [variable, { kind }] of this.#inlined) {
      if (kind !== "range" || !this.#nodes.some((node) => goesThrough(node, variable))) this.#inlined.delete(variable);
    }
  }

  readonly #read = (variable: { readonly id: number }): Evaluator => {
    const definition = this.#inlined.get(variable as Variable);
    if (definition) return compile(definition, this.#context);
    const { id } = variable;
    return (row) => row[id]!;
  };

  build(): { operator: Operator; result: Evaluator | undefined } {
    let operator: Operator = this.#source;
    let result: Evaluator | undefined;
    let skip: PlanNode | undefined;
    this.#nodes.forEach((node, i) => {
      if (node.type === "SingletonNode") {
        operator = this.#profiled(operator, node.id);
        return;
      }
      if (node === skip) return;
      const inlined = node.type === "CalculationNode" && this.#inlined.has(node.outVariable);
      if (inlined && !this.#context.profile) return;
      if (node.type === "ReturnNode") {
        result = this.#result(node.inVariable, i);
        operator = this.#profiled(new Traced(operator, node), node.id);
        return;
      }
      const filter = isLoop(node) && !this.#context.profile ? this.#filterAfter(i) : undefined;
      if (filter) skip = filter;
      operator = new Traced(this.#operator(node, i, operator, filter && this.#read(filter.inVariable)), node);
      const late = this.#materialized.get(node);
      if (late) {
        const reads: LateReads = { loop: late, by: "_key", attributes: undefined, into: late, counts: false };
        operator = new Materialize(operator, reads, this.#context);
      }
      // joined loops are shown as one node, which gives what the last of them does
      if (!isJoinedWith(node, this.#nodes[i + 1])) operator = this.#profiled(operator, shownId(node));
    });
    return { operator, result };
  }

  /** Reads what a query returns; what is computed only there names its nodes in errors as an operator would. */
  #result(variable: Variable, at: number): Evaluator {
    if (this.texts) return this.#read(this.texts.loop.outVariable);
    const read = this.#read(variable);
    if (!this.#inlined.has(variable)) return read;
    const from = this.#nodes.findIndex((node) => node.type === "CalculationNode" && node.outVariable === variable);
    const nodes = this.#nodes.slice(from, at + 1);
    return (row) => {
      try {
        return read(row);
      } catch (error) {
        throw nodes.reduce<unknown>(traceNode, error);
      }
    };
  }

  #profiled(operator: Operator, id: number): Operator {
    const { profile } = this.#context;
    return profile ? new Profiled(operator, id, profile) : operator;
  }

  /** The filter that a loop can test itself: the next one, if nothing but what it computes inline comes before. */
  #filterAfter(loop: number): FilterNode | undefined {
    for (let i = loop + 1; i < this.#nodes.length; i++) {
      const node = this.#nodes[i]!;
      if (node.type === "FilterNode") return node;
      if (node.type !== "CalculationNode" || !this.#inlined.has(node.outVariable)) return undefined;
    }
    return undefined;
  }

  #operator(node: PlanNode, at: number, upstream: Operator, filter: Evaluator | undefined): Operator {
    const context = this.#context;
    switch (node.type) {
      case "EnumerateCollectionNode":
        return new EnumerateCollection(
          node,
          upstream,
          { ...this.#scanUse(node, at, filter), bound: this.#boundOf(node, at, filter), form: this.#formOf(node) },
          context,
        );
      case "IndexNode":
        return this.#indexLoop(node, upstream, { ...this.#indexUse(node, at, filter), form: this.#formOf(node) });
      case "MaterializeNode":
        return this.#materialize(node, at, upstream);
      case "EnumerateListNode": {
        const definition = this.#inlined.get(node.inVariable);
        const own = this.#loopFilter(node.filter, filter);
        if (node.entries) {
          return new EnumerateEntries(node.entries, upstream, own, context, this.#read(node.inVariable));
        }
        return new EnumerateList(node, upstream, own, context, this.#read(node.inVariable), definition);
      }
      case "CalculationNode": {
        const expression = this.#inlined.has(node.outVariable) ? constant(null) : node.expression;
        return new Calculation(upstream, node.outVariable.id, compile(expression, context));
      }
      case "SubqueryNode":
        return this.#subquery(node, upstream);
      case "FilterNode":
        return new Filter(upstream, this.#read(node.inVariable), context);
      case "LimitNode":
        return new Limit(upstream, node, this.#nodes.slice(0, at).some(isModification), context);
      case "SortNode": {
        const keys = node.elements.map(({ inVariable }) => this.#read(inVariable));
        return node.grouped === undefined
          ? new Sort(upstream, node, keys, context, this.#bounds.get(node))
          : new GroupedSort(upstream, node, keys, context);
      }
      case "CollectNode":
        return node.method === "distinct"
          ? new Distinct(upstream, node, this.#read, context)
          : new Collect(upstream, node, this.#source, this.#read, context);
      case "WindowNode":
        return new Window(upstream, node, this.#read, context);
      case "InsertNode":
      case "RemoveNode":
      case "UpdateNode":
      case "ReplaceNode":
      case "UpsertNode":
        return new Modification(upstream, node, this.#read, (variable) => this.#uses.has(variable), context);
      case "NoResultsNode":
        return new NoResults();
      case "TraversalNode":
        return new Traversal(node, upstream, this.#loopFilter(node.postFilter, filter), context, {
          vertex: this.#needs.behind(node.vertexOutVariable, at, node.postFilter),
          edge: this.#needs.behind(node.edgeOutVariable, at, node.postFilter),
          path: this.#needs.behind(node.pathOutVariable, at),
        });
      case "ShortestPathNode":
      case "EnumeratePathsNode":
        return new PathSearch(
          node,
          upstream,
          filter,
          context,
          node.outVariables.map((one) => this.#needs.behind(one, at)),
        );
      case "SingletonNode":
      case "ReturnNode":
        throw new ArangoError("ERROR_INTERNAL");
      default:
        return unreachable(node);
    }
  }

  /** The condition of a loop, and that of the filter behind it. */
  #loopFilter(condition: Expr | undefined, behind: Evaluator | undefined): Evaluator | undefined {
    const own = condition && compile(condition, this.#context);
    if (!own || !behind) return own ?? behind;
    return (row) => isTruthy(own(row)) && behind(row);
  }

  /** What a loop makes of its documents, where that is the result of the query. */
  #formOf(node: EnumerateCollectionNode | IndexNode): DocumentForm | undefined {
    return this.texts?.loop === node ? this.texts.form : undefined;
  }

  /** The bound that a SORT behind a loop sets: nothing between them may notice that documents are missing. */
  #boundOf(node: EnumerateCollectionNode, at: number, filter: Evaluator | undefined): TopBound | undefined {
    if (node.filter || filter || node.random || this.#context.profile) return undefined;
    const paths = new Map((node.projections ?? []).flatMap(({ path, variable }) => variable ? [[variable, path]] : []));
    let end = at + 1;
    for (;; end++) {
      const between = this.#nodes[end];
      if (between?.type !== "CalculationNode") break;
      const access = attributePath(between.expression);
      if (!access) return undefined;
      if (access.variable === node.outVariable) paths.set(between.outVariable, access.path);
    }
    const sort = this.#nodes[end];
    const path = sort?.type === "SortNode" && sort.limit !== undefined && paths.get(sort.elements[0]!.inVariable);
    if (!path) return undefined;
    const bound = new TopBound(path, sort.elements[0]!.ascending);
    this.#bounds.set(sort, bound);
    return bound;
  }

  /** What a loop over all documents makes rows of. */
  #scanUse(node: EnumerateCollectionNode, at: number, behind: Evaluator | undefined): DocumentUse {
    const filter = this.#loopFilter(node.filter, behind);
    const early = this.#needs.beforeTop(node, at);
    if (!early) return { attributes: this.#needs.ofScan(node, at), filter };
    this.#materialized.set(early.sort, node);
    return { attributes: [...early.attributes, "_key"], filter };
  }

  /** What an index loop makes rows of. */
  #indexUse(node: IndexNode, at: number, behind: Evaluator | undefined): DocumentUse {
    return { ...this.#needs.ofIndex(node, at), filter: this.#loopFilter(node.filter, behind) };
  }

  #materialize(node: MaterializeNode, at: number, upstream: Operator): Operator {
    const { loop, isApart } = lateReading(this.#nodes, node.inVariable);
    if (!isApart) return upstream;
    const attributes = this.#needs.ofMaterialize(node, at);
    return new Materialize(upstream, { loop, by: "_rev", attributes, into: node, counts: true }, this.#context);
  }

  #indexLoop(node: IndexNode, upstream: Operator, use: DocumentUse): Operator {
    const context = this.#context;
    if (looksUpKeys(node)) return new KeyLookup(node, upstream, indexBranches(node, context)[0]!, use, context);
    return new IndexLookup(node, upstream, use, context);
  }

  #subquery(node: Extract<PlanNode, { type: "SubqueryNode" }>, upstream: Operator): Operator {
    if (node.endId !== undefined) upstream = this.#profiled(upstream, node.id);
    // a profile tells how often nodes are asked for rows, one by one
    const search = this.#context.profile ? undefined : keySearch(node);
    if (search) upstream = new ExpectedKeys(upstream, search, compile(search.key, this.#context), this.#context);
    const inner = new Pipeline(node.nodes, this.#registers, this.#context);
    if (node.endId !== undefined) this.#hideEnds(node.nodes);
    const used = usedBy(node);
    let keep: "never" | "run" | "always" = "never";
    if (isPure(node)) {
      const own = new Set(this.#nodes.flatMap((one) => [...setBy(one)]));
      if (used.size === 0) keep = "always";
      else if (![...used].some((variable) => own.has(variable))) keep = "run";
    }
    return new Subquery(upstream, node.outVariable.id, inner, keep, this.#context);
  }

  /** Leaves the first and the last node of a spliced subquery out of the profile, as they are out of the plan. */
  #hideEnds(nodes: readonly PlanNode[]): void {
    for (const { type, id } of nodes) {
      if (type === "SingletonNode" || type === "ReturnNode") this.#context.profile?.profiles.delete(id);
    }
  }
}

/** The id of the node that a node is shown as, at its end. */
function shownId(node: PlanNode): number {
  if (node.type === "SubqueryNode") return node.endId ?? node.id;
  return (node.type === "IndexNode" ? node.join : undefined) ?? node.id;
}

function isJoinedWith(node: PlanNode, next: PlanNode | undefined): boolean {
  return node.type === "IndexNode" && next?.type === "IndexNode" && node.join !== undefined && node.join === next.join;
}

/** Whether a node is a loop over the array or range that a variable holds. */
function goesThrough(node: PlanNode, list: Variable): boolean {
  return node.type === "EnumerateListNode" && node.inVariable === list;
}

/** Whether a node is a loop over documents. */
function isDocumentLoop(node: PlanNode): boolean {
  return isLoop(node) && node.type !== "EnumerateListNode";
}

/** The nodes that read each of their variables once for a row. */
const INLINING: ReadonlySet<PlanNode["type"]> = new Set<PlanNode["type"]>([
  "EnumerateListNode",
  "FilterNode",
  "ReturnNode",
  "SortNode",
  "CollectNode",
  "InsertNode",
  "RemoveNode",
  "UpsertNode",
]);
