/**
 * What the single parts of a sync cost: documents of about 250 bytes, each case over ten thousand of them unless it says otherwise.
 *
 * @module
 */
import { join } from "node:path";
import { JsonLineChecker } from "../src/base/json_lines.ts";
import { chunkHash } from "../src/base/hash.ts";
import { encodeHlc } from "../src/base/revision.ts";
import { differingRanges, RevisionTree } from "../src/base/revision_tree.ts";
import { Engine, MEMORY } from "../src/engine/engine.ts";
import { DumpLines } from "../src/replication/dump_lines.ts";
import { exactDocument } from "../src/replication/exact_document.ts";
import { differingChunks, KEYS_IN_CHUNK } from "../src/replication/keys_sync.ts";
import { StagedLocalChanges, WorkingCopy } from "../src/replication/local_target.ts";
import { BulkFile } from "../src/storage/bulk_file.ts";
import type { StoredDocument } from "../src/storage/document_table.ts";
import { documentBody, documentKey } from "../scripts/bench_documents.ts";

const COUNT = 10_000;
const FIRST_REVISION = 1_760_000_000_000n << 20n;

function line(index: number, version: number): string {
  const key = documentKey(index, "sorted");
  const rev = encodeHlc(FIRST_REVISION + BigInt(version * COUNT + index) * 1024n);
  return `{"_key":"${key}","_id":"c/${key}","_rev":"${rev}",${documentBody(index, version).slice(1)}`;
}

const lines = Array.from({ length: COUNT }, (_, i) => line(i, 0));
const dump = new TextEncoder().encode(`${lines.join("\n")}\n`);
const documents = lines.map((text) => exactDocument("c", false, text));
const newer = Array.from({ length: COUNT / 100 }, (_, i) => exactDocument("c", false, line(i * 100, 1)));
const directory = Deno.makeTempDirSync({ prefix: "denosh-bench-" });
const engine = Engine.open({ directory: MEMORY });
const collection = engine.database("_system").createCollection({ name: "c" });
engine.write([collection], () => {
  for (const document of documents) collection.storeExact(document);
});
addEventListener("unload", () => {
  engine[Symbol.dispose]();
  Deno.removeSync(directory, { recursive: true });
});

function treeOf(list: readonly StoredDocument[]): RevisionTree {
  const tree = new RevisionTree();
  for (const { rev } of list) tree.insert(rev);
  return tree;
}

Deno.bench("dump: check that every line is JSON", { group: "full" }, () => {
  const checker = new JsonLineChecker();
  checker.check(dump);
  checker.end();
});

Deno.bench("dump: cut out keys and revisions", { group: "full" }, () => {
  const found = new DumpLines("c", false);
  found.feed(dump);
  while (found.next());
});

let files = 0;
for (const index of [false, true]) {
  const title = `dump: cut and write leaf pages${index ? ", build the key index" : ""}`;
  Deno.bench(title, { group: "full", baseline: !index }, () => {
    const path = join(directory, `${files++}.sqlite`);
    const bulk = BulkFile.create(path, false);
    const found = new DumpLines("c", false);
    found.feed(dump);
    while (found.next()) bulk.append(found.document);
    if (!index) return bulk.close();
    const file = bulk.finish(0n);
    if ("duplicate" in file) throw new Error("keys come twice");
    file[Symbol.dispose]();
  });
}

const tree = treeOf(documents);
const changed = treeOf([...documents.slice(1), ...newer]);

Deno.bench("revision tree: insert", { group: "compare" }, () => {
  treeOf(documents);
});

const treeText = tree.toJson(true);
Deno.bench("revision tree: read a leader's", { group: "compare" }, () => {
  RevisionTree.parse(treeText);
});

Deno.bench("revision trees: find the ranges that differ", { group: "compare" }, () => {
  differingRanges(tree, changed);
});

const chunks = Array.from({ length: COUNT / KEYS_IN_CHUNK }, (_, i) => {
  const chunk = documents.slice(i * KEYS_IN_CHUNK, (i + 1) * KEYS_IN_CHUNK);
  return { low: chunk[0]!.key, high: chunk.at(-1)!.key, hash: `${chunkHash(chunk)}` };
});
Deno.bench("keys: hash the local ones and compare chunks", { group: "compare" }, () => {
  differingChunks(collection.reading(), chunks);
});

Deno.bench("take over documents as the leader sends them", { group: "apply" }, () => {
  for (const text of lines) exactDocument("c", false, text);
});

Deno.bench("stage 1 % of the documents", { group: "apply" }, () => {
  new StagedLocalChanges(collection).put(newer);
});

Deno.bench("stage and commit 1 % of the documents", { group: "apply" }, () => {
  const staged = new StagedLocalChanges(collection);
  staged.put(newer);
  staged.commit(engine, () => true);
});

Deno.bench("put 1 % of the documents into a working copy", { group: "apply" }, () => {
  const copy = engine.workingCopy(collection)!;
  new WorkingCopy(engine, copy).put(newer);
  copy.close();
  engine.discardFile(copy.row.file!);
});
