import assert from "node:assert/strict";
import { fakeShell } from "../fake_connection.ts";
import { TemporaryDirectory } from "../../base/testing.ts";

interface Run {
  readonly passed: boolean;
  /** What was printed: times are `T`, durations `N`, stacks left out. */
  readonly text: string;
  readonly result: Record<string, Record<string, unknown>>;
}

/** Runs files of tests, given by their texts, as the command line does. */
function run(files: Record<string, string>, filter = ""): Run {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const names = Object.keys(files);
  for (const name of names) Deno.writeTextFileSync(`${directory}/${name}`, files[name]!);
  const { shell, printed } = fakeShell(undefined, { startupOptions: { "temp.path": `${directory}/results` } });
  const passed = shell.runUnitTests(names.map((name) => `${directory}/${name}`), filter);
  const text = printed().replaceAll(directory, "DIR").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "T").replace(
    /\d+ms/g,
    "Nms",
  )
    .replace(/^\w{3} \w{3} \d\d \d{4} .*(?= arangosh:)/gm, "DATE").replace(/^ +at .*\n/gm, "");
  const json = Deno.readTextFileSync(`${directory}/results/testresult.json`).replaceAll(directory, "DIR");
  return { passed, text, result: JSON.parse(json) };
}

const SUITE = `
  const jsunity = require("jsunity");
  const log = [];
  function MySuite() {
    return {
      setUpAll: function () { log.push("all"); }, tearDownAll: function () { print(log.join()); },
      setUp: function (name) { log.push("up " + name); }, tearDown: function (name) { log.push("down " + name); },
      testOne: function () { assertEqual([1, { a: 2 }], [1, { a: 2 }]); },
      testTwo: function () { assertEqual(1, 2); },
      testThree: async function () { await Promise.resolve(); assertTrue(0, "by a promise"); },
    };
  }
  jsunity.run(MySuite);
  return jsunity.done();`;

Deno.test("jsunity: a suite prints each test, what failed, and its sums", () => {
  const { passed, text, result } = run({ "suite.js": SUITE });
  assert.equal(passed, false);
  assert.equal(
    text,
    `
DATE arangosh: Running JSUnity test from file 'DIR/suite.js'
T [------------] 3 tests from MySuite (setUpAll: Nms)
T [ RUN        ] testOne
T [     PASSED ] testOne (setUp: Nms, test: Nms, tearDown: Nms)
T [ RUN        ] testTwo
T [   FAILED   ] testTwo (setUp: Nms, test: Nms, tearDown: Nms)
Error: at assertion #1: assertEqual: (2) is not equal to (1)
(Error
) - test failed
T [ RUN        ] testThree
T [   FAILED   ] testThree (setUp: Nms, test: Nms, tearDown: Nms)
Error: at assertion #1: by a promise: (0) does not evaluate to true
(Error
) - test failed
all,up testOne,down testOne,up testTwo,down testTwo,up testThree,down testThree
T [------------] 3 tests from MySuite ran (tearDownAll: Nms)
T [   PASSED   ] 1 tests.
T [   FAILED   ] 2 tests.
T [============] Ran: 3 tests (1 passed, 2 failed) (Nms total)

`,
  );
  const file = result["DIR/suite.js"]!;
  assert.deepEqual([file.total, file.failed, file.status, file.suiteName], [3, 2, false, "MySuite"]);
  assert.deepEqual(Object.keys(file.testOne as object), ["status", "duration", "setUpDuration", "tearDownDuration"]);
  assert.match((file.testTwo as { message: string }).message, /^Error: at assertion #1: assertEqual: /);
});

Deno.test("jsunity: files require what lies beside them, and know where they are", () => {
  const suite = `
    const jsunity = require("jsunity");
    const getOptions = false; // files may declare what is given to them
    const helper = require("./helper");
    require("./deno.json"); // from the current directory, as at the prompt
    jsunity.run(function suite() {
      return {
        testHelper() { assertEqual([42, 42], [helper.number, require("./helper.js").number]); },
        testPlace() { assertEqual([helper.place, __dirname + "/suite.js"], [__dirname, __filename]); },
        testResolve() { assertEqual(__dirname + "/helper.js", require.resolve("./helper")); },
        testNothing() { require("./none"); },
      };
    });
    return jsunity.done();`;
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  Deno.writeTextFileSync(`${directory}/helper.js`, "exports.number = 42; exports.place = __dirname;");
  Deno.writeTextFileSync(`${directory}/suite.js`, suite);
  const { shell } = fakeShell();
  const path = JSON.stringify(`${directory}/suite.js`);
  const result = shell.run(`JSON.stringify(require("jsunity").runTest(${path}, true))`);
  const { testHelper, testPlace, testResolve, testNothing } = JSON.parse(String(result));
  const passed = [testHelper, testPlace, testResolve, testNothing].map(({ status }) => status);
  assert.deepEqual(passed, [true, true, true, false]);
  assert.match(testNothing.message, /^ArangoError 3100: cannot locate module\nFile: \.\/none\n/);
});

Deno.test("jsunity: filters are globs for tests, or for suite and test", () => {
  const ran = (filter: string) =>
    [...run({ "suite.js": SUITE }, filter).text.matchAll(/RUN\s+\] (\w+)/g)].map((m) => m[1]);
  assert.deepEqual(ran("testT*"), ["testTwo", "testThree"]);
  assert.deepEqual(ran("test{One,Three}"), ["testOne", "testThree"]);
  assert.deepEqual(ran("MySuite::testOne"), ["testOne"]);
  assert.deepEqual(ran("Other::*"), []);
});

