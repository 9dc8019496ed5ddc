import { deepEqual, equal, ok } from "node:assert/strict";
import { Engine } from "../engine/engine.ts";
import type { ServerOptions } from "./server_options.ts";
import { basic, TestServer } from "./testing.ts";

function filled(options: Partial<ServerOptions> = {}): TestServer {
  const test = new TestServer(options);
  for (const name of ["c", "o"]) test.send("POST", "/_api/collection", { name });
  test.send("POST", "/_api/document/c", [{ n: 1 }, { n: 2 }]);
  return test;
}

const setMode = (test: TestServer, mode: string) => test.send("PUT", "/_api/query-cache/properties", { mode });

/** Whether the answer came from the cache, and the results. */
function ask(test: TestServer, query: string, more: object = {}): [boolean, unknown[]] {
  const { body } = test.send("POST", "/_api/cursor", { query, ...more });
  return [body.cached, body.result];
}

const SUM = "RETURN SUM(FOR d IN c RETURN d.n)";

Deno.test("results are kept until the data that they came from changes", () => {
  using test = filled();
  setMode(test, "on");
  deepEqual(ask(test, SUM), [false, [3]]);
  deepEqual(ask(test, SUM), [true, [3]]);
  test.send("POST", "/_api/document/o", {});
  deepEqual(ask(test, SUM), [true, [3]]);
  test.send("POST", "/_api/document/c", { n: 4 });
  deepEqual(ask(test, SUM), [false, [7]]);
  deepEqual(ask(test, SUM), [true, [7]]);
  test.send("PUT", "/_api/collection/c/truncate");
  deepEqual(ask(test, SUM), [false, [0]]);
  test.send("DELETE", "/_api/collection/c");
  equal(test.send("POST", "/_api/cursor", { query: SUM }).status, 404);
});

Deno.test("results are kept although ids are given out meanwhile, but not if their data changes meanwhile", () => {
  let interfere = (): void => {};
  using test = filled({
    isInterrupted: () => {
      interfere();
      return false;
    },
  });
  setMode(test, "on");
  let asked = 0;
  const once = (body: () => void) => () => void (++asked === 1 && body());
  interfere = once(() => test.engine.catalog.takeTicks(1));
  ask(test, SUM);
  ok(asked > 0);
  equal(ask(test, SUM)[0], true);
  const twice = "RETURN SUM(FOR d IN c RETURN 2 * d.n)";
  asked = 0;
  // as another process does
  using other = Engine.open({ directory: test.engine.directory });
  interfere = once(() => other.database("_system").collection("c").insert(`{"n":4}`));
  ask(test, twice);
  deepEqual(ask(test, twice), [false, [14]]);
  deepEqual(ask(test, twice), [true, [14]]);
});

Deno.test("only queries that give the same again are kept", () => {
  using test = filled();
  setMode(test, "on");
  const never = [
    "RETURN RAND() < 2",
    "RETURN DATE_NOW() > 0",
    "RETURN `date_now` /* of the run */ () > 0",
    "RETURN 1 / 0",
    "RETURN DOCUMENT('c/x')",
    "INSERT {} INTO o",
    "FOR u IN _users RETURN 1",
  ];
  for (const query of never) for (let i = 0; i < 2; i++) equal(ask(test, query)[0], false, query);
  for (let i = 0; i < 2; i++) equal(ask(test, SUM, { options: { stream: true } })[0], false);
  ask(test, "RETURN @x", { bindVars: { x: 1 } });
  deepEqual(ask(test, "RETURN @x", { bindVars: { x: 2 } }), [false, [2]]);
  deepEqual(ask(test, "RETURN @x", { bindVars: { x: 1 } }), [true, [1]]);
});

Deno.test("the mode decides, and what a query asks for", () => {
  using test = filled();
  ask(test, SUM, { cache: true });
  equal(ask(test, SUM, { cache: true })[0], false);
  setMode(test, "demand");
  ask(test, SUM);
  ask(test, SUM, { options: { cache: true } });
  deepEqual([ask(test, SUM, { cache: true })[0], ask(test, SUM)[0]], [true, false]);
  setMode(test, "on");
  ask(test, SUM);
  deepEqual([ask(test, SUM)[0], ask(test, SUM, { cache: false })[0]], [true, false]);
});

Deno.test("kept results are listed, limited in number and forgotten on demand", () => {
  using test = filled();
  const properties = test.send("PUT", "/_api/query-cache/properties", { mode: "on", maxResults: 2 }).body;
  deepEqual([properties.mode, properties.maxResults, properties.includeSystem], ["on", 2, false]);
  deepEqual(test.send("GET", "/_api/query-cache/properties").body, properties);
  for (const query of ["RETURN 1", SUM, "RETURN 2", SUM]) ask(test, query, { count: true });
  const entries = test.send("GET", "/_api/query-cache/entries").body as Record<string, unknown>[];
  deepEqual(entries.map(({ query, hits, results, dataSources }) => [query, hits, results, dataSources]), [
    ["RETURN 2", 0, 1, []],
    [SUM, 1, 1, ["c"]],
  ]);
  equal(test.send("DELETE", "/_api/query-cache").status, 200);
  deepEqual(test.send("GET", "/_api/query-cache/entries").body, []);
  equal(test.send("PUT", "/_api/query-cache/properties", { mode: "often" }).status, 400);
});

Deno.test("a kept result is only for its user, as long as the user may read the data", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  const grant = (path: string, level: string) =>
    test.send("PUT", `/_api/user/bob/database/_system${path}`, { grant: level });
  grant("", "rw");
  setMode(test, "on");
  const status = () => test.send("POST", "/_api/cursor", { query: "RETURN LENGTH(c)" }, basic("bob", "b")).status;
  deepEqual([status(), status()], [201, 201]);
  test.send("DELETE", "/_api/user/bob/database/_system");
  grant("/c", "none");
  equal(status() >= 400, true);
});
