/**
 * What loops call; see `../loop_checks.ts`.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/loop-checks`. */
export function loopChecks({ exports, global, host }: ModuleScope): void {
  /** Of so many rounds, one looks whether it is to stop: the others cost next to nothing. */
  const ROUNDS = 1024;

  /**
   * Defines the function that loops call, and hides its calls from whoever looks at the text of a function.
   *
   * @param name the name of the global function
   * @param inserted a regular expression for its calls
   */
  exports.start = function start(name: string, inserted: string): void {
    let rounds = 0;
    Object.defineProperty(global, name, {
      value() {
        if (++rounds < ROUNDS) return;
        // where it throws, the next round looks again: a script may have caught that
        host.checkInterruption();
        rounds = 0;
      },
    });
    const calls = new RegExp(inserted, "g");
    const textOf: Loose = Function.prototype.toString;
    const replace: Loose = String.prototype.replace;
    const written = {
      toString(this: Loose) {
        // of itself it tells what the runtime's own does
        return replace.call(textOf.call(this === written.toString ? textOf : this), calls, "");
      },
    };
    Object.defineProperty(Function.prototype, "toString", {
      configurable: true,
      writable: true,
      value: written.toString,
    });
  };
}
