/**
 * Running test files from the command line.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/testrunner`. Source: arangosh.md 7.1. */
export function testrunner({ exports, require, host, global }: ModuleScope): void {
  const internal = require("internal");
  const { print } = require("denosh/printer");

  /** Where the result goes: the harness's directory, the configured one, or the temporary one. */
  function resultDirectory(): string {
    const info = host.getVariable("INSTANCEINFO");
    if (info !== undefined && info !== "") {
      const { rootDir } = JSON.parse(info);
      if (typeof rootDir === "string") return rootDir;
    }
    return internal.options()["temp.path"] || require("fs").getTempPath();
  }

  function describe(error: Loose): string {
    let text = String(error?.stack ?? error);
    for (let cause = error?.cause; cause !== undefined && cause !== null; cause = cause.cause) {
      text += `\nvia ${cause.stack ?? cause}`;
    }
    return text;
  }

  /** The result of test files; what they throw outside of tests is a failure. */
  function resultOf(files: string, run: () => Loose): Loose {
    try {
      const result = run();
      if (result === undefined || result === null) {
        throw new Error(`the file returned no result; it has to end with 'return jsunity.done();'`);
      }
      return result;
    } catch (error) {
      if ((error as Loose)?.isExitRequest === true) throw error;
      print(`arangosh: cannot run test file '${files}': ${error}`);
      print(describe(error));
      return { status: false, message: describe(error), failed: 1, total: 1, duration: 0 };
    }
  }

  /** The global that suites know the servers by; a harness may have set its own. */
  function provideInstanceManager(): void {
    if (global.instanceManager !== undefined) return;
    const helper = require("@arangodb/test-helper");
    const info = helper.getInstanceInfo();
    const endpoint = helper.getSingleServerEndpoint();
    const manager: Loose = {
      arangods: [],
      endpoint,
      url: helper.endpointToURL(endpoint),
      rootDir: resultDirectory(),
      options: {},
      protocol: "tcp",
      ...info,
      findEndpoint: helper.getSingleServerEndpoint,
    };
    for (const name of ["debugCanUseFailAt", "debugClearFailAt", "debugResetRaceControl"]) {
      manager[name] = () => helper[name]();
    }
    for (const name of ["debugSetFailAt", "debugRemoveFailAt"]) {
      manager[name] = (what: string) => helper[name]("", what);
    }
    Object.defineProperty(global, "instanceManager", { value: manager, configurable: true, writable: true });
  }

  exports.runCommandLineTests = function runCommandLineTests(): void {
    provideInstanceManager();
    const files: string[] = Array.from(internal.unitTests());
    const filter = internal.unitTestFilter() ?? "";
    const outcome: Loose = { failed: 0, total: 0, duration: 0, status: true };
    const add = (file: string, result: Loose) => {
      outcome[file] = result;
      outcome.failed += result.failed ?? 0;
      outcome.total += result.total ?? 0;
      outcome.duration += result.duration ?? 0;
      outcome.status &&= result.status === true;
    };
    const isMocha = (file: string) => /.+-spec.*\.js/.test(file);
    for (const file of files.filter((each) => !isMocha(each))) {
      const mode = outcome.status ? "Running" : "Skipping";
      const reason = outcome.status ? "" : " due to previous errors";
      print(`\n${new Date(host.time() * 1000)} arangosh: ${mode} JSUnity test from file '${file}'${reason}`);
      if (outcome.status) add(file, resultOf(file, () => require("jsunity").runTest(file, true, filter)));
    }
    const specs = files.filter(isMocha);
    if (specs.length > 0) {
      const names = specs.join(", ");
      print(`\nRunning Mocha Tests: ${names}`);
      add(names, resultOf(names, () => require("@arangodb/mocha-runner").run(specs, true, filter)));
    }
    const directory = resultDirectory();
    host.makeDirectory(directory, true);
    host.writeFile(`${directory}/testresult.json`, JSON.stringify(outcome), false);
    internal.setUnitTestsResult(outcome.status);
  };
}

