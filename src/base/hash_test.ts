import { strictEqual as equal } from "node:assert/strict";
import { chunkHash, revisionHash, velocyPackStringHash, xxh64 } from "./hash.ts";
import { decodeHlc } from "./revision.ts";

Deno.test("revisionHash() gives the check values of the protocol", () => {
  equal(revisionHash(0n), 12161962213042174405n);
  equal(revisionHash(1n), 9929646806074584996n);
  equal(revisionHash(1687640290099200000n), 18023386791747278577n);
  equal(revisionHash(1832936202458628096n), 10388382419879284828n);
  let all = 0n;
  for (let i = 0n; i < 10000n; i++) all ^= revisionHash(1609459200000000000n + i);
  equal(all, 4298149919775466880n);
});

Deno.test("velocyPackStringHash() gives the check values of the protocol", () => {
  equal(velocyPackStringHash("123456"), 14855108345558666872n);
  equal(velocyPackStringHash(""), 1450600894602296270n);
  equal(velocyPackStringHash("test0"), 2129059223674183634n);
  equal(velocyPackStringHash("_jt3aNJe---"), 11141620924079517866n);
});

Deno.test("chunkHash() combines the hashes of keys and revisions", () => {
  const one = { key: "test0", rev: decodeHlc("_jt3aNJe---") };
  equal(chunkHash([one]), 9733700628223080704n);
  equal(chunkHash([one, { key: "test1", rev: decodeHlc("_hg5kvOC---") }]), 10553538271137351018n);
});

Deno.test("xxh64() gives the published values", () => {
  const hash = (text: string): string => {
    const bytes = new TextEncoder().encode(text);
    return xxh64(new DataView(bytes.buffer), bytes.length, 0n).toString(16);
  };
  equal(hash(""), "ef46db3751d8e999");
  equal(hash("abc"), "44bc2cf5ad770999");
});

Deno.test("velocyPackStringHash() does not depend on how a text was encoded before", () => {
  const texts = ["a", "ä".repeat(42), "ä".repeat(63), "x".repeat(126), "x".repeat(127), "x".repeat(5000), "a"];
  const hashes = texts.map(velocyPackStringHash);
  equal(hashes[0], hashes.at(-1));
  equal(new Set(hashes).size, texts.length - 1);
});
