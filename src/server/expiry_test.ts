import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { Expiry } from "./expiry.ts";
import { TestServer } from "./testing.ts";

Deno.test("expired documents go with the next sweep, in all databases, within the limits", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "other" });
  for (const prefix of ["", "/_db/other"]) {
    test.send("POST", `${prefix}/_api/collection`, { name: "c" });
    test.send("POST", `${prefix}/_api/index?collection=c`, { type: "ttl", fields: ["at"], expireAfter: 10 });
    test.send("POST", `${prefix}/_api/document/c`, [{ at: 100 }, { at: "1970-01-01T00:01:00Z" }, { at: 1000 }, {}]);
  }
  const count = (prefix: string): number => test.send("GET", `${prefix}/_api/collection/c/count`).body.count;
  let now = 0;
  const expiry = new Expiry(test.server, () => now);
  now = 60_000;
  expiry.runIfDue();
  deepEqual(expiry.statistics, { runs: 1, documentsRemoved: 0, limitReached: 0 });
  now = 500_000;
  expiry.change({ maxCollectionRemoves: 1 });
  expiry.runIfDue();
  deepEqual(expiry.statistics, { runs: 2, documentsRemoved: 2, limitReached: 2 });
  expiry.runIfDue();
  equal(expiry.statistics.runs, 2);
  now += 30_000;
  expiry.change({ active: false });
  expiry.runIfDue();
  equal(expiry.statistics.runs, 2);
  expiry.change({ active: true, maxCollectionRemoves: 100 });
  expiry.runIfDue();
  deepEqual([count(""), count("/_db/other")], [2, 2]);
  equal(expiry.statistics.documentsRemoved, 4);
});

Deno.test("the settings of the sweep are read and changed over HTTP", () => {
  using test = new TestServer();
  deepEqual(test.send("GET", "/_api/ttl/statistics").body.result, { runs: 0, documentsRemoved: 0, limitReached: 0 });
  const { result } = test.send("PUT", "/_api/ttl/properties", { frequency: 0, active: true }).body;
  deepEqual(result, test.send("GET", "/_api/ttl/properties").body.result);
  equal(result.frequency, 0);
  equal(test.send("PUT", "/_api/ttl/properties", { frequency: "often" }).status, 400);
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/index?collection=c", { type: "ttl", fields: ["at"], expireAfter: 0 });
  test.send("POST", "/_api/document/c", [{ at: 1 }, { at: 1e10 }]);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 1);
});
