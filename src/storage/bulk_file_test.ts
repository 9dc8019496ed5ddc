import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { statSync, truncateSync } from "node:fs";
import fc from "fast-check";
import { encodeHlc } from "../base/revision.ts";
import { differingRanges, RevisionTree } from "../base/revision_tree.ts";
import { BulkFile, type DocumentBytes } from "./bulk_file.ts";
import { CollectionFile } from "./collection_file.ts";
import { COLLECTION_PAGE_SIZE } from "./collection_tables.ts";
import type { StoredDocument } from "./document_table.ts";
import { TemporaryDirectory } from "../base/testing.ts";

const encoder = new TextEncoder();

function append(bulk: BulkFile, { key, rev, text, from = "", to = "" }: StoredDocument): boolean {
  const parts = [key, text, from, to].map((part) => encoder.encode(part));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  const [k, t, f, o] = parts.map((part) => {
    bytes.set(part, at);
    at += part.length;
    return [at - part.length, at] as const;
  });
  const document: DocumentBytes = {
    bytes,
    revHigh: Number(rev >> 32n),
    revLow: Number(rev & 0xffffffffn),
    keyStart: k![0],
    keyEnd: k![1],
    textStart: t![0],
    textEnd: t![1],
    fromStart: f![0],
    fromEnd: f![1],
    toStart: o![0],
    toEnd: o![1],
  };
  return bulk.append(document);
}

function finish(bulk: BulkFile, applied: bigint): CollectionFile {
  const file = bulk.finish(applied);
  ok(file instanceof CollectionFile);
  return file;
}

function withFile(body: (path: string) => void): void {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  body(`${directory}/bulk.sqlite`);
}

function assertHolds(file: CollectionFile, documents: readonly StoredDocument[]): void {
  deepEqual(file.file.sql("PRAGMA integrity_check").all(), [["ok"]]);
  equal(file.count(), documents.length);
  deepEqual(file.documentsAfter(undefined, documents.length + 1), documents);
  for (const document of documents.slice(0, 50)) deepEqual(file.byKey(document.key), document);
  const tree = new RevisionTree();
  for (const { rev } of documents) tree.insert(rev);
  deepEqual(differingRanges(tree, new RevisionTree(file.state().range, file.leaves())), []);
}

const sizes = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 500 }) },
  { weight: 1, arbitrary: fc.integer({ min: COLLECTION_PAGE_SIZE - 200, max: COLLECTION_PAGE_SIZE + 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 200_000 }) },
);
const revisions = fc.uniqueArray(
  fc.oneof(
    fc.bigInt({ min: 535_000_000_000_000_000n, max: (1n << 63n) - 1n }),
    fc.bigInt({ min: 1687640290099200000n, max: 1687640290099200000n + 1000n }),
    fc.bigInt({ min: 1882643351283433472n, max: 1882643351283433472n + (1n << 42n) }),
  ),
  { minLength: 0, maxLength: 60 },
).map((values) => values.sort((a, b) => (a < b ? -1 : 1)));

Deno.test("a file written page by page is an intact SQLite file with every document, also large ones", () => {
  fc.assert(
    fc.property(revisions, fc.infiniteStream(sizes), fc.boolean(), (revs, lengths, edge) => {
      withFile((path) => {
        const documents = revs.map((rev, i): StoredDocument => {
          const text = `{"_key":"k${i}","_rev":"${encodeHlc(rev)}","x":"${"ä".repeat(lengths.next().value! / 2)}"}`;
          return { key: `k${i}`, rev, text, ...(edge ? { from: `v/${i}`, to: `v/${i % 3}` } : {}) };
        });
        const bulk = BulkFile.create(path, edge);
        for (const document of documents) ok(append(bulk, document));
        equal(bulk.count, documents.length);
        using file = finish(bulk, 77n);
        equal(file.state().applied, 77n);
        assertHolds(file, documents);
      });
    }),
    { numRuns: 30 },
  );
});

function plain(i: number): StoredDocument {
  const rev = 1882643351283433472n + BigInt(i) * 1000n;
  return { key: `${(i * 7919) % 1_000_003}`, rev, text: `{"_key":"x","n":${i},"fill":"${"f".repeat(220)}"}` };
}

