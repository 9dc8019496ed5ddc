import { CRASH_KINDS, kindName } from "../scripts/crash_kinds.ts";
import { CrashField } from "../scripts/crash_runs.ts";
import { randomNumbers } from "../scripts/random_numbers.ts";

Deno.test("a follower that is killed in the middle of a sync has the old contents or the new, and the next sync makes it whole", async (test) => {
  await using field = await CrashField.create(3_000);
  const random = randomNumbers(20261123);
  // `deno task crash` does hundreds of them, of all kinds
  const kinds = CRASH_KINDS.filter(({ collection, incremental, async, password }) =>
    collection === "unique" ? !async : async && password !== incremental
  );
  for (const kind of kinds) {
    const moment = random();
    await test.step(`${kindName(kind)}, killed at ${moment.toFixed(3)}`, async () =>
      void await field.run(kind, moment));
  }
});
