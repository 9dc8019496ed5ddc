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

/** The description of a secondary index, attributes in alphabetical order. */
export function secondaryDescription(collection: Collection, index: IndexDefinition): Attributes {
  const attributes = {
    ...index,
    id: `${collection.name}/${index.id}`,
    ...(index.estimates ? { selectivityEstimate: collection.selectivity(index) } : {}),
  };
  return Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
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
      selectivityEstimate: collection.edgeSelectivity(),
      sparse: false,
      type: "edge",
      unique: false,
    });
  }
  for (const index of collection.indexes()) all.push(secondaryDescription(collection, index));
  return all;
}
