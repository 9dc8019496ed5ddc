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
  exports.clearAllFailurePoints = exports.debugClearFailAt;
  exports.activateFailure = (name: string) => exports.debugSetFailAt("", name);
  exports.deactivateFailure = (name: string) => exports.debugRemoveFailAt("", name);
  for (
    const name of [
      "runParallelArangoshTests",
      "runShell",
      "findCollectionServers",
    ]
  ) {
    exports[name] = () => {
      throw make(9, `test-helper.${name} is not supported`);
    };
  }
}

/** The module `@arangodb/aql-helper`. Source: arangosh.md 7.4. */
export function aqlHelper({ exports, require }: ModuleScope): void {
  const { db } = require("@arangodb");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const { AQL_EXECUTE, isEqual } = require("@arangodb/test-helper");

  function normalize(value: Loose, recursive: boolean): Loose {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return recursive ? value.map((each) => normalize(each, recursive)) : value;
    const result: Loose = {};
    for (const key of Object.keys(value).filter((name) => !name.startsWith("_")).sort()) {
      result[key] = recursive ? normalize(value[key], recursive) : value[key];
    }
    return result;
  }
  function cursor(query: Loose, bindVars?: Loose, options?: Loose): Loose {
    return db._query(query, bindVars ?? {}, { count: true, batchSize: 3000 }, options ?? {});
  }
  const fail = (text: string) => {
    throw new Error(text);
  };
  /** Fails unless a query ends with an error. */
  function assertError(errorNum: number, run: () => void): void {
    try {
      run();
    } catch (error) {
      if ((error as Loose).errorNum !== errorNum) fail(`expected error ${errorNum}, got ${String(error)}`);
      return;
    }
    fail(`expected error ${errorNum}, got none`);
  }
  /** The shape of an expression as a text: types of nodes, their names and values. */
  function outline({ type, name, value, subNodes }: Loose): string {
    const inner = Array.isArray(subNodes) ? `(${subNodes.map(outline).join(", ")})` : "";
    return type + (name === undefined ? "" : `[${name}]`) + (value === undefined ? "" : `[${value}]`) + inner;
  }
  function compact(explanation: Loose): Loose[] {
    return (explanation.plan ?? explanation).nodes.map((node: Loose) => ({
      type: node.type,
      ...(node.expression ? { expression: outline(node.expression) } : {}),
      ...(node.outVariable ? { outVariable: node.outVariable.name } : {}),
    }));
  }
  /** Nodes of a type, those of nested subqueries included. */
  function nodesOfType(nodes: Loose[], type: string | undefined): Loose[] {
    return nodes.flatMap((node) => [
      ...(type === undefined || node.type === type ? [node] : []),
      ...(node.subquery?.nodes ? nodesOfType(node.subquery.nodes, type) : []),
    ]);
  }

  Object.assign(exports, {
    getParseResults: (query: Loose) => checkRequestResult(arango.POST("/_api/query", { query })),
    assertParseError: (errorNum: number, query: Loose) => assertError(errorNum, () => exports.getParseResults(query)),
    getQueryExplanation: (query: Loose, bindVars?: Loose) => db._createStatement({ query, bindVars }).explain(),
    getModifyQueryResults: (query: Loose, bindVars?: Loose, options?: Loose) =>
      cursor(query, bindVars, options).getExtra().stats,
    getModifyQueryResultsRaw: AQL_EXECUTE,
    executeQuery: cursor,
    getRawQueryResults: (query: Loose, bindVars?: Loose) => cursor(query, bindVars).toArray(),
    getQueryResults(query: Loose, bindVars?: Loose, recursive?: Loose, options?: Loose) {
      return cursor(query, bindVars, options).toArray().map((row: Loose) =>
        row !== null && typeof row === "object" && !Array.isArray(row)
          ? normalize(row, recursive === true)
          : recursive
          ? normalize(row, true)
          : row
      );
    },
    assertQueryError(errorNum: number, query: Loose, bindVars?: Loose, options?: Loose) {
      assertError(errorNum, () => cursor(query, bindVars, options).toArray());
    },
    assertQueryWarningAndNull(errorNum: number, query: Loose, bindVars?: Loose) {
      const result = cursor(query, bindVars);
      const codes = (result.getExtra().warnings ?? []).map(({ code }: Loose) => code);
      if (!codes.includes(errorNum)) fail(`expected warning ${errorNum}, got [${codes.join()}]`);
      const [row] = result.toArray();
      if (row !== null) fail(`expected null, got ${JSON.stringify(row)}`);
    },
    executeJson: (executionPlan: Loose, options: Loose = {}) =>
      checkRequestResult(arango.POST("/_api/cursor/json", { executionPlan, options })),
    executeAllJson: (plans: Loose[], options: Loose = {}) =>
      plans.map(({ plan }) => exports.executeJson(plan, options)),
    getQueryMultiplePlansAndExecutions(query: Loose, bindVars?: Loose) {
      const { plans } = db._createStatement({ query, bindVars, options: { allPlans: true } }).explain();
      return { plans, results: plans.map((plan: Loose) => exports.executeJson(plan).result) };
    },
    getCompactPlan: compact,
    getLinearizedPlan: (explanation: Loose) => explanation.plan.nodes.map((node: Loose) => node.type),
    findExecutionNodes: (plan: Loose, type?: string) => nodesOfType((plan.plan ?? plan).nodes, type),
    findReferencedNodes(plan: Loose, { inVariable, elements }: Loose) {
      const ids = (elements ?? [{ inVariable }]).map((each: Loose) => each.inVariable?.id);
      return (plan.plan ?? plan).nodes.filter((node: Loose) => ids.includes(node.outVariable?.id));
    },
    removeAlwaysOnClusterRules: (rules: string[]) =>
      rules.filter((rule) =>
        !["distribute-filtercalc-to-cluster", "scatter-in-cluster", "remove-unnecessary-remote-scatter"].includes(rule)
      ),
    removeClusterNodes: (types: string[]) =>
      types.filter((type) => !["ScatterNode", "GatherNode", "DistributeNode", "RemoteNode"].includes(type)),
    removeClusterNodesFromPlan: (nodes: Loose[]) =>
      nodes.filter(({ type }) => !["ScatterNode", "GatherNode", "DistributeNode", "RemoteNode"].includes(type)),
    removeCost(value: Loose): Loose {
      if (Array.isArray(value)) return value.map(exports.removeCost);
      if (value === null || typeof value !== "object") return value;
      const kept = Object.entries(value).filter(([name]) => !/^estimated(Cost|NrItems)$/.test(name));
      return Object.fromEntries(kept.map(([name, each]) => [name, exports.removeCost(each)]));
    },
    sanitizeStats(stats: Loose) {
      // what a query has changed; all else depends on how it was run
      const { writesExecuted, writesIgnored } = stats;
      return { writesExecuted, writesIgnored };
    },
    normalizeProjections: (list: Loose[]) => list.map((each) => each.path ?? each).sort(),
    unpackRawExpression: (node: Loose) => node,
    isEqual,
  });
}
