/**
 * Unit tests in the manner of ArangoDB.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `jsunity`. Source: arangosh.md 7.2. */
export function jsunity({ exports, require, host, global }: ModuleScope): void {
  const { COLORS, inspect, print } = require("denosh/printer");
  const internal = require("internal");

  const MODULE_NOT_FOUND = 3100;

  let count = 0;
  let filter: Loose;
  let results: Loose;
  const env = {
    defaultScope: global,
    getDate: () => new Date(host.time() * 1000).getTime(),
  };

  function reset(): void {
    results = { duration: 0, status: true, failed: 0, total: 0, suiteName: undefined, totalSetUp: 0, totalTearDown: 0 };
  }
  reset();

  // assertions

  /** Throws the text of a failed assertion. */
  function failed(name: string, message: Loose, text: string): never {
    const stack = new Error().stack;
    throw `at assertion #${count}: ${message ?? name}: ${text}\n(${stack})\n At date:${new Date().toISOString()}`;
  }

  /** Structural comparison: sorted own keys, leaves by their text. */
  function alike(left: Loose, right: Loose, seen: Map<Loose, Loose> = new Map()): boolean {
    if (left === right) return true;
    const isLeaf = (value: Loose) => value === null || typeof value !== "object";
    if (isLeaf(left) || isLeaf(right)) return isLeaf(left) && isLeaf(right) && String(left) === String(right);
    if (seen.get(left) === right) return true;
    seen.set(left, right);
    const keys = Object.keys(left).sort();
    const others = Object.keys(right).sort();
    return keys.length === others.length &&
      keys.every((key, at) => key === others[at] && alike(left[key], right[key], seen));
  }

  const assertions: Loose = {};
  /** An assertion on one value: `passes` tells whether it holds, `text` what is wrong with it. */
  function unary(name: string, passes: (actual: Loose) => boolean, text: string): void {
    assertions[name] = (actual: Loose, message?: Loose) => {
      count++;
      if (!passes(actual)) failed(name, message, `(${inspect(actual)}) ${text}`);
    };
  }
  /** An assertion on an expectation and a value. */
  function binary(name: string, passes: (expected: Loose, actual: Loose) => boolean, text: string): void {
    assertions[name] = (expected: Loose, actual: Loose, message?: Loose) => {
      count++;
      if (!passes(expected, actual)) {
        const wanted = typeof expected === "function" ? expected.name || String(expected) : expected;
        const shown = expected instanceof RegExp ? String(expected) : inspect(wanted);
        failed(name, message, `(${inspect(actual)}) ${text} (${shown})`);
      }
    };
  }
  unary("assertTrue", (value) => Boolean(value), "does not evaluate to true");
  unary("assertFalse", (value) => !value, "does not evaluate to false");
  unary("assertNull", (value) => value === null, "is not null");
  unary("assertNotNull", (value) => value !== null, "is null");
  unary("assertUndefined", (value) => value === undefined, "is not undefined");
  unary("assertNotUndefined", (value) => value !== undefined, "is undefined");
  unary("assertNaN", (value) => isNaN(value), "is not NaN");
  unary("assertNotNaN", (value) => !isNaN(value), "is NaN");
  binary("assertEqual", (expected, actual) => alike(expected, actual), "is not equal to");
  binary("assertNotEqual", (expected, actual) => !alike(expected, actual), "is equal to");
  binary("assertIdentical", (expected, actual) => expected === actual, "is not identical to");
  binary("assertNotIdentical", (expected, actual) => expected !== actual, "is identical to");
  binary("assertMatch", (expected, actual) => expected.test(actual), "does not match");
  binary("assertNotMatch", (expected, actual) => !expected.test(actual), "matches");
  binary("assertTypeOf", (expected, actual) => String(typeof actual) === expected, "is not of type");
  binary("assertNotTypeOf", (expected, actual) => String(typeof actual) !== expected, "is of type");
  binary("assertInstanceOf", (expected, actual) => actual instanceof expected, "is not an instance of");
  binary("assertNotInstanceOf", (expected, actual) => !(actual instanceof expected), "is an instance of");
  assertions.assertException = (run: Loose, message?: Loose) => {
    count++;
    if (typeof run === "function") {
      try {
        run();
      } catch {
        return;
      }
    }
    failed("assertException", message, `(${inspect(run)}) does not raise an exception or not a function`);
  };
  assertions.fail = (message?: Loose) => {
    throw new Error(message === undefined ? "fail(): invoked without message" : String(message));
  };

  // running

  const time = () => `${new Date(host.time() * 1000).toISOString()}`;
  const milliseconds = (start: number) => Math.round((host.time() - start) * 1000);
  function line(color: string, text: string): void {
    print(`${time()} ${color}${text}${COLORS.COLOR_RESET}`);
  }

  /** What went wrong, with the stack in round brackets. */
  function describe(error: Loose): string {
    const assertion = typeof error === "string" ? /^(at assertion [^]*?)\n\(([^]*)\)\n At .*$/.exec(error) : null;
    if (assertion !== null) return `Error: ${assertion[1]}\n(${assertion[2]}\n)`;
    return error?.stack === undefined ? String(error) : `${error}\n(${error.stack}\n)`;
  }

  function isWanted(suite: string, test: string): boolean {
    const filters = [].concat(filter ?? []) as string[];
    if (filters.length === 0) return true;
    const names = [test, `${suite}::${test}`];
    if (filters.some((pattern) => names.includes(pattern))) return true;
    const minimatch = global.require("minimatch");
    return filters.some((pattern) => names.some((name) => minimatch(name, pattern)));
  }

  /** Lock and cluster timeouts only end a test, they do not fail what follows. */
  const isTimeout = (error: Loose) => error?.errorNum === 18 || error?.errorNum === 1457;

  function runSuite(make: Loose): Loose {
    const suiteName = make.name || "unnamed";
    const suite = make();
    const names = Object.keys(suite).filter((name) => name.startsWith("test") && typeof suite[name] === "function");
    const known = ["setUp", "tearDown", "setUpAll", "tearDownAll", "internal"];
    for (const name of Object.keys(suite)) {
      if (!names.includes(name) && !known.includes(name)) print(`unknown function: ${name}`);
    }
    const tests = names.filter((name) => isWanted(suiteName, name));
    const duplicate = tests.find((name) => Object.hasOwn(results, name));
    if (duplicate !== undefined) throw new Error(`Duplicate testsuite '${duplicate}'`);
    results.suiteName = suiteName;
    const start = host.time();
    let passed = 0;
    let failures = 0;
    const report = (name: string, result: Loose) => {
      results[name] = result;
      results.total++;
      if (result.status) passed++;
      else failures++;
    };
    const setUpStart = host.time();
    let broken: Loose;
    try {
      if (tests.length > 0) settle(suite.setUpAll?.(suiteName));
    } catch (error) {
      if ((error as Loose)?.isExitRequest === true) throw error;
      broken = { error };
    }
    const setUpAll = milliseconds(setUpStart);
    results.totalSetUp += setUpAll;
    results.setUpAllDuration = { ...results.setUpAllDuration, [suiteName]: setUpAll };
    line(COLORS.COLOR_GREEN, `[------------] ${tests.length} tests from ${suiteName} (setUpAll: ${setUpAll}ms)`);
    if (broken !== undefined) {
      const message = `${describe(broken.error)} - setUpAll failed`;
      for (const name of tests) {
        report(name, { status: false, duration: 0, setUpDuration: 0, tearDownDuration: 0, message });
      }
      line(COLORS.COLOR_RED, `[   FAILED   ] ${suiteName} (setUpAll: ${setUpAll}ms)`);
      print(`${COLORS.COLOR_RED}${message}${COLORS.COLOR_RESET}`);
    } else {
      for (const name of tests) report(name, runTest(suite, name));
    }
    const tearDownStart = host.time();
    try {
      if (broken === undefined && tests.length > 0) settle(suite.tearDownAll?.(suiteName));
    } catch (error) {
      failures++;
      results.message = `${describe(error)} - tearDownAll failed`;
      print(`${COLORS.COLOR_RED}${results.message}${COLORS.COLOR_RESET}`);
    }
    const tearDownAll = milliseconds(tearDownStart);
    results.totalTearDown += tearDownAll;
    results.teardownAllDuration = { ...results.teardownAllDuration, [suiteName]: tearDownAll };
    line(
      COLORS.COLOR_GREEN,
      `[------------] ${tests.length} tests from ${suiteName} ran (tearDownAll: ${tearDownAll}ms)`,
    );
    const duration = milliseconds(start);
    results.duration += duration;
    results.failed += failures;
    if (failures > 0) results.status = false;
    return { suiteName, total: tests.length, passed, failed: failures, duration };
  }

  const { settle } = require("denosh/promises");

  function runTest(suite: Loose, name: string): Loose {
    count = 0;
    line(COLORS.COLOR_GREEN, `[ RUN        ] ${name}`);
    const durations = [0, 0, 0];
    const messages: string[] = [];
    /** Runs one part; tells whether it went well. */
    const part = (index: number, label: string, run: () => void): boolean => {
      const start = host.time();
      try {
        run();
        return true;
      } catch (error) {
        if ((error as Loose)?.isExitRequest === true) throw error;
        messages.push(`${describe(error)} - ${label} failed${isTimeout(error) ? " by a timeout" : ""}`);
        return false;
      } finally {
        durations[index] = milliseconds(start);
      }
    };
    if (part(0, "setUp", () => settle(suite.setUp?.(name)))) {
      part(1, "test", () => settle(suite[name]()));
      part(2, "tearDown", () => settle(suite.tearDown?.(name)));
    }
    const [setUpDuration, duration, tearDownDuration] = durations;
    const times = `(setUp: ${setUpDuration}ms, test: ${duration}ms, tearDown: ${tearDownDuration}ms)`;
    const status = messages.length === 0;
    if (status) line(COLORS.COLOR_GREEN, `[     PASSED ] ${name} ${times}`);
    else {
      line(COLORS.COLOR_RED, `[   FAILED   ] ${name} ${times}`);
      print(`${COLORS.COLOR_RED}${messages.join("\n")}${COLORS.COLOR_RESET}`);
    }
    results.totalSetUp += setUpDuration;
    results.totalTearDown += tearDownDuration;
    return { status, duration, setUpDuration, tearDownDuration, ...(status ? {} : { message: messages.join("\n") }) };
  }

  function done(suiteName?: string): Loose {
    const passed = results.total - results.failed;
    line(COLORS.COLOR_GREEN, `[   PASSED   ] ${passed} tests.`);
    line(results.failed > 0 ? COLORS.COLOR_RED : COLORS.COLOR_GREEN, `[   FAILED   ] ${results.failed} tests.`);
    const counts = `${results.total} tests (${passed} passed, ${results.failed} failed)`;
    line(COLORS.COLOR_GREEN, `[============] Ran: ${counts} (${results.duration}ms total)`);
    print();
    const finished = results;
    if (suiteName !== undefined) finished.suiteName = suiteName;
    reset();
    return finished;
  }

  function writeDone(suiteName?: string): Loose {
    const finished = done(suiteName);
    const fs = require("fs");
    fs.write(fs.join(internal.options()["temp.path"] || fs.getTempPath(), "testresult.json"), JSON.stringify(finished));
    return finished;
  }

  function attachAssertions(scope: Loose = global): void {
    for (const name of Object.keys(assertions)) scope[name] = assertions[name];
  }

  /** `require` for a test file: relative names mean the current directory, as in arangosh, and else the file's own. */
  function requireFor(file: string): Loose {
    const usual = global.require;
    const beside = new (require("module") as Loose)(file).require;
    const isThere = (name: string): boolean => {
      try {
        return Boolean(usual.resolve(name));
      } catch (error) {
        if ((error as Loose)?.errorNum === MODULE_NOT_FOUND) return false;
        throw error;
      }
    };
    const chosen = (name: Loose): Loose => /^\.{1,2}\//.test(name) && !isThere(name) ? beside : usual;
    return Object.assign((name: Loose) => chosen(name)(name), usual, {
      resolve: (name: Loose) => chosen(name).resolve(name),
    });
  }

  /** Runs a file whose text returns the result of `jsunity.done()`. */
  function runTestFile(path: string, outputReply?: Loose, testFilter?: Loose): Loose {
    const formerFilter = filter;
    if (testFilter !== undefined && testFilter !== null && testFilter !== "" && testFilter !== "undefined") {
      filter = testFilter;
    }
    try {
      let result;
      if (path.includes("test-module-")) {
        result = global.require(path).run({ runSetup: false, getOptions: false });
      } else {
        attachAssertions();
        const text = host.readText(path).replace(/^#![^\n]*/, "");
        const file = host.absolutePath(path);
        // in a function of its own, a file may declare what is given to it
        const names = ["runSetup, getOptions, require, __filename, __dirname", ""];
        const run: Loose = host.compileFunction(names, text, path);
        result = run(false, false, requireFor(file), file, file.slice(0, file.lastIndexOf("/")) || "/")();
      }
      return outputReply === true ? result : result?.status;
    } finally {
      filter = formerFilter;
    }
  }

  Object.assign(exports, {
    run: runSuite,
    done,
    writeDone,
    runTest: runTestFile,
    setTestFilter(wanted: Loose) {
      filter = wanted;
    },
    jsUnity: {
      assertions,
      attachAssertions,
      compile: (make: Loose) => ({ suiteName: make.name, scope: make() }),
      run: (...suites: Loose[]) => suites.map((suite) => runSuite(suite)),
      TestSuite: function TestSuite(this: Loose, suiteName: string, scope: Loose) {
        this.suiteName = suiteName;
        this.scope = scope;
      },
      env,
      log: (text: Loose) => print(String(text)),
      results: { pass() {}, fail() {}, begin() {}, end() {} },
      tap: {},
    },
  });
}
