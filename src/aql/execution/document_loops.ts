/**
 * FOR over the documents of collections: all of them, or those that indexes find.
 *
 * @module
 */
import type { DocumentForm } from "../../storage/document_sql.ts";
import type { CollectionReader, ReadWish, SourceIndex } from "../data_source.ts";
import { pathsIn } from "../plan/attribute_uses.ts";
import type { Expr } from "../plan/expression.ts";
import { asIndexed } from "../plan/geo_match.ts";
import { indexTerms, ORDERED_INDEXES } from "../plan/index_match.ts";
import type { EnumerateCollectionNode, IndexNode } from "../plan/nodes.ts";
import type { AqlObject, AqlValue } from "../values.ts";
import { compile, type Evaluator, type Row } from "./compile.ts";
import { farthestFirst, nearestFirst, type Position, sortedByDistance } from "./by_distance.ts";
import type { QueryContext } from "./context.ts";
import type { DocumentUse } from "./document_use.ts";
import { Chain, CountedCursor, First, JoinedValues, Sieve } from "./document_sources.ts";
import { type IndexBranch, indexBranches } from "./index_branches.ts";
import { documentSetter, readerOf } from "./late_documents.ts";
import { writtenOut } from "./result_texts.ts";
import { CursorCount, looksUp, tellsAll } from "./lookup_counts.ts";
import { ArrayValues, Loop, skipValues, type Values } from "./loops.ts";
import type { Operator } from "./operator.ts";
import { inOrder } from "./ordered_runs.ts";
import { type ScanCondition, scanCondition } from "./scan_condition.ts";
import type { TopBound } from "./top_bound.ts";

/** A loop over documents. */
abstract class DocumentLoop extends Loop<AqlValue> {
  readonly #set: (row: Row, document: AqlObject) => void;
  readonly #isCount: boolean;
  readonly #form: DocumentForm | undefined;

  constructor(
    node: EnumerateCollectionNode | IndexNode,
    upstream: Operator,
    { filter, reads, form }: DocumentUse,
    context: QueryContext,
  ) {
    super(upstream, filter, context);
    this.#form = form;
    this.#set = form
      ? documentSetter({ outVariable: node.outVariable })
      : documentSetter(node, ...(reads ? [reads] : []));
    this.#isCount = node.count === true;
  }

  protected assign(row: Row, document: AqlValue): void {
    this.#set(row, document as AqlObject);
  }

  /** The documents for a row. */
  protected abstract documentsFor(row: Row): Values<AqlObject>;

  /** What is made of the documents for a row, where they need not be looked at; undefined where they do. */
  protected abstract textsFor(row: Row, form: DocumentForm): Values<string> | undefined;

  protected valuesFor(row: Row): Values {
    const form = this.#form;
    if (form) return this.textsFor(row, form) ?? writtenOut(this.documentsFor(row), form);
    const documents = this.documentsFor(row);
    if (!this.#isCount) return documents;
    return new ArrayValues([skipValues(documents, Infinity, this.context)]);
  }
}

/** FOR over all documents of a collection. */
export class EnumerateCollection extends DocumentLoop {
  readonly #node: EnumerateCollectionNode;
  readonly #attributes: readonly string[] | undefined;
  readonly #condition: ScanCondition | undefined;
  readonly #bound: TopBound | undefined;

  constructor(node: EnumerateCollectionNode, upstream: Operator, use: DocumentUse, context: QueryContext) {
    super(node, upstream, use, context);
    this.#node = node;
    this.#attributes = use.attributes;
    this.#condition = node.filter && scanCondition(node.filter, node.outVariable, context);
    this.#bound = use.bound;
  }

