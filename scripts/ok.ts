/**
 * Runs everything that has to hold, step by step, and counts the tests: `deno task ok`.
 *
 * A step that fails does not stop the others. The last line is `N passed, N failed`; a step that fails without naming a failed test
 * counts as one.
 *
 * @module
 */
import { say, seconds, write } from "./terminal.ts";

/** The steps: what a person reads, and the arguments of `deno`. */
const STEPS: readonly (readonly [title: string, ...command: string[]])[] = [
  ["style and formatting", "task", "--quiet", "lint"],
  ["types", "task", "--quiet", "check"],
  ["documentation and its examples", "task", "--quiet", "doc"],
  // types are checked above; without the flag, each test that starts a worker would check those of the worker again
  ["unit tests", "task", "--quiet", "test", "--no-check", "src", "scripts"],
  ["tests from end to end", "task", "--quiet", "test", "--no-check", "tests"],
];
/** What `deno test` ends with. */
const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed/gm;
// deno-lint-ignore no-control-regex -- colours are control characters
const COLOURS = /\u001b\[[\d;]*m/g;

/** Runs a step, showing what it writes. */
async function run(command: readonly string[]): Promise<{ succeeded: boolean; text: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...command],
    env: { CI: "true", NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  async function show(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text += piece;
      write(piece);
    }
  }
  const [{ success }] = await Promise.all([child.status, show(child.stdout), show(child.stderr)]);
  return { succeeded: success, text };
}

let passed = 0;
let failed = 0;
for (const [title, ...command] of STEPS) {
  say(`\n== ${title}`);
  const started = performance.now();
  const { succeeded, text } = await run(command);
  const counts = [...text.replace(COLOURS, "").matchAll(SUMMARY)];
  const failures = counts.reduce((sum, [, , count]) => sum + Number(count), 0);
  passed += counts.reduce((sum, [, count]) => sum + Number(count), 0);
  failed += succeeded ? failures : Math.max(1, failures);
  say(`== ${title}: ${succeeded ? "ok" : "FAILED"} (${seconds(performance.now() - started)})`);
}
say();
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
