import { equal } from "node:assert/strict";
import { EMPTY_CHUNK_HASH, revisionHash, velocyPackStringHash } from "./hash.ts";

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

Deno.test("a chunk's hash is the start value and the hashes of its keys and revisions, by exclusive or", () => {
  const one = EMPTY_CHUNK_HASH ^ velocyPackStringHash("test0") ^ velocyPackStringHash("_jt3aNJe---");
  equal(one, 9733700628223080704n);
  equal(one ^ velocyPackStringHash("test1") ^ velocyPackStringHash("_hg5kvOC---"), 10553538271137351018n);
});
