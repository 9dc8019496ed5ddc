import assert from "node:assert/strict";
import fc from "fast-check";
import { fakeShell } from "./fake_connection.ts";

/** What a script prints. */
function printed(script: string): string {
  const { shell, printed } = fakeShell();
  shell.run(script);
  return printed();
}

Deno.test("a pretty-printed object looks as in the recordings of arangosh", () => {
  const script = `var o = {
    a: 1, list: [1, "two", {}], none: [], empty: {}, when: new Date(0)
  }; o.self = o; print(o)`;
  const when = String(new Date(0));
  assert.equal(
    printed(script),
    [
      "{ ",
      '  "a" : 1, ',
      '  "list" : [ ',
      "    1, ",
      '    "two", ',
      "    { ",
      "    } ",
      "  ], ",
      '  "none" : [ ], ',
      '  "empty" : { ',
      "  }, ",
      `  "when" : ${when}, `,
      '  "self" : ~ ',
      "}",
      "",
    ].join("\n"),
  );
});

Deno.test("without pretty printing everything is on one line", () => {
  assert.equal(
    printed(`stop_pretty_print(true); print({a: 1, list: [1, "two", {}], none: []})`),
    '{ "a" : 1, "list" : [ 1, "two", { } ], "none" : [ ] }\n',
  );
});

const VALUES: [string, string][] = [
  ["undefined", "undefined"],
  ["null", "null"],
  ["-0", "0"],
  ["0.1", "0.1"],
  ["1e21", "1e+21"],
  ["NaN", "NaN"],
  ["10n", "10"],
  ['"a\\nb"', "a\nb"],
  ['["a\\nb\\u0001\\"/\\\\ü"]', '[ \n  "a\\nb\\u0001\\"/\\\\ü" \n]'],
  ["[]", "[ ]"],
  ["({})", "{ \n}"],
  ["[,1]", "[ \n  undefined, \n  1 \n]"],
  ["Symbol('x')", "Symbol(x)"],
  ["/a/g", "/a/g"],
  ["new TypeError('x')", "TypeError: x"],
  ["new Uint8Array([1, 2])", "1,2"],
  ["new Map()", "[object Map]"],
  ["new Set([1])", "[object Set]"],
  ["[1][Symbol.iterator]()", "[object Array Iterator]"],
  ["Promise.resolve(1)", "{[Promise] \n}"],
  ["Object.create(null)", "{ \n}"],
  ["new (class Foo { constructor() { this.x = 1; } })", '{[Foo] \n  "x" : 1 \n}'],
  ["new (class { toString() { return 'mine'; } })", "mine"],
  ["function f(a, b) { return a; }", "function f(a, b) { return a; }"],
  ["[function foo(a,b,c) {}]", '[ \n  [Function "foo(a,b" ...] \n]'],
  ["[(a, b) => 1]", "[ \n  (a, b) { ... } \n]"],
  ["[() => 1]", "[ \n   { ... } \n]"],
  ["[{m() {}}.m]", "[ \n  () { ... } \n]"],
  ["({_PRINT: function (c) { c.output += 'own'; }})", "own"],
  ["new Buffer('abc')", "<Buffer 61 62 63>"],
  ["new (require('internal').ArangoError)({errorNum: 7, errorMessage: 'm'})", "[ArangoError 7: m]"],
];
Deno.test("every kind of value prints as in arangosh", async (t) => {
  for (const [expression, text] of VALUES) {
    await t.step(expression, () => assert.equal(printed(`print(${expression})`), `${text}\n`));
  }
});

Deno.test("an object that was met before prints as the path of its first place", () => {
  assert.equal(
    printed(`stop_pretty_print(true); var s = {}; print({a: [1, s], b: s, c: {d: s}})`),
    '{ "a" : [ 1, { } ], "b" : ~[a][1], "c" : { "d" : ~[a][1] } }\n',
  );
});

Deno.test("print cuts strings inside of containers at 256 characters, inspect does not", () => {
  const cut = printed(`print(["x".repeat(300), "y".repeat(256)])`);
  assert.ok(cut.includes(`"${"x".repeat(256)}..."`));
  assert.ok(cut.includes(`"${"y".repeat(256)}"`));
  assert.ok(printed(`print(require("internal").inspect(["x".repeat(300)]))`).includes("x".repeat(300)));
  assert.equal(printed(`print("z".repeat(300))`), "z".repeat(300) + "\n");
});

Deno.test("print_plain and inspect do not ask objects for their text", () => {
  assert.equal(printed(`print_plain([new Date(0)])`), "[ [Object {[Date] }] ]\n");
  assert.equal(
    printed(`print(require("internal").inspect({e: {_PRINT() {}}}, {prettyPrint: false}))`),
    '{ "e" : { "_PRINT" : _PRINT() {} } }\n',
  );
});

Deno.test("printf fills placeholders, keeps unknown ones and appends what is left over", () => {
  assert.equal(
    printed(`printf("%s %d %i %f %% %x %s", "a", 1.7, "2.2", 1, "y", "z")`),
    "a 1 2 1.000000 % %x y z",
  );
  assert.equal(printed(`printf("%d %s", "x")`), "NaN %s");
});

Deno.test("captured output is returned instead of printed", () => {
  assert.equal(
    printed(`
      var internal = require("internal");
      var former = internal.startCaptureMode();
      print("one"); print(internal.isCaptureMode());
      var text = internal.stopCaptureMode(former);
      print(text.length, internal.isCaptureMode());
    `),
    "9 false\n",
  );
});

Deno.test("switching modes says so only when something changes", () => {
  assert.equal(
    printed(`start_pretty_print(); stop_pretty_print(); start_pretty_print(); start_color_print("red", true);
      stop_color_print(); stop_pager(); start_pager(); start_pager()`),
    "disabled pretty printing\nusing pretty printing\ndisabled color printing\nPager not running.\n" +
      "Using pager less -X -R -F -L for output buffering.\nUsing pager already.\n",
  );
});

Deno.test("colours on a terminal: keys blue, strings magenta, numbers green", () => {
  const { shell, printed } = fakeShell(undefined, {
    terminal: { columns: 80, rows: 24, isTty: true },
    colors: true,
    prettyPrint: false,
  });
  shell.run(`print({a: "b", c: [1, null]})`);
  const text = printed();
  assert.ok(text.includes('\u001b[1;34m"a"\u001b[0m'));
  assert.ok(text.includes('\u001b[1;35m"b"\u001b[0m'));
  assert.ok(text.includes("\u001b[1;32m1\u001b[0m"));
  assert.ok(text.includes("\u001b[33mnull\u001b[0m"));
});

Deno.test("a value that is larger than one piece prints completely", () => {
  const text = printed(`print(Array.from({length: 5000}, (_, i) => i))`);
  assert.equal(text.split("\n").length, 5003);
  assert.ok(text.includes("  4999 \n]\n"));
});

Deno.test("any JSON value prints as JSON text of itself, in both modes", () => {
  const { shell, printed } = fakeShell();
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, isPretty) => {
    // a string at the top level prints without quotes, so everything goes into a list
    const json = JSON.stringify([value]);
    shell.run(`${isPretty ? "start" : "stop"}_pretty_print(true); print(JSON.parse(${JSON.stringify(json)}))`);
    assert.deepEqual(JSON.parse(printed()), JSON.parse(json));
  }));
});
