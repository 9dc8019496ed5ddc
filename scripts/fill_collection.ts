/**
 * Collections of many documents.
 *
 * @module
 */
import type { Collection } from "../src/engine/collection.ts";
import type { Engine } from "../src/engine/engine.ts";

/** Documents of one transaction. */
const BATCH = 50_000;

/**
 * Inserts documents.
 *
 * @param text the JSON text of the document with a number, from 0 to below `count`
 */
export function fillCollection(
  engine: Engine,
  collection: Collection,
  count: number,
  text: (index: number) => string,
): void {
  for (let from = 0; from < count; from += BATCH) {
    engine.write([collection], () => {
      for (let i = from; i < Math.min(count, from + BATCH); i++) collection.insert(text(i));
    });
  }
}
