import { deepStrictEqual as deepEqual, equal, match, throws } from "node:assert/strict";
import { fakeShell } from "../fake_connection.ts";
import type { Shell } from "../shell.ts";

/** A shell, and a function that runs a script and gives what that has logged: level, topic if it is named, text. */
function newShell(readLine?: () => string): { shell: Shell; logged: (code: string) => string[] } {
  const records: string[] = [];
  const { shell } = fakeShell(undefined, {
    log: (level, text, topic) => records.push([level, ...(topic === undefined ? [] : [`{${topic}}`]), text].join(" ")),
    ...(readLine ? { readLine } : {}),
  });
  const logged = (code: string): string[] => {
    shell.run(`${code}; void 0`);
    return records.splice(0);
  };
  return { shell, logged };
}

Deno.test("console: each method has its level", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  deepEqual(logged("for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name](name)"), [
    "INFO log",
    "INFO info",
    "WARNING warn",
    "ERROR error",
    "DEBUG debug",
  ]);
  deepEqual(logged("for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name + 'Lines']('a\\nb')"), [
    ...["INFO a", "INFO b", "INFO a", "INFO b", "WARNING a", "WARNING b"],
    ...["ERROR a", "ERROR b", "DEBUG a", "DEBUG b"],
  ]);
  deepEqual(logged("console.dir({ a: [1] }); console.log('a\\nb')"), ['INFO { "a" : [ 1 ] }', "INFO a\nb"]);
});

Deno.test("console: a text that comes first is a format, other values are shown on one line", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  const first = (code: string) => logged(`console.log(${code})`)[0];
  equal(
    first("'%s, %d, %i, %f, %o, %%, %x', 'a', 1.9, '2.9', 0.5, { b: 1 }"),
    'INFO a, 1, 2, 0.500000, { "b" : 1 }, %, %x',
  );
  equal(first("'%s %d', 1"), "INFO 1 %d");
  equal(first("'a', 'b', { c: [] }, null"), 'INFO a b { "c" : [ ] } null');
  equal(first("'%d', 'x'"), "INFO NaN");
  equal(first("{ a: 'x'.repeat(300) }"), `INFO { "a" : "${"x".repeat(300)}" }`);
  equal(first("[new TypeError('t')][0], /x/g, undefined, 1.5, true"), "INFO TypeError: t /x/g undefined 1.5 true");
  equal(first("new Date(0)"), "INFO Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)");
  equal(first("{ _PRINT(context) { context.output += 'printed'; } }"), "INFO printed");
  equal(first(""), "INFO ");
});

Deno.test("console: groups indent what follows", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  const code = `console.group("outer %d", 1); console.warn("a"); console.groupCollapsed("inner"); console.info("b");
    console.groupEnd(); console.log("c"); console.groupEnd(); console.groupEnd(); console.log("d")`;
  deepEqual(logged(code), ["INFO outer 1", "WARNING   a", "INFO   inner", "INFO     b", "INFO   c", "INFO d"]);
});

Deno.test("console: times of labels", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  match(logged("console.time('work'); console.timeEnd('work')")[0]!, /^INFO work: \d+ms$/);
  for (const label of ["work", "other"]) {
    throws(() => shell.run(`console.timeEnd('${label}')`), { message: `No such label: ${label}` });
  }
});

Deno.test("console: assert logs and throws what does not hold, and nothing else", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  deepEqual(logged("console.assert(1, 'fine'); console.assert('x')"), []);
  const code = "try { console.assert(0, 'not %s', 'so') } catch (e) { console.log(e.name + ', ' + e.message) }";
  deepEqual(logged(code), ["ERROR not so", "INFO AssertionError, not so"]);
});

Deno.test("console: stacks have a record for each line, and the causes", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  const [title, ...places] = logged("(function f() { console.trace('here %d', 1) })()");
  equal(title, "INFO trace: here 1");
  match(places.join("\n"), /^INFO {5}at /);
  const error = "Object.assign(new Error('outer'), { cause: new TypeError('inner') })";
  for (
    const [call, level] of [
      [`console.warnStack(${error}, 'why')`, "WARNING"],
      [`console.levelStack('debug', ${error}, 'why')`, "DEBUG"],
      [`console.levelStack('ERROR', ${error}, 'why')`, "ERROR"],
    ]
  ) {
    const records = logged(call!);
    deepEqual(records.slice(0, 2), [`${level} why`, `${level} Error: outer`]);
    equal(records.filter((record) => record === `${level} via TypeError: inner`).length, 1);
    equal(records.every((record) => record.startsWith(`${level} `)), true);
  }
  equal(logged(`console.errorStack(${error})`)[0], "ERROR Error: outer");
  deepEqual(logged("console.infoStack('no error')"), ["INFO no error"]);
});

Deno.test("console: records of other topics", () => {
  const { shell, logged } = newShell();
  using _shell = shell;
  const code = `console.topic("queries=warning", "slow: %d s", 3); console.topic("=trace", "every step");
    console.topic("general=fatal", "the end"); console.topic("rep-state=error", { a: 1 })`;
  deepEqual(logged(code), [
    "WARNING {queries} slow: 3 s",
    "TRACE every step",
    "FATAL {general} the end",
    'ERROR {rep-state} { "a" : 1 }',
  ]);
});

Deno.test("console: getline reads what the user says", () => {
  const answers = ["yes", ""];
  const { shell } = newShell(() => answers.shift()!);
  using _shell = shell;
  deepEqual(JSON.parse(shell.run("JSON.stringify([console.getline(), console.getline()])") as string), ["yes", ""]);
});
