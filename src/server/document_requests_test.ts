/**
 * Requests of the document API with all combinations of their options, on documents that are there, missing, or another
 * revision than expected.
 *
 * What is expected is computed here by the rules of the manual, page "Document HTTP API".
 */
import { deepStrictEqual as deepEqual, match, strictEqual as equal } from "node:assert/strict";
import type { Collection } from "../engine/collection.ts";
import { encodeRevision } from "../base/revision.ts";
import { type Answer, TestServer } from "./testing.ts";

type Fields = Readonly<Record<string, unknown>>;
type Kind = "insert" | "replace" | "update" | "remove";

const METHODS = { insert: "POST", replace: "PUT", update: "PATCH", remove: "DELETE" } as const;
const STORED: Fields = { _key: "k", n: 1, o: { a: 1 }, v: 5 };
/** A change that has to do with every option about contents. */
const BODY: Fields = { _key: "k", n: null, o: { b: 2 }, v: 6 };
const FLAG = [undefined, false, true] as const;
/** Written as revisions are, but nobody's. */
const STALE = "_abc";
const STATUSES: Readonly<Record<number, number>> = { 1200: 412, 1202: 404, 1210: 409 };

/** The options that the manual has for changes of documents. */
interface Options {
  readonly returnNew?: boolean | undefined;
  readonly returnOld?: boolean | undefined;
  readonly silent?: boolean | undefined;
  readonly waitForSync?: boolean | undefined;
  readonly ignoreRevs?: boolean | undefined;
  readonly keepNull?: boolean | undefined;
  readonly mergeObjects?: boolean | undefined;
  readonly refillIndexCaches?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly overwriteMode?: string | undefined;
  readonly versionAttribute?: string | undefined;
}

/** What a success answers about: the document before and after. */
interface Done {
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
  readonly isWritten: boolean;
}

/** What becomes of one document. */
type Outcome = Done | { readonly errorNum: number };

