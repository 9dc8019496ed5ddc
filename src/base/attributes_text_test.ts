import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert";
import fc from "fast-check";
import {
  attributesOf,
  cut,
  joined,
  merged,
  objectOf,
  type PatchOptions,
  valuePicker,
  valuesOf,
} from "./attributes_text.ts";

type Value = null | number | string | Value[] | { [name: string]: Value };

const isObject = (value: unknown): value is Record<string, Value> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Applies a patch as the manual of `PATCH /_api/document` tells. */
function patched(base: Record<string, Value>, patch: Record<string, Value>, options: PatchOptions): typeof base {
  const result = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(patch)) {
    const old = result.get(name);
    if (value === null && !options.keepNull) result.delete(name);
    else if (!isObject(value)) result.set(name, value);
    else if (isObject(old) && options.mergeObjects) result.set(name, patched(old, value, options));
    else result.set(name, options.keepNull ? value : patched({}, value, options));
  }
  return Object.fromEntries(result);
}

const names = fc.constantFrom("a", "b", "_key", 'quo"te', "back\\slash", "é", "line\nend", "");
const { object } = fc.letrec<{ value: Value; object: Record<string, Value> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Value>(null, 1, -0.5, "", 'x,"a":1', "\\", "}{"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(names, tie("value"), { maxKeys: 5 }),
}));

const attributes = (value: Record<string, Value>): string => attributesOf(JSON.stringify(value));

Deno.test("merged() changes texts as a patch changes the objects that they stand for", () => {
  const options = fc.record({ keepNull: fc.boolean(), mergeObjects: fc.boolean() });
  fc.assert(fc.property(object, object, options, (base, patch, how) => {
    equal(objectOf(merged(attributes(base), attributes(patch), how)), JSON.stringify(patched(base, patch, how)));
  }));
});

Deno.test("merged() keeps numbers as they stand, and knows a name by its escapes", () => {
  const how = { keepNull: true, mergeObjects: true };
  equal(
    merged(`,"n":1e308,"\\u0061":-0.0`, `,"a":12345678901234567890`, how),
    `,"n":1e308,"\\u0061":12345678901234567890`,
  );
});

Deno.test("valuesOf() finds the values of names, wherever else those stand", () => {
  fc.assert(fc.property(object, fc.uniqueArray(names), (value, wanted) => {
    const found = valuesOf(attributes(value), new Set(wanted));
    const expected = wanted.filter((name) => Object.hasOwn(value, name));
    deepEqual(found, new Map(expected.map((name) => [name, JSON.stringify(value[name])])));
  }));
});

Deno.test("valuePicker() finds the values of names, wherever else those stand and however they are written", () => {
  fc.assert(fc.property(object, fc.uniqueArray(names), fc.boolean(), (value, wanted, isEscaped) => {
    const text = JSON.stringify(value);
    const written = isEscaped ? text.replaceAll('"a":', '"\\u0061":') : text;
    const expected = wanted.map((name) => Object.hasOwn(value, name) ? JSON.stringify(value[name]) : "null");
    for (const whole of [written, attributesOf(written)]) {
      const found = valuePicker(wanted)(whole);
      deepEqual(found.map((raw) => JSON.stringify(JSON.parse(raw))), expected);
    }
  }));
});

Deno.test("cut() and joined() are each other's way back", () => {
  fc.assert(fc.property(object, (value) => equal(joined(cut(attributes(value)).values()), attributes(value))));
});
