/**
 * What test suites require besides `jsunity`.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The modules `@arangodb/test-helper` and `@arangodb/test-helper-common`. Source: arangosh.md 7.4. */
export function testHelper({ exports, require, host, global }: ModuleScope): void {
  const { ArangoError, make } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const { db } = require("@arangodb");

  /** The digits of clock texts, in their order. */
  const REVISION_DIGITS = "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  /** Seconds that clients may need beyond their time. */
  const TIME_TO_STOP = 180;
  const FIXTURES = ["setUp", "tearDown", "setUpAll", "tearDownAll"];

  function isEqual(left: Loose, right: Loose): boolean {
    if (left === right) return true;
    if (typeof left === "number" && typeof right === "number") {
      return (Number.isNaN(left) && Number.isNaN(right)) || left.toFixed(10) === right.toFixed(10);
    }
    if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    const keys = Object.keys(left).filter((key) => left[key] !== undefined);
    const others = Object.keys(right).filter((key) => right[key] !== undefined);
    return keys.length === others.length &&
      keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]));
  }

  /** Whether the server can be made to fail; where it cannot, no failure is left to be cleared. */
  function canFail(): boolean {
    return arango.GET("/_admin/debug/failat") === true;
  }

  function metrics(): string {
    const reply = arango.GET_RAW("/_admin/metrics/v2");
    return String(reply.body ?? "");
  }
  function metric(text: string, name: string): number {
    const values = text.split("\n").filter((line) => line.startsWith(name))
      .map((line) => Number(line.slice(line.lastIndexOf(" "))));
    if (values.length === 0) throw `Metric ${name} not found`;
    return values.reduce((sum, value) => sum + value, 0);
  }

  function explain(query: Loose, bindVars?: Loose, options?: Loose): Loose {
    return db._createStatement({ query, bindVars, options }).explain(options);
  }
  function execute(query: Loose, bindVars?: Loose, options?: Loose): Loose {
    const cursor = db._query(query, bindVars ?? {}, {}, options ?? {});
    const extra = cursor.getExtra();
    return {
      json: cursor.toArray(),
      stats: extra.stats,
      warnings: extra.warnings,
      profile: extra.profile,
      plan: extra.plan,
      cached: cursor.cached(),
    };
  }

  Object.assign(exports, {
    deriveTestSuite(from: Loose, to: Loose, namespace: string, blacklist: string[] = []) {
      for (const name of Object.keys(from)) {
        if (blacklist.includes(name)) continue;
        const target = FIXTURES.includes(name) ? name : name + namespace;
        if (Object.hasOwn(to, target)) throw `Duplicate key: ${target}`;
        to[target] = from[name];
      }
    },
    deriveTestSuiteWithnamespace(from: Loose, to: Loose, namespace: string) {
      const result: Loose = {};
      for (const source of [from, to]) {
        for (const name of Object.keys(source)) {
          const target = FIXTURES.includes(name) ? name : name + namespace;
          if (Object.hasOwn(result, target)) throw `Duplicate key: ${target}`;
          result[target] = source[name];
        }
      }
      return result;
    },
    isEnterprise: () => false,
    versionHas(flag: string) {
      const details = global.ARANGODB_CLIENT_VERSION(true);
      return details[flag] === "true" || details[flag] === true;
    },
    getMetric: (_endpoint: Loose, name: string) => metric(metrics(), name),
    getMetricSingle: (name: string) => metric(metrics(), name),
    getRawMetric: () => metrics(),
    getAllMetric: () => metrics(),
    debugCanUseFailAt: canFail,
    debugSetFailAt(_endpoint: Loose, name: string) {
      checkRequestResult(arango.PUT(`/_admin/debug/failat/${encodeURIComponent(name)}`, {}));
    },
    debugRemoveFailAt(_endpoint: Loose, name: string) {
      if (canFail()) checkRequestResult(arango.DELETE(`/_admin/debug/failat/${encodeURIComponent(name)}`));
    },
    debugClearFailAt() {
      if (canFail()) checkRequestResult(arango.DELETE("/_admin/debug/failat"));
    },
    debugResetRaceControl() {},
    getCompleteMetricsValues(names: string | string[]) {
      const text = metrics();
      return Array.isArray(names) ? names.map((name) => metric(text, name)) : metric(text, names);
    },
    getAllMetricsFromEndpoints: () => [metrics()],
    getMetricsByNameFromEndpoints: (_endpoints: Loose, name: string) => [metric(metrics(), name)],
    triggerMetrics() {
      metrics();
    },
    checkIndexMetrics(run: Loose) {
      run();
    },
    getServerById: () => undefined,
    getEndpointById: () => arango.getEndpoint(),
    getUrlById: () => exports.endpointToURL(arango.getEndpoint()),
    getCoordinators: () => [],
    getDBServers: () => [],
    getAgents: () => [],
    getServers: () => [],
    getServersByType: () => [],
    getEndpoints: () => [arango.getEndpoint()],
    getEndpointsByType: () => [arango.getEndpoint()],
    getCoordinatorEndpoints: () => [],
    getDBServerEndpoints: () => [],
    getAgentEndpoints: () => [],
    getSingleServerEndpoint: () => arango.getEndpoint(),
    getCtrlCoordinators: () => [],
    getCtrlDBServers: () => [],
    getCtrlAgents: () => [],
    getControleableServers: () => [],
    getInstanceInfo: () => JSON.parse(host.getVariable("INSTANCEINFO") || "{}"),
    flushInstanceInfo() {},
    waitForEstimatorSync: () => arango.GET("/_admin/wal/wait_for_estimator_sync"),
    waitForShardsInSync() {},
    reconnectRetry: require("@arangodb/replication-common").reconnectRetry,
    AQL_EXPLAIN: explain,
    AQL_EXECUTE: execute,
    runWithRetry(run: Loose, onFailure: Loose, attempts = 3) {
      for (let attempt = 1;; attempt++) {
        try {
          return run();
        } catch (error) {
          if (attempt >= attempts) throw error;
          onFailure?.(error);
        }
      }
    },
    isEqual,
    typeName(value: Loose) {
      if (value === null) return "null";
      if (value === undefined) return "undefined";
      if (Array.isArray(value)) return "array";
      return typeof value;
    },
    /** Compares revisions: decimal numbers, or clock texts, whose digits have an order of their own. */
    compareStringIds(left: string, right: string) {
      const [one, two] = [left, right].map((text) => {
        if (/^\d+$/.test(text)) return BigInt(text);
        return [...text].reduce((value, digit) => value * 64n + BigInt(REVISION_DIGITS.indexOf(digit)), 0n);
      }) as [bigint, bigint];
      return one < two ? -1 : one > two ? 1 : 0;
    },
    endpointToURL: (endpoint: string) =>
      endpoint.replace(/^(http\+)?tcp:/, "http:").replace(/^(http\+)?ssl:/, "https:"),
    getChecksum(_endpoint: Loose, name: string) {
      return db._collection(name).checksum(true).checksum;
    },
    /** Inserts `limit` documents that `maker(index)` gives, so many at a time. */
    insertManyDocumentsIntoCollection(
      database: string,
      collection: string,
      maker: (index: number) => Loose,
      limit: number,
      batchSize: number,
    ) {
      const url = `/_db/${encodeURIComponent(database)}/_api/document/${encodeURIComponent(collection)}`;
      for (let start = 0; start < limit; start += batchSize) {
        const length = Math.min(batchSize, limit - start);
        const reply = arango.POST(url, Array.from({ length }, (_, offset) => maker(start + offset)));
        const failed = checkRequestResult(reply).find((result: Loose) => result.error === true);
        if (failed !== undefined) throw new ArangoError(failed);
      }
    },
    logServer(message: Loose, level = "info", id = "aaaaa", topic = "general") {
      return arango.POST("/_admin/log", { messages: [{ level, ID: id, topic, message: String(message) }] });
    },
    executeExternalAndWaitWithSanitizer: (file: string, args: string[]) =>
      require("internal").executeExternalAndWait(file, args, false),
    helper: {
      process(file: string, run: Loose) {
        require("internal").processCsvFile(file, run);
      },
      waitUnload(collection: Loose) {
        collection.unload();
      },
    },
    transactionFailure(trx: Loose, errorNum: number, message?: string, crashOk?: boolean, abort = true) {
      try {
        db._executeTransaction(trx);
      } catch (error) {
        if ((error as Loose).errorNum === errorNum) return undefined;
        return `unexpected error ${String(error)}${message ? `: ${message}` : ""}`;
      }
      return crashOk ? undefined : abort ? "transaction did not fail" : undefined;
    },
    truncateFailure(collection: Loose) {
      try {
        collection.truncate();
        return "truncate did not fail";
      } catch (error) {
        return (error as Loose).errorNum === 22 ? undefined : `unexpected error ${String(error)}`;
      }
    },
  });
  // as suites of older versions write it
  exports.Helper = exports.helper;
  exports.clearAllFailurePoints = exports.debugClearFailAt;
  exports.activateFailure = (name: string) => exports.debugSetFailAt("", name);
  exports.deactivateFailure = (name: string) => exports.debugRemoveFailAt("", name);
  exports.findCollectionServers = () => {
    throw make(9, "test-helper.findCollectionServers is not supported");
  };

  /**
   * Starts another shell on the current database.
   *
   * @param given its options: an object, or a list of arguments
   * @param prefix of the name of its log file
   * @returns its process id
   */
  exports.runShell = function runShell(given: Loose, prefix: string): number {
    const args = Array.isArray(given) ? given : require("internal").toArgv(given);
    const own = ["--server.database", arango.getDatabaseName(), "--log.output", `file://${prefix}.log`];
    return host.startShell([...own, ...args].map(String));
  };

  /** What a client runs again and again, until there is the document `stop`. */
  function clientScript(key: string, code: string, collection: string, seconds: number): string {
    const name = JSON.stringify(collection);
    return `require("internal").SetGlobalExecutionDeadlineTo(${seconds});
(function () {
  let rounds = 0;
  do {
${code}
  } while (++rounds % 3 !== 0 || !db[${name}].exists("stop"));
  db[${name}].insert({ _key: ${JSON.stringify(key)}, done: true, iterations: rounds });
})();`;
  }

  /**
   * Runs several scripts at the same time, each in a shell of its own, which repeats it.
   *
   * @param tests pairs of a key and a script
   * @param duration seconds after which the shells are to stop
   * @param collection takes the document `stop`, and one for each script that has ended well
   * @returns how often each script ran, by its key
   */
  exports.runParallelArangoshTests = function runParallelArangoshTests(
    tests: [key: string, code: string][],
    duration: number,
    collection: string,
  ): Loose {
    const fs = require("fs");
    const internal = require("internal");
    const results = db._collection(collection);
    if (results.exists("stop")) throw new Error(`the collection ${collection} has a document 'stop' already`);
    const clients = tests.map(([key, code]) => {
      const file = `${fs.getTempFile()}-${key}.js`;
      fs.write(file, clientScript(key, code, collection, duration + TIME_TO_STOP));
      return { key, pid: exports.runShell({ "javascript.execute": file }, file), log: `${file}.log` };
    });
    internal.sleep(duration);
    results.insert({ _key: "stop" });
    const iterations: Loose = {};
    for (const { key, pid, log } of clients) {
      const { status, exit } = internal.statusExternal(pid, true, TIME_TO_STOP * 1000);
      if (status !== "TERMINATED" || exit !== 0 || !results.exists(key)) {
        const said = fs.exists(log) ? `: ${fs.read(log).trim()}` : "";
        throw new Error(`the client '${key}' ended with ${status} ${exit ?? ""}${said}`);
      }
      iterations[key] = results.document(key).iterations;
    }
    return iterations;
  };
}
