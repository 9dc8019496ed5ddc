/**
 * The documented HTTP API, as far as tests need it: whether an answer is what the description says.
 *
 * @module
 */
import { deepStrictEqual as deepEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

/** Where the descriptions are, if they are there at all. */
const DIRECTORY = new URL("../../../shared/reference/", import.meta.url);

/** Descriptions that are known to be wrong, or not about a single server of version 3.12, with the reason. */
const MISTAKES: readonly (readonly [difference: RegExp, reason: string])[] = [
  [/ \/_api\/collection.* body\.(schema|computedValues) is null/, "null stands for none: many recorded examples"],
  [/\/rename: body\.\w+ is missing/, "told of here is how the collection is called, not its properties"],
  [
    / \/_api\/gharial.* body\.graph\.(is|numberOf|replication)\w+ is missing/,
    "of clusters: example HttpGharialGetGraph",
  ],
  [/ body\.edge\._(from|to) is missing/, "example HttpGharialAddEdge"],
  [/^PUT \/_api\/gharial.*\{edge\}: status 200/, "as PATCH of an edge, and PUT of a vertex"],
  [/ \/_api\/tasks.* body(\[\])?\.period is missing/, "of tasks that run once"],
  [/ \/_admin\/server\/role: body\.errorNum is missing/, "python-arango takes any errorNum for a failure"],
  [/ \/_api\/key-generators: .*"upgrade"/, "example RestCollectionGetKeyGenerators"],
  [/ \/_admin\/log: body\.\w+(\[\])? is/, "columns of lists, not entries: the text of the description itself"],
  [
    / \/_admin\/statistics: body\.(errorMessage is missing|(server\.uptime|time) is number)/,
    "example RestAdminStatistics1",
  ],
  [
    / \/_admin\/statistics-description: .*\.cuts /,
    "a list, and only of distributions: example RestAdminStatisticsDescription1",
  ],
  [/ \/_admin\/echo: body\.(client\.address|prefix) is string/, "addresses are texts"],
  [/ \/_admin\/server\/api-calls: .* is "POST", none of/, "the list of methods lacks POST"],
  [
    / \/_admin\/license: body\.license is missing/,
    "not in the Community Edition since 3.12.5: the description of 3.12",
  ],
  [/ \/_api\/version: body\.(details\.v8-version|\w*piVersions?) is/, "4.x only"],
  [/^POST \/_api\/cursor\/.*status 201/, "an explained plan that is run, not a cursor that goes on"],
];

/** What is used of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** One way to call a path with a method; some have several. */
interface Operation {
  readonly responses?: Readonly<Record<string, Response>>;
}

interface Path {
  /** Below the database, such as `/_api/version`; names of parameters stand in braces. */
  readonly path: string;
  readonly parts: readonly string[];
  /** By method, in lower case. */
  readonly methods: Readonly<Record<string, readonly Operation[]>>;
}

/** An answer, as far as the description is about it. */
interface Described {
  readonly status: number;
  readonly body: unknown;
}

function isVariable(part: string): boolean {
  return part.startsWith("{");
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
}

/** What about `value` is not as `schema` says. */
function* differences(schema: Schema, value: unknown, place: string): Generator<string> {
  const { type, required = [], properties = {}, items } = schema;
  const found = typeOf(value);
  if (type !== undefined && found !== type && !(type === "number" && found === "integer")) {
    yield `${place} is ${found}, not ${type}`;
    return;
  }
  const allowed = "const" in schema ? [schema.const] : schema.enum;
  if (allowed && !allowed.includes(value)) {
    yield `${place} is ${JSON.stringify(value)}, none of ${JSON.stringify(allowed)}`;
  }
  if (Array.isArray(value) && items) { for (const one of value) yield* differences(items, one, `${place}[]`); }
  if (found !== "object") return;
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of required) if (!(name in members)) yield `${place}.${name} is missing`;
  for (const [name, one] of Object.entries(properties)) {
    if (name in members) yield* differences(one, members[name], `${place}.${name}`);
  }
}

/** The parts of a path; slashes that follow each other count once, as for the server. */
function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

/** The description of one version. */
export class ApiDescription {
  readonly #paths: Path[];

  private constructor(paths: Readonly<Record<string, Path["methods"]>>) {
    this.#paths = Object.entries(paths).map(([full, methods]) => {
      const path = full.replace(/^\/_db\/[^/]+/, "");
      return { path, parts: partsOf(path), methods };
    });
    // where a fixed part would do as well as a variable one, the fixed one is meant
    const variables = ({ parts }: Path): number => parts.filter(isVariable).length;
    this.#paths.sort((a, b) => variables(a) - variables(b));
  }

  /** Reads the description of a version; undefined where it is not at hand. */
  static read(version: "3.11" | "4.x"): ApiDescription | undefined {
    const file = new URL(`http-api-${version}.json`, DIRECTORY);
    return existsSync(file) ? new ApiDescription(JSON.parse(readFileSync(file, "utf8")).paths) : undefined;
  }

  /** All methods with their paths: `GET /_api/version`. */
  *operations(): Generator<string> {
    for (const { path, methods } of this.#paths) {
      for (const one of Object.keys(methods)) yield `${one.toUpperCase()} ${path}`;
    }
  }

  /** The operation that a request is for: `GET /_api/collection/{collection-name}`; undefined if it is not described. */
  find(method: string, url: string): string | undefined {
    const found = this.#find(method, url);
    return found && `${method} ${found.path}`;
  }

  #find(method: string, url: string): Path | undefined {
    const parts = partsOf(url.replace(/\?.*/, "").replace(/^\/_db\/[^/]+/, ""));
    return this.#paths.find((one) =>
      method.toLowerCase() in one.methods && one.parts.length === parts.length &&
      one.parts.every((part, i) => isVariable(part) || part === parts[i])
    );
  }

  /** In what an answer differs from its description: `GET /_api/version: body.server is missing`. */
  differences(method: string, url: string, { status, body }: Described): string[] {
    const found = this.#find(method, url);
    if (!found) return [];
    const all = found.methods[method.toLowerCase()]!.map(({ responses }) => {
      if (!responses) return [];
      const response = responses[status] ?? responses["default"];
      if (!response) return [`status ${status} is not described`];
      const schema = response.content?.["application/json"]?.schema;
      return schema && body !== undefined ? [...differences(schema, body, "body")] : [];
    });
    // several ways to call it: one of them is it
    const [fewest] = all.sort((a, b) => a.length - b.length);
    return fewest!.map((one) => `${method} ${found.path}: ${one}`);
  }
}

const DESCRIPTIONS = [ApiDescription.read("3.11"), ApiDescription.read("4.x")];

/** Checks that the answer to a request is as the descriptions have it, but for their mistakes. */
export function assertDescribed(method: string, url: string, answer: Described): void {
  const all = DESCRIPTIONS.flatMap((description) => description?.differences(method, url, answer) ?? []);
  deepEqual(all.filter((one) => !MISTAKES.some(([mistake]) => mistake.test(one))), []);
}
