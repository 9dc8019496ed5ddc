/**
 * Node's old assertions.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `assert`. Source: arangosh.md 3.3. */
export function assertModule({ module }: ModuleScope): void {
  class AssertionError extends Error {
    actual: Loose;
    expected: Loose;
    operator: Loose;
    constructor(options: Loose) {
      super(options.message ?? `${show(options.actual)} ${options.operator} ${show(options.expected)}`);
      Object.defineProperty(this, "name", { value: "AssertionError", configurable: true, writable: true });
      this.actual = options.actual;
      this.expected = options.expected;
      this.operator = options.operator;
    }
  }

  function show(value: Loose): string {
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      // cycles
      return String(value);
    }
  }

  function fail(actual: Loose, expected: Loose, message: Loose, operator: string): never {
    if (message instanceof Error) throw message;
    throw new AssertionError({ actual, expected, message, operator });
  }

  function isEqual(left: Loose, right: Loose, strict: boolean, seen: Map<Loose, Loose>): boolean {
    if (strict ? Object.is(left, right) : left == right) return true;
    if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
    if (left instanceof RegExp && right instanceof RegExp) return String(left) === String(right);
    if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
    if (strict && Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
    if (seen.get(left) === right) return true;
    seen.set(left, right);
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], strict, seen));
  }

  function isExpected(error: Loose, expected: Loose): boolean {
    if (expected === undefined || typeof expected === "string") return true;
    if (expected instanceof RegExp) return expected.test(String(error));
    if (typeof expected !== "function") return false;
    if (expected.prototype !== undefined && error instanceof expected) return true;
    return !(expected.prototype instanceof Error) && expected !== Error && expected.call({}, error) === true;
  }

  const assert: Loose = (value: Loose, message?: Loose) => assert.ok(value, message);
  Object.assign(assert, {
    AssertionError,
    fail,
    ok(value: Loose, message?: Loose) {
      if (!value) fail(value, true, message, "==");
    },
    equal(actual: Loose, expected: Loose, message?: Loose) {
      if (actual != expected) fail(actual, expected, message, "==");
    },
    notEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (actual == expected) fail(actual, expected, message, "!=");
    },
    strictEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (!Object.is(actual, expected)) fail(actual, expected, message, "===");
    },
    notStrictEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (Object.is(actual, expected)) fail(actual, expected, message, "!==");
    },
    deepEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (!isEqual(actual, expected, false, new Map())) fail(actual, expected, message, "deepEqual");
    },
    notDeepEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (isEqual(actual, expected, false, new Map())) fail(actual, expected, message, "notDeepEqual");
    },
    deepStrictEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (!isEqual(actual, expected, true, new Map())) fail(actual, expected, message, "deepStrictEqual");
    },
    notDeepStrictEqual(actual: Loose, expected: Loose, message?: Loose) {
      if (isEqual(actual, expected, true, new Map())) fail(actual, expected, message, "notDeepStrictEqual");
    },
    throws(run: Loose, expected?: Loose, message?: Loose) {
      let thrown: { error: Loose } | undefined;
      try {
        run();
      } catch (error) {
        thrown = { error };
      }
      const text = typeof expected === "string" ? expected : message;
      if (thrown === undefined) {
        fail(undefined, expected, `Missing expected exception${text ? `. ${text}` : ""}`, "throws");
      } else if (!isExpected(thrown.error, expected)) throw thrown.error;
    },
    doesNotThrow(run: Loose, message?: Loose) {
      try {
        run();
      } catch (error) {
        const text = typeof message === "string" ? ` ${message}` : "";
        fail(error, undefined, `Got unwanted exception.${text}\n${String(error)}`, "doesNotThrow");
      }
    },
    ifError(value: Loose) {
      if (value) throw value;
    },
  });
  assert.strict = assert;
  module.exports = assert;
}