  protected documentsFor(row: Row): Values<AqlObject> {
    const { context } = this;
    const reader = readerOf(this.#node, context);
    if (this.#node.random) {
      const document = reader.randomDocument(() => context.random());
      context.counters.scannedFull += document ? 1 : 0;
      return new ArrayValues(document ? [document] : []) as unknown as Values<AqlObject>;
    }
    const wish: ReadWish = {
      attributes: this.#attributes,
      condition: this.#condition?.(row),
      bound: this.#bound && (() => this.#bound!.condition()),
      check: () => context.check(),
    };
    return new CountedCursor(reader.scan(wish), context, "scannedFull");
  }

  protected textsFor(_row: Row, form: DocumentForm): Values<string> | undefined {
    const texts = readerOf(this.#node, this.context).texts?.(form);
    return texts && new CountedCursor(texts.scan(), this.context, "scannedFull");
  }
}

const NONE: Values<AqlObject> = { next: () => [] };

/** Whether the entries of an index tell some attributes of documents; but for edges, revisions they always tell. */
function covers(index: SourceIndex, attributes: readonly string[] | undefined): boolean {
  const { type, fields } = index;
  if (type === "edge") return tellsAll(index, attributes);
  return ORDERED_INDEXES.has(type) && attributes !== undefined && fields.every((field) => !/[.[\]]/.test(field)) &&
    attributes.every((name) => fields.includes(name) || name === REVISION);
}

const REVISION = "_rev";

/** Whether a loop gives everything that its index has, in any order. */
function isWholeUnordered({ condition, nearest, collect, ordered, limit, placeVariable }: IndexNode): boolean {
  return condition.length === 0 && !nearest && !collect && !ordered && limit === undefined && !placeVariable;
}

/** Whether a loop reads attributes of what the entries of its index have: they tell neither arrays nor objects. */
function readsInside({ projections = [], filter, outVariable }: IndexNode): boolean {
  const tested = filter ? pathsIn(filter, outVariable) ?? [] : [];
  return [...projections.map(({ path }) => path), ...tested].some((path) => path.length > 1);
}

/** What a joined loop's only term looks for. */
function soughtValue(term: Expr, { outVariable }: IndexNode): Expr {
  return indexTerms(term, outVariable, new Set([outVariable]))[0]!.value;
}

/** FOR over the documents that indexes find. */
export class IndexLookup extends DocumentLoop {
  readonly #node: IndexNode;
  readonly #attributes: readonly string[] | undefined;
  readonly #branches: readonly IndexBranch[];
  readonly #distance: Evaluator | undefined;
  /** Whether the index has all that is needed of the documents. */
  readonly #isCovered: boolean;
  /** See {@linkcode looksUp}. */
  readonly #looksUp: boolean;
  /** Of a loop that is joined: what was found last. */
  readonly #joined: JoinedValues | undefined;
  /** Whether all documents are read, in any order, and the entries of the index do not have all that is needed of them. */
  readonly #scans: boolean;
  /** What the storage tests then. */
  readonly #condition: ScanCondition | undefined;
  readonly #cursors: CursorCount;

  constructor(node: IndexNode, upstream: Operator, use: DocumentUse, context: QueryContext) {
    super(node, upstream, use, context);
    this.#node = node;
    this.#branches = indexBranches(node, context);
    this.#distance = node.nearest && compile(asIndexed(node.nearest, node.indexes[0]!, node.outVariable), context);
    // several branches may find the same document
    const { attributes } = use;
    this.#attributes = attributes && this.#branches.length > 1 ? [...new Set([...attributes, "_key"])] : attributes;
    this.#isCovered = this.#branches.length === 1 && covers(node.indexes[0]!, attributes);
    this.#looksUp = looksUp(node, use);
    this.#scans = isWholeUnordered(node) && !(this.#isCovered && !readsInside(node)) &&
      node.indexes[0]!.type !== "primary";
    this.#condition = this.#scans && node.filter ? scanCondition(node.filter, node.outVariable, context) : undefined;
    const [term] = node.join === undefined ? [] : node.condition[0] ?? [];
    if (term) this.#joined = new JoinedValues(compile(soughtValue(term, node), context), context);
    this.#cursors = new CursorCount(context, this.#branches.length);
  }

  protected documentsFor(row: Row): Values<AqlObject> {
    return this.#joined ? this.#joined.valuesFor(row, () => this.#find(row)) : this.#find(row);
  }

  protected textsFor(row: Row, form: DocumentForm): Values<string> | undefined {
    const texts = this.#isCovered ? undefined : readerOf(this.#node, this.context).texts?.(form);
    const [{ index, search }] = this.#branches as [IndexBranch];
    const found = texts && search(row);
    if (found?.kind === "keys" && found.keys.length === 1) {
      const text = texts!.document(found.keys[0]!);
      this.#cursors.note(1);
      if (text !== undefined) this.#found(1);
      return new ArrayValues(text === undefined ? [] : [text]) as Values<string>;
    }
    if (found?.kind !== "ranges" || !found.exact) return undefined;
    this.#cursors.note(1);
    if (this.#scans) return new CountedCursor(texts!.scan(), this.context, "scannedIndex", this.#looksUp);
    const ranges = found.ranges.map((given): Values<string> => {
      const range = { ...given, descending: !this.#node.ascending };
      return new CountedCursor(texts!.byIndex(index.id, range), this.context, "scannedIndex", this.#looksUp);
    });
    return ranges.length === 1 ? ranges[0]! : new Chain(ranges);
  }

  #find(row: Row): Values<AqlObject> {
    this.#cursors.note(1);
    const { context } = this;
    const node = this.#node;
    const reader = readerOf(node, context);
    const wish: ReadWish = { attributes: this.#attributes, check: () => context.check() };
    const parts = this.#branches.map((branch) => this.#branch(branch, row, reader, wish));
    if (parts.length === 1) return parts[0]!;
    const seen = new Set<AqlValue>();
    return new Sieve(new Chain(parts), ({ _key: key }) => !seen.has(key!) && Boolean(seen.add(key!)));
  }

  #branch(branch: IndexBranch, row: Row, reader: CollectionReader, wish: ReadWish): Values<AqlObject> {
    const { context } = this;
    const search = branch.search(row);
    if (!search) return NONE;
    switch (search.kind) {
      case "keys": {
        const found = search.keys.length === 1
          ? [reader.document(search.keys[0]!) ?? null]
          : reader.documents(search.keys);
        const documents = found.filter((one) => one !== null);
        this.#found(documents.length);
        return new ArrayValues(documents) as unknown as Values<AqlObject>;
      }
      case "edges": {
        const { end } = search;
        const found = search.vertices.map((vertex) => reader.edges(end, vertex, this.#isCovered));
        return new Chain(found.map((edges) => new CountedCursor(edges, context, "scannedIndex", this.#looksUp)));
      }
      case "ranges": {
        if (this.#scans) {
          const some = { ...wish, condition: this.#condition?.(row) };
          return new CountedCursor(reader.scan(some), context, "scannedIndex", this.#looksUp);
        }
        const { id, fields } = branch.index;
        const { limit, ordered, ascending } = this.#node;
        const withRevision = this.#attributes?.includes(REVISION) === true;
        const ranges = search.ranges.map((given): Values<AqlObject> => {
          const free = fields.slice(given.values.length);
          const inItsOrder = ordered || limit !== undefined;
          const range = { ...given, descending: !ascending, textOrder: inItsOrder ? free[0] : undefined };
          const cursor = this.#isCovered
            ? reader.entriesOf(id, fields, range, withRevision)
            : reader.byIndex(id, range, wish);
          const counted = new CountedCursor(cursor, context, "scannedIndex", this.#looksUp);
          const found = search.exact ? counted : this.#checked(counted, branch, row);
          if (!inItsOrder) return found;
          const sorted = inOrder(found, free, ascending, 1);
          return limit === undefined ? sorted : new First(sorted, limit);
        });
        return ranges.length === 1 ? ranges[0]! : new Chain(ranges);
      }
      case "distinct": {
        const { id, fields } = branch.index;
        return new CountedCursor(
          reader.distinct(id, fields.slice(0, this.#node.collect?.fields)),
          context,
          "scannedIndex",
        );
      }
      case "found":
        return new ArrayValues(search.documents) as unknown as Values<AqlObject>;
      case "nearest":
        return this.#byDistance(branch.index.id, reader, search, row);
      case "around":
      case "meeting": {
        const { id } = branch.index;
        const documents = search.kind === "meeting"
          ? reader.meeting(id, search.shape)
          : reader.around(id, search.latitude, search.longitude, search.meters);
        this.#found(documents?.length ?? 0);
        const found = this.#checked(new ArrayValues(documents ?? []) as unknown as Values<AqlObject>, branch, row);
        return this.#inOrderOfDistance(found, row);
      }
      case "all": {
        const found = this.#checked(new CountedCursor(reader.scan(wish), context, "scannedFull"), branch, row);
        const { ordered, ascending } = this.#node;
        return ordered ? inOrder(found, branch.index.fields, ascending, 0) : this.#inOrderOfDistance(found, row);
      }
    }
  }

  /** Counts documents that an index has found. */
  #found(count: number): void {
    const { counters } = this.context;
    counters.scannedIndex += count;
    if (this.#looksUp) counters.documentLookups += count;
  }

  /** All documents of a geo index by their distance. */
  #byDistance(index: string, reader: CollectionReader, place: Position, row: Row): Values<AqlObject> {
    const order = this.#node.ascending ? nearestFirst : farthestFirst;
    return order(place, {
      around: ({ latitude, longitude }, meters) => reader.around(index, latitude, longitude, meters),
      distanceTo: this.#distanceFrom(row),
      onFound: (count) => this.#found(count),
    });
  }

  #inOrderOfDistance(found: Values<AqlObject>, row: Row): Values<AqlObject> {
    return this.#distance ? sortedByDistance(found, this.#distanceFrom(row), this.#node.ascending) : found;
  }

  #distanceFrom(row: Row): (document: AqlObject) => AqlValue {
    const scratch = row.slice();
    const { id } = this.#node.outVariable;
    return (document) => {
      scratch[id] = document;
      return this.#distance!(scratch);
    };
  }

  /** Those documents that fulfil the branch. */
  #checked(found: Values<AqlObject>, branch: IndexBranch, row: Row): Values<AqlObject> {
    const scratch = row.slice();
    const { id } = this.#node.outVariable;
    return new Sieve(found, (document) => {
      scratch[id] = document;
      return branch.holds(scratch);
    });
  }
}
