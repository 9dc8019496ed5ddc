/**
 * The schemas that documents of a collection must have.
 *
 * Source: ArangoDB's documentation of schema validation: JSON Schema, draft 4, without remote schemas.
 *
 * @module
 */
import type { Ajv } from "ajv";
import { ArangoError } from "../base/arango_error.ts";

/** The `schema` of a collection. */
export interface Schema {
  /** A JSON schema. */
  readonly rule: Readonly<Record<string, unknown>>;
  readonly level: "none" | "new" | "moderate" | "strict";
  /** What errors say; empty for ArangoDB's own text. */
  readonly message: string;
  readonly type: "json";
}

/** Tells whether a value has the shape that a schema asks for. */
export type SchemaRule = (value: unknown) => boolean;

const LEVELS: readonly unknown[] = ["none", "new", "moderate", "strict"];

function bad(detail: string): ArangoError {
  return new ArangoError("ERROR_VALIDATION_BAD_PARAMETER", `invalid schema validation parameter: ${detail}`);
}

let library: Ajv | undefined;
/** Queries compile the same object for each row. */
const rules = new WeakMap<object, SchemaRule>();

/**
 * The validator, loaded when the first collection with a schema is written to: most programs never do, and loading takes
 * tens of milliseconds. Writing is synchronous, which leaves `require()`; it comes from the global `process`, because
 * importing `node:module` would start Node's compatibility layer with every program.
 */
function ajv(): Ajv {
  if (!library) {
    const load = globalThis.process.getBuiltinModule("node:module").createRequire(import.meta.url);
    const { default: Draft4 } = load("ajv-draft-04") as { default: new (options: object) => Ajv };
    library = new Draft4({ strict: false, validateFormats: false, logger: false, addUsedSchema: false });
  }
  return library;
}

/** Never called: lets `deno compile` and `deno cache` see which packages are loaded. */
export async function nameLibraries(): Promise<void> {
  await import("ajv-draft-04");
}

/**
 * Compiles a JSON schema.
 *
 * @param rule the schema, draft 4 whatever its `$schema` says
 * @throws ArangoError 1621 if it is none
 */
export function schemaRule(rule: Readonly<Record<string, unknown>>): SchemaRule {
  const known = rules.get(rule);
  if (known) return known;
  const { $schema: _draft, ...schema } = rule;
  try {
    const validate = ajv().compile(schema);
    // the library would keep every schema that it has seen
    ajv().removeSchema(schema);
    const compiled: SchemaRule = (value) => validate(value) === true;
    rules.set(rule, compiled);
    return compiled;
  } catch (cause) {
    throw bad(`the rule is no JSON schema: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/**
 * Checks the `schema` of a collection and fills in the defaults.
 *
 * @returns null for none
 * @throws ArangoError 1621
 */
export function schemaDefinition(given: unknown): Schema | null {
  if (given === undefined || given === null) return null;
  if (typeof given !== "object" || Array.isArray(given)) throw bad("schema must be an object");
  if (Object.keys(given).length === 0) return null;
  const { rule, level = "strict", message = "", type = "json" } = given as Readonly<Record<string, unknown>>;
  if (rule === null || typeof rule !== "object" || Array.isArray(rule)) throw bad("rule must be an object");
  if (!LEVELS.includes(level)) throw bad("level must be one of 'none', 'new', 'moderate' and 'strict'");
  if (typeof message !== "string") throw bad("message must be a string");
  if (type !== "json") throw bad("type must be 'json'");
  return { rule: rule as Schema["rule"], level: level as Schema["level"], message, type };
}

/** The user's part of a document: schemas do not see system attributes. */
function userPart(text: string): unknown {
  const { _key, _id, _rev, _from, _to, ...own } = JSON.parse(text);
  return own;
}

/** Keeps out documents that a collection's schema does not allow. */
export class SchemaGuard {
  readonly #schema: Schema;
  readonly #rule: SchemaRule;

  /**
   * Compiles a schema.
   *
   * @throws ArangoError 1621
   */
  constructor(schema: Schema) {
    this.#schema = schema;
    this.#rule = schemaRule(schema.rule);
  }

  /**
   * Checks a document that is about to be written.
   *
   * @param text its JSON text
   * @param old the JSON text of the document that it replaces; undefined for new ones
   * @throws ArangoError 1620
   */
  check(text: string, old: string | undefined): void {
    const { level, message } = this.#schema;
    if (level === "none" || (level === "new" && old !== undefined)) return;
    if (this.#rule(userPart(text))) return;
    if (level === "moderate" && old !== undefined && !this.#rule(userPart(old))) return;
    throw new ArangoError("ERROR_VALIDATION_FAILED", message === "" ? undefined : message);
  }
}
