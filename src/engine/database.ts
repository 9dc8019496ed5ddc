/**
 * A database: a name space of collections.
 *
 * @module
 */
import { ArangoError, arangoError } from "../base/arango_error.ts";
import { illegalName, isCollectionName } from "../base/names.ts";
import type { DatabaseRow } from "../storage/catalog.ts";
import type { Collection } from "./collection.ts";
import { changedProperties, type CollectionProperties, newProperties } from "./collection_properties.ts";
import { ComputedValues } from "./computed_values.ts";
import type { Engine } from "./engine.ts";
import { MARKER } from "./markers.ts";
import { SchemaGuard } from "./schema.ts";

/** What {@linkcode Database.createCollection} makes. */
export interface CollectionRequest {
  readonly name: string;
  /** 2 documents (default), 3 edges. */
  readonly type?: 2 | 3;
  /** Kept by followers; a new one when absent. */
  readonly globallyUniqueId?: string;
  /** Further properties as clients send them; see {@linkcode newProperties}. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** One database of a data directory. */
export class Database {
  readonly #engine: Engine;
  readonly #row: DatabaseRow;
  /** Collections by name. */
  readonly byName: Map<string, Collection> = new Map();

  /** Databases are made by {@linkcode Engine}. */
  constructor(engine: Engine, row: DatabaseRow) {
    this.#engine = engine;
    this.#row = row;
  }

  /** The id, unique in the data directory. */
  get id(): bigint {
    return this.#row.id;
  }

  /** The name. */
  get name(): string {
    return this.#row.name;
  }

  /** Whether this is `_system`. */
  get isSystem(): boolean {
    return this.#row.name === "_system";
  }

  /** The engine that the database belongs to. */
  get engine(): Engine {
    return this.#engine;
  }

  /** All collections, by name. */
  collections(): Collection[] {
    this.#engine.refresh();
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The collection with a name, an id (all digits) or a globally unique id; undefined if there is none. */
  find(nameOrId: string): Collection | undefined {
    this.#engine.refresh();
    const named = this.byName.get(nameOrId);
    if (named) return named;
    for (const one of this.byName.values()) {
      if (one.id.toString() === nameOrId || one.globallyUniqueId === nameOrId) return one;
    }
    return undefined;
  }

  /**
   * The collection with a name, an id or a globally unique id.
   *
   * @throws ArangoError 1203
   */
  collection(nameOrId: string): Collection {
    const found = this.find(nameOrId);
    if (!found) throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", nameOrId);
    return found;
  }

  /**
   * Makes a collection.
   *
   * @throws ArangoError 1207 name taken, 1208 bad name, 10, 1232 and 1621 for bad properties
   */
  createCollection(request: CollectionRequest): Collection {
    const { name } = request;
    this.#engine.assertWritable();
    this.#engine.define(() => {
      if (this.find(name)) throw arangoError("ERROR_ARANGO_DUPLICATE_NAME", name);
      this.#add(request);
    });
    return this.collection(name);
  }

  /**
   * Makes those of some collections that are missing, all in one step.
   *
   * @throws as {@linkcode createCollection}
   */
  ensureCollections(requests: readonly CollectionRequest[]): void {
    const missing = requests.filter(({ name }) => !this.find(name));
    if (missing.length === 0) return;
    this.#engine.assertWritable();
    this.#engine.define(() => {
      // another process may have made them since
      const present = new Set(
        this.#engine.catalog.collections().filter(({ database }) => database === this.id).map(({ name }) => name),
      );
      for (const request of missing) if (!present.has(request.name)) this.#add(request);
    });
  }

  /** Writes a new collection to the catalog. */
  #add(request: CollectionRequest): void {
    const { name, type = 2 } = request;
    const properties = newProperties(request.properties ?? {});
    this.#assertUsable(properties);
    if (!isCollectionName(name, properties.isSystem)) throw illegalName("collection", name);
    const { catalog } = this.#engine;
    const id = catalog.takeTicks(1);
    const serverId = BigInt(this.#engine.serverId).toString(16).toUpperCase();
    const guid = request.globallyUniqueId ?? (name.startsWith("_") ? name : `h${serverId}/${id}`);
    const row = { id, database: this.id, name, type, guid, properties: JSON.stringify(properties), file: null };
    const tick = catalog.append([{ type: MARKER.createCollection, database: this.id, collection: id }]);
    catalog.putCollection({ ...row, tick, history: id });
  }

  /** Compiles what properties bring along; throws where it cannot be used. */
  #assertUsable({ schema, computedValues }: CollectionProperties): void {
    if (schema) new SchemaGuard(schema);
    if (computedValues) new ComputedValues(computedValues, this.#engine.expressions);
  }

  /** Drops a collection with everything in it. */
  dropCollection(collection: Collection): void {
    this.#engine.assertWritable();
    const { catalog } = this.#engine;
    const { file, id } = collection.row;
    this.#engine.define(() => {
      catalog.removeCollection(id);
      catalog.append([{
        type: MARKER.dropCollection,
        database: this.id,
        collection: id,
        data: JSON.stringify({ cuid: collection.globallyUniqueId }),
      }]);
    });
    if (file !== null) this.#engine.discardFile(file);
  }

  /**
   * Gives a collection another name.
   *
   * @throws ArangoError 1207 name taken, 1208 bad name, 11 for system collections
   */
  renameCollection(collection: Collection, name: string): void {
    this.#engine.assertWritable();
    if (name === collection.name) return;
    if (!isCollectionName(name, collection.properties.isSystem)) throw illegalName("collection", name);
    if (collection.properties.isSystem) throw new ArangoError("ERROR_FORBIDDEN");
    const { catalog } = this.#engine;
    const oldName = collection.name;
    const file = collection.lock();
    try {
      if (this.find(name)) throw arangoError("ERROR_ARANGO_DUPLICATE_NAME", name);
      file.rename(oldName, name);
      this.#engine.define(() => {
        const data = JSON.stringify({ name, oldName });
        const tick = catalog.append([{
          type: MARKER.renameCollection,
          database: this.id,
          collection: collection.id,
          data,
        }]);
        file.setState({ ...file.state(), applied: tick });
        catalog.putCollection({ ...collection.row, name, tick });
      });
      file.file.commit();
    } finally {
      if (file.file.inTransaction) file.file.exec("ROLLBACK");
      collection.unlocked();
    }
  }

  /**
   * Changes the properties of a collection.
   *
   * @param given as clients send them; see {@linkcode changedProperties}
   * @param guid what identifies the collection from now on
   */
  changeProperties(
    collection: Collection,
    given: Readonly<Record<string, unknown>>,
    guid: string = collection.globallyUniqueId,
  ): void {
    this.#engine.assertWritable();
    const { catalog } = this.#engine;
    const changed = changedProperties(collection.properties, given);
    if (given.schema || given.computedValues) this.#assertUsable(changed);
    const properties = JSON.stringify(changed);
    if (properties === collection.row.properties && guid === collection.globallyUniqueId) return;
    this.#engine.define(() => {
      const row = catalog.collection(collection.id)!;
      catalog.putCollection({ ...row, properties, guid });
      catalog.append([{ type: MARKER.changeCollection, database: this.id, collection: collection.id }]);
    });
  }
}
