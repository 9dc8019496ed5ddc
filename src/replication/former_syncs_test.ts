import { deepStrictEqual as deepEqual } from "node:assert/strict";
import { formerTicks } from "./former_syncs.ts";
import { type JobDocument, jobDocument, newJob } from "./job_document.ts";
import { syncConfig } from "./sync_config.ts";

const config = syncConfig({ endpoint: "tcp://leader:8529" }, "_system");

function job(change: object): JobDocument {
  return { ...jobDocument(newJob("1", config, false)), state: "done", ...change };
}

function result(lastLogTick: unknown, ...ids: string[]): object {
  return { result: { lastLogTick, collections: ids.map((id) => ({ id, name: `c${id}` })) } };
}

Deno.test("the newest sync of each collection from the same leader counts, whatever else the job table has", () => {
  const ticks = formerTicks([
    job({ finished: "2026-01-02T00:00:00.000Z", ...result("200", "1", "2") }),
    job({ finished: "2026-01-01T00:00:00.000Z", ...result("300", "1", "3") }),
    job({ finished: "2026-01-03T00:00:00.000Z", state: "failed", ...result("400", "1") }),
    job({ finished: "2026-01-03T00:00:00.000Z", ...result("500", "1"), leader: { endpoint: "tcp://other:8529" } }),
    job({ finished: "2026-01-03T00:00:00.000Z", ...result("no tick", "1") }),
    job({ finished: "2026-01-03T00:00:00.000Z", result: { lastLogTick: "600", collections: "1" } }),
    job({ finished: null, result: null }),
  ], config);
  deepEqual(Object.fromEntries(ticks), { 1: "200", 2: "200", 3: "300" });
});
