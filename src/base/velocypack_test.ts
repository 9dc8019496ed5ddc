import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { jsonToVelocyPack, velocyPackToJson } from "./velocypack.ts";

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(" "), (byte) => parseInt(byte, 16));
}

/** Values in forms that denosh does not write itself, made by hand from the description of the format. */
const FOREIGN: readonly (readonly [name: string, hex: string, json: string])[] = [
  ["an array without index table", "02 05 31 32 33", "[1,2,3]"],
  ["an array without index table, padded", "02 0c 00 00 00 00 00 00 00 31 32 33", "[1,2,3]"],
  ["an array with an index table", "06 0a 03 31 28 10 32 03 04 06", "[1,16,2]"],
  ["an array with an index table of two bytes", "07 0c 00 02 00 31 28 10 05 00 06 00", "[1,16]"],
  [
    "an array with an index table of eight bytes",
    "09 24 00 00 00 00 00 00 00 31 28 10 09 00 00 00 00 00 00 00 0a 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00",
    "[1,16]",
  ],
  [
    "an object with a sorted index table, in the order of its data",
    "0b 0b 02 41 62 31 41 61 32 06 03",
    '{"b":1,"a":2}',
  ],
  ["an object with an unsorted index table", "0f 07 01 41 61 31 03", '{"a":1}'],
  ["names that are numbers", "14 09 31 41 78 33 41 79 02", '{"_key":"x","_id":"y"}'],
  ["a date", "1c e8 03 00 00 00 00 00 00", "1000"],
  ["a signed number of three bytes", "22 00 00 80", "-8388608"],
];

for (const [name, hex, json] of FOREIGN) {
  Deno.test(`velocyPackToJson() reads ${name}`, () => equal(velocyPackToJson(bytes(hex)), json));
}

Deno.test("numbers keep their kind: integers of 64 bits, doubles, the sign of zero", () => {
  for (
    const text of ["0", "9", "10", "-1", "-6", "-7", "255", "256", "18446744073709551615", "-9223372036854775808"]
      .concat(["9007199254740993", "1.5", "-0.0", "1e+308", "5e-324"])
  ) {
    equal(velocyPackToJson(jsonToVelocyPack(text)), text);
  }
  equal(velocyPackToJson(jsonToVelocyPack("18446744073709551616")), "18446744073709552000");
});

Deno.test("what jsonToVelocyPack() writes, velocyPackToJson() reads", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    // the sign of zero is the one thing that JSON.stringify loses
    const expected = JSON.stringify(JSON.parse(text));
    equal(JSON.stringify(JSON.parse(velocyPackToJson(jsonToVelocyPack(text)))), expected);
  }));
});

Deno.test("lengths around the limits of their encodings", () => {
  for (const length of [0, 1, 118, 119, 120, 125, 126, 127, 128, 129, 16_370, 16_383, 16_384, 16_390]) {
    const text = JSON.stringify(["x".repeat(length), "é".repeat(length)]);
    equal(velocyPackToJson(jsonToVelocyPack(text)), text);
    const numbers = JSON.stringify(Array.from({ length }, (_, i) => i % 10));
    equal(velocyPackToJson(jsonToVelocyPack(numbers)), numbers);
  }
});

Deno.test("random bytes give text or a VelocyPackError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (random) => {
      try {
        JSON.parse(velocyPackToJson(random));
      } catch (error) {
        equal((error as Error).name, "VelocyPackError");
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("text that is no JSON is refused", () => {
  for (const text of ["", "[1,", "[1 2]", '{"a"}', "{1:2}", "1 2", "[1]x", "nul"]) {
    throws(() => jsonToVelocyPack(text), { name: "VelocyPackError" });
  }
});
