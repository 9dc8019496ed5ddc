/**
 * The engine's databases as a data source of queries.
 *
 * @module
 */
import { arangoError } from "../base/arango_error.ts";
import { decodeRevision, encodeRevision } from "../base/revision.ts";
import type { Collection, WriteResult } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import { boxAround, boxOf } from "../engine/geo_box.ts";
import { afterPrefix, decodeIndexKey, encodeIndexKey } from "../engine/index_key.ts";
import { wordEntry } from "../engine/open_index.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import type {
  CollectionReader,
  CollectionWriter,
  DataSource,
  DocumentCursor,
  EdgeList,
  EdgeWish,
  IndexBound,
  IndexRange,
  ReadSession,
  ReadWish,
  SourceAccess,
  SourceCollection,
  SourceIndex,
  SourceSession,
  SourceWriteOptions,
  SourceWriteResult,
} from "./data_source.ts";
import type { IndexBytes, IndexPosition } from "../storage/collection_file.ts";
import { conditionSql, partialDocumentSql, type SqlPart } from "../storage/document_sql.ts";
import { GraphMemory } from "./graph_memory.ts";
import { type AqlObject, type AqlValue, jsonText, parseJson } from "./values.ts";

/** The open file of a collection. */
type File = NonNullable<ReturnType<Collection["reading"]>>;
/** A document of a collection file. */
type Stored = NonNullable<WriteResult["new"]>;

const decoder = new TextDecoder();

function parsed({ text }: Stored): AqlObject {
  return parseJson(text) as AqlObject;
}

/** How many documents are looked through at once where a condition leaves few of them. */
const MOST_SCANNED = 16_384;

/** How many documents are read at once for somebody who asks for few at a time. */
const MOST_READ = 1000;

/** Up to this length documents are parsed as fast as SQLite takes two attributes out of them. */
const SHORT_DOCUMENT = 200;

/** The SQL for some attributes of documents; undefined where whole documents are to be read. */
function partOf(file: File, attributes: readonly string[] | undefined, collection: string): SqlPart | undefined {
  if (!attributes) return undefined;
  const isShort = attributes.length > 1 && file.documentLength() <= SHORT_DOCUMENT;
  return isShort ? undefined : partialDocumentSql(attributes, collection);
}

/** The documents whose texts, with commas between, are in `text`. */
function parsedPage(text: Uint8Array | string): AqlObject[] {
  return parseJson(`[${typeof text === "string" ? text : decoder.decode(text)}]`) as AqlObject[];
}

/** All documents of a file, or what is wished for, a page in one piece of text at a time. */
class ScanCursor implements DocumentCursor {
  skipped = 0;
  beyond = 0;
  readonly #file: File | undefined;
  readonly #output: SqlPart | undefined;
  readonly #condition: SqlPart | undefined;
  readonly #bound: ReadWish["bound"];
  readonly #check: (() => void) | undefined;
  #after: bigint | undefined;
  #window = 0;
  #done = false;
  #ready: AqlObject[] = [];

  constructor(file: File | undefined, collection: string, { attributes, condition, bound, check }: ReadWish) {
    this.#file = file;
    this.#output = file && partOf(file, attributes, collection);
    this.#condition = condition && conditionSql(condition);
    this.#bound = bound;
    this.#check = check;
  }

