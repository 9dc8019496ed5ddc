import { deepEqual } from "node:assert/strict";
import { freeBytes } from "./free_bytes.ts";

Deno.test("bytes that have their memory for themselves are let go of, all others stay", () => {
  const own = new Uint8Array(100);
  freeBytes(own);
  deepEqual([own.length, own.buffer.detached], [0, true]);
  freeBytes(own);
  const memory = Uint8Array.of(1, 2, 3);
  freeBytes(memory.subarray(1));
  const shared = new Uint8Array(new SharedArrayBuffer(2));
  freeBytes(shared);
  deepEqual([[...memory], shared.length], [[1, 2, 3], 2]);
});
