/**
 * Collections as the HTTP API shows them.
 *
 * Source: recorded examples `RestCollection*`.
 *
 * @module
 */
import type { Collection } from "../engine/collection.ts";

/** Attributes of an answer, in order. */
export type Attributes = Record<string, unknown>;

/** What every answer about a collection has. */
export function collectionSummary(collection: Collection): Attributes {
  const { globallyUniqueId, properties, type, name, id } = collection;
  return { globallyUniqueId, isSystem: properties.isSystem, status: 3, type, name, id: `${id}` };
}

function keyOptions(collection: Collection): Attributes {
  const { allowUserKeys, type, increment, offset } = collection.properties.keyOptions;
  if (type === "uuid") return { allowUserKeys, type };
  const lastValue = Number(collection.lastKey());
  return type === "autoincrement"
    ? { allowUserKeys, type, increment, offset, lastValue }
    : { allowUserKeys, type, lastValue };
}

/** Everything about a collection, with `extra` attributes in front. */
export function collectionProperties(collection: Collection, extra: Attributes = {}): Attributes {
  const { properties, id, name, type, globallyUniqueId } = collection;
  return {
    ...extra,
    writeConcern: properties.writeConcern,
    waitForSync: properties.waitForSync,
    usesRevisionsAsDocumentIds: true,
    syncByRevision: properties.syncByRevision,
    supportsRBAC: true,
    statusString: "loaded",
    id: `${id}`,
    isSmartChild: false,
    schema: properties.schema,
    name,
    type,
    status: 3,
    cacheEnabled: properties.cacheEnabled,
    isSystem: properties.isSystem,
    internalValidatorType: 0,
    globallyUniqueId,
    keyOptions: keyOptions(collection),
    computedValues: properties.computedValues,
    objectId: `${id}`,
  };
}
