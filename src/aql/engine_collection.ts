/**
 * The engine's collections as queries read and write them.
 *
 * @module
 */
import { decodeRevision } from "../base/revision.ts";
import type { Collection, WriteResult } from "../engine/collection.ts";
import { type DocumentParts, type GivenAttributes, givenDocument, systemAttributes } from "../engine/document_text.ts";
import { boxAround, boxOf } from "../engine/geo_box.ts";
import { wordEntry } from "../engine/open_index.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import { type DocumentForm, type FormText, formText } from "../storage/document_sql.ts";
import { PRIMARY_INDEX } from "../storage/index_entries.ts";
import type {
  CollectionReader,
  CollectionWriter,
  DocumentCursor,
  EdgeList,
  EdgeWish,
  IndexRange,
  ReadWish,
  SourceCollection,
  SourceIndex,
  SourceWriteOptions,
  SourceWriteResult,
  TextReader,
} from "./data_source.ts";
import {
  documentReader,
  EdgeCursor,
  EndsCursor,
  LeapCursor,
  NOTHING,
  parsed,
  parsedPage,
  partOf,
  partReader,
  ScanCursor,
} from "./engine_cursors.ts";
import { entriesOf, rangeCursor } from "./engine_pieces.ts";
import { FileTexts } from "./engine_texts.ts";
import { type AqlObject, type AqlValue, jsonText, parseJson } from "./values.ts";

/** The id of primary indexes. */
const PRIMARY = String(PRIMARY_INDEX);
const NO_EDGES: EdgeList = { ends: [] };
/** Edges of one vertex beyond this number are read in pages. */
const MOST_EDGES = 10_000;

function everything(cursor: DocumentCursor): AqlObject[] {
  const found: AqlObject[] = [];
  for (let page = cursor.next(MOST_EDGES); page.length > 0; page = cursor.next(MOST_EDGES)) found.push(...page);
  return found;
}

/** What was found out for the loops of plans that are kept. */
const TEXTS_OF_FORMS = new WeakMap<
  DocumentForm,
  { readonly collection: string; readonly text: FormText | undefined }
>();

/** As {@linkcode formText}, which takes its time. */
function textOf(form: DocumentForm, collection: string): FormText | undefined {
  let known = TEXTS_OF_FORMS.get(form);
  if (known?.collection !== collection) {
    known = { collection, text: formText(form, collection) };
    TEXTS_OF_FORMS.set(form, known);
  }
  return known.text;
}

/** Reads the file of a collection. */
export class FileReader implements CollectionReader {
  readonly #file: () => CollectionFile | undefined;
  readonly #name: string;
  readonly #isFixed: boolean;

  /**
   * @param file the file at the time of each call; undefined while the collection is empty
   * @param name the collection's
   * @param isFixed whether its state is always the same
   */
  constructor(file: () => CollectionFile | undefined, name: string, isFixed: boolean) {
    this.#file = file;
    this.#name = name;
    this.#isFixed = isFixed;
  }

  get version(): string | undefined {
    const file = this.#isFixed ? this.#file() : undefined;
    return file && `${file.file.path} ${file.applied()}`;
  }

  count(): number {
    return this.#file()?.count() ?? 0;
  }

  texts(form: DocumentForm): TextReader | undefined {
    const text = textOf(form, this.#name);
    return text && new FileTexts(this.#file(), text);
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

  edges(end: "_from" | "_to", vertex: string, onlyEnds = false): DocumentCursor {
    const file = this.#file();
    // documents of other collections have no ends
    if (!file?.edge) return NOTHING;
    return new (onlyEnds ? EndsCursor : EdgeCursor)(file, end === "_from" ? "from" : "to", vertex);
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

  /** The file for a range of an index. */
  protected fileFor(_index: string, _range: IndexRange): CollectionFile | undefined {
    return this.#file();
  }

  byIndex(index: string, range: IndexRange, { attributes }: ReadWish = {}): DocumentCursor {
    const file = this.fileFor(index, range);
    if (!file) return NOTHING;
    const id = BigInt(index);
    return rangeCursor(file, id, range, documentReader(file, id, partOf(file, attributes, this.#name)));
  }

  entriesOf(index: string, fields: readonly string[], range: IndexRange, withRevision = false): DocumentCursor {
    const file = this.fileFor(index, range);
    if (!file) return NOTHING;
    const id = BigInt(index);
    const output = partOf(file, withRevision ? [...fields, "_rev"] : fields, this.#name);
    return rangeCursor(file, id, range, partReader(file, id, { fields, withRevision, output }));
  }

  distinct(index: string, fields: readonly string[]): DocumentCursor {
    const file = this.#file();
    return file ? new LeapCursor(file, BigInt(index), fields) : NOTHING;
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

/** Reads what is written too, and brings it into the file only where it has to. */
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

  protected override fileFor(index: string, range: IndexRange): CollectionFile | undefined {
    if (index === PRIMARY) return this.#collection.reading();
    const { from, to } = entriesOf(range);
    return this.#collection.readingRange(BigInt(index), from, to);
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

/** The parts of a document of a query; `system` is what {@linkcode systemAttributes} tells. */
function partsOf(document: AqlObject, system: ReadonlySet<string>): DocumentParts {
  const given: GivenAttributes = {};
  let own = "";
  for (const name of Object.keys(document)) {
    const value = document[name]!;
    if (system.has(name)) given[name as keyof GivenAttributes] = typeof value === "string" ? value : null;
    else own += `,${JSON.stringify(name)}:${jsonText(value)}`;
  }
  return givenDocument(given, own);
}

/** Writes a collection. */
export class EngineWriter implements CollectionWriter {
  readonly current: CollectionReader;
  readonly #collection: Collection;
  readonly #system: ReadonlySet<string>;

  constructor(collection: Collection) {
    this.#collection = collection;
    this.#system = systemAttributes(collection.isEdge);
    this.current = new CurrentReader(collection);
  }

  expect(keys: readonly string[]): void {
    this.#collection.expect(keys);
  }

  insert(document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.insert(this.#parts(document), options));
  }

  update(key: string, patch: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.update(key, this.#parts(patch), options));
  }

  replace(key: string, document: AqlObject, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.replace(key, this.#parts(document), options));
  }

  #parts(document: AqlObject): DocumentParts {
    return partsOf(document, this.#system);
  }

  remove(key: string, options: SourceWriteOptions): SourceWriteResult {
    return new EngineWriteResult(this.#collection.remove(key, options));
  }
}

/** What queries know of a collection. */
export class EngineCollection implements SourceCollection {
  readonly #collection: Collection;
  readonly #isHidden: boolean;

  /** @param isHidden whether it looks empty */
  constructor(collection: Collection, isHidden: boolean) {
    this.#collection = collection;
    this.#isHidden = isHidden;
  }

  get name(): string {
    return this.#collection.name;
  }

  get type(): 2 | 3 {
    return this.#collection.type;
  }

  count(): number {
    return this.#isHidden ? 0 : this.#collection.count();
  }

  indexes(): readonly SourceIndex[] {
    const collection = this.#collection;
    const primary = { id: PRIMARY, name: "primary", type: "primary", fields: ["_key"], unique: true, sparse: false };
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
