import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { RevisionList } from "../base/revision_list.ts";
import { RevisionTree } from "../base/revision_tree.ts";
import type { KeyAndRevision, StoredDocument } from "../storage/document_table.ts";
import { StagedChanges } from "./staged_changes.ts";
import type { CollectionContents } from "./sync_target.ts";

const FIRST = 1n << 60n;
const LAST = (1n << 64n) - 2n;

/** Revisions by key. */
type Revisions = ReadonlyMap<string, bigint>;

function sorted(revisions: Iterable<bigint>): bigint[] {
  return [...revisions].sort((one, other) => (one < other ? -1 : 1));
}

function treeOf(revisions: Revisions): RevisionTree {
  const tree = new RevisionTree();
  for (const revision of revisions.values()) tree.insert(revision);
  return tree;
}

function contentsOf(stored: Revisions): CollectionContents {
  return {
    tree: () => treeOf(stored),
    lastRevision: () => sorted(stored.values()).at(-1),
    revisions: (first, last) => RevisionList.of(sorted(stored.values()).filter((rev) => rev >= first && rev <= last)),
    byRevisions: (revisions): KeyAndRevision[] =>
      [...stored].filter(([, rev]) => revisions.includes(rev)).map(([key, rev]) => ({ key, rev })),
    revisionsOf: (keys) => new Map([...stored].filter(([key]) => keys.includes(key))),
  };
}

/** Keys that an operation picks, and for documents their revisions; small numbers, so that both come again. */
const operation = fc.record({
  kind: fc.constantFrom("put" as const, "removeKeys" as const, "removeRevisions" as const),
  picks: fc.uniqueArray(fc.record({ key: fc.nat(7), rev: fc.nat(15) }), { selector: ({ key }) => key, maxLength: 4 }),
});

Deno.test("property: staged changes are seen as if they were made, and what is handed on makes them", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(7)),
      fc.array(operation, { maxLength: 12 }),
      (keys, operations) => {
        const stored = new Map(keys.map((key) => [`k${key}`, FIRST + BigInt(key)]));
        const expected = new Map(stored);
        const staged = new StagedChanges(contentsOf(stored));
        for (const { kind, picks } of operations) {
          const known = picks.flatMap(({ key }) => {
            const rev = expected.get(`k${key}`);
            return rev === undefined ? [] : [{ key: `k${key}`, rev }];
          });
          if (kind === "put") {
            const documents: StoredDocument[] = [];
            for (const { key, rev } of picks) {
              const document = { key: `k${key}`, rev: FIRST + BigInt(rev), text: "{}" };
              // no two documents share a revision, before and after
              if ([...expected.values(), ...documents.map((one) => one.rev)].includes(document.rev)) continue;
              documents.push(document);
            }
            staged.put(documents);
            for (const { key, rev } of documents) expected.set(key, rev);
          } else {
            if (kind === "removeKeys") staged.removeKeys(known);
            else staged.removeRevisions(known.map(({ rev }) => rev));
            for (const { key } of known) expected.delete(key);
          }
          deepEqual(staged.tree().hash, treeOf(expected).hash);
          deepEqual([...staged.revisions(0n, LAST)], sorted(expected.values()));
          const [from, to] = [FIRST + 3n, FIRST + 9n];
          deepEqual(
            [...staged.revisions(from, to)],
            sorted(expected.values()).filter((rev) => rev >= from && rev <= to),
          );
          const picked = picks.map(({ key }) => `k${key}`);
          deepEqual(new Map(staged.revisionsOf(picked)), contentsOf(expected).revisionsOf(picked));
        }
        const made = new Map(stored);
        const { removed, replaced, documents } = staged.changes;
        for (const { key, rev } of [...removed, ...replaced]) {
          deepEqual(stored.get(key), rev);
          made.delete(key);
        }
        for (const { key, rev } of documents) made.set(key, rev);
        deepEqual(made, expected);
      },
    ),
  );
});
