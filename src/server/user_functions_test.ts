import { deepStrictEqual as deepEqual, strictEqual as equal, throws } from "node:assert/strict";
import { TestServer } from "./testing.ts";
import { UserFunctions } from "./user_functions.ts";

Deno.test("user functions: register, list, replace, remove", () => {
  using test = new TestServer();
  const post = (body: object): unknown[] => {
    const answer = test.send("POST", "/_api/aqlfunction", body);
    return [answer.status, answer.body.errorNum ?? answer.body.isNewlyCreated];
  };
  const code = "function (celsius) { return celsius * 1.8 + 32; }";
  deepEqual(post({ name: "my::temp::toF", code }), [201, true]);
  deepEqual(post({ name: "MY::temp::toF", code, isDeterministic: true }), [200, false]);
  deepEqual(post({ name: "my::other", code: "() => 1" }), [201, true]);
  deepEqual(post({ name: "nospace", code }), [400, 1580]);
  deepEqual(post({ name: "a::b", code: "1 + 1" }), [400, 1581]);
  deepEqual(post({ name: "a::b", code: "function (" }), [400, 1581]);
  deepEqual(post({ name: "a::b" }), [400, 1581]);
  deepEqual(post({ name: "a::b", code: "function (", isDeterministic: null }), [400, 1581]);
  deepEqual(post({ name: "a::b", code, isDeterministic: 1 }), [400, 400]);
  const names = (path: string): string[] =>
    test.send("GET", `/_api/aqlfunction${path}`).body.result.map((one: { name: string }) => one.name);
  deepEqual(names(""), ["my::other", "MY::temp::toF"]);
  deepEqual(names("/my::temp"), ["MY::temp::toF"]);
  deepEqual(names("?namespace=my%3A%3Atemp%3A%3A"), ["MY::temp::toF"]);
  equal(test.send("DELETE", "/_api/aqlfunction/my::nope").status, 404);
  equal(test.send("DELETE", "/_api/aqlfunction/my::other").body.deletedCount, 1);
  equal(test.send("DELETE", "/_api/aqlfunction/my?group=true").body.deletedCount, 1);
  deepEqual(names(""), []);
});

Deno.test("user functions run on their own: values go in and out, nothing else", () => {
  using test = new TestServer();
  const functions = new UserFunctions(test.server.database("_system"));
  const warnings: unknown[] = [];
  const call = (code: string, ...args: unknown[]): unknown => {
    functions.register("t::f", code, false);
    return JSON.parse(functions.call("t::F", JSON.stringify(args), (...warning) => warnings.push(warning))!);
  };
  equal(call("function (c) { return c * 2; }", 21), 42);
  deepEqual(call("(...all) => all.reverse()", 1, { a: [] }), [{ a: [] }, 1]);
  equal(call("() => undefined"), null);
  deepEqual(call("() => [typeof Deno, typeof process, typeof fetch, typeof db]"), Array(4).fill("undefined"));
  throws(() => call("() => require('fs')"), { errorNum: 1583, message: /no module 'fs'/ });
  equal(functions.call("t::nope", "[]", () => {}), undefined);
  throws(() => call("() => { throw new Error('broken'); }"), { errorNum: 1583, message: /broken/ });
  throws(() => call("(x) => x.constructor.constructor('return Deno')()", {}), { errorNum: 1583 });
  const stack = "Error.prepareStackTrace = (_error, sites) => sites; const sites = new Error().stack;";
  equal(call(`() => { ${stack} return typeof sites; }`), "string");
  equal(
    call(`() => { globalThis.Error = { prepareStackTrace: (_e, sites) => sites };
    try { null.x } catch (error) { return typeof error.stack; } }`),
    "string",
  );
  throws(() => call("function () { return require.constructor('return Deno')(); }"), { errorNum: 1583 });
  deepEqual(warnings, []);
});

Deno.test("user functions know their name, may warn, and are strict only if they say so", () => {
  using test = new TestServer();
  const register = (name: string, code: string): number =>
    test.send("POST", "/_api/aqlfunction", { name, code }).body.errorNum ?? 0;
  const run = (expression: string, options = {}): unknown => {
    const { result, extra, errorNum } =
      test.send("POST", "/_api/cursor", { query: `RETURN ${expression}`, options }).body;
    return errorNum ?? [result[0], extra.warnings];
  };
  // the manual's example
  const celsius = `function (celsius) {
    if (typeof celsius === "undefined") {
      const error = require("@arangodb").errors.ERROR_QUERY_FUNCTION_ARGUMENT_NUMBER_MISMATCH;
      AQL_WARNING(error.code, require("util").format(error.message, this.name, 1, 1));
    }
    return celsius * 1.8 + 32;
  }`;
  equal(register("MyFunctions::ToFahrenheit", celsius), 0);
  deepEqual(run("MyFunctions::ToFahrenheit(100)"), [212, []]);
  deepEqual(run("MyFunctions::ToFahrenheit()"), [null, [{
    code: 1541,
    message: "invalid number of arguments for function 'MYFUNCTIONS::TOFAHRENHEIT()', " +
      "expected number of arguments: minimum: 1, maximum: 1",
  }]]);
  equal(run("MyFunctions::ToFahrenheit()", { failOnWarning: true }), 1541);
  equal(register("t::sloppy", "function (n) { m = n; return m; }"), 0);
  deepEqual(run("t::sloppy(3)"), [3, []]);
  equal(register("t::strict", `function () { "use strict"; m = 3; return m; }`), 0);
  deepEqual((run("t::strict()") as [unknown, { code: number }[]])[1].map(({ code }) => code), [1583]);
  equal(register("_aql::own", "() => 1"), 1580);
});