Deno.test("jsunity: setUpAll and setUp that fail keep tests from running, and a failing tearDownAll counts", () => {
  const { text, result } = run({
    "suite.js": `
      const jsunity = require("jsunity");
      jsunity.run(function NoSetUpAll() { return { setUpAll() { throw new Error("A"); }, testA() { print("ran"); } }; });
      jsunity.run(function NoSetUp() {
        return { setUp() { throw "B"; }, testB() { print("ran"); }, tearDown() { print("ran"); } };
      });
      jsunity.run(function NoTearDown() { return { tearDownAll() { throw new Error("C"); }, testC() {} }; });
      jsunity.run(function Never() { return { testD() { return new Promise(() => {}); } }; });
      return jsunity.done();`,
  });
  const file = result["DIR/suite.js"]!;
  assert.deepEqual([file.total, file.failed], [4, 4]);
  assert.doesNotMatch(text, /^ran$/m);
  assert.match(text, /Error: A\n.*setUpAll failed/);
  assert.match(text, /^B - setUp failed$/m);
  assert.match(text, /Error: C\n.*tearDownAll failed/);
  assert.match(text, /the promise of the function never settles/);
});

Deno.test("jsunity: two tests of one name, a file without result and one that cannot be read fail", () => {
  const twice = `const jsunity = require("jsunity"); function S() { return { testX() {} }; }
    jsunity.run(S); jsunity.run(S); return jsunity.done();`;
  assert.match(
    run({ "twice.js": twice }).text,
    /cannot run test file 'DIR\/twice\.js': Error: Duplicate testsuite 'testX'/,
  );
  assert.match(run({ "nothing.js": "print(1)" }).text, /the file returned no result/);
  assert.match(run({ "broken.js": "syntax error" }).text, /cannot run test file 'DIR\/broken\.js': SyntaxError/);
  assert.equal(run({ "broken.js": "syntax error" }).passed, false);
});

Deno.test("jsunity: values of a failed assertion are pretty-printed, and only functions are tests", () => {
  const { text, result } = run({
    "suite.js": `
      const jsunity = require("jsunity");
      jsunity.run(function S() {
        return {
          testValues() { assertEqual({ a: 1 }, { a: [2] }); },
          testNoFunction() { assertException(5); },
          testText() { try { assertTrue(false); } catch (text) { print(text.split("\\n").pop().slice(0, 9)); } },
          testing: 5,
        };
      });
      return jsunity.done();`,
  });
  assert.match(text, /^unknown function: testing$/m);
  assert.match(
    text,
    /assertEqual: \(\{ \n {2}"a" : \[ \n {4}2 \n {2}\] \n\}\) is not equal to \(\{ \n {2}"a" : 1 \n\}\)/,
  );
  assert.match(text, /assertException: \(5\) does not raise an exception or not a function/);
  assert.match(text, /^ At date:$/m);
  assert.deepEqual([result["DIR/suite.js"]!.total, result["DIR/suite.js"]!.failed], [3, 2]);
});

