/**
 * Running spec files.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/mocha-runner`: synchronous tests in the manner of mocha. Source: arangosh.md 7.3. */
export function mochaRunner({ exports, require, host, global }: ModuleScope): void {
  const { COLORS, print } = require("denosh/printer");
  const { settle } = require("denosh/promises");

  interface Test {
    title: string;
    run?: () => void;
    skip: boolean;
    only: boolean;
  }
  type HookName = "before" | "after" | "beforeEach" | "afterEach";
  interface Suite {
    title: string;
    suites: Suite[];
    tests: Test[];
    hooks: Record<HookName, (() => void)[]>;
    skip: boolean;
    only: boolean;
    /** The `this` of its functions; inner suites see what outer ones have put there. */
    context: Loose;
  }

  /** What `this.skip()` throws; its text is for hooks that cannot skip anything. */
  const SKIPPED = { toString: () => "skip() is called after what it could leave out" };

  function newSuite(title: string, parent?: Suite, options: Partial<Suite> = {}): Suite {
    const hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
    const skip = () => {
      throw SKIPPED;
    };
    const settings = { timeout() {}, slow() {}, retries() {}, skip };
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
    const hook = (name: HookName) => (first: Loose, second?: Loose) => {
      current.hooks[name].push(typeof first === "function" ? first : second);
    };
    const describe: Loose = suite({});
    describe.only = suite({ only: true });
    describe.skip = suite({ skip: true });
    const it: Loose = test({});
    it.only = test({ only: true });
    it.skip = test({ skip: true });
    const [before, after, beforeEach, afterEach] = [
      hook("before"),
      hook("after"),
      hook("beforeEach"),
      hook("afterEach"),
    ];
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
        if (Object.hasOwn(suite.hooks, title)) suite.hooks[title as HookName].push(member);
        else suite.tests.push({ title, run: member, skip: false, only: false });
      } else if (member !== null && typeof member === "object") {
        const inner = newSuite(title, suite);
        suite.suites.push(inner);
        addExported(member, inner);
      }
    }
  }

  /** The suite of all suites of some files. */
  function load(files: string[]): Suite {
    const root = newSuite("");
    const members = makeInterface(root);
    const names = Object.keys(members);
    for (const file of files) {
      const module = { exports: {} };
      const text = host.readText(file).replace(/^#![^\n]*/, "");
      // in a function of its own, a spec may declare what is given to it
      const parameters = [[...names, "require", "module", "exports"].join(", "), ""];
      const surround: Loose = host.compileFunction(parameters, text, host.absolutePath(file));
      surround(...names.map((name) => members[name]), global.require, module, module.exports)();
      addExported(module.exports, root);
    }
    return root;
  }

  function hasOnly(suite: Suite): boolean {
    return suite.only || suite.tests.some(({ only }) => only) || suite.suites.some(hasOnly);
  }

  function pathOf(suite: Suite, outer: string[]): string[] {
    return suite.title === "" ? outer : [...outer, suite.title];
  }

  /**
   * A suite with the tests that are to run. Suites without any are left out, their hooks too.
   *
   * @param all whether tests need not be marked with `only`
   */
  function chosen(suite: Suite, outer: string[], all: boolean, grep: string): Suite {
    const path = pathOf(suite, outer);
    const everything = all || suite.only;
    const tests = suite.tests.filter(({ title, only }) =>
      (everything || only) && [...path, title].join(" ").includes(grep)
    );
    const suites = suite.suites.map((each) => chosen(each, path, everything, grep))
      .filter((each) => each.tests.length > 0 || each.suites.length > 0);
    return { ...suite, tests, suites };
  }

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

  /** What a function of a spec throws; undefined if it ends well. */
  function failureOf(run: Loose, context: Loose): { error: Loose } | undefined {
    try {
      call(run, context);
      return undefined;
    } catch (error) {
      if ((error as Loose)?.isExitRequest === true) throw error;
      return { error };
    }
  }

  /** A suite under way, and those around it, the outermost first. */
  interface Place {
    readonly suite: Suite;
    /** Titles of the suites, this one's included. */
    readonly path: string[];
    readonly outer: Place | undefined;
  }

  /** This place and those around it, the innermost first. */
  function* outwards(place: Place): Generator<Place> {
    for (let at: Place | undefined = place; at !== undefined; at = at.outer) yield at;
  }

  /** Runs tests, prints what becomes of them and keeps it. */
  class Run {
    readonly result: Loose = { total: 0, failed: 0, duration: 0, status: true };
    readonly counts = { pass: 0, fail: 0, skip: 0 };

    #write(depth: number, color: string, text: string): void {
      print(`${"    ".repeat(depth)}${color}${text}${COLORS.COLOR_RESET}`);
    }

    #skip({ path }: Place, title: string): void {
      this.counts.skip++;
      this.#write(path.length, COLORS.COLOR_CYAN, `[SKIP] ${title}`);
    }

    /** Notes how a test, or a hook that failed, has ended. */
    #end({ path }: Place, title: string, begun: number, failure: { error: Loose } | undefined): void {
      const duration = Math.round((host.time() - begun) * 1000);
      const outcome: Loose = { status: failure === undefined, duration, setUpDuration: 0, tearDownDuration: 0 };
      this.result.total++;
      this.result[[...path, title].join(" ")] = outcome;
      if (failure === undefined) {
        this.counts.pass++;
        this.#write(path.length, COLORS.COLOR_GREEN, `[PASS] ${title}`);
        return;
      }
      outcome.message = String(failure.error?.stack ?? failure.error);
      this.counts.fail++;
      this.#write(path.length, COLORS.COLOR_RED, `[FAIL] ${title}`);
      for (const line of outcome.message.split("\n")) this.#write(path.length + 1, COLORS.COLOR_RED, line);
    }

    /** Runs the hooks that a suite has for one moment, up to the first one that does not end well. */
    #hooks(name: HookName, { suite }: Place, context: Loose): { error: Loose } | undefined {
      for (const hook of suite.hooks[name]) {
        const failure = failureOf(hook, context);
        if (failure !== undefined) return failure;
      }
      return undefined;
    }

    /**
     * Runs a test with the hooks around it.
     *
     * @returns the outermost suite of which a hook has failed. Of such a suite mocha runs no more tests, nor inner suites.
     * Source: mocha's issues 1955 (`beforeEach`) and 1635 (`afterEach`), its pull request 3859 (`skip`)
     */
    #test(test: Test, place: Place, skip: boolean): Suite | undefined {
      const { title } = test;
      if (skip || test.skip) {
        this.#skip(place, title);
        return undefined;
      }
      const { context } = place.suite;
      context.currentTest = { title };
      const begun = host.time();
      let broken: Suite | undefined;
      const entered: Place[] = [];
      let failure: { error: Loose } | undefined;
      for (const each of [...outwards(place)].reverse()) {
        entered.unshift(each);
        failure = this.#hooks("beforeEach", each, context);
        if (failure === undefined) continue;
        if (failure.error !== SKIPPED) {
          this.#end(each, `"before each" hook for "${title}"`, begun, failure);
          broken = each.suite;
        }
        break;
      }
      if (broken === undefined) {
        failure ??= failureOf(test.run, context);
        if (failure?.error === SKIPPED) this.#skip(place, title);
        else this.#end(place, title, begun, failure);
      }
      for (const each of entered) {
        const start = host.time();
        const late = this.#hooks("afterEach", each, context);
        if (late === undefined) continue;
        this.#end(each, `"after each" hook for "${title}"`, start, late);
        broken = each.suite;
      }
      return broken;
    }

    /**
     * Runs a suite with what it has before and after all of its tests.
     *
     * @returns the outermost suite around it that is to go no further
     */
    suite(suite: Suite, outer: Place | undefined, skipAll: boolean): Suite | undefined {
      const place: Place = { suite, outer, path: pathOf(suite, outer?.path ?? []) };
      if (suite.title !== "") this.#write(place.path.length - 1, COLORS.COLOR_BOLD_WHITE, suite.title);
      let skip = skipAll || suite.skip;
      const hasHooks = !skip;
      const all = (name: "before" | "after"): { error: Loose } | undefined => {
        const begun = host.time();
        const failure = hasHooks ? this.#hooks(name, place, suite.context) : undefined;
        // mocha skips by before() alone
        if (failure && !(name === "before" && failure.error === SKIPPED)) {
          this.#end(place, `"${name} all" hook`, begun, failure);
        }
        return failure;
      };
      const failure = all("before");
      skip ||= failure?.error === SKIPPED;
      let broken = failure === undefined || skip ? undefined : suite;
      for (const test of suite.tests) broken ??= this.#test(test, place, skip);
      for (const each of suite.suites) broken ??= this.suite(each, place, skip);
      // as in mocha, also where what it has before them has failed
      all("after");
      if (suite.suites.length > 0 && suite.title !== "") print();
      return broken === suite ? undefined : broken;
    }
  }

  /** Runs spec files; with `returnJson` the result is that of a jsunity file. */
  exports.run = function run(files: string[], returnJson?: boolean, grep = ""): Loose {
    const start = host.time();
    const root = load(files);
    const under = new Run();
    print();
    under.suite(chosen(root, [], !hasOnly(root), grep), undefined, false);
    const { result, counts } = under;
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
