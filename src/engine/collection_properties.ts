/**
 * The properties of a collection: what clients may set, the defaults, and what may change later.
 *
 * Source: HTTP API description of `/_api/collection`; `replication-protocol.md` §2.3.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type ComputedValue, computedValueDefinitions } from "./computed_values.ts";
import { type KeyOptions, keyOptions } from "./key_generator.ts";
import { type Schema, schemaDefinition } from "./schema.ts";

/** What a collection has besides its name, type and ids. */
export interface CollectionProperties {
  readonly waitForSync: boolean;
  readonly isSystem: boolean;
  readonly cacheEnabled: boolean;
  readonly keyOptions: KeyOptions;
  readonly schema: Schema | null;
  readonly computedValues: readonly ComputedValue[] | null;
  /** Whether followers may compare by revision tree. */
  readonly syncByRevision: boolean;
  readonly writeConcern: number;
  readonly replicationFactor: number;
}

/** The properties that {@linkcode changedProperties} lets change. */
const CHANGEABLE = [
  "waitForSync",
  "cacheEnabled",
  "schema",
  "computedValues",
  "replicationFactor",
  "writeConcern",
] as const;

/**
 * Checks the properties of a new collection and fills in the defaults; attributes that only clusters use are ignored.
 *
 * @throws ArangoError 10 for wrong types, 1232 for bad key options, 1621 for a bad schema
 */
export function newProperties(given: Readonly<Record<string, unknown>>): CollectionProperties {
  return {
    waitForSync: flag(given, "waitForSync", false),
    isSystem: flag(given, "isSystem", false),
    cacheEnabled: flag(given, "cacheEnabled", false),
    keyOptions: keyOptions(given.keyOptions),
    schema: schemaDefinition(given.schema),
    computedValues: computedValueDefinitions(given.computedValues),
    syncByRevision: flag(given, "syncByRevision", true),
    writeConcern: whole(given, "writeConcern", whole(given, "minReplicationFactor", 1)),
    replicationFactor: whole(given, "replicationFactor", 1),
  };
}

/**
 * The properties after a change.
 *
 * @param given attributes that cannot change are ignored, as ArangoDB does
 * @throws ArangoError 10 for wrong types, 1621 for a bad schema
 */
export function changedProperties(
  properties: CollectionProperties,
  given: Readonly<Record<string, unknown>>,
): CollectionProperties {
  const change = Object.fromEntries(CHANGEABLE.filter((name) => name in given).map((name) => [name, given[name]]));
  return newProperties({ ...properties, ...change });
}

function flag(given: Readonly<Record<string, unknown>>, name: string, otherwise: boolean): boolean {
  const value = given[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== "boolean") {
    throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: ${name} must be a boolean`);
  }
  return value;
}

function whole(given: Readonly<Record<string, unknown>>, name: string, otherwise: number): number {
  const value = given[name];
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
