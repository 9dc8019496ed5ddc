/**
 * A collection's definition as inventories and log markers carry it.
 *
 * Source: `replication-protocol.md` §2.3.
 *
 * @module
 */
import type { Collection } from "../engine/collection.ts";

/** The `parameters` of a collection. */
export function collectionParameters(collection: Collection): Record<string, unknown> {
  const { id, name, type, globallyUniqueId, properties } = collection;
  return {
    id: `${id}`,
    cid: `${id}`,
    name,
    globallyUniqueId,
    type,
    status: 3,
    version: 9,
    deleted: false,
    isSystem: properties.isSystem,
    waitForSync: properties.waitForSync,
    allowUserKeys: properties.keyOptions.allowUserKeys,
    cacheEnabled: properties.cacheEnabled,
    keyOptions: properties.keyOptions,
    schema: properties.schema,
    computedValues: properties.computedValues,
    internalValidatorType: 0,
    isDisjoint: false,
    isSmart: false,
    isSmartChild: false,
    usesRevisionsAsDocumentIds: true,
    syncByRevision: properties.syncByRevision,
    planId: `${id}`,
    numberOfShards: 1,
    shards: {},
    replicationFactor: properties.replicationFactor,
    writeConcern: properties.writeConcern,
    minReplicationFactor: properties.writeConcern,
    shardKeys: ["_key"],
  };
}