/** The module `@arangodb/mocha-runner`: synchronous tests in the manner of mocha. Source: arangosh.md 7.3. */
export function mochaRunner({ exports, require, host, global }: ModuleScope): void {
  const { COLORS, print } = require("denosh/printer");
  const { settle } = require("denosh/promises");

  /** Calls a function of a spec; one that takes a parameter tells by it that it has ended. */
  function call(run: Loose, context: Loose): void {
    if (run.length === 0) {
      settle(run.call(context));
      return;
    }
    let ended: { error?: Loose } | undefined;
    run.call(context, (error?: Loose) => ended ??= { error });
    settle(Promise.resolve());
    if (ended === undefined) throw new Error("done() was not called: there is no event loop");
    if (ended.error) throw ended.error;
  }

  interface Test {
    title: string;
    run?: () => void;
    skip: boolean;
    only: boolean;
  }
  interface Suite {
    title: string;
    suites: Suite[];
    tests: Test[];
    hooks: Record<string, (() => void)[]>;
    skip: boolean;
    only: boolean;
    /** The `this` of its functions; inner suites see what outer ones have put there. */
    context: Loose;
  }

  function newSuite(title: string, parent?: Suite, options: Partial<Suite> = {}): Suite {
    const hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
    const settings = { timeout() {}, slow() {}, retries() {} };
    const context = parent === undefined ? settings : Object.create(parent.context);
    return { title, suites: [], tests: [], hooks, skip: false, only: false, context, ...options };
  }

  /** The functions that a spec calls. */
  function makeInterface(root: Suite): Loose {
    let current = root;
    const suite = (options: Partial<Suite>) => (title: string, define: () => void) => {
      const parent = current;
      current = newSuite(title, parent, options);
      parent.suites.push(current);
      try {
        define.call(current.context);
      } finally {
        current = parent;
      }
    };
    const test = (options: Partial<Test>) => (title: string, run?: () => void) => {
      current.tests.push({ title, skip: run === undefined, only: false, ...(run ? { run } : {}), ...options });
    };
    const hook = (name: string) => (first: Loose, second?: Loose) => {
      current.hooks[name]!.push(typeof first === "function" ? first : second);
    };
    const describe: Loose = suite({});
    describe.only = suite({ only: true });
    describe.skip = suite({ skip: true });
    const it: Loose = test({});
    it.only = test({ only: true });
    it.skip = test({ skip: true });
    const [before, after, beforeEach, afterEach] = ["before", "after", "beforeEach", "afterEach"].map(hook);
    return {
      describe,
      context: describe,
      suite: describe,
      xdescribe: describe.skip,
      it,
      specify: it,
      test: it,
      xit: it.skip,
      before,
      after,
      beforeEach,
      afterEach,
      suiteSetup: before,
      suiteTeardown: after,
      setup: beforeEach,
      teardown: afterEach,
    };
  }

  /** Adds what a spec exports: functions are tests or, by their names, hooks; objects are suites. */
  function addExported(members: Loose, suite: Suite): void {
    for (const [title, member] of Object.entries(members as Record<string, Loose>)) {
      if (typeof member === "function") {
        const hooks = Object.hasOwn(suite.hooks, title) ? suite.hooks[title] : undefined;
        if (hooks !== undefined) hooks.push(member);
        else suite.tests.push({ title, run: member, skip: false, only: false });
      } else if (member !== null && typeof member === "object") {
        const inner = newSuite(title, suite);
        suite.suites.push(inner);
        addExported(member, inner);
      }
    }
  }

  function hasOnly(suite: Suite): boolean {
    return suite.only || suite.tests.some(({ only }) => only) || suite.suites.some(hasOnly);
  }

  /** Runs spec files; with `returnJson` the result is that of a jsunity file. */
  exports.run = function run(files: string[], returnJson?: boolean, grep?: string): Loose {
    const root = newSuite("");
    const members = makeInterface(root);
    const names = Object.keys(members);
    const start = host.time();
    const result: Loose = { total: 0, failed: 0, duration: 0, status: true };
    for (const file of files) {
      const module = { exports: {} };
      const text = host.readText(file).replace(/^#![^\n]*/, "");
      // in a function of its own, a spec may declare what is given to it
      const parameters = [[...names, "require", "module", "exports"].join(", "), ""];
      const surround: Loose = host.compileFunction(parameters, text, host.absolutePath(file));
      surround(...names.map((name) => members[name]), global.require, module, module.exports)();
      addExported(module.exports, root);
    }
    const isFiltered = hasOnly(root);
    const counts = { pass: 0, fail: 0, skip: 0 };
    const write = (depth: number, text: string) => print("    ".repeat(depth) + text);

    function runTest(test: Test, path: string[], chain: Suite[], skip: boolean): void {
      const title = [...path, test.title].join(" ");
      if (grep && !title.includes(grep)) return;
      const depth = path.length;
      if (skip || test.skip) {
        counts.skip++;
        write(depth, `${COLORS.COLOR_CYAN}[SKIP] ${test.title}${COLORS.COLOR_RESET}`);
        return;
      }
      result.total++;
      const begun = host.time();
      let failure: Loose;
      const { context } = chain.at(-1)!;
      context.currentTest = { title: test.title };
      try {
        for (const suite of chain) for (const each of suite.hooks.beforeEach!) call(each, context);
        call(test.run, context);
      } catch (error) {
        failure = { error };
      }
      try {
        for (const suite of [...chain].reverse()) for (const each of suite.hooks.afterEach!) call(each, context);
      } catch (error) {
        failure ??= { error };
      }
      const duration = Math.round((host.time() - begun) * 1000);
      result[title] = { status: failure === undefined, duration, setUpDuration: 0, tearDownDuration: 0 };
      if (failure === undefined) {
        counts.pass++;
        write(depth, `${COLORS.COLOR_GREEN}[PASS] ${test.title}${COLORS.COLOR_RESET}`);
        return;
      }
      fail(depth, test.title, failure.error);
      result[title].message = String(failure.error?.stack ?? failure.error);
    }

    function fail(depth: number, title: string, error: Loose): void {
      counts.fail++;
      write(depth, `${COLORS.COLOR_RED}[FAIL] ${title}${COLORS.COLOR_RESET}`);
      for (const line of String(error?.stack ?? error).split("\n")) {
        write(depth + 1, `${COLORS.COLOR_RED}${line}${COLORS.COLOR_RESET}`);
      }
    }

    /** Runs what a suite has before or after all its tests; returns whether that went well. */
    function runHooks(when: "before" | "after", suite: Suite, depth: number): boolean {
      try {
        for (const each of suite.hooks[when]!) call(each, suite.context);
        return true;
      } catch (error) {
        if ((error as Loose)?.isExitRequest === true) throw error;
        result.total++;
        fail(depth, `"${when} all" hook`, error);
        return false;
      }
    }

    function runSuite(suite: Suite, path: string[], chain: Suite[], skipAll: boolean, onlyAll: boolean): void {
      const depth = path.length;
      if (suite.title !== "") write(depth, `${COLORS.COLOR_BOLD_WHITE}${suite.title}${COLORS.COLOR_RESET}`);
      const inner = suite.title === "" ? path : [...path, suite.title];
      const skip = skipAll || suite.skip;
      const only = onlyAll || suite.only;
      const here = [...chain, suite];
      const wanted = suite.tests.filter((test) => !isFiltered || only || test.only);
      const nested = suite.suites.filter((each) => !isFiltered || only || hasOnly(each));
      // as in mocha, what a suite has after its tests runs also where what it has before them has failed
      const isSetUp = skip || runHooks("before", suite, inner.length);
      if (isSetUp) {
        for (const test of wanted) runTest(test, inner, here, skip);
        for (const each of nested) runSuite(each, inner, here, skip, only);
      }
      if (!skip) runHooks("after", suite, inner.length);
      if (nested.length > 0 && suite.title !== "") print();
    }

    print();
    runSuite(root, [], [], false, false);
    result.failed = counts.fail;
    result.status = counts.fail === 0;
    result.duration = Math.round((host.time() - start) * 1000);
    const mark = result.status ? `${COLORS.COLOR_GREEN}[PASS]` : `${COLORS.COLOR_RED}[FAIL]`;
    const numbers = `(${counts.pass}|${counts.fail}|${counts.skip})`;
    print(`${mark} Completed ${result.total} tests in ${result.duration}ms ${numbers}${COLORS.COLOR_RESET}`);
    print();
    return returnJson ? result : result.status;
  };
}
