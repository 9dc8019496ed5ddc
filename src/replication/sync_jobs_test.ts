import { equal, notEqual, ok } from "node:assert/strict";
import { TemporaryDirectory } from "../base/testing.ts";
import { Engine } from "../engine/engine.ts";
import { SyncJobs } from "./sync_jobs.ts";
import { jobLockName, takeLock } from "./sync_lock.ts";

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const attached of ["thread", "process"] as const) {
  Deno.test(`a job that its ${attached} cannot begin is interrupted: nobody waits for it, and the next one runs`, async () => {
    using directory = new TemporaryDirectory();
    using engine = Engine.open({ directory: directory.path });
    using jobs = new SyncJobs(engine, { attached });
    const database = engine.database("_system");
    const errorOf = async (id: string): Promise<unknown> => {
      for (let waited = 0; waited < 20_000; waited += 20) {
        const found = jobs.outcome(id, database);
        if (found !== "pending") return (found?.body as { errorNum?: number } | undefined)?.errorNum;
        await later(20);
      }
      throw new Error(`job ${id} is still pending`);
    };
    const order = {
      endpoint: "tcp://127.0.0.1:1",
      restrictType: "include",
      restrictCollections: ["c"],
      initialSyncMaxWaitTime: 0.1,
    };
    const id = jobs.start(order, database);
    {
      using lock = takeLock(engine.directory, jobLockName(id));
      notEqual(lock, undefined);
      await later(3000);
    }
    // one that has begun this late has found no leader
    ok([1412, 1400].includes(await errorOf(id) as number));
    equal(await errorOf(jobs.start(order, database)), 1400);
  });
}