  next(max: number): AqlObject[] {
    while (this.#ready.length === 0) {
      if (this.#done || !this.#file) return [];
      const bound = this.#bound?.();
      const condition = this.#condition ?? (bound && conditionSql(bound));
      // a condition may leave little, and who wants few at a time may want many of them: look through more and more at once
      this.#window = Math.min(condition ? MOST_SCANNED : MOST_READ, Math.max(max, this.#window * 2));
      const { text, last, count } = this.#file.scanAfter(this.#after, this.#window, this.#output, condition);
      this.#after = last;
      this.#done = count < this.#window;
      this.#ready = text.length === 0 ? [] : parsedPage(text);
      if (this.#condition) this.skipped += count - this.#ready.length;
      else this.beyond += count - this.#ready.length;
      if (this.#ready.length === 0) this.#check?.();
    }
    if (this.#ready.length > max) return this.#ready.splice(0, max);
    const page = this.#ready;
    this.#ready = [];
    return page;
  }

  /** Undefined where documents have to be looked at to know whether they count. */
  get skip(): DocumentCursor["skip"] {
    return this.#condition || this.#bound ? undefined : (count) => this.#pass(count);
  }

  #pass(count: number): number {
    const ready = Math.min(count, this.#ready.length);
    this.#ready.splice(0, ready);
    if (ready === count || this.#done || !this.#file) return ready;
    const { passed, last } = this.#file.pass(this.#after, count - ready);
    this.#after = last;
    this.#done = last === undefined;
    return ready + passed;
  }
}

/** The edges at a vertex. */
class EdgeCursor implements DocumentCursor {
  readonly #file: File;
  readonly #end: "from" | "to";
  readonly #vertex: string;
  #after = 0n;
  #done = false;

  constructor(file: File, end: "from" | "to", vertex: string) {
    this.#file = file;
    this.#end = end;
    this.#vertex = vertex;
  }

  next(max: number): AqlObject[] {
    if (this.#done) return [];
    const page = this.#file.edges(this.#end, this.#vertex, this.#after, max);
    this.#done = page.length < max;
    this.#after = page.at(-1)?.rev ?? this.#after;
    return page.map(parsed);
  }
}

/** A page of a range of an index. */
interface IndexPage {
  readonly documents: AqlObject[];
  /** Finds where the page has ended; undefined if that was the end of the range. */
  readonly end: (() => IndexPosition | undefined) | undefined;
}

/** Goes through a range of an index. */
abstract class RangeCursor implements DocumentCursor {
  protected readonly file: File;
  protected readonly id: bigint;
  protected readonly range: IndexBytes;
  /** Where to go on, if that is asked for. */
  #end: IndexPage["end"] = () => undefined;

  constructor(file: File, id: bigint, range: IndexRange) {
    this.file = file;
    this.id = id;
    this.range = { ...entriesOf(range), descending: range.descending === true };
  }

  /** At most `max` documents behind a place. */
  protected abstract page(after: IndexPosition | undefined, max: number): IndexPage;

  next(max: number): AqlObject[] {
    if (!this.#end) return [];
    const { documents, end } = this.page(this.#end(), max);
    this.#end = end;
    return documents;
  }

  skip(count: number): number {
    if (!this.#end) return 0;
    const { passed, last } = this.file.passEntries(this.id, this.range, this.#end(), count);
    this.#end = last && (() => last);
    return passed;
  }

  /** A page of documents that the file puts together. */
  protected documentsAfter(after: IndexPosition | undefined, max: number, output?: SqlPart): IndexPage {
    const { text, count } = this.file.indexPage(this.id, this.range, after, max, output);
    return {
      documents: count === 0 ? [] : parsedPage(text),
      end: count < max ? undefined : () => this.file.passEntries(this.id, this.range, after, count).last,
    };
  }
}

/** The documents of a range of an index. */
class IndexCursor extends RangeCursor {
  readonly #output: SqlPart | undefined;

  constructor(file: File, id: bigint, range: IndexRange, output: SqlPart | undefined) {
    super(file, id, range);
    this.#output = output;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage {
    return this.documentsAfter(after, max, this.#output);
  }
}

/** What the entries of a range of an index tell of their documents. */
class EntryCursor extends RangeCursor {
  readonly #fields: readonly string[];
  readonly #withRevision: boolean;

  constructor(file: File, id: bigint, fields: readonly string[], range: IndexRange, withRevision: boolean) {
    super(file, id, range);
    this.#fields = fields;
    this.#withRevision = withRevision;
  }

  protected page(after: IndexPosition | undefined, max: number): IndexPage {
    const entries = this.file.indexEntries(this.id, this.range, after, max);
    const documents: AqlObject[] = [];
    for (const { key, rev } of entries) {
      const values = decodeIndexKey(key, this.#fields.length);
      // what an entry does not tell is in the document
      if (!values) return this.documentsAfter(after, max);
      const document: AqlObject = {};
      for (let i = 0; i < values.length; i++) document[this.#fields[i]!] = values[i]!;
      if (this.#withRevision) document._rev = encodeRevision(BigInt.asUintN(64, rev));
      documents.push(document);
    }
    return { documents, end: entries.length < max ? undefined : () => entries.at(-1) };
  }
}

/** Leaps from each value of the first field of an index to the next. */
class LeapCursor implements DocumentCursor {
  readonly #file: File;
  readonly #id: bigint;
  readonly #field: string;
  #from = new Uint8Array();
  #done = false;

  constructor(file: File, id: bigint, field: string) {
    this.#file = file;
    this.#id = id;
    this.#field = field;
  }

  next(max: number): AqlObject[] {
    const documents: AqlObject[] = [];
    while (!this.#done && documents.length < max) {
      const entry = this.#file.firstEntry(this.#id, this.#from);
      if (!entry) {
        this.#done = true;
        break;
      }
      const [known] = decodeIndexKey(entry.key, 1) ?? [];
      // what an entry does not tell is in the document
      const value = known === undefined ? parsed(this.#file.byRevision(entry.rev)!)[this.#field] ?? null : known;
      this.#from = afterPrefix(encodeIndexKey([value])) as Uint8Array<ArrayBuffer>;
      documents.push({ [this.#field]: value });
    }
    return documents;
  }
}

/** Where the entries of a range lie. */
function entriesOf({ values, lower, upper }: IndexRange): { from: Uint8Array; to: Uint8Array } {
  const prefix = encodeIndexKey(values);
  const all = { from: prefix, to: afterPrefix(prefix) };
  return {
    from: lower ? borderOf(prefix, lower, !lower.inclusive, false) : all.from,
    to: upper ? borderOf(prefix, upper, upper.inclusive, true) : all.to,
  };
}

/** The border at a bound: before or behind its value; of strings, arrays and objects before or behind all of their type. */
function borderOf(prefix: Uint8Array, { value }: IndexBound, behind: boolean, isUpper: boolean): Uint8Array {
  const entry = encodeIndexKey([value]);
  const simple = value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "bigint";
  const shown = simple ? entry : entry.subarray(0, 1);
  const border = new Uint8Array(prefix.length + shown.length);
  border.set(prefix);
  border.set(shown, prefix.length);
  return (simple ? behind : isUpper) ? afterPrefix(border) : border;
}

const NOTHING: DocumentCursor = { next: () => [] };
const NO_EDGES: EdgeList = { ends: [] };
/** Edges of one vertex beyond this number are read in pages. */
const MOST_EDGES = 10_000;

function everything(cursor: DocumentCursor): AqlObject[] {
  const found: AqlObject[] = [];
  for (let page = cursor.next(MOST_EDGES); page.length > 0; page = cursor.next(MOST_EDGES)) found.push(...page);
  return found;
}

class FileReader implements CollectionReader {
  readonly #file: () => File | undefined;
  readonly #name: string;
  readonly #isFixed: boolean;

  /**
   * @param file the file at the time of each call; undefined while the collection is empty
   * @param name the collection's
   * @param isFixed whether its state is always the same
   */
  constructor(file: () => File | undefined, name: string, isFixed: boolean) {
    this.#file = file;
    this.#name = name;
    this.#isFixed = isFixed;
  }

  get version(): string | undefined {
    const file = this.#isFixed ? this.#file() : undefined;
    return file && `${file.file.path} ${file.state().applied}`;
  }

  count(): number {
    return this.#file()?.count() ?? 0;
  }

  scan(wish: ReadWish = {}): DocumentCursor {
    return new ScanCursor(this.#file(), this.#name, wish);
  }

  randomDocument(random: () => number): AqlObject | undefined {
    const text = this.#file()?.randomText(random);
    return text === undefined ? undefined : parseJson(text) as AqlObject;
  }

  document(key: string): AqlObject | undefined {
    const found = this.#file()?.byKey(key);
    return found && parsed(found);
  }

  edges(end: "_from" | "_to", vertex: string): DocumentCursor {
    const file = this.#file();
    // documents of other collections have no ends
    if (!file?.edge) return NOTHING;
    return new EdgeCursor(file, end === "_from" ? "from" : "to", vertex);
  }

  documents(keys: readonly string[], { attributes }: ReadWish = {}): (AqlObject | null)[] {
    const file = this.#file();
    if (!file) return keys.map(() => null);
    const text = file.textOfKeys(keys, partOf(file, attributes, this.#name));
    return parsedPage(text) as unknown as (AqlObject | null)[];
  }

  revisions(revisions: readonly string[], { attributes }: ReadWish = {}): (AqlObject | null)[] {
    const file = this.#file();
    if (!file) return revisions.map(() => null);
    const text = file.textOfRevisions(revisions.map(decodeRevision), partOf(file, attributes, this.#name));
    return parsedPage(text) as unknown as (AqlObject | null)[];
  }

  present(keys: readonly string[]): boolean[] {
    return this.#file()?.present(keys) ?? keys.map(() => false);
  }

  edgesOf(end: "_from" | "_to", vertices: readonly string[], wish: EdgeWish): EdgeList[] {
    const file = this.#file();
    if (!file?.edge) return vertices.map(() => NO_EDGES);
    const column = end === "_from" ? "from" : "to";
    const other = end === "_from" ? "_to" : "_from";
    if (wish === "ends") return file.edgesOf(column, vertices, wish, -1).map((text) => ({ ends: JSON.parse(text) }));
    if (wish === "identities") {
      return file.edgesOf(column, vertices, wish, -1).map((text) => {
        const [ends, revisions] = JSON.parse(text) as [string[], string];
        return { ends, identities: ends.length === 0 ? [] : revisions.split(" ") };
      });
    }
    return file.edgesOf(column, vertices, "edges", MOST_EDGES).map((text, i) => {
      let edges = parseJson(text) as AqlObject[];
      if (edges.length === MOST_EDGES) edges = everything(new EdgeCursor(file, column, vertices[i]!));
      return { ends: edges.map((edge) => edge[other] as string), edges };
    });
  }

  byIndex(index: string, range: IndexRange, { attributes }: ReadWish = {}): DocumentCursor {
    const file = this.#file();
    if (!file) return NOTHING;
    return new IndexCursor(file, BigInt(index), range, partOf(file, attributes, this.#name));
  }

  entriesOf(index: string, fields: readonly string[], range: IndexRange, withRevision = false): DocumentCursor {
    const file = this.#file();
    return file ? new EntryCursor(file, BigInt(index), fields, range, withRevision) : NOTHING;
  }

  distinct(index: string, field: string): DocumentCursor {
    const file = this.#file();
    return file ? new LeapCursor(file, BigInt(index), field) : NOTHING;
  }

  around(index: string, latitude: number, longitude: number, meters: number): AqlObject[] {
    return this.#file()?.byBox(BigInt(index), boxAround(latitude, longitude, meters)).map(parsed) ?? [];
  }

  meeting(index: string, shape: AqlValue): AqlObject[] | undefined {
    const box = boxOf(shape);
    return box && (this.#file()?.byBox(BigInt(index), box).map(parsed) ?? []);
  }

  withWord(index: string, word: string, isPrefix: boolean): AqlObject[] {
    const from = wordEntry(word);
    // no text has a byte of 255, and none of 0 follows a word
    const to = Uint8Array.of(...from, isPrefix ? 255 : 0);
    const rows = this.#file()?.byIndex(BigInt(index), from, to, -1) ?? [];
    // a document has an entry for each word with the same beginning
    return [...new Map(rows.map((row) => [row.rev, row])).values()].map(parsed);
  }
}

/** Reads what is written too, single documents without bringing it into the file. */
class CurrentReader extends FileReader {
  readonly #collection: Collection;

  constructor(collection: Collection) {
    super(() => collection.reading(), collection.name, false);
    this.#collection = collection;
  }

  override document(key: string): AqlObject | undefined {
    const found = this.#collection.document(key);
    return found && parsed(found);
  }
}

class EngineWriteResult implements SourceWriteResult {
  readonly ignored: boolean;
  readonly #result: WriteResult;

  constructor(result: WriteResult) {
    this.#result = result;
    this.ignored = !result.new && !result.old;
  }

  get old(): AqlObject {
    return (this.#result.old ? parsed(this.#result.old) : null) as AqlObject;
  }

  get new(): AqlObject {
    return (this.#result.new ? parsed(this.#result.new) : null) as AqlObject;
  }
}

class EngineWriter implements CollectionWriter {
  readonly current: CollectionReader;
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.current = new CurrentReader(collection);
  }

  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.insert(jsonText(document), options));
  }

  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.update(key, jsonText(patch), options));
  }

  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.replace(key, jsonText(document), options));
  }

  remove(key: string, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.remove(key, options));
  }
}

/** Who asks, and how; each member may be left out. */
export interface EngineAccess {
  /** Called before a collection is read; throws if the user may not. */
  readonly assertReadable?: (collection: Collection) => void;
  /** Called before a collection is written; throws if the user may not. */
  readonly assertWritable?: (collection: Collection) => void;
  /** Whether reading sessions last while other work goes on: then they get files of their own. @default {false} */
  readonly stream?: boolean;
}

class EngineCollection implements SourceCollection {
  readonly #collection: Collection;

  constructor(collection: Collection) {
    this.#collection = collection;
  }

  get name(): string {
    return this.#collection.name;
  }

  get type(): 2 | 3 {
    return this.#collection.type;
  }

  count(): number {
    return this.#collection.count();
  }

  indexes(): readonly SourceIndex[] {
    const collection = this.#collection;
    const primary = { id: "0", name: "primary", type: "primary", fields: ["_key"], unique: true, sparse: false };
    const found: SourceIndex[] = [{ ...primary, selectivityEstimate: 1 }];
    if (this.type === 3) {
      found.push({
        id: "2",
        name: "edge",
        type: "edge",
        fields: ["_from", "_to"],
        unique: false,
        sparse: false,
        get selectivityEstimate() {
          return collection.edgeSelectivity();
        },
      });
    }
    for (const index of collection.indexes()) {
      const { id, name, type, fields, unique, sparse, deduplicate = true, geoJson, prefixFields, storedValues } = index;
      found.push({
        id,
        name,
        type,
        fields,
        unique,
        sparse,
        deduplicate,
        ...(geoJson === undefined ? {} : { geoJson }),
        ...(prefixFields === undefined ? {} : { prefixFields }),
        ...(storedValues === undefined ? {} : { storedValues }),
        get selectivityEstimate() {
          return collection.selectivity(index);
        },
      });
    }
    return found;
  }
}

/** Fixes the state of a collection: its file from now on. Undefined where that cannot be done. */
type FixState = (collection: Collection) => (() => File | undefined) | undefined;

/** The collections of a database while a query runs. */
class EngineSession implements ReadSession {
  readonly stable: boolean;
  readonly #source: EngineSource;
  readonly #fixed: ReadonlyMap<Collection, () => File | undefined>;
  readonly #end: () => void;
  readonly #fix: FixState | undefined;
  readonly #readers = new Map<string, CollectionReader>();
  readonly #writers = new Map<string, CollectionWriter>();

  /**
   * @param fixed the files of the collections whose state is fixed; others are read as they are
   * @param end called when the query is done
   * @param fix fixes the state of a collection that nobody has announced; absent where it may change while it is read
   */
  constructor(
    source: EngineSource,
    fixed: ReadonlyMap<Collection, () => File | undefined>,
    stable: boolean,
    end: () => void,
    fix?: FixState,
  ) {
    this.#source = source;
    this.#fixed = fixed;
    this.stable = stable;
    this.#end = end;
    this.#fix = fix;
  }

  get graphMemory(): GraphMemory {
    return this.#source.graphMemory;
  }

  reader(name: string): CollectionReader | undefined {
    const known = this.#readers.get(name);
    if (known) return known;
    const collection = this.#source.find(name);
    if (!collection) return undefined;
    const fixed = this.#fixed.get(collection) ?? this.#fix?.(collection);
    const reader = new FileReader(fixed ?? (() => collection.reading()), name, fixed !== undefined);
    this.#readers.set(name, reader);
    return reader;
  }

  writer(name: string): CollectionWriter {
    let writer = this.#writers.get(name);
    if (!writer) this.#writers.set(name, writer = new EngineWriter(this.#source.existing([name])[0]!));
    return writer;
  }

  collectionNames(): readonly string[] {
    return this.#source.names();
  }

  [Symbol.dispose](): void {
    this.#end();
  }
}

/** What graph searches remember of the databases of engines that are open. */
const GRAPH_MEMORIES = new WeakMap<Database, GraphMemory>();

/** A database of the engine. */
export class EngineSource implements DataSource {
  readonly #database: Database;
  readonly #access: EngineAccess;

  /**
   * @param database where the collections are
   * @param access who asks
   */
  constructor(database: Database, access: EngineAccess = {}) {
    this.#database = database;
    this.#access = access;
  }

  get name(): string {
    return this.#database.name;
  }

  /** What graph searches remember, for a query that begins. */
  get graphMemory(): GraphMemory {
    let memory = GRAPH_MEMORIES.get(this.#database);
    if (!memory || memory.isFull) GRAPH_MEMORIES.set(this.#database, memory = new GraphMemory());
    return memory;
  }

  /** The names of all collections. */
  names(): string[] {
    return this.#database.collections().map(({ name }) => name);
  }

  /**
   * The collection with a name, which may be read; ids and globally unique names are no names of AQL.
   *
   * @throws ArangoError what `assertReadable` throws
   */
  find(name: string): Collection | undefined {
    const found = this.#database.find(name);
    if (found?.name !== name) return undefined;
    this.#access.assertReadable?.(found);
    return found;
  }

  /** The collections with some names; throws ArangoError 1203 where one is missing. */
  existing(names: readonly string[]): Collection[] {
    return names.map((name) => {
      const found = this.find(name);
      if (!found) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", name);
      return found;
    });
  }

  collection(name: string): SourceCollection | undefined {
    const found = this.find(name);
    return found && new EngineCollection(found);
  }

  collectionId(name: string): string | undefined {
    return this.find(name)?.id.toString();
  }

  collectionSchema(name: string): AqlValue | undefined {
    const found = this.find(name);
    return found && parseJson(JSON.stringify(found.properties.schema ?? null));
  }

  read({ read }: SourceAccess): ReadSession {
    const { engine } = this.#database;
    const collections = this.existing(read);
    // inside of a transaction the state is fixed, and its own writes count
    if (engine.inTransaction || collections.length === 0) return new EngineSession(this, new Map(), true, () => {});
    const [only] = collections;
    if (collections.length === 1 && !this.#access.stream) return this.#pinned(only!);
    return this.#snapshot(collections, true);
  }

  /**
   * Fixes the state of one collection, and of others when they are read first, in the files that are open anyway: nothing
   * else uses them before the query ends.
   */
  #pinned(collection: Collection): EngineSession {
    const pinned: File[] = [];
    const fix: FixState = (one) => {
      const file = one.reading();
      if (!file || file.file.inTransaction) return undefined;
      file.file.exec("BEGIN");
      pinned.push(file);
      return () => file;
    };
    const first = fix(collection);
    const end = (): void => {
      for (const { file } of pinned) if (file.inTransaction) file.exec("COMMIT");
    };
    return new EngineSession(this, new Map(first ? [[collection, first]] : []), true, end, fix);
  }

  /** Fixes the state of collections in files of their own. */
  #snapshot(collections: readonly Collection[], stable: boolean): EngineSession {
    const snapshot = this.#database.engine.snapshot(collections);
    const fixed = new Map(collections.map((collection) => [collection, () => snapshot.file(collection)]));
    return new EngineSession(this, fixed, stable, () => snapshot[Symbol.dispose]());
  }

  write<T>({ read, write, waitForSync }: SourceAccess, body: (session: SourceSession) => T): T {
    const { engine } = this.#database;
    const written = this.existing(write);
    for (const collection of written) this.#access.assertWritable?.(collection);
    const collections = this.existing(read);
    const durable = waitForSync || written.some(({ properties }) => properties.waitForSync);
    const nested = engine.inTransaction;
    return engine.write(written, () => {
      // what is written is read as it was before, from files of its own: updates of large collections need no memory
      using session = nested ? new EngineSession(this, new Map(), false, () => {}) : this.#lazySnapshot(collections);
      return body(session);
    }, { durable });
  }

  /** A snapshot that is only taken when something is read; until the transaction ends nobody else can write. */
  #lazySnapshot(collections: readonly Collection[]): EngineSession {
    const { engine } = this.#database;
    let snapshot: Snapshot | undefined;
    const fixed = new Map(collections.map((collection) => [collection, (): File | undefined => {
      snapshot ??= engine.snapshot(collections);
      return snapshot.file(collection);
    }]));
    return new EngineSession(this, fixed, true, () => snapshot?.[Symbol.dispose]());
  }
}
