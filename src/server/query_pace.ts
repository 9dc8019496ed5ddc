/**
 * Which queries are quick: handing one to a thread takes longer than to run it.
 *
 * @module
 */
/** Milliseconds that a quick query takes at most. */
const QUICK = 10;
/** How many queries are remembered, and the longest text of one. */
const MOST_TEXTS = 500;
const LONGEST_TEXT = 4096;

/** How long queries took when they last ran, by their text. */
export class QueryPace {
  readonly #times = new Map<string, number>();

  /** Notes how many milliseconds a query has taken. */
  note(text: string, milliseconds: number): void {
    if (text.length > LONGEST_TEXT) return;
    // the entry that was written last is the last one to go
    this.#times.delete(text);
    this.#times.set(text, milliseconds);
    if (this.#times.size > MOST_TEXTS) this.#times.delete(this.#times.keys().next().value!);
  }

  /** Whether a query was quick when it last ran; one that nobody has seen is not. */
  isQuick(text: string): boolean {
    return (this.#times.get(text) ?? Infinity) <= QUICK;
  }
}