/** All combinations of a value for each name. */
function* combinations<T extends object>(choices: { readonly [K in keyof T]: readonly T[K][] }): Generator<T> {
  const [name, ...others] = Object.keys(choices) as (keyof T)[];
  if (name === undefined) return void (yield {} as T);
  const rest = Object.fromEntries(others.map((one) => [one, choices[one]])) as typeof choices;
  for (const value of choices[name]) for (const one of combinations(rest)) yield { [name]: value, ...one } as T;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A document after its update. */
function patched(document: Fields, patch: Fields, { keepNull = true, mergeObjects = true }: Options): Fields {
  const result: Record<string, unknown> = { ...document };
  for (const [name, value] of Object.entries(patch)) {
    const old = result[name];
    if (value === null && !keepNull) delete result[name];
    else if (mergeObjects && isObject(old) && isObject(value)) {
      result[name] = patched(old, value, { keepNull, mergeObjects });
    } else result[name] = value;
  }
  return result;
}

/** Whether a change is older than what is stored, or as old. */
function isOutdated(stored: Fields, change: Fields, attribute: string | undefined): boolean {
  const [old, now] = [stored, change].map((one) => attribute === undefined ? undefined : one[attribute]);
  return typeof old === "number" && typeof now === "number" && now >= 0 && Math.floor(now) <= Math.floor(old);
}

/** What a change does to the stored document with its key. */
function outcome(kind: Kind, stored: Fields | undefined, body: Fields, isExpected: boolean, options: Options): Outcome {
  const mode = options.overwriteMode ?? (options.overwrite ? "replace" : "conflict");
  if (kind === "insert" && !stored) return { before: undefined, after: body, isWritten: true };
  if (kind === "insert" && mode === "conflict") return { errorNum: 1210 };
  if (!stored) return { errorNum: 1202 };
  if (!isExpected) return { errorNum: 1200 };
  if (kind === "remove") return { before: stored, after: undefined, isWritten: true };
  const isIgnored = kind === "insert" && mode === "ignore";
  if (isIgnored) return { before: undefined, after: undefined, isWritten: false };
  if (isOutdated(stored, body, options.versionAttribute)) return { before: stored, after: stored, isWritten: false };
  const isPatch = kind === "update" || (kind === "insert" && mode === "update");
  return { before: stored, after: isPatch ? patched(stored, body, options) : body, isWritten: true };
}

/** A document without the attributes that the server makes. */
function own(document: Fields | null | undefined): Fields | undefined {
  if (!document) return undefined;
  const { _id, _rev, ...rest } = document;
  return rest;
}

/** A server with a collection, and what the tests do with it besides sending requests. */
class Documents implements Disposable {
  readonly test = new TestServer();
  readonly collection: Collection;

  constructor(readonly waitsForSync = false) {
    this.test.send("POST", "/_api/collection", { name: "c", waitForSync: waitsForSync });
    this.collection = this.test.engine.database("_system").collection("c");
  }

  /** Makes `documents` all that is stored. */
  store(...documents: readonly Fields[]): void {
    for (const { key } of [...this.collection.pages()].flat()) this.collection.remove(key);
    for (const one of documents) this.collection.insert(JSON.stringify(one));
  }

  revision(key = "k"): string | undefined {
    const document = this.collection.document(key);
    return document && encodeRevision(document.rev);
  }

  stored(key = "k"): Fields | undefined {
    const document = this.collection.document(key);
    return own(document && JSON.parse(document.text));
  }

  send(kind: Kind, path: string, body: unknown, options: Options, headers: Record<string, string> = {}): Answer {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const query = given.map(([name, value]) => `${name}=${value}`).join("&");
    return this.test.send(METHODS[kind], `/_api/document/c${path}?${query}`, body, headers);
  }

  /** The status of a success. */
  status(kind: Kind, { waitForSync }: Options): number {
    return waitForSync || this.waitsForSync ? kind === "remove" ? 200 : 201 : 202;
  }

  /** Checks what an answer tells about one change that has been made, or was not needed. */
  checkResult(kind: Kind, body: Fields, expected: Done, options: Options, rev: string): void {
    const { before, after, isWritten } = expected;
    deepEqual([body._id, body._key], [`c/${body._key}`, body._key]);
    equal(body._rev, kind === "remove" || !isWritten ? rev : this.revision(body._key as string));
    equal(body._oldRev, before && kind !== "remove" ? rev : undefined);
    deepEqual(own(body.old as Fields), options.returnOld ? before : undefined);
    deepEqual(own(body.new as Fields), options.returnNew ? after : undefined);
    if (before && isWritten && kind !== "remove") equal(body._rev !== body._oldRev, true);
  }

  [Symbol.dispose](): void {
    this.test[Symbol.dispose]();
  }
}

/** Checks a request about one document. */
function checkSingle(
  documents: Documents,
  kind: Kind,
  options: Options,
  { stored, ifMatch, bodyRev, body = BODY }: {
    readonly stored: Fields | undefined;
    readonly ifMatch?: string | undefined;
    readonly bodyRev?: string | undefined;
    readonly body?: Fields;
  },
): void {
  documents.store(...stored ? [stored] : []);
  const rev = documents.revision() ?? "";
  const given = (which: string | undefined): string | undefined => (which === "current" ? rev || STALE : which);
  const sentRev = given(bodyRev);
  const sent = { ...body, ...(sentRev === undefined ? {} : { _rev: sentRev }) };
  const header = given(ifMatch);
  const answer = documents.send(
    kind,
    kind === "insert" ? "" : "/k",
    kind === "remove" ? undefined : sent,
    options,
    header === undefined ? {} : { "if-match": `"${header}"` },
  );
  // the header goes before the body; inserts and removals know no revision in the body
  const isBodyRead = options.ignoreRevs === false && (kind === "replace" || kind === "update");
  const wanted = kind === "insert" ? undefined : header ?? (isBodyRead ? sentRev : undefined);
  const expected = outcome(kind, stored, body, wanted === undefined || wanted === rev, options);
  if ("errorNum" in expected) {
    equal(answer.status, STATUSES[expected.errorNum]);
    equal(answer.body.errorNum, expected.errorNum);
    equal(answer.headers.etag, expected.errorNum === 1200 ? `"${rev}"` : undefined);
    if (expected.errorNum === 1200) deepEqual([answer.body._id, answer.body._key, answer.body._rev], ["c/k", "k", rev]);
    deepEqual(documents.stored(), stored);
    return;
  }
  equal(answer.status, documents.status(kind, options));
  deepEqual(documents.stored(), expected.isWritten ? expected.after : stored);
  equal(documents.revision() === rev, !expected.isWritten);
  if (options.silent) {
    deepEqual([answer.text, answer.headers.etag, answer.headers.location], ["{}", undefined, undefined]);
    return;
  }
  equal(answer.headers.etag, `"${answer.body._rev}"`);
  equal(answer.headers.location, "/_db/_system/_api/document/c/k");
  documents.checkResult(kind, answer.body, expected, options, rev);
}

/** Runs `check`, and tells about which case it fails. */
function explained(what: unknown, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${JSON.stringify(what)}: ${(error as Error).message}`, { cause: error });
  }
}

const GIVEN = [undefined, true] as const;
const SHAPES = { returnNew: GIVEN, returnOld: GIVEN, silent: GIVEN, waitForSync: FLAG };
const MODES = [
  {},
  { overwrite: true },
  { overwrite: false },
  ...["conflict", "ignore", "replace", "update"].flatMap((overwriteMode) => [
    { overwriteMode },
    { overwriteMode, overwrite: true },
  ]),
];

for (const waitsForSync of [false, true]) {
  Deno.test(`one document, in a collection with waitForSync ${waitsForSync}: what is answered, and what is not`, () => {
    using documents = new Documents(waitsForSync);
    for (const shape of combinations<Options>(SHAPES)) {
      for (const stored of [undefined, STORED]) {
        for (const kind of ["insert", "replace", "update", "remove"] as const) {
          for (const mode of kind === "insert" ? MODES : [{}]) {
            const options = { ...shape, ...mode };
            explained({ kind, options, stored }, () => checkSingle(documents, kind, options, { stored }));
          }
        }
      }
    }
  });
}

Deno.test("one document: the revision that is expected, in the header or the body", () => {
  using documents = new Documents();
  const revisions = [undefined, "current", STALE];
  const cases = combinations<{ stored?: Fields; ifMatch?: string; bodyRev?: string } & Options>({
    stored: [undefined!, STORED],
    ifMatch: revisions as string[],
    bodyRev: revisions as string[],
    ignoreRevs: FLAG as unknown as boolean[],
    silent: [false, true],
  });
  for (const { stored, ifMatch, bodyRev, ...options } of cases) {
    for (const kind of ["insert", "replace", "update", "remove"] as const) {
      const given = { stored, ifMatch, bodyRev };
      explained({ kind, options, given }, () => checkSingle(documents, kind, options, given));
    }
  }
});

/** The ways to change a document that is there. */
const CHANGES = [
  ["replace", {}],
  ["update", {}],
  ["insert", { overwriteMode: "replace" }],
  ["insert", { overwriteMode: "update" }],
] as const;

Deno.test("one document: nulls that are kept or not, and objects that are merged or not", () => {
  using documents = new Documents();
  for (const given of combinations<Options>({ keepNull: FLAG, mergeObjects: FLAG, refillIndexCaches: FLAG })) {
    for (const [kind, mode] of CHANGES) {
      const options = { ...given, ...mode, returnNew: true, returnOld: true };
      explained({ kind, options }, () => checkSingle(documents, kind, options, { stored: STORED }));
    }
  }
});

Deno.test("one document: older versions change nothing, and what is no version is none", () => {
  using documents = new Documents();
  const withVersion = ({ v: _, ...rest }: Fields, v: unknown): Fields => (v === undefined ? rest : { ...rest, v });
  const cases = combinations<{ attribute: string; version: unknown; storedVersion: unknown }>({
    attribute: ["", "v", "missing"],
    version: [undefined, 4, 5, 5.9, 6, 1e20, -1, "6", null, true, [9]],
    storedVersion: [undefined, 5, 5.5, "5"],
  });
  for (const { attribute, version, storedVersion } of cases) {
    const given = { stored: withVersion(STORED, storedVersion), body: withVersion(BODY, version) };
    for (const [kind, mode] of CHANGES) {
      const options = { ...mode, versionAttribute: attribute, returnNew: true, returnOld: true };
      explained({ kind, options, given }, () => checkSingle(documents, kind, options, given));
    }
  }
});

Deno.test("reading one document: If-Match is asked before If-None-Match, and HEAD answers as GET does", () => {
  using documents = new Documents();
  const cases = combinations<{ stored?: Fields; ifMatch?: string; ifNoneMatch?: string; quote: string }>({
    stored: [undefined!, STORED],
    ifMatch: [undefined!, "current", STALE],
    ifNoneMatch: [undefined!, "current", STALE],
    quote: ['"', ""],
  });
  for (const { stored, ifMatch, ifNoneMatch, quote } of cases) {
    documents.store(...stored ? [stored] : []);
    const rev = documents.revision() ?? STALE;
    const headers: Record<string, string> = {};
    for (const [name, which] of [["if-match", ifMatch], ["if-none-match", ifNoneMatch]] as const) {
      if (which !== undefined) headers[name] = `${quote}${which === "current" ? rev : which}${quote}`;
    }
    const [get, head] = ["GET", "HEAD"].map((method) =>
      documents.test.send(method, "/_api/document/c/k", undefined, headers)
    ) as [Answer, Answer];
    explained({ stored, headers }, () => {
      const status = !stored ? 404 : ifMatch === STALE ? 412 : ifNoneMatch === "current" ? 304 : 200;
      deepEqual([get.status, head.status], [status, status]);
      equal(get.headers.etag, stored ? `"${rev}"` : undefined);
      equal(head.headers.etag, get.headers.etag);
      equal(head.text, "");
      if (status === 200) deepEqual(own(get.body), stored);
      if (status === 304) equal(get.text, "");
      else equal(head.headers["content-length"], String(new TextEncoder().encode(get.text).length));
      if (status === 412) deepEqual([get.body.errorNum, get.body._rev, get.body._id], [1200, rev, "c/k"]);
      if (status === 404) equal(get.body.errorNum, 1202);
    });
  }
});

/** Elements of an array, with what each of them leads to. */
interface Element {
  readonly sent: unknown;
  readonly expected: Outcome;
}

/** One element for each thing that can be about it. */
function elementsFor(documents: Documents, kind: Kind, options: Options): Element[] {
  const first = { ...STORED, _key: "a" };
  const second = { ...STORED, _key: "b" };
  documents.store(first, second);
  const current = documents.revision("a");
  const isAsked = options.ignoreRevs === false && kind !== "insert";
  const element = (body: Fields, rev: string | undefined, stored: Fields | undefined): Element => ({
    sent: rev === undefined ? body : { ...body, _rev: rev },
    expected: outcome(kind, stored, body, !isAsked || rev === undefined || rev !== STALE, options),
  });
  const all = [
    element({ ...BODY, _key: "a" }, current, first),
    element({ ...BODY, _key: "b" }, STALE, second),
    element({ ...BODY, _key: "missing" }, undefined, undefined),
    { sent: 7, expected: { errorNum: kind === "remove" ? 1205 : 1227 } },
  ];
  if (kind === "insert") return [...all, { sent: { _key: "/" }, expected: { errorNum: 1221 } }];
  return [...all, { sent: {}, expected: { errorNum: 1205 } }];
}

/** The header that counts errors: `{"1202":2}`. */
function errorCodes(elements: readonly Element[]): string | undefined {
  const counts = new Map<number, number>();
  for (const { expected } of elements) {
    if ("errorNum" in expected) counts.set(expected.errorNum, (counts.get(expected.errorNum) ?? 0) + 1);
  }
  return counts.size === 0 ? undefined : JSON.stringify(Object.fromEntries([...counts].sort(([a], [b]) => a - b)));
}

Deno.test("many documents: every element is answered for, in its place, and errors are counted in a header", () => {
  for (const waitsForSync of [false, true]) {
    using documents = new Documents(waitsForSync);
    for (const shape of combinations<Options>({ ...SHAPES, waitForSync: GIVEN, ignoreRevs: FLAG })) {
      for (const kind of ["insert", "replace", "update", "remove"] as const) {
        for (const mode of kind === "insert" && shape.ignoreRevs ? MODES : [{}]) {
          const options = { ...shape, ...mode };
          explained({ kind, options }, () => checkMany(documents, kind, options));
        }
      }
    }
  }
});

function checkMany(documents: Documents, kind: Kind, options: Options): void {
  const elements = elementsFor(documents, kind, options);
  const revisions = new Map(["a", "b"].map((key) => [key, documents.revision(key)!]));
  const answer = documents.send(kind, "", elements.map(({ sent }) => sent), options);
  const isAnyDone = elements.some(({ expected }) => !("errorNum" in expected));
  // source: recorded example RestDocumentHandlerInsertFail and its like: nothing done is nothing synchronised
  equal(answer.status, isAnyDone ? documents.status(kind, options) : 202);
  equal(answer.headers["x-arango-error-codes"], errorCodes(elements));
  deepEqual([answer.headers.etag, answer.headers.location], [undefined, undefined]);
  const failed = elements.filter(({ expected }) => "errorNum" in expected);
  const told = options.silent ? failed : elements;
  equal(answer.body.length, told.length);
  told.forEach(({ sent, expected }, i) => {
    const body = answer.body[i];
    const key = (sent as Fields)._key as string;
    if (!("errorNum" in expected)) {
      return documents.checkResult(kind, body, expected, options, revisions.get(key) ?? "");
    }
    deepEqual([body.error, body.errorNum, typeof body.errorMessage], [true, expected.errorNum, "string"]);
    deepEqual([body._id, body._key, body._rev], [undefined, undefined, undefined]);
  });
}

Deno.test("many documents are read by keys, ids and objects, with or without their revisions", () => {
  using documents = new Documents();
  documents.store({ ...STORED, _key: "a" });
  const rev = documents.revision("a");
  const selectors: readonly [unknown, number?][] = [
    ["a"],
    ["c/a"],
    [{ _key: "a" }],
    [{ _key: "a", _rev: rev }],
    [{ _key: "a", _rev: STALE }, 1200],
    ["missing", 1202],
    [{ _key: "missing", _rev: rev }, 1202],
    [7, 1205],
  ];
  for (const ignoreRevs of FLAG) {
    const query = ignoreRevs === undefined ? "" : `&ignoreRevs=${ignoreRevs}`;
    const sent = selectors.map(([one]) => one);
    const answer = documents.test.send("PUT", `/_api/document/c?onlyget=true${query}`, sent);
    equal(answer.status, 200);
    const isChecked = ignoreRevs === false;
    const expected = selectors.map(([, errorNum]) => (errorNum === 1200 && !isChecked ? undefined : errorNum));
    deepEqual(answer.body.map(({ errorNum }: { errorNum?: number }) => errorNum), expected);
    const { 1200: conflicts = 0, ...others } = JSON.parse(answer.headers["x-arango-error-codes"]!);
    deepEqual([conflicts, others], [isChecked ? 1 : 0, { 1202: 2, 1205: 1 }]);
  }
});

Deno.test("document requests: bodies, collections and transactions that are wrong are refused as a whole", () => {
  using documents = new Documents();
  documents.store(STORED);
  const { test } = documents;
  const aborted = test.send("POST", "/_api/transaction/begin", { collections: { write: "c" } }).body.result.id;
  test.send("DELETE", `/_api/transaction/${aborted}`);
  const calls: readonly [method: string, path: string, body?: unknown][] = [
    ["POST", "", {}],
    ["POST", "", [{}]],
    ["GET", "/k"],
    ["HEAD", "/k"],
    ["PUT", "/k", {}],
    ["PUT", "", [{}]],
    ["PATCH", "/k", {}],
    ["PATCH", "", [{}]],
    ["DELETE", "/k"],
    ["DELETE", "", ["k"]],
    ["PUT", "?onlyget=true", ["k"]],
  ];
  for (const [method, path, body] of calls) {
    const send = (collection: string, sent: unknown, headers: Record<string, string> = {}): Answer =>
      test.send(method, `/_api/document/${collection}${path}`, sent, headers);
    explained([method, path], () => {
      equal(send("nope", body).status, 404);
      equal(send("c", body, { "x-arango-trx-id": "123" }).status, 404);
      equal(send("c", body, { "x-arango-trx-id": aborted }).status, 410);
      if (body === undefined) return;
      for (const wrong of ["", "{", "[{]", "\xff", "nope"]) equal(send("c", wrong).status, 400, wrong);
      // one document where there have to be many, or the other way round; a removal takes one, too
      if (method === "POST" || (method === "DELETE" && path === "")) return;
      const other = send("c", Array.isArray(body) ? {} : []);
      equal(other.status, 400);
      match(other.text, /"errorNum":(1227|400)/);
    });
  }
  deepEqual(documents.stored(), STORED);
});
