import { deepEqual, equal } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";

Deno.test("collections that a user may not read look empty to queries that ask for it", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  for (const [name, type] of [["open", 2], ["closed", 2], ["links", 3]] as const) {
    test.send("POST", "/_api/collection", { name, type });
  }
  test.send("POST", "/_api/index?collection=closed", { type: "persistent", fields: ["n"] });
  for (const name of ["open", "closed"]) {
    test.send("POST", `/_api/document/${name}`, [{ _key: "a", n: 1 }, { _key: "b", n: 2 }]);
  }
  test.send("POST", "/_api/document/links", [{ _from: "open/a", _to: "open/b" }, { _from: "open/b", _to: "closed/a" }]);
  test.send("POST", "/_api/user", { user: "anna", passwd: "pw" });
  test.send("PUT", "/_api/user/anna/database/_system", { grant: "ro" });
  test.send("PUT", "/_api/user/anna/database/_system/closed", { grant: "none" });
  const run = (query: string, skipInaccessibleCollections: boolean, options = {}) =>
    test.send("POST", "/_api/cursor", { query, options: { skipInaccessibleCollections, ...options } }).body;
  const queries: readonly [query: string, all: unknown[], visible: unknown[]][] = [
    ["FOR d IN closed SORT d._key RETURN d._key", ["a", "b"], []],
    ["FOR d IN closed FILTER d.n == 1 RETURN d._key", ["a"], []],
    ["FOR d IN closed FILTER d._key IN ['a', 'x'] RETURN d._key", ["a"], []],
    ["RETURN [LENGTH(closed), LENGTH(open)]", [[2, 2]], [[0, 2]]],
    ["RETURN [DOCUMENT('closed/a').n, DOCUMENT('open/a').n]", [[1, 1]], [[null, 1]]],
    ["FOR o IN open FOR c IN closed FILTER c.n == o.n SORT o.n RETURN c._key", ["a", "b"], []],
    ["FOR v IN 1..3 OUTBOUND 'open/a' links RETURN v.n", [2, 1], [2, null]],
  ];
  for (const [query, all, visible] of queries) {
    // what root was given is not kept for others
    deepEqual(run(query, true, { usePlanCache: false }).result, all, query);
    test.headers = basic("anna", "pw");
    equal(run(query, false).errorNum, 11, query);
    deepEqual(run(query, true).result, visible, query);
    deepEqual(run(query, true).result, visible, query);
    equal(run(query, false).errorNum, 11, query);
    test.headers = basic("root", "pw");
  }
  test.headers = basic("anna", "pw");
  equal(run("INSERT {} INTO closed", true).errorNum, 11);
});
