import { equal } from "node:assert/strict";
import { QueryPace } from "./query_pace.ts";

Deno.test("a query is quick when it was so the last time; unknown, long and forgotten ones are not", () => {
  const pace = new QueryPace();
  equal(pace.isQuick("RETURN 1"), false);
  pace.note("RETURN 1", 2);
  equal(pace.isQuick("RETURN 1"), true);
  pace.note("RETURN 1", 200);
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
