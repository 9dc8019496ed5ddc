import { strictEqual as equal } from "node:assert/strict";
import { queryHash } from "./query_hash.ts";

Deno.test("queryHash() gives the values that a server has printed", () => {
  equal(Number(queryHash("RETURN 42")), 9621679463990086000);
  equal(Number(queryHash("FOR doc IN coll FILTER doc.attr == @val RETURN doc")), 11382508862770890000);
});
