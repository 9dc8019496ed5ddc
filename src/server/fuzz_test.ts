import { ok, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { jsonToVelocyPack, VELOCYPACK_TYPE } from "../base/velocypack.ts";
import { type Sample, SAMPLES } from "./fuzz_requests.ts";
import { ROUTES } from "./routes/mod.ts";
import { TestServer } from "./testing.ts";

/** More runs than CI's, with a seed that is new each time: `HTTP_FUZZ_RUNS=100000`. */
const RUNS = Deno.env.get("HTTP_FUZZ_RUNS");
const PARAMETERS_OF_RUN = RUNS === undefined ? { numRuns: 600, seed: 20261129 } : { numRuns: Number(RUNS) };

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];
/** Requests that would wait for something outside, or end the process. */
const OUTSIDE = /replication\/(sync|make|applier|start)|shutdown|_sync|tasks|wal\/wait/;
const PATHS = [...new Set(ROUTES.map(({ path }) => path))].filter((path) => !OUTSIDE.test(path));
const WORDS = [
  "c",
  "e",
  "_users",
  "_system",
  "other",
  "k",
  "c/k",
  "0",
  "1",
  "all",
  "%",
  "%00",
  "..",
  "ü",
  "a b",
  "*",
  "-1",
  "9".repeat(30),
];
const PARAMETERS = [
  "collection",
  "waitForSync",
  "returnNew",
  "overwriteMode",
  "type",
  "onDuplicate",
  "count",
  "direction",
  "vertex",
  "from",
  "to",
  "details",
  "batchSize",
  "fromPrefix",
  "keepNull",
  "ignoreRevs",
  "onlyget",
  "isSystem",
  "stamp",
  "chunkSize",
];
const HEADERS = [
  "if-match",
  "if-none-match",
  "x-arango-trx-id",
  "content-type",
  "accept",
  "x-arango-async",
  "origin",
  "authorization",
];
const BODIES = [
  "",
  "{}",
  "[]",
  "null",
  "1",
  `"x"`,
  "{",
  `{"name":"c"}`,
  `{"query":"RETURN 1"}`,
  `[{"_key":"k"}]`,
  `{"a":1}\n{"b":`,
  "[".repeat(100_000),
  `{"a":`.repeat(5000),
  `{"_key":7}`,
  `{"collections":{"write":["c"]}}`,
  "--x\r\n\r\nGET /\r\n--x--",
  "\u0000",
];

/** One of `known`, or something made up. */
function word(known: readonly string[], other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: other });
}

const value = word(WORDS, fc.string());
const url = fc.tuple(
  fc.constantFrom("", "", "/_db/_system", "/_db/other", "/_db/nope", "/_db/%ff", "//"),
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: fc.webPath() }),
  fc.infiniteStream(value),
  fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), value), { maxLength: 3 }),
).map(([database, path, values, parameters]) => {
  const filled = path.replace(/[:*]\w+/g, () => encodeURIComponent(values.next().value!));
  return `${database}${filled}?${parameters.map(([name, one]) => `${name}=${encodeURIComponent(one)}`).join("&")}`;
});
const body = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BODIES) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);
const headers = fc.dictionary(
  fc.constantFrom(...HEADERS),
  word(
    ["*", `"_abc"`, "true", "store", "7", "application/x-velocypack", "multipart/form-data; boundary=x", "http://x"],
    fc.string(),
  ),
  { maxKeys: 2 },
);

/** What replaces a part of a request that was right. */
const wrong = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, 2 ** 53, "", "x", "c", "c/k", [], ["c"], [[]], {}, { a: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** All places of a value: of itself, its attributes and elements, and of theirs. */
function placesOf(value: unknown): (readonly string[])[] {
  if (value === null || typeof value !== "object") return [[]];
  return [[], ...Object.entries(value).flatMap(([name, one]) => placesOf(one).map((rest) => [name, ...rest]))];
}

/** The value with another one at a place; without an attribute where that is undefined. */
function changed(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  const copy = (Array.isArray(value) ? [...value] : { ...value as object }) as Record<string, unknown>;
  copy[name] = changed(copy[name], rest, other);
  return copy;
}

/** The body of a sample, most often with one thing wrong. */
function bodyOf([, , right]: Sample): fc.Arbitrary<string> {
  const text = typeof right === "string" ? right : right === undefined ? "" : JSON.stringify(right);
  const truncated = fc.nat(text.length).map((length) => text.slice(0, length));
  const deep = fc.constantFrom(10, 199, 201, 10_000).map((depth) => "[".repeat(depth) + text + "]".repeat(depth));
  const other = fc.tuple(fc.constantFrom(...placesOf(right)), fc.option(wrong, { nil: undefined, freq: 5 }))
    .map(([place, value]) => JSON.stringify(changed(right, place, value)) ?? "");
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: truncated },
    { weight: 1, arbitrary: deep },
    { weight: typeof right === "string" ? 0 : 8, arbitrary: other },
  );
}

