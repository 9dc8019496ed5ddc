import { match } from "node:assert/strict";
import type { Loose, ModuleScope } from "./scope.ts";
import { syncProgress } from "./sync_progress.ts";

Deno.test("progress: the time that is left is told in whole seconds, minutes and hours", () => {
  const exports: Loose = {};
  let now = 0;
  let printed = "";
  syncProgress({
    exports,
    require: () => ({ output: (text: string) => printed = text }),
    host: { time: () => now, isQuiet: () => false, isTty: () => false },
  } as unknown as ModuleScope);
  const progress = new exports.Progress("c", { pollInterval: 0 });
  for (
    const [elapsed, left] of [
      [1, "1 s"],
      [58.5, "59 s"],
      [59.5, "1 min 0 s"],
      [119.5, "2 min 0 s"],
      [3599, "59 min 59 s"],
      [3599.5, "1 h 0 min"],
      [7260, "2 h 1 min"],
    ] as const
  ) {
    now = elapsed;
    // half of it is done
    progress.show({ documents: { done: 1, total: 2 } });
    match(printed, new RegExp(`, ${left} left\n$`));
  }
});
