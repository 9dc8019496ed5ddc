/**
 * INSERT, UPDATE, REPLACE, REMOVE and UPSERT.
 *
 * Source: section 8 of `aql.md`.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import { keysOf, type PlannedChange, plannedChange } from "../../base/planned_change.ts";
import type { CollectionWriter, SourceWriteOptions, SourceWriteResult } from "../data_source.ts";
import type { Variable } from "../plan/expression.ts";
import type { InsertNode, RemoveNode, UpdateNode, UpsertNode } from "../plan/nodes.ts";
import { type AqlObject, type AqlValue, attributeOf, isObject, typeName } from "../values.ts";
import type { Reader } from "./collect.ts";
import type { Evaluator, Row } from "./compile.ts";
import type { QueryContext } from "./context.ts";
import { type Operator, pullAll } from "./operator.ts";

/** The nodes that write. */
export type ModificationNode = InsertNode | RemoveNode | UpdateNode | UpsertNode;

/** Finds out what a row asks for. */
type Plan = (row: Row, writer: CollectionWriter) => PlannedChange<SourceWriteResult>;

/** Writes for each row, in the order of the rows. */
export class Modification implements Operator {
  readonly #upstream: Operator;
  readonly #node: ModificationNode;
  readonly #context: QueryContext;
  readonly #plan: Plan;
  readonly #oldRegister: number | undefined;
  readonly #newRegister: number | undefined;
  /** Rows that are read before the first write, where reading would see the writes. */
  #waiting: Row[] | undefined;

  /** @param isUsed whether anything reads a variable: documents that nobody reads are not made */
  constructor(
    upstream: Operator,
    node: ModificationNode,
    read: Reader,
    isUsed: (variable: Variable) => boolean,
    context: QueryContext,
  ) {
    this.#upstream = upstream;
    this.#node = node;
    this.#context = context;
    this.#plan = planOf(node, read);
    const register = (variable: Variable | undefined): number | undefined =>
      variable && isUsed(variable) ? variable.id : undefined;
    this.#oldRegister = register(node.outVariableOld);
    this.#newRegister = register(node.outVariableNew);
  }