Deno.test("mocha: contexts are inherited, promises and done() are understood", () => {
  const { text, result } = run({
    "a-spec.js": `
      describe("outer", function () {
        before(function () { this.x = 1; });
        it("sees", function () { if (this.x !== 1) throw new Error("x"); });
        it("awaits", async function () { await 1; });
        it("rejects", async function () { await 1; throw new Error("late"); });
        it("is done", function (done) { done(); });
        it("is not done", function (done) {});
        describe("inner", () => { it("sees too", function () { if (this.x !== 1) throw new Error("x"); }); });
      });`,
  });
  assert.equal(
    text,
    `
Running Mocha Tests: DIR/a-spec.js

outer
    [PASS] sees
    [PASS] awaits
    [FAIL] rejects
        Error: late
    [PASS] is done
    [FAIL] is not done
        Error: done() was not called: there is no event loop
    inner
        [PASS] sees too

[FAIL] Completed 6 tests in Nms (4|2|0)

`,
  );
  const file = result["DIR/a-spec.js"]!;
  assert.deepEqual([file.total, file.failed, file.status], [6, 2, false]);
  assert.equal((file["outer inner sees too"] as { status: boolean }).status, true);
});

Deno.test("mocha: before() that fails keeps tests from running, but not after(), whose own failure counts too", () => {
  const { text, result } = run({
    "hooks-spec.js": `
      describe("outer", function () {
        before(function () { throw "no server"; });
        it("never", function () { print("ran"); });
        describe("inner", () => it("never", function () { print("ran"); }));
        after(function () { print("cleaned up"); throw "still no server"; });
      });
      describe("another", () => it("runs", () => {}));`,
  });
  assert.equal(
    text,
    `
Running Mocha Tests: DIR/hooks-spec.js

outer
    [FAIL] "before all" hook
        no server
cleaned up
    [FAIL] "after all" hook
        still no server

another
    [PASS] runs
[FAIL] Completed 3 tests in Nms (1|2|0)

`,
  );
  const { total, failed, status } = result["DIR/hooks-spec.js"]!;
  assert.deepEqual([total, failed, status], [3, 2, false]);
});

Deno.test("mocha: a hook around each test that fails counts once, and ends the suite that has it, as in mocha", () => {
  const { text, result } = run({
    "each-spec.js": `
      describe("outer", function () {
        afterEach(function () { print("outer afterEach"); });
        describe("set up", function () {
          var calls = 0;
          beforeEach(function () { if (++calls === 2) throw "no server"; });
          beforeEach(function () { print("beforeEach " + calls); });
          afterEach(function () { print("afterEach"); });
          after(function () { print("after"); });
          it("one", () => {});
          it("two", () => print("ran"));
          it("three", () => print("ran"));
          describe("inner", () => it("four", () => print("ran")));
        });
        describe("torn down", function () {
          afterEach(function () { throw "dirty"; });
          it("five", () => {});
          it("six", () => print("ran"));
        });
        describe("another", () => it("seven", () => {}));
      });`,
  });
  assert.equal(
    text,
    `
Running Mocha Tests: DIR/each-spec.js

outer
    set up
beforeEach 1
        [PASS] one
afterEach
outer afterEach
        [FAIL] "before each" hook for "two"
            no server
afterEach
outer afterEach
after

    torn down
        [PASS] five
        [FAIL] "after each" hook for "five"
            dirty
outer afterEach
    another
        [PASS] seven
outer afterEach

[FAIL] Completed 5 tests in Nms (3|2|0)

`,
  );
  const file = result["DIR/each-spec.js"]!;
  assert.deepEqual([file.total, file.failed, file.status], [5, 2, false]);
  const { status, message } = file[`outer set up "before each" hook for "two"`] as Record<string, unknown>;
  assert.deepEqual([status, message], [false, "no server"]);
});

Deno.test("mocha: an outer suite's hook that fails ends the outer suite", () => {
  const { text } = run({
    "outer-spec.js": `
      describe("outer", function () {
        beforeEach(function () { throw "no server"; });
        describe("inner", function () {
          beforeEach(function () { print("ran"); });
          afterEach(function () { print("ran"); });
          it("one", () => print("ran"));
        });
        describe("next", () => it("two", () => print("ran")));
      });
      describe("another", () => it("three", () => {}));`,
  });
  assert.match(
    text,
    /\nouter\n {4}inner\n {4}\[FAIL\] "before each" hook for "one"\n {8}no server\n\nanother\n {4}\[PASS\] three\n\[FAIL\]/,
  );
});

