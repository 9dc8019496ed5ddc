/**
 * A sequence of operations whose effect is known: what one process does to a data directory, another can check.
 *
 * @module
 */
import type { Collection } from "../src/engine/collection.ts";
import type { Engine } from "../src/engine/engine.ts";

/** The documents of the two collections: value by key. */
export interface Model {
  readonly a: Map<string, number>;
  readonly b: Map<string, number>;
}

/** Where the operations happen. */
export interface Place {
  put(collection: "a" | "b", key: string, value: number): void;
  remove(collection: "a" | "b", key: string): void;
  /** Runs several operations as one. */
  together(body: () => void): void;
}

/** Does operation number `n`; those before it have been done, in order. */
export function operate(place: Place, n: number): void {
  const key = String(n);
  switch (n % 5) {
    case 0:
    case 1:
      return place.put("a", key, n);
    case 2:
      return place.put("a", String(n - 1), n);
    case 3:
      return place.together(() => {
        place.put("a", key, n);
        place.put("b", key, -n);
        if (n > 40) place.remove("b", String(n - 40));
      });
    default:
      return place.remove("a", String(n - 4));
  }
}

/** The documents after the first `count` operations. */
export function modelAfter(count: number): Model {
  const model: Model = { a: new Map(), b: new Map() };
  const place: Place = {
    put: (collection, key, value) => void model[collection].set(key, value),
    remove: (collection, key) => void model[collection].delete(key),
    together: (body) => body(),
  };
  for (let n = 0; n < count; n++) operate(place, n);
  return model;
}

/** The two collections of an engine, made if they are missing. */
export function collectionsOf(engine: Engine): { a: Collection; b: Collection } {
  const database = engine.database("_system");
  const make = (name: string): Collection => {
    const collection = database.find(name) ?? database.createCollection({ name });
    collection.ensureIndex({ type: "persistent", fields: ["value"], unique: true });
    return collection;
  };
  return { a: make("a"), b: make("b") };
}

/** An engine as a place for operations. */
export function enginePlace(engine: Engine, waitForSync: boolean): Place {
  const collections = collectionsOf(engine);
  return {
    put: (name, key, value) =>
      void collections[name].insert(JSON.stringify({ _key: key, value }), { overwriteMode: "replace", waitForSync }),
    remove: (name, key) => void collections[name].remove(key, { waitForSync }),
    together: (body) => engine.write([collections.a, collections.b], body),
  };
}
