/**
 * Kills the follower by SIGKILL at random points of syncs: `deno task crash [--runs N] [--seed N] [--documents N]`.
 *
 * @module
 */
import { CRASH_KINDS, kindName } from "./crash_kinds.ts";
import { CrashField, type CrashOutcome } from "./crash_runs.ts";
import { randomNumbers } from "./random_numbers.ts";
import { scriptOptions } from "./script_options.ts";
import { say, table } from "./terminal.ts";

const { runs, seed, documents } = scriptOptions(Deno.args, {
  runs: 120,
  seed: Date.now() % 1_000_000,
  documents: 40_000,
});
say(`${runs} runs with seed ${seed}: --seed ${seed} repeats them`);
const outcomes: CrashOutcome[] = [];
let failures = 0;
{
  await using field = await CrashField.create(documents);
  const random = randomNumbers(seed);
  for (let run = 0; run < runs; run++) {
    const kind = CRASH_KINDS[run % CRASH_KINDS.length]!;
    const moment = random();
    try {
      const outcome = await field.run(kind, moment);
      outcomes.push(outcome);
    } catch (error) {
      failures++;
      say(
        `run ${run} (${kindName(kind)}, moment ${moment.toFixed(4)}) FAILED: ${
          error instanceof Error ? error.stack : error
        }`,
      );
    }
  }
}
const rows = CRASH_KINDS.map((kind) => {
  const here = outcomes.filter((outcome) => outcome.kind === kind);
  const count = (test: (outcome: CrashOutcome) => boolean): string => String(here.filter(test).length);
  return [
    kindName(kind),
    String(here.length),
    count(({ contents }) => contents === "old"),
    count(({ contents }) => contents === "new"),
    count(({ unfinished }) => unfinished),
    count(({ late }) => late),
    here.length === 0 ? "" : `${Math.round(Math.max(...here.map(({ after }) => after)))} ms`,
  ];
});
say(table([["sync<", "runs", "old contents", "new contents", "unfinished file", "was done", "latest kill"], ...rows]));
say(`${outcomes.length} runs ended with the follower identical to the leader, ${failures} failed`);
Deno.exit(failures === 0 ? 0 : 1);
