import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { encodeHlc } from "../../base/revision.ts";
import { DumpLines } from "../dump_lines.ts";
import { DocumentArray } from "./document_array.ts";

const revision = fc.bigInt({ min: 1n << 60n, max: (1n << 63n) - 1n });
const key = fc.stringMatching(/^[A-Za-z0-9_:.@()+,=;$!*'%-]{1,20}$/);
/** Now and then so large that the array has to grow. */
const own = fc.oneof(
  { weight: 7, arbitrary: fc.dictionary(fc.string({ unit: "binary" }).map((name) => `x${name}`), fc.jsonValue()) },
  { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 70_000 }).map((length) => ({ x: "ü".repeat(length) })) },
);

Deno.test("property: an array of a dump's documents has them as they are, without _id", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("c", "über", "with space", `quo"te`),
      fc.boolean(),
      fc.array(fc.record({ key, revision, own, isSpaced: fc.boolean() }), { minLength: 1, maxLength: 8 }),
      (name, isEdge, documents) => {
        const ends = isEdge ? { _from: "v/a", _to: "v/ü" } : {};
        const array = new DocumentArray(name, isEdge);
        for (let round = 0; round < 2; round++) {
          const dump = documents.map(({ key, revision, own, isSpaced }) => {
            const document = { _key: key, _id: `${name}/${key}`, ...ends, _rev: encodeHlc(revision), ...own };
            return `${isSpaced ? JSON.stringify(document, null, 1).replaceAll("\n", " ") : JSON.stringify(document)}\n`;
          });
          const lines = new DumpLines(name, isEdge);
          lines.feed(new TextEncoder().encode(dump.join("")));
          while (lines.next()) array.add(lines.document);
          const expected = documents.map(({ key, revision, own }) => ({
            _key: key,
            ...ends,
            _rev: encodeHlc(revision),
            ...own,
          }));
          deepEqual(new TextDecoder().decode(array.body()), JSON.stringify(expected));
          deepEqual(
            array.documents().map(({ key, rev }) => [key, rev]),
            documents.map((one) => [one.key, one.revision]),
          );
          array.clear();
          deepEqual(array.count, 0);
        }
      },
    ),
  );
});
