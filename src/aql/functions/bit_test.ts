/** @module */
import { BIT_FUNCTIONS } from "./bit.ts";
import { testCalls } from "./test_context.ts";

testCalls("bits", BIT_FUNCTIONS, [
  ["BIT_AND", [[1, 4, 8, 16]], 0],
  ["BIT_AND", [127, 255], 127],
  ["BIT_AND", [[null]], null],
  ["BIT_AND", [-1, 2], null, [1542]],
  ["BIT_OR", [[1, 4, 8, 16]], 29],
  ["BIT_OR", [4294967295, 1], 4294967295],
  ["BIT_XOR", [[null, 8, 8, 2]], 2],
  ["BIT_CONSTRUCT", [[1, 3, 31]], 2147483658],
  ["BIT_CONSTRUCT", [[32]], null, [1542]],
  ["BIT_DECONSTRUCT", [14], [1, 2, 3]],
  ["BIT_FROM_STRING", ["0111"], 7],
  ["BIT_FROM_STRING", ["2"], null, [1542]],
  ["BIT_NEGATE", [0, 8], 255],
  ["BIT_NEGATE", [0, 32], 4294967295],
  ["BIT_POPCOUNT", [255], 8],
  ["BIT_POPCOUNT", [69.399], 3],
  ["BIT_SHIFT_LEFT", [0, 1, 8], 0],
  ["BIT_SHIFT_LEFT", [7, 1, 16], 14],
  ["BIT_SHIFT_LEFT", [1, 32, 32], 0],
  ["BIT_SHIFT_RIGHT", [33, 1, 16], 16],
  ["BIT_TEST", [5, 2], true],
  ["BIT_TEST", [5, 32], null, [1542]],
  ["BIT_TO_STRING", [7, 4], "0111"],
  ["BIT_TO_STRING", [255, 8], "11111111"],
]);
