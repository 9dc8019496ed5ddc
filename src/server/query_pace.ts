/**
 * Which queries are quick: handing one to a thread takes longer than to run it.
 *
 * @module
 */
/** Milliseconds that a quick query takes at most. */
const QUICK = 10;
/** Milliseconds that a busy machine, or the memory's housekeeping, may stop a quick query for once. */
const PAUSE = 100;
/** How many queries are remembered, and the longest text of one. */
const MOST_TEXTS = 500;
const LONGEST_TEXT = 4096;

/** How long queries took the last two times, by their text. */
export class QueryPace {
  readonly #times = new Map<string, { readonly last: number; readonly before: number }>();

  /** Notes how many milliseconds a query has taken. */
  note(text: string, milliseconds: number): void {
    if (text.length > LONGEST_TEXT) return;
    const before = this.#times.get(text)?.last ?? Infinity;
    // the entry that was written last is the last one to go
    this.#times.delete(text);
    this.#times.set(text, { last: milliseconds, before });
    if (this.#times.size > MOST_TEXTS) this.#times.delete(this.#times.keys().next().value!);
  }

  /** Whether a query was quick when it last ran, or before it was stopped once; one that nobody has seen is not. */
  isQuick(text: string): boolean {
    const { last, before } = this.#times.get(text) ?? { last: Infinity, before: Infinity };
    return last <= QUICK || (last <= PAUSE && before <= QUICK);
  }
}
