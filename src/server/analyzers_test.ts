import { deepStrictEqual as deepEqual, equal, match } from "node:assert/strict";
import { TestServer } from "./testing.ts";

const CSV = { name: "csv", type: "delimiter", properties: { delimiter: "," }, features: ["norm", "frequency"] };

Deno.test("analyzers are made, found, listed and removed as recorded", () => {
  using test = new TestServer();
  const made = test.send("POST", "/_api/analyzer", CSV);
  const shown = { ...CSV, name: "_system::csv", features: ["frequency", "norm"] };
  deepEqual([made.status, made.body], [201, shown]);
  deepEqual(test.send("POST", "/_api/analyzer", CSV).status, 200);
  const other = test.send("POST", "/_api/analyzer", { ...CSV, properties: { delimiter: ";" } });
  deepEqual([other.status, other.body.errorNum], [400, 10]);
  deepEqual(test.send("GET", "/_api/analyzer/csv").body, { error: false, code: 200, ...shown });
  deepEqual(test.send("GET", "/_api/analyzer/_system::csv").body.name, "_system::csv");
  const { result } = test.send("GET", "/_api/analyzer").body;
  deepEqual([result.length, result.at(-1).name], [14, "_system::csv"]);
  deepEqual(test.send("DELETE", "/_api/analyzer/csv").body, { error: false, code: 200, name: "_system::csv" });
  for (const method of ["GET", "DELETE"]) {
    const { status, body } = test.send(method, "/_api/analyzer/csv");
    deepEqual([status, body.errorNum], [404, 1202]);
  }
  equal(test.send("DELETE", "/_api/analyzer/text_en").status, 403);
});

Deno.test("an analyzer of type wildcard has an inner one only if told so", () => {
  using test = new TestServer();
  const identity = { type: "identity", properties: {} };
  for (const properties of [{ ngramSize: 3 }, { ngramSize: 3, analyzer: identity }]) {
    const made = test.send("POST", "/_api/analyzer", { name: "w", type: "wildcard", properties }).body;
    deepEqual(made.properties, properties);
    const { result } = test.send("POST", "/_api/cursor", { query: "RETURN TOKENS('graph', 'w')" }).body;
    deepEqual([result[0].length, result[0][1]], [6, "gra"]);
    test.send("DELETE", "/_api/analyzer/w");
  }
});

Deno.test("analyzers of a database are there before anybody has used _system", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "fresh" });
  equal(test.send("GET", "/_db/fresh/_api/analyzer").body.result.length, 13);
});

Deno.test("bad definitions of analyzers are refused, and nothing is stored", () => {
  using test = new TestServer();
  const refused = (body: unknown, errorNum: number) =>
    equal(test.send("POST", "/_api/analyzer", body).body.errorNum, errorNum, JSON.stringify(body));
  refused({ ...CSV, name: "1st" }, 10);
  refused({ ...CSV, name: "a b" }, 10);
  refused({ ...CSV, name: "x".repeat(255) }, 10);
  refused({ name: "x" }, 10);
  refused({ ...CSV, features: ["position"] }, 10);
  refused({ ...CSV, type: "nope" }, 9);
  refused({ name: "x", type: "pipeline", properties: { pipeline: [{ type: "toString" }] } }, 10);
  refused({ name: "x", type: "aql", properties: { queryString: "FOR u IN _users RETURN u" } }, 10);
  refused({ name: "x", type: "aql", properties: { queryString: "RETURN @other" } }, 10);
  refused({ name: "x", type: "aql", properties: { queryString: "RETURN" } }, 1501);
  equal(test.send("GET", "/_api/analyzer").body.result.length, 13);
});

Deno.test("queries use analyzers of their database and of _system, as they are at that time", () => {
  using test = new TestServer();
  const run = (query: string, database = "_system") =>
    test.send("POST", `/_db/${database}/_api/cursor`, { query }).body;
  const save = (delimiter: string, database = "_system") =>
    test.send("POST", `/_db/${database}/_api/analyzer`, { ...CSV, properties: { delimiter } });
  save(",");
  const query = "RETURN TOKENS(['a,b|c', ['d']], 'csv')";
  deepEqual(run(query).result, [[["a", "b|c"], [["d"]]]]);
  test.send("DELETE", "/_api/analyzer/csv");
  equal(run(query).errorNum, 10);
  save("|");
  deepEqual(run(query).result, [[["a,b", "c"], [["d"]]]]);
  test.send("POST", "/_api/database", { name: "other" });
  equal(run(query, "other").errorNum, 10);
  deepEqual(run("RETURN TOKENS('a|b', '_system::csv')", "other").result, [["a", "b"]]);
  save("-", "other");
  equal(run("RETURN TOKENS('a|b', 'other::csv')").errorNum, 10);
});

Deno.test("analyzers that are queries run without stored data", () => {
  using test = new TestServer();
  const save = (name: string, properties: Record<string, unknown>) =>
    equal(test.send("POST", "/_api/analyzer", { name, type: "aql", properties }).status, 201);
  const tokens = (text: string, name: string) =>
    test.send("POST", "/_api/cursor", { query: "RETURN TOKENS(@text, @name)", bindVars: { text, name } }).body;
  save("soundex", { queryString: "RETURN SOUNDEX(@param)" });
  save("noIr", { queryString: "RETURN LEFT(@param, 2) == 'ir' ? null : @param", keepNull: false });
  save("lengths", { queryString: "FOR w IN SPLIT(@param, ' ') RETURN LENGTH(w)", returnType: "number" });
  save("reader", { queryString: "RETURN DOCUMENT(@param)" });
  deepEqual(tokens("ArangoDB", "soundex").result, [["A652"]]);
  deepEqual(tokens("irregular", "noIr").result, [[]]);
  deepEqual(tokens("a bcd", "lengths").result, [[1, 3]]);
  match(tokens("_users/1", "reader").errorMessage, /must not use stored data/);
});
