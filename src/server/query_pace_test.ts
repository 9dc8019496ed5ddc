import { equal } from "node:assert/strict";
import { OpenStreams } from "./open_streams.ts";
import { empty } from "./reply.ts";
import { QueryLog } from "./queries.ts";
import { QueryPace } from "./query_pace.ts";
import { runningQuery } from "./testing.ts";

Deno.test("a query is quick when it was so the last time, but for one short pause; unknown, long and forgotten ones are not", () => {
  const pace = new QueryPace();
  equal(pace.isQuick("RETURN 1"), false);
  pace.note("RETURN 1", 2);
  equal(pace.isQuick("RETURN 1"), true);
  pace.note("RETURN 1", 200);
  equal(pace.isQuick("RETURN 1"), false);
  pace.note("RETURN 1", 2);
  pace.note("RETURN 1", 50);
  equal(pace.isQuick("RETURN 1"), true);
  pace.note("RETURN 1", 50);
  equal(pace.isQuick("RETURN 1"), false);
  const long = `RETURN "${"x".repeat(5000)}"`;
  pace.note(long, 1);
  equal(pace.isQuick(long), false);
  pace.note("RETURN 1", 2);
  for (let i = 0; i < 499; i++) pace.note(`RETURN ${i + 2}`, 1);
  equal(pace.isQuick("RETURN 1"), true);
  pace.note("RETURN 0", 1);
  equal(pace.isQuick("RETURN 1"), false);
});

Deno.test("what a query waits for a thread does not make it a long one", async () => {
  const log = new QueryLog(new OpenStreams(() => false, () => {}));
  const run = log.follow(runningQuery("1", "RETURN 1"), { poll: () => empty(200), cancel: () => {}, took: () => 1 });
  await new Promise((resolve) => setTimeout(resolve, 15));
  equal(run.poll()?.status, 200);
  equal(log.pace.isQuick("RETURN 1"), true);
});
