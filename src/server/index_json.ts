/**
 * Indexes as the HTTP API shows them.
 *
 * Source: recorded examples `RestIndex*`; `arangosh.md` §5.6.
 *
 * @module
 */
import type { Collection } from "../engine/collection.ts";
import type { IndexDefinition } from "../engine/index_definition.ts";
import type { Attributes } from "./collection_json.ts";

/** Larger indexes are looked at in part to tell how selective they are. */
const SAMPLE = 20_000;

/** How selective a secondary index is: different values by entries. */
export function selectivity(collection: Collection, index: IndexDefinition): number {
  if (index.unique) return 1;
  const sizes = collection.reading()?.indexSizes(BigInt(index.id), SAMPLE);
  return sizes && sizes.entries > 0 ? sizes.distinct / sizes.entries : 1;
}

/** How selective the edge index is. */
export function edgeSelectivity(collection: Collection): number {
  const sizes = collection.reading()?.edgeSizes(SAMPLE);
  return sizes && sizes.entries > 0 ? sizes.distinct / sizes.entries : 1;
}

/** The description of a secondary index, attributes in alphabetical order. */
export function secondaryDescription(collection: Collection, index: IndexDefinition): Attributes {
  const { cacheEnabled, deduplicate, estimates, fields, id, name, sparse, storedValues, type, unique } = index;
  return {
    cacheEnabled,
    deduplicate,
    estimates,
    fields,
    id: `${collection.name}/${id}`,
    name,
    ...(estimates ? { selectivityEstimate: selectivity(collection, index) } : {}),
    sparse,
    ...(storedValues ? { storedValues } : {}),
    type,
    unique,
  };
}

/** The descriptions of all indexes of a collection. */
export function indexDescriptions(collection: Collection): Attributes[] {
  const { name } = collection;
  const all: Attributes[] = [{
    fields: ["_key"],
    id: `${name}/0`,
    name: "primary",
    selectivityEstimate: 1,
    sparse: false,
    type: "primary",
    unique: true,
  }];
  if (collection.isEdge) {
    all.push({
      fields: ["_from", "_to"],
      id: `${name}/2`,
      name: "edge",
      selectivityEstimate: edgeSelectivity(collection),
      sparse: false,
      type: "edge",
      unique: false,
    });
  }
  for (const index of collection.indexes()) all.push(secondaryDescription(collection, index));
  return all;
}
