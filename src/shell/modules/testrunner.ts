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
