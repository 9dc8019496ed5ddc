import { deepStrictEqual as deepEqual, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { encodeHlc, encodeRevision } from "../base/revision.ts";
import type { StoredDocument } from "../storage/document_table.ts";
import { DumpLines } from "./dump_lines.ts";

function cut(text: string, edge = false, collection = "c"): StoredDocument[] {
  const lines = new DumpLines(collection, edge);
  lines.feed(new TextEncoder().encode(text));
  const found: StoredDocument[] = [];
  while (lines.next()) found.push(lines.stored());
  return found;
}

const revision = fc.bigInt({ min: 1n << 60n, max: (1n << 63n) - 1n });
const key = fc.stringMatching(/^[A-Za-z0-9_:.@()+,=;$!*'%-]{1,20}$/);
const names = fc.constantFrom("c", "über", "with space", `quo"te`);

Deno.test("next() takes canonical lines as they are and rewrites every other form to the same document", () => {
  fc.assert(
    fc.property(
      names,
      key,
      revision,
      fc.dictionary(fc.string().map((name) => `x${name}`), fc.jsonValue()),
      fc.boolean(),
      (name, k, rev, own, edge) => {
        const id = `${name}/${k}`;
        const ends = edge ? { _from: "v/a", _to: `v/${k}` } : {};
        const canonical = JSON.stringify({ _key: k, _id: id, ...ends, _rev: encodeHlc(rev), ...own });
        const expected = [{ key: k, rev, text: canonical, ...(edge ? { from: "v/a", to: `v/${k}` } : {}) }];
        deepEqual(cut(canonical + "\n", edge, name), expected);
        deepEqual(cut(`{"type":2300,"data":${canonical}}\n`, edge, name), expected);
        const shuffled = JSON.stringify({ _rev: encodeHlc(rev), ...own, ...ends, _id: "other/x", _key: k }, null, 1)
          .replaceAll("\n", " ");
        deepEqual(cut(shuffled + "\n\n", edge, name), expected);
      },
    ),
  );
});

Deno.test("next() compacts lines whose white space begins behind the revision", () => {
  const text = `{"_key":"a","_id":"c/a","_rev":"_jt3aNJe---","x":1}`;
  for (const spaced of [text.replace(`,"x":`, `, "x": `), text.replace(`,"x":1`, ` ,"x":1 `)]) {
    equal(cut(`${spaced}\n`)[0]!.text, text);
  }
  const empty = `{"_key":"a","_id":"c/a","_rev":"_jt3aNJe---"}`;
  equal(cut(`${empty.replace("}", " }")}\n${empty}\n`).map((one) => one.text).join(), `${empty},${empty}`);
});

Deno.test("next() reads small revisions, which are written as decimal numbers", () => {
  equal(cut(`{"_key":"a","_id":"c/a","_rev":"${encodeRevision(12345n)}"}\n`)[0]!.rev, 12345n);
});

Deno.test("next() names the line that is no document", () => {
  const good = `{"_key":"a","_id":"c/a","_rev":"_jt3aNJe---"}\n`;
  const bad: [string, RegExp][] = [
    [`{"_key":"b","_id":"c/b","_rev":"_jt3aNJe--_"`, /line 2 .*cut off/],
    [`{"_key":"b","_id":"c/b","_rev":"_jt3aNJe--_"\n`, /line 2 /],
    [`{"_id":"c/b","_rev":"_jt3aNJe--_"}\n`, /line 2 .*no _key/],
    [`{"_key":"b"}\n`, /'b' that has no valid _rev/],
    [`[1]\n`, /no object/],
    [`\xff\n`, /line 2/],
  ];
  for (const [line, message] of bad) throws(() => cut(good + line), { errorNum: 1401, message });
  throws(() => cut(good, true), { errorNum: 1401, message: /'a' that is an edge and has no _from/ });
});
