/**
 * A database of which everything is looked up once.
 *
 * @module
 */
import type { PlanningSource, SourceCollection, SourceIndex } from "../data_source.ts";

/** A database as it is while one query is planned: rules ask for the same things again and again. */
export class RememberedSource implements PlanningSource {
  readonly name: string;
  readonly #source: PlanningSource;
  readonly #collections = new Map<string, SourceCollection | undefined>();

  constructor(source: PlanningSource) {
    this.name = source.name;
    this.#source = source;
  }

  collection(name: string): SourceCollection | undefined {
    if (!this.#collections.has(name)) {
      const found = this.#source.collection(name);
      this.#collections.set(name, found && new RememberedCollection(found));
    }
    return this.#collections.get(name);
  }
}

class RememberedCollection implements SourceCollection {
  readonly #collection: SourceCollection;
  #count: number | undefined;
  #indexes: readonly SourceIndex[] | undefined;

  constructor(collection: SourceCollection) {
    this.#collection = collection;
  }

  get name(): string {
    return this.#collection.name;
  }

  get type(): 2 | 3 {
    return this.#collection.type;
  }

  count(): number {
    return this.#count ??= this.#collection.count();
  }

  indexes(): readonly SourceIndex[] {
    return this.#indexes ??= this.#collection.indexes().map(remembered);
  }
}

/** An index whose estimate is made when somebody wants it, once. */
function remembered(index: SourceIndex): SourceIndex {
  let estimate: { readonly value: number | undefined } | undefined;
  return Object.create(index, {
    selectivityEstimate: {
      enumerable: true,
      get: () => (estimate ??= { value: index.selectivityEstimate }).value,
    },
  });
}