Deno.test("many documents need several levels of pages and stay readable by everybody", () => {
  withFile((path) => {
    const documents = Array.from(
      { length: 5000 },
      (_, i) => ({ ...plain(i), text: `{"n":${i},"f":"${"f".repeat(15_000)}"}` }),
    );
    const bulk = BulkFile.create(path, false);
    for (const document of documents) append(bulk, document);
    finish(bulk, 1n)[Symbol.dispose]();
    using file = CollectionFile.open(path, false, { readOnly: false });
    assertHolds(file, documents);
    file.insert(plain(5000));
    file.remove(documents[17]!.rev);
    deepEqual(file.file.sql("PRAGMA integrity_check").all(), [["ok"]]);
    equal(file.byKey(plain(5000).key)!.rev, plain(5000).rev);
  });
});

Deno.test("append() refuses a revision that does not come after the one before", () => {
  withFile((path) => {
    const bulk = BulkFile.create(path, false);
    ok(append(bulk, plain(5)));
    ok(!append(bulk, plain(5)));
    ok(!append(bulk, plain(4)));
    for (const rev of [1n << 63n, (1n << 56n) - 1n]) ok(!append(bulk, { ...plain(6), rev }));
    ok(append(bulk, plain(6)));
    using file = finish(bulk, 1n);
    assertHolds(file, [plain(5), plain(6)]);
  });
});

Deno.test("what a process that died has written is taken up, wherever it was cut off", () => {
  withFile((path) => {
    for (const cut of [0, 1, 5000, COLLECTION_PAGE_SIZE, 3 * COLLECTION_PAGE_SIZE + 77, 40 * COLLECTION_PAGE_SIZE]) {
      const documents = Array.from({ length: 9000 }, (_, i) => ({ ...plain(i), key: `${i}` }));
      documents[100] = { ...documents[100]!, text: `{"big":"${"b".repeat(100_000)}"}` };
      const bulk = BulkFile.create(path, false);
      for (const document of documents) append(bulk, document);
      bulk.checkpoint();
      bulk.close();
      truncateSync(path, Math.max(statSync(path).size - cut, 0));
      const resumed = BulkFile.resume(path, false);
      ok(resumed.count <= documents.length && resumed.count > 0);
      if (cut === 0) equal(resumed.count, documents.length);
      equal(resumed.lastRevision(), documents[resumed.count - 1]!.rev);
      for (const document of documents.slice(resumed.count)) ok(append(resumed, document));
      using file = finish(resumed, 3n);
      assertHolds(file, documents);
      Deno.removeSync(path);
    }
  });
});

Deno.test("finish() names a key that two documents share", () => {
  withFile((path) => {
    const bulk = BulkFile.create(path, false);
    for (const i of [1, 2, 3]) append(bulk, { ...plain(i), key: i === 2 ? "other" : "same" });
    deepEqual(bulk.finish(1n), { duplicate: "same" });
  });
});

Deno.test("what a process that died while it built the key index has written is taken up as well", () => {
  for (const count of [3, 3000]) {
    withFile((path) => {
      const bulk = BulkFile.create(path, false);
      const documents = Array.from({ length: count }, (_, i) => plain(i + 1));
      for (const document of documents) append(bulk, document);
      append(bulk, { ...plain(count + 1), key: documents[0]!.key });
      // the pages are linked, and there is no index
      deepEqual(bulk.finish(1n), { duplicate: documents[0]!.key });
      ok(BulkFile.isUnfinished(path));
      const resumed = BulkFile.resume(path, false);
      equal(resumed.count, count + 1);
      equal(resumed.tree().count, count + 1);
      resumed.close();
    });
  }
});

Deno.test("a linked file of which no leaf is left is taken up as empty", () => {
  withFile((path) => {
    const bulk = BulkFile.create(path, false);
    for (const i of [1, 2]) append(bulk, { ...plain(i), key: "same" });
    bulk.finish(1n);
    // the index has come to lie where the only leaf was
    const bytes = Deno.readFileSync(path);
    const pages = [...Array(bytes.length / COLLECTION_PAGE_SIZE).keys()].map((page) => page * COLLECTION_PAGE_SIZE);
    // the root is the first of its two copies
    const leaf = pages.findLast((at) => bytes[at] === 0x0d && bytes[at + 4] === 2)!;
    bytes[leaf] = 0x0a;
    Deno.writeFileSync(path, bytes);
    const resumed = BulkFile.resume(path, false);
    const documents = [plain(7), plain(8)];
    equal(resumed.count, 0);
    for (const document of documents) ok(append(resumed, document));
    using file = finish(resumed, 3n);
    assertHolds(file, documents);
  });
});
