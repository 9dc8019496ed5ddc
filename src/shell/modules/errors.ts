/**
 * ArangoDB's error numbers inside of the realm.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/errors`: the error class, the table as `internal.errors` has it, and a maker of errors. */
export function errors({ exports, require, host }: ModuleScope): void {
  const { ArangoError, ownError } = require("denosh/core");
  const table: Record<string, { code: number; message: string }> = {};
  const texts: Record<number, string> = {};
  const rows: Record<string, [number, string]> = JSON.parse(host.errorTable());
  for (const [name, [code, message]] of Object.entries(rows)) {
    table[name] = { code, message };
    texts[code] = message;
  }

  /** An error of the shell itself; the number's own text when `message` is absent. */
  function make(errorNum: number, message?: string): Loose {
    const error = ownError({
      code: host.errorStatus(errorNum),
      errorNum,
      errorMessage: message ?? texts[errorNum] ?? "unknown error",
    });
    // the stack begins with who makes the error
    Error.captureStackTrace(error, make);
    return error;
  }

  /** An error whose text is the number's own, a colon and `detail`. */
  function makeFor(errorNum: number, detail: string): Loose {
    return make(errorNum, `${texts[errorNum]}: ${detail}`);
  }

  /** The error of a call whose arguments are not what the function takes. */
  function usage(call: string): Loose {
    return make(10, `usage: ${call}`);
  }

  /** Makes the methods of a class show up in enumerations, as the shell's completion needs it. */
  function enumerable(type: Loose): void {
    for (const name of Object.getOwnPropertyNames(type.prototype)) {
      if (name === "constructor") continue;
      const property = Object.getOwnPropertyDescriptor(type.prototype, name)!;
      if (property.configurable) Object.defineProperty(type.prototype, name, { ...property, enumerable: true });
    }
  }

  Object.assign(exports, { ArangoError, errors: table, make, makeFor, usage, enumerable });
}