const nearlyRight = fc.constantFrom(...SAMPLES).chain((sample) =>
  fc.record({
    method: fc.oneof({ weight: 9, arbitrary: fc.constant(sample[0]) }, fc.constantFrom(...METHODS)),
    url: fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constantFrom("/_db/other", "/_db/nope", "/x")),
      fc.option(fc.tuple(fc.constantFrom(...PARAMETERS), value), { freq: 3 }),
    ).map(([before, more]) => {
      const joint = sample[1].includes("?") ? "&" : "?";
      return before + sample[1] + (more ? `${joint}${more[0]}=${encodeURIComponent(more[1])}` : "");
    }),
    headers,
    body: bodyOf(sample),
    isVelocyPack: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  })
);

/** The body as VelocyPack, if there is such a thing; else it says so and is not. */
function packed(text: string): Uint8Array {
  try {
    return jsonToVelocyPack(text);
  } catch {
    return new TextEncoder().encode(text);
  }
}

/** A server with a database next door, which nothing of what follows may touch. */
class FuzzedServer extends TestServer {
  readonly #before: string;

  constructor() {
    super({ runAction: ({ params }) => JSON.stringify(params ?? null) });
    this.send("POST", "/_api/database", { name: "untouched" });
    this.send("POST", "/_db/untouched/_api/collection", { name: "kept" });
    this.send("POST", "/_db/untouched/_api/document/kept", { _key: "k" });
    this.#before = this.#nextDoor();
  }

  /** Makes what the requests are about, where the ones before have taken it away. */
  prepare(): void {
    this.send("PUT", "/_admin/server/mode", { mode: "default" });
    for (const { id } of this.send("GET", "/_api/transaction").body.transactions) {
      this.send("DELETE", `/_api/transaction/${id}`);
    }
    if (!this.engine.databases().some(({ name }) => name === "other")) {
      this.send("POST", "/_api/database", { name: "other" });
    }
    for (const [name, type] of [["c", 2], ["e", 3]]) this.send("POST", "/_api/collection", { name, type });
    this.send("POST", "/_api/gharial", { name: "g", edgeDefinitions: [{ collection: "e", from: ["c"], to: ["c"] }] });
    this.send("POST", "/_api/document/c", { _key: "k" });
  }

  /** Sends a request, and checks that nothing breaks. */
  check(...request: Parameters<TestServer["send"]>): void {
    this.prepare();
    const { status, text, body } = this.send(...request);
    const isDocumented = status === 501 || request[1].includes("/server/id") || DOCUMENTED.has(body?.errorNum);
    ok(status < 500 || isDocumented, `${status} ${text.slice(0, 500)}`);
  }

  #nextDoor(): string {
    const at = (url: string): string => this.send("GET", `/_db/untouched/_api/${url}`).text;
    return at("document/kept/k") + at("collection") + at("collection/kept/checksum?withRevisions=true&withData=true");
  }

  override [Symbol.dispose](): void {
    equal(this.#nextDoor(), this.#before);
    super[Symbol.dispose]();
  }
}

/** Errors that are clients' although their status says otherwise: limits of memory, functions that throw, plans not to be kept. */
const DOCUMENTED: ReadonlySet<unknown> = new Set([32, 1584, 1650]);

Deno.test("whatever clients send, nothing breaks: no undocumented 5xx, and the database next door stays as it is", () => {
  using test = new FuzzedServer();
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), url, headers, body, (method, path, more, sent) => {
      test.check(method, path, sent, more);
    }),
    PARAMETERS_OF_RUN,
  );
});

Deno.test("requests that are nearly right break nothing either, as JSON and as VelocyPack", () => {
  using test = new FuzzedServer();
  fc.assert(
    fc.property(nearlyRight, ({ method, url, headers, body, isVelocyPack }) => {
      const type = isVelocyPack ? { "content-type": VELOCYPACK_TYPE } : {};
      test.check(method, url, isVelocyPack ? packed(body) : body, { ...headers, ...type });
    }),
    PARAMETERS_OF_RUN,
  );
});
