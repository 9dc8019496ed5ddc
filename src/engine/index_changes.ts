/**
 * Making and dropping secondary indexes: in the catalog and in the collection's file at once.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { CollectionFile } from "../storage/collection_file.ts";
import type { Collection } from "./collection.ts";
import type { Engine } from "./engine.ts";
import { type IndexDefinition, indexDefinition, sameIndex } from "./index_definition.ts";
import { MARKER } from "./markers.ts";
import { OpenIndex } from "./open_index.ts";

/**
 * Changes the locked file of a collection together with the catalog.
 *
 * @param change what happens to the file
 * @param define what happens in the catalog
 * @param type the log entry's type
 * @param data the log entry's JSON text
 */
function changed(
  engine: Engine,
  collection: Collection,
  change: (file: CollectionFile) => void,
  define: () => void,
  type: number,
  data: string,
): void {
  const { catalog } = engine;
  const file = collection.lock();
  try {
    change(file);
    engine.define(() => {
      define();
      const applied = catalog.append([{ type, database: collection.databaseId, collection: collection.id, data }]);
      file.setState({ ...file.state(), applied });
      catalog.setCollectionTick(collection.id, applied);
    });
    file.file.commit();
  } finally {
    if (file.file.inTransaction) file.file.exec("ROLLBACK");
    collection.unlocked();
  }
}

/** Makes an index unless there is one like it; see {@linkcode Collection.ensureIndex}. */
export function ensureIndex(
  engine: Engine,
  collection: Collection,
  given: unknown,
): { definition: IndexDefinition; created: boolean } {
  const wanted = indexDefinition(given, {
    nextId: () => engine.nextId(),
    nextRevision: () => engine.clock.next(),
  });
  const present = collection.indexes();
  const same = present.find((one) => sameIndex(one, wanted));
  if (same) return { definition: same, created: false };
  if (wanted.type === "ttl" && present.some(({ type }) => type === "ttl")) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "there can only be one ttl index per collection");
  }
  const taken = [...(collection.isEdge ? ["primary", "edge"] : ["primary"]), ...present.map(({ name }) => name)];
  if (taken.includes(wanted.name) || present.some(({ id }) => id === wanted.id)) {
    throw new ArangoError(
      "ERROR_ARANGO_DUPLICATE_IDENTIFIER",
      `duplicate identifier: another index has the name '${wanted.name}' or the id ${wanted.id}`,
    );
  }
  const text = JSON.stringify(wanted);
  changed(
    engine,
    collection,
    (file) => new OpenIndex(wanted).build(file),
    () => engine.catalog.putIndex(collection.id, BigInt(wanted.id), text),
    MARKER.createIndex,
    text,
  );
  return { definition: wanted, created: true };
}

/** Drops a secondary index; see {@linkcode Collection.dropIndex}. */
export function dropIndex(engine: Engine, collection: Collection, idOrName: string): boolean {
  const index = collection.indexes().find(({ id, name }) => id === idOrName || name === idOrName);
  if (!index) return false;
  const id = BigInt(index.id);
  changed(
    engine,
    collection,
    (file) => file.dropIndex(id),
    () => engine.catalog.removeIndex(collection.id, id),
    MARKER.dropIndex,
    JSON.stringify({ id: index.id }),
  );
  return true;
}
