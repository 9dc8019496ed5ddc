/**
 * Writes the lists of the recorded examples that agree: `deno run -A scripts/pin_corpus.ts [aql|shell|http]...`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Corpus, KINDS, pinFile } from "../tests/corpus.ts";
import { say } from "./terminal.ts";

/** What comes out differently on another machine or another day although it agreed once. */
const UNSTABLE: ReadonlySet<string> = new Set(["aqlRandomToken", "generalGraphGetFromVertex"]);

const kinds = KINDS.filter((kind) => Deno.args.length === 0 || Deno.args.includes(kind));
const corpus = await Corpus.load();
for (const kind of kinds) {
  const started = performance.now();
  const ids = corpus.examples.filter((one) => one.kind === kind && one.deployment === "single").map(({ id }) => id);
  const agreeing = ids.filter((id) => !UNSTABLE.has(id) && corpus.agrees(kind, id)).sort();
  const file = pinFile(kind);
  const before = new Set(readLines(file));
  for (const id of agreeing) before.delete(id);
  for (const id of before) say(`${kind}: ${id} does not agree any more`);
  writeFileSync(file, `${agreeing.join("\n")}\n`);
  const seconds = Math.round((performance.now() - started) / 1000);
  say(`${kind}: ${agreeing.length} of ${ids.length} agree (${seconds} s)`);
}

function readLines(file: URL): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}
