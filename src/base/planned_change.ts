/**
 * Changes of documents that are known before they are made: what many of them need can be looked up at once.
 *
 * @module
 */

/** A change of one document. */
export interface PlannedChange<T> {
  /** The key of the document, as far as it is known beforehand. */
  readonly key: string | undefined;
  /** Makes the change. */
  readonly make: () => T;
}

/**
 * Plans a change.
 *
 * @param plan finds out what is to be done; what it throws is thrown when the change would be made
 */
export function plannedChange<T>(plan: () => PlannedChange<T>): PlannedChange<T> {
  try {
    return plan();
  } catch (error) {
    const make = (): never => {
      throw error;
    };
    return { key: undefined, make };
  }
}

/** The keys that are known of some changes. */
export function keysOf(changes: readonly PlannedChange<unknown>[]): string[] {
  return changes.flatMap(({ key }) => key ?? []);
}
