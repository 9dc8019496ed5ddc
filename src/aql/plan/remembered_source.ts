/**
 * A database of which everything is looked up once.
 *
 * @module
 */
import type { PlanningSource, SourceCollection, SourceIndex } from "../data_source.ts";

/** A database as it is while one query is planned: rules ask for the same things again and again. */
export function rememberedSource(source: PlanningSource): PlanningSource {
  const collections = new Map<string, SourceCollection | undefined>();
  return {
    name: source.name,
    collection(name) {
      if (!collections.has(name)) {
        const found = source.collection(name);
        collections.set(name, found && rememberedCollection(found));
      }
      return collections.get(name);
    },
  };
}

function rememberedCollection(collection: SourceCollection): SourceCollection {
  return {
    name: collection.name,
    type: collection.type,
    count: once(() => collection.count()),
    indexes: once(() => collection.indexes().map(rememberedIndex)),
  };
}

/** An index whose estimate is made when somebody wants it. */
function rememberedIndex(index: SourceIndex): SourceIndex {
  return Object.create(index, {
    selectivityEstimate: { enumerable: true, get: once(() => index.selectivityEstimate) },
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
