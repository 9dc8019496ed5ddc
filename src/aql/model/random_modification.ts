/**
 * Random queries that write, each with its meaning: what they answer, what they leave, or the number of their error.
 *
 * Source: section 8 of `aql.md`, and the manual's pages of the modifying operations.
 *
 * @module
 */
import fc from "fast-check";
import { plainValue, type Row } from "./random_term.ts";
import { attributeOf, distinct, same, typeOf, type Value } from "./values.ts";

/** The documents of a collection by key, without revisions. */
export type Stored = Map<string, Row>;

/** The attribute whose values are unique, where it is there and not null. */
export const UNIQUE_ATTRIBUTE = "u";

/** An error of one document. */
class Refusal extends Error {
  readonly errorNum: number;

  constructor(errorNum: number) {
    super(String(errorNum));
    this.errorNum = errorNum;
  }
}

/** What a row of a writing query comes to. */
interface Change {
  readonly old: Value;
  readonly new: Value;
}

interface Options {
  readonly ignoreErrors?: boolean;
  readonly keepNull?: boolean;
  readonly mergeObjects?: boolean;
  readonly overwriteMode?: "conflict" | "ignore" | "replace" | "update";
}

/** Puts a document into a collection. */
function store(stored: Stored, key: string, document: Row): Row {
  const value = document[UNIQUE_ATTRIBUTE] ?? null;
  for (const [other, one] of stored) {
    if (other !== key && value !== null && same(one[UNIQUE_ATTRIBUTE] ?? null, value)) throw new Refusal(1210);
  }
  stored.set(key, document);
  return document;
}

/** What an object is without its attributes of null, at any depth outside of arrays. */
function withoutNulls(value: Value): Value {
  if (typeOf(value) !== "object") return value;
  const kept = Object.entries(value as Row).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutNulls(one)]));
}

/** What a document becomes when it is patched. */
function patched(old: Row, patch: Row, { keepNull = true, mergeObjects = true }: Options): Row {
  const result: Record<string, Value> = { ...old };
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("_")) continue;
    if (value === null && !keepNull) delete result[name];
    else if (mergeObjects && typeOf(value) === "object" && typeOf(old[name] ?? null) === "object") {
      result[name] = patched(old[name] as Row, value as Row, { keepNull, mergeObjects });
    } else result[name] = keepNull ? value : withoutNulls(value);
  }
  return result;
}

/** A document with the attributes that the database gives it. */
function complete(key: string, document: Row): Row {
  const own = Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith("_")));
  return { _key: key, _id: `docs/${key}`, ...own };
}

function insert(stored: Stored, document: Row, options: Options): Change {
  const key = document._key as string;
  const old = stored.get(key);
  if (!old) return { old: null, new: store(stored, key, complete(key, document)) };
  switch (options.overwriteMode) {
    case "ignore":
      return { old: null, new: null };
    case "replace":
      return { old, new: store(stored, key, complete(key, document)) };
    case "update":
      return { old, new: store(stored, key, patched(old, document, options)) };
    default:
      throw new Refusal(1210);
  }
}

function existing(stored: Stored, key: string): Row {
  const old = stored.get(key);
  if (!old) throw new Refusal(1202);
  return old;
}

/** A statement that writes, for a row with the variable `x`. */
interface Writing {
  readonly text: string;
  readonly options: Options;
  readonly change: (stored: Stored, x: Value) => Change;
  /** Whether OLD and NEW are there after it. */
  readonly hasOld: boolean;
  readonly hasNew: boolean;
}

const keyOf = (x: Value): string => `k${x}`;
const KEY = "CONCAT('k', x)";

const withNulls = fc.constantFrom<Value>(null, { x: null, y: 1 }, { x: { z: null } }, { y: { z: 2 } });

/** Documents: what `{…}` is as text, and as a value. */
const document = fc.record({
  a: fc.oneof(plainValue, withNulls),
  o: fc.oneof(plainValue, withNulls, withNulls),
  [UNIQUE_ATTRIBUTE]: plainValue,
}, { requiredKeys: [], noNullPrototype: true }).map((value) => ({ value: value as Row, text: JSON.stringify(value) }));

/** Options that a statement takes. */
const common = fc.record({
  ignoreErrors: fc.boolean(),
  keepNull: fc.boolean(),
  mergeObjects: fc.boolean(),
}, { requiredKeys: [] });

/** The text of a document with a key in front. */
function keyed(text: string): string {
  return text === "{}" ? `{_key: ${KEY}}` : `{_key: ${KEY}, ${text.slice(1)}`;
}

const inserting = fc.tuple(
  document,
  common,
  fc.constantFrom(undefined, "conflict", "ignore", "replace", "update" as const),
).map(([{ value, text }, base, overwriteMode]): Writing => {
  const options = { ...base, ...(overwriteMode ? { overwriteMode } : {}) } as Options;
  return {
    text: `INSERT ${keyed(text)} INTO docs`,
    options,
    change: (stored, x) => insert(stored, { ...value, _key: keyOf(x) }, options),
    hasOld: overwriteMode === "replace" || overwriteMode === "update",
    hasNew: true,
  };
});