  pull(max: number): Row[] {
    const done: Row[] = [];
    const { counters } = this.#context;
    const ignoreErrors = this.#node.options.ignoreErrors === true;
    const writer = this.#context.session.writer(this.#node.collection);
    while (done.length === 0) {
      const rows = this.#rows(max);
      if (rows.length === 0) return rows;
      const changes = rows.map((row) => plannedChange(() => this.#plan(row, writer)));
      // of rows that come one by one somebody has told before
      if (rows.length > 1) writer.expect?.(keysOf(changes));
      for (const [i, row] of rows.entries()) {
        let result: SourceWriteResult;
        try {
          result = changes[i]!.make();
        } catch (error) {
          if (!ignoreErrors || !(error instanceof ArangoError)) throw error;
          counters.writesIgnored++;
          continue;
        }
        const isIgnored = result.ignored ?? (!result.old && !result.new);
        if (this.#oldRegister !== undefined) row[this.#oldRegister] = result.old ?? null;
        if (this.#newRegister !== undefined) row[this.#newRegister] = result.new ?? null;
        done.push(row);
        if (isIgnored) counters.writesIgnored++;
        else this.#context.countWrite();
      }
      this.#context.check();
    }
    return done;
  }

  #rows(max: number): Row[] {
    // an UPSERT that is to see its own writes searches and writes row by row
    if (this.#node.type === "UpsertNode") {
      return this.#upstream.pull(this.#node.options.readOwnWrites === false ? max : 1);
    }
    if (this.#context.session.stable) return this.#upstream.pull(max);
    if (!this.#waiting) {
      const all: Row[] = [];
      this.#context.retaining++;
      pullAll(this.#upstream, (rows) => {
        for (const row of rows) all.push(row);
      });
      this.#context.retaining--;
      this.#waiting = all.reverse();
    }
    const rows: Row[] = [];
    while (rows.length < max && this.#waiting.length > 0) rows.push(this.#waiting.pop()!);
    return rows;
  }

  reset(): void {
    this.#upstream.reset();
    this.#waiting = undefined;
  }
}

function planOf(node: ModificationNode, read: Reader): Plan {
  const options = writeOptions(node.options);
  const checkRevision = node.options.ignoreRevs === false;
  switch (node.type) {
    case "InsertNode": {
      const document = read(node.inVariable);
      return (row, writer) => {
        const value = document(row);
        if (!isObject(value)) throw arangoError("ERROR_ARANGO_DOCUMENT_TYPE_INVALID");
        return { key: ownKey(value), make: () => writer.insert(value, options) };
      };
    }
    case "RemoveNode": {
      const document = read(node.inVariable);
      return (row, writer) => {
        const value = document(row);
        const key = keyOf(value);
        return { key, make: () => writer.remove(key, withRevision(options, checkRevision, value)) };
      };
    }
    case "UpdateNode":
    case "ReplaceNode": {
      const document = read(node.inDocVariable);
      const key: Evaluator = node.inKeyVariable ? read(node.inKeyVariable) : document;
      const method = node.type === "UpdateNode" ? "update" : "replace";
      return (row, writer) => {
        const identity = key(row);
        const name = keyOf(identity);
        const value = document(row);
        if (!isObject(value)) {
          throw new ArangoError(
            "ERROR_ARANGO_DOCUMENT_TYPE_INVALID",
            `expecting 'Object', got: ${typeName(value)} while handling: UPDATE or REPLACE`,
          );
        }
        const given = withRevision(options, checkRevision, identity);
        return { key: name, make: () => writer[method](name, ownAttributes(value), given) };
      };
    }
    case "UpsertNode": {
      const found = read(node.inDocVariable);
      const insert = read(node.insertVariable);
      const update = read(node.updateVariable);
      const method = node.isReplace ? "replace" : "update";
      return (row, writer) => {
        const old = found(row);
        const document = old === null ? insert(row) : update(row);
        if (!isObject(document)) {
          throw new ArangoError(
            "ERROR_ARANGO_DOCUMENT_TYPE_INVALID",
            `expecting 'Object', got: ${typeName(document)} while handling: UPSERT`,
          );
        }
        if (old === null) return { key: ownKey(document), make: () => writer.insert(document, options) };
        const key = attributeOf(old, "_key") as string;
        const given = withRevision(options, checkRevision, document);
        return { key, make: () => writer[method](key, ownAttributes(document), given) };
      };
    }
  }
}

function writeOptions(options: AqlObject): SourceWriteOptions {
  const mode = options.overwriteMode ?? (options.overwrite === true ? "replace" : undefined);
  const known = mode === "ignore" || mode === "replace" || mode === "update" || mode === "conflict";
  return {
    ...(typeof options.waitForSync === "boolean" ? { waitForSync: options.waitForSync } : {}),
    ...(typeof options.keepNull === "boolean" ? { keepNull: options.keepNull } : {}),
    ...(typeof options.mergeObjects === "boolean" ? { mergeObjects: options.mergeObjects } : {}),
    ...(typeof options.versionAttribute === "string" ? { versionAttribute: options.versionAttribute } : {}),
    ...(options.skipDocumentValidation === true ? { skipDocumentValidation: true } : {}),
    ...(known ? { overwriteMode: mode } : {}),
  };
}

/** The key that a new document brings. */
function ownKey({ _key: key }: AqlObject): string | undefined {
  return typeof key === "string" ? key : undefined;
}

/** The key of the document to write: a string, or the `_key` of an object. */
function keyOf(value: AqlValue): string {
  if (typeof value === "string") return value;
  if (!isObject(value)) {
    throw new ArangoError(
      "ERROR_ARANGO_DOCUMENT_TYPE_INVALID",
      `Expected object or string, but got ${typeName(value)}`,
    );
  }
  const key = attributeOf(value, "_key");
  if (typeof key === "string") return key;
  throw new ArangoError("ERROR_ARANGO_DOCUMENT_KEY_MISSING", "Expected _key to be a string attribute in document.");
}

function withRevision(options: SourceWriteOptions, check: boolean, identity: AqlValue): SourceWriteOptions {
  const revision = check ? attributeOf(identity, "_rev") : null;
  return typeof revision === "string" ? { ...options, ifMatch: revision } : options;
}

/** A document without the attributes that a change never sets. */
function ownAttributes(document: AqlObject): AqlObject {
  if (!("_key" in document || "_id" in document || "_rev" in document)) return document;
  const { _key, _id, _rev, ...own } = document;
  return own;
}
