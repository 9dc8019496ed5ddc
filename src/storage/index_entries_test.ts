import { equal } from "node:assert/strict";
import fc from "fast-check";
import { firstKey } from "./index_entries.ts";

const KEY = fc.string({ unit: fc.constantFrom(..."aB-0~:"), minLength: 1, maxLength: 4 });
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

/** The order of bytes, which is that of latin1 characters. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  return String.fromCharCode(...a) < String.fromCharCode(...b);
}

Deno.test("the first key behind a border is before just those keys whose entries are not before it", () => {
  const text = KEY.map((key) => [5, ...bytesOf(key)]);
  const border = fc.oneof(
    fc.constantFrom([], [4, 128, 1], [5], [6], [7, 0]),
    text,
    text.map((stem) => [...stem.slice(0, -1), stem.at(-1)! + 1]),
    text.map((stem) => [...stem, 0, 0]),
    text.map((stem) => [...stem, 0, 1]),
  );
  fc.assert(fc.property(KEY, border, (key, border) => {
    const entry = [5, ...bytesOf(key), 0, 0];
    equal(isBefore(entry, border), isBefore(bytesOf(key), bytesOf(firstKey(Uint8Array.from(border)))));
  }));
});
