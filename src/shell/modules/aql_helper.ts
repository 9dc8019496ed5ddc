/**
 * What suites about queries require besides `jsunity`.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/aql-helper`. Source: arangosh.md 7.4. */
export function aqlHelper({ exports, require }: ModuleScope): void {
  const { db } = require("@arangodb");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const { AQL_EXECUTE, isEqual } = require("@arangodb/test-helper");

  const CLUSTER_RULES = ["distribute-filtercalc-to-cluster", "scatter-in-cluster", "remove-unnecessary-remote-scatter"];
  const CLUSTER_NODES = ["ScatterNode", "GatherNode", "DistributeNode", "RemoteNode"];

  /** A row without its system attributes, the others sorted by name; its members too if that is wanted. */
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
    getRawQueryResults: (query: Loose, bindVars?: Loose, options?: Loose) => cursor(query, bindVars, options).toArray(),
    getQueryResults(query: Loose, bindVars?: Loose, recursive?: Loose, options?: Loose) {
      return cursor(query, bindVars, options).toArray().map((row: Loose) => normalize(row, recursive === true));
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
    /** Runs a plan; its rows are `result`, as in the server's answer, and `json`, as in that of `AQL_EXECUTE()`. */
    executeJson(executionPlan: Loose, options: Loose = {}) {
      const reply = checkRequestResult(arango.POST("/_api/cursor/json", { executionPlan, options }));
      return { ...reply, json: reply.result };
    },
    executeAllJson: (plans: Loose[], options: Loose = {}) =>
      plans.map((each) => exports.executeJson(each.plan ?? each, options)),
    /** Runs a query by the plan without rules and by all that rules make of it; a suite may bring its data back between them. */
    getQueryMultiplePlansAndExecutions(query: Loose, bindVars?: Loose, suite?: Loose) {
      const explained = (options: Loose) =>
        db._createStatement({ query, bindVars, options: { verbosePlans: true, ...options } }).explain();
      const plans = [
        explained({ optimizer: { rules: ["-all"] } }),
        ...explained({ allPlans: true }).plans.map((plan: Loose) => ({ plan })),
      ];
      const results = plans.map(({ plan }: Loose, index) => {
        if (index > 0) suite?.tearDown?.();
        if (index > 0) suite?.setUp?.();
        return exports.executeJson(plan).result;
      });
      return { plans, results };
    },
    getCompactPlan: compact,
    getLinearizedPlan: (explanation: Loose) => explanation.plan.nodes.map((node: Loose) => node.type),
    findExecutionNodes: (plan: Loose, type?: string) => nodesOfType((plan.plan ?? plan).nodes, type),
    findReferencedNodes(plan: Loose, { inVariable, elements }: Loose) {
      const ids = (elements ?? [{ inVariable }]).map((each: Loose) => each.inVariable?.id);
      return (plan.plan ?? plan).nodes.filter(({ outVariable }: Loose) => outVariable && ids.includes(outVariable.id));
    },
    removeAlwaysOnClusterRules: (rules: string[]) => rules.filter((rule) => !CLUSTER_RULES.includes(rule)),
    removeClusterNodes: (types: string[]) => types.filter((type) => !CLUSTER_NODES.includes(type)),
    removeClusterNodesFromPlan: (nodes: Loose[]) => nodes.filter(({ type }) => !CLUSTER_NODES.includes(type)),
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
    /** Projections as paths, whether they are those of a plan, paths or names. */
    normalizeProjections: (list: Loose[] = []) =>
      list.map((each) => typeof each === "string" ? [each] : each.path ?? each).sort(),
    unpackRawExpression: (node: Loose) => node,
    isEqual,
  });
}
