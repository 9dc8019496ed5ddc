import { deepStrictEqual as deepEqual } from "node:assert/strict";
import { formerTicks, outdatedJobs } from "./former_syncs.ts";
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

Deno.test("jobs that ended long ago, or before a thousand others, are outdated unless somebody needs them", () => {
  const now = Date.parse("2026-06-01T00:00:00.000Z");
  const ended = (key: string, hoursAgo: number, change: object = {}): JobDocument =>
    job({ _key: key, state: "failed", finished: new Date(now - hoursAgo * 3_600_000).toISOString(), ...change });
  const left = { unfinished: { c: "c.sqlite" } };
  const outdated = (...jobs: JobDocument[]): string[] =>
    outdatedJobs(jobs, ({ unfinished }) => "c" in unfinished, now).sort();
  const month = 30 * 24;
  deepEqual(
    outdated(
      ended("yesterday", 25),
      ended("old", month + 1),
      ended("interrupted", month + 1, { state: "interrupted" }),
      ended("to be taken up", month + 1, { state: "interrupted", ...left }),
      ended("running", month + 1, { state: "running", finished: null }),
      ended("of nobody knows when", month + 1, { finished: "once" }),
      ended("last of 1", month + 1, { state: "done", ...result("300", "1") }),
      ended("last of 2", month + 2, { state: "done", ...result("200", "1", "2") }),
      ended("first", month + 3, { state: "done", ...result("100", "1", "2") }),
      ended("elsewhere", month + 3, { state: "done", ...result("1", "1"), leader: { endpoint: "tcp://other:8529" } }),
    ),
    ["first", "interrupted", "old"],
  );
  const many = Array.from({ length: 1200 }, (_, i) => ended(`${i}`, i < 1100 ? 1 + i / 1000 : 25));
  deepEqual(outdated(...many, ended("last", 26, { state: "done", ...result("300", "1") })).length, 100);
});
