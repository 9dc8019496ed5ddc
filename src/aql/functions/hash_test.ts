/** @module */
import { ok, strictEqual } from "node:assert/strict";
import { HASH_FUNCTIONS } from "./hash.ts";
import { call, testCalls } from "./test_context.ts";

testCalls("hashes", HASH_FUNCTIONS, [
  ["CRC32", ["foobar"], "D5F5C7F"],
  ["FNV64", ["foobar"], "85944171F73967E8"],
  ["MD5", ["foobar"], "3858f62230ac3c915f300c664312c63f"],
  ["SHA1", ["foobar"], "8843d7f92416211de9ebb963ff4ce28125932878"],
  ["SHA256", ["foobar"], "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"],
  [
    "SHA512",
    ["foobar"],
    "0a50261ebd1a390fed2bf326f2673c145582a6342d523204973d0219337f81616a8069b012587cf5635f6925f1b56c360230c19b273500ee013e030601bf2425",
  ],
], "HASH");

Deno.test("HASH() is the same for equal values and fits 51 bits", () => {
  strictEqual(call("HASH", [{ a: 1, b: [null] }]).value, call("HASH", [{ b: [], a: 1 }]).value);
  ok(call("HASH", ["1"]).value !== call("HASH", [1]).value);
  for (let i = 0; i < 200; i++) {
    const hash = Number(call("HASH", [`text ${i}`]).value);
    ok(Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 51);
  }
});