Deno.test("mocha: skip() leaves a test, or a suite, and what was set up is torn down", () => {
  const { text, passed } = run({
    "skip-spec.js": `
      describe("tests", function () {
        afterEach(function () { print("afterEach"); });
        it("here", function () { this.skip(); print("ran"); });
        it("later", async function () { await 1; this.skip(); });
        describe("each", function () {
          beforeEach(function () { this.skip(); });
          it("one", () => print("ran"));
        });
      });
      describe("suites", function () {
        before(function () { this.skip(); });
        after(function () { print("after"); });
        it("two", () => print("ran"));
        describe("inner", function () { before(() => print("ran")); it("three", () => print("ran")); });
      });`,
  });
  assert.equal(passed, true);
  assert.match(
    text,
    new RegExp(
      "tests\n    \\[SKIP\\] here\nafterEach\n    \\[SKIP\\] later\nafterEach\n    each\n        \\[SKIP\\] one\nafterEach\n\n" +
        "suites\n    \\[SKIP\\] two\n    inner\n        \\[SKIP\\] three\nafter\n\n" +
        "\\[PASS\\] Completed 0 tests in Nms \\(0\\|0\\|5\\)",
    ),
  );
});

Deno.test("mocha: skip() after tests is a failure that says why", () => {
  for (const when of ["afterEach", "after"]) {
    const { text, passed } = run({ "late-spec.js": `${when}(function () { this.skip(); }); it("one", () => {});` });
    assert.equal(passed, false);
    assert.match(text, /\n {4}skip\(\) is called after what it could leave out\n/);
  }
});

Deno.test("mocha: suites without tests that are wanted are not run, nor their hooks", () => {
  const files = {
    "some-spec.js": `
      describe("left out", function () { before(() => print("ran")); it("one", () => print("ran")); });
      describe("empty", function () { before(() => print("ran")); });
      describe("wanted", () => it("two", () => {}));`,
  };
  const lines = run(files, "wanted").text.split("\n").slice(3, -2);
  assert.deepEqual(lines, ["wanted", "    [PASS] two", "[PASS] Completed 1 tests in Nms (1|0|0)"]);
});

Deno.test("what test files throw outside of tests is a failure, and told with its place in the file", () => {
  for (
    const [text, place] of [
      [
        "var a = 1; nothing.x;",
        /ReferenceError: nothing is not defined\n {4}at (?:\w+\.<anonymous> \()?DIR\/FILE:1:12/,
      ],
      ["\n  a b;", /cannot run test file 'DIR\/FILE': SyntaxError.*\nDIR\/FILE:2\n {2}a b;\n {4}\^\n/],
    ] as const
  ) {
    for (const name of ["load.js", "load-spec.js"]) {
      const { passed, result, text: printed } = run({ [name]: text });
      assert.equal(passed, false);
      const { message, ...rest } = result[`DIR/${name}`]!;
      assert.deepEqual(rest, { status: false, failed: 1, total: 1, duration: 0 });
      assert.match(`${printed}\n${message}`.replaceAll(name, "FILE"), place);
    }
  }
});

Deno.test("mocha: a spec may declare names that are given to it, and is strict if it says so", () => {
  const { passed, result } = run({
    "names-spec.js": `"use strict"; const suite = describe;
const { it } = { it: specify };
const test = 1, isStrict = this === undefined;
suite("outer", () => it("is strict", () => { if (!isStrict) throw new Error("it is not"); }));
`,
  });
  assert.equal(passed, true, JSON.stringify(result));
});

Deno.test("mocha: what a spec exports are suites, tests and hooks", () => {
  const { text, result } = run({
    "b-spec.js": `
      var ready = 0;
      exports.things = {
        before: function () { ready = 1; },
        "are ready": function () { if (!ready) throw new Error("not ready"); },
        inner: { "is ready too": function () { if (!ready) throw new Error("not ready"); } },
      };`,
  });
  assert.match(text, /^things\n {4}\[PASS\] are ready\n {4}inner\n {8}\[PASS\] is ready too\n/m);
  assert.equal(result["DIR/b-spec.js"]!.total, 2);
});
