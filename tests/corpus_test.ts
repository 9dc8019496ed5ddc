/**
 * The recorded examples of ArangoDB's documentation that have agreed once agree for ever: `tests/corpus/*.txt` name
 * them. They are replayed as the replay tool does it (its own functions, where it is at hand), but in this process.
 *
 * After a change for the better, `deno run -A scripts/pin_corpus.ts` writes the lists anew.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { Corpus, CORPUS_DIRECTORY, KINDS, pinnedIds } from "./corpus.ts";

for (const kind of KINDS) {
  Deno.test({
    name: `pinned ${kind} examples of the documentation print what the server printed`,
    ignore: !existsSync(CORPUS_DIRECTORY),
    async fn(): Promise<void> {
      const corpus = await Corpus.load();
      const differing = pinnedIds(kind).filter((id) => !corpus.agrees(kind, id));
      deepEqual(differing, []);
    },
  });
}

Deno.test({
  name: "queries of the documentation give the same results without rules, and with each rule switched off",
  ignore: !existsSync(CORPUS_DIRECTORY),
  async fn(): Promise<void> {
    const corpus = await Corpus.load();
    const pinned = new Set(pinnedIds("aql"));
    // without a loop there is one plan; what writes cannot run again
    const reads = (code: string): boolean => /\bFOR\b/.test(code) && !/\b(INSERT|UPDATE|REPLACE|REMOVE)\b/.test(code);
    const chosen = corpus.examples.filter(({ id, kind, code }) => kind === "aql" && pinned.has(id) && reads(code));
    for (const { id } of chosen) deepEqual(corpus.unequalRules(id), [], id);
  },
});
