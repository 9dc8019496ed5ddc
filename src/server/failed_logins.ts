/**
 * Slows down whoever tries one password after the other.
 *
 * @module
 */

/** How long failures are remembered, in milliseconds. */
const MEMORY = 60_000;
/** What each further failure adds to the time that the answer takes, and the most that it takes, in milliseconds. */
const STEP = 25;
const LONGEST = 2000;

/** The failed logins of a server. Only answers to failed logins wait; who knows the password is not kept waiting. */
export class FailedLogins {
  #recent = 0;
  #last = 0;
  #total = 0;

  /** How many there have been. */
  get total(): number {
    return this.#total;
  }

  /** Notes one. */
  note(now: number = Date.now()): void {
    if (now - this.#last > MEMORY) this.#recent = 0;
    this.#last = now;
    this.#recent++;
    this.#total++;
  }

  /** For how long to keep back the answer to the one that was noted last, in milliseconds. */
  get pause(): number {
    return Math.min(LONGEST, this.#recent * STEP);
  }
}
