import { deepEqual, equal, match } from "node:assert/strict";
import { TestServer } from "./testing.ts";

const QUERY = "FOR d IN @@c FILTER d.n == @n RETURN d.n";

function filled(): TestServer {
  const test = new TestServer();
  for (const name of ["c", "o"]) test.send("POST", "/_api/collection", { name });
  test.send("POST", "/_api/document/c", [{ n: 1 }, { n: 2 }]);
  return test;
}

/** The answer to a query that asks for the plan cache. */
function ask(
  test: TestServer,
  query: string,
  bindVars: object = {},
  options: object = {},
): ReturnType<typeof test.send> {
  return test.send("POST", "/_api/cursor", { query, bindVars, options: { usePlanCache: true, ...options } });
}

Deno.test("a query that asks for it tells the key of its plan from the second run on, whatever its values", () => {
  using test = filled();
  equal(ask(test, QUERY, { "@c": "c", n: 1 }).body.planCacheKey, undefined);
  const { body } = ask(test, QUERY, { "@c": "c", n: 2 });
  match(body.planCacheKey, /^\d+$/);
  deepEqual(body.result, [2]);
  equal(ask(test, QUERY, { "@c": "o", n: 2 }).body.planCacheKey, undefined);
  const explained = { query: QUERY, bindVars: { "@c": "c", n: 3 }, options: { usePlanCache: true } };
  equal(test.send("POST", "/_api/explain", explained).body.planCacheKey, body.planCacheKey);
  equal(
    test.send("POST", "/_api/cursor", { query: QUERY, bindVars: { "@c": "c", n: 2 } }).body.planCacheKey,
    undefined,
  );
});

Deno.test("plans are listed until they are cleared, or definitions change", () => {
  using test = filled();
  for (const n of [1, 2, 3]) ask(test, QUERY, { "@c": "c", n });
  const [entry, ...others] = test.send("GET", "/_api/query-plan-cache").body;
  deepEqual(others, []);
  const { query, bindVars, fullCount, dataSources, hits, hash } = entry;
  const expected = { query: QUERY, bindVars: { "@c": "c" }, fullCount: false, dataSources: ["c"], hits: 2 };
  deepEqual({ query, bindVars, fullCount, dataSources, hits }, expected);
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["n"] });
  deepEqual(test.send("GET", "/_api/query-plan-cache").body, []);
  ask(test, QUERY, { "@c": "c", n: 1 });
  equal(ask(test, QUERY, { "@c": "c", n: 2 }).body.planCacheKey, hash);
  deepEqual(test.send("DELETE", "/_api/query-plan-cache").body, { error: false, code: 200 });
  deepEqual(test.send("GET", "/_api/query-plan-cache").body, []);
});

Deno.test("queries whose plans depend on values, or that warn, cannot ask for the cache", () => {
  using test = filled();
  const refused: readonly (readonly [query: string, bindVars?: object, options?: object])[] = [
    ["FOR d IN c SORT d.@a RETURN d", { a: "n" }],
    ["FOR d IN c LIMIT @n RETURN d", { n: 1 }],
    ["FOR d IN c LIMIT 0, @n RETURN d", { n: 1 }],
    ["UPSERT {n: 1} INSERT {} UPDATE {} INTO c"],
    ["RETURN 1 / 0"],
    ["RETURN 1", {}, { optimizer: { rules: ["-use-indexes"] } }],
  ];
  for (const [query, bindVars, options] of refused) {
    const { status, body } = ask(test, query, bindVars, options);
    deepEqual([status, body.errorNum], [500, 1584], query);
  }
});
