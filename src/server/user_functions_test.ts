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
  const call = (code: string, ...args: unknown[]): unknown => {
    functions.register("t::f", code, false);
    return JSON.parse(functions.call("T::F", JSON.stringify(args))!);
  };
  equal(call("function (c) { return c * 2; }", 21), 42);
  deepEqual(call("(...all) => all.reverse()", 1, { a: [] }), [{ a: [] }, 1]);
  equal(call("() => undefined"), null);
  deepEqual(call("() => [typeof Deno, typeof process, typeof fetch, typeof require]"), Array(4).fill("undefined"));
  equal(functions.call("t::nope", "[]"), undefined);
  throws(() => call("() => { throw new Error('broken'); }"), { errorNum: 1583, message: /broken/ });
  throws(() => call("(x) => x.constructor.constructor('return Deno')()", {}), { errorNum: 1583 });
});