const updating = fc.tuple(document, common, fc.boolean()).map(([{ value, text }, options, short]): Writing => ({
  text: short ? `UPDATE ${keyed(text)} IN docs` : `UPDATE ${KEY} WITH ${text} IN docs`,
  options,
  change(stored, x) {
    const old = existing(stored, keyOf(x));
    return { old, new: store(stored, keyOf(x), patched(old, value, options)) };
  },
  hasOld: true,
  hasNew: true,
}));

const replacing = fc.tuple(document, common, fc.boolean()).map(([{ value, text }, options, short]): Writing => ({
  text: short ? `REPLACE ${keyed(text)} IN docs` : `REPLACE ${KEY} WITH ${text} IN docs`,
  options,
  change(stored, x) {
    const old = existing(stored, keyOf(x));
    return { old, new: store(stored, keyOf(x), complete(keyOf(x), value)) };
  },
  hasOld: true,
  hasNew: true,
}));

const removing = fc.tuple(fc.boolean(), fc.boolean()).map(([short, ignoreErrors]): Writing => ({
  text: short ? `REMOVE ${KEY} IN docs` : `REMOVE {_key: ${KEY}} IN docs`,
  options: { ignoreErrors },
  change(stored, x) {
    const old = existing(stored, keyOf(x));
    stored.delete(keyOf(x));
    return { old, new: null };
  },
  hasOld: true,
  hasNew: false,
}));

const upserting = fc.tuple(document, document, common, fc.boolean()).map((
  [first, second, options, replaces],
): Writing => ({
  text: `UPSERT {_key: ${KEY}} INSERT ${keyed(first.text)} ${replaces ? "REPLACE" : "UPDATE"} ${second.text} IN docs`,
  options,
  change(stored, x) {
    const key = keyOf(x);
    const old = stored.get(key);
    if (!old) return { old: null, new: store(stored, key, complete(key, first.value)) };
    const document = replaces ? complete(key, second.value) : patched(old, second.value, options);
    return { old, new: store(stored, key, document) };
  },
  hasOld: true,
  hasNew: true,
}));

/** Which rows there are: the same key may come several times. */
const rows = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 });

/** A query that writes, and what it comes to. */
export interface ModelledWrite {
  readonly text: string;
  /**
   * Writes; the documents stay as they were where that is an error.
   *
   * @returns the results, and how many writes there were and were not
   */
  readonly run: (stored: Stored) => WriteOutcome;
}

/** What comes of a query that writes. */
export type WriteOutcome =
  | { readonly errorNum: number }
  | { readonly results: readonly Value[]; readonly executed: number; readonly ignored: number };

/** Queries that write to `docs`. */
export const write: fc.Arbitrary<ModelledWrite> = fc.tuple(
  rows,
  fc.oneof(inserting, updating, replacing, removing, upserting),
).map(([list, writing]) => {
  const old = writing.hasOld ? "UNSET(OLD ?: {}, '_rev')" : "null";
  const now = writing.hasNew ? "UNSET(NEW ?: {}, '_rev')" : "null";
  const options = Object.keys(writing.options).length === 0 ? "" : ` OPTIONS ${JSON.stringify(writing.options)}`;
  return {
    text: `FOR x IN ${JSON.stringify(list)} ${writing.text}${options} RETURN [x, ${old}, ${now}]`,
    run: (stored) => outcomeOf(stored, list, writing),
  };
});

function outcomeOf(stored: Stored, list: readonly number[], writing: Writing): WriteOutcome {
  const before = new Map(stored);
  const results: Value[] = [];
  let [executed, ignored] = [0, 0];
  for (const x of list) {
    try {
      const change = writing.change(stored, x);
      const shown = (value: Value, isThere: boolean): Value => isThere ? value ?? {} : null;
      results.push([x, shown(change.old, writing.hasOld), shown(change.new, writing.hasNew)]);
      // what is there already counts as ignored where it is left alone
      if (change.old === null && change.new === null) ignored++;
      else executed++;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!writing.options.ignoreErrors) {
        stored.clear();
        for (const [key, one] of before) stored.set(key, one);
        return { errorNum: error.errorNum };
      }
      ignored++;
    }
  }
  return { results, executed, ignored };
}

/** The documents that there are at first. */
export const documents: fc.Arbitrary<Stored> = fc.array(document, { maxLength: 5 }).map((list) => {
  const stored: Stored = new Map();
  const values: Value[] = [];
  list.forEach(({ value }, i) => {
    const unique = attributeOf(value as Value, UNIQUE_ATTRIBUTE);
    if (unique !== null && distinct([...values, unique]).length === values.length) return;
    if (unique !== null) values.push(unique);
    stored.set(`k${i}`, complete(`k${i}`, value));
  });
  return stored;
});
