/**
 * Execution plans as text, section by section.
 *
 * @module
 */

import type { Column } from "./explainer_text.ts";
import type { Findings } from "./explainer_nodes.ts";
import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/aql/explainer`. Source: arangosh.md 5.12. */
export function explainer({ exports, require, host }: ModuleScope): void {
  const { output, print } = require("denosh/printer");
  const { db } = require("@arangodb");
  const { make } = require("denosh/errors");
  const { annotation, attribute, collectionName, keyword, padEnd, padStart, paint, section, table, usePalette, value } =
    require("denosh/explainer/text");
  const { startFunctions, usedFunctions } = require("denosh/explainer/expressions");
  const { COMMENTS, LOOPS } = require("denosh/explainer/nodes");
  const { report, reportScript } = require("denosh/explainer/report");
  const fs = require("fs");

  const LONGEST_QUERY = 4096;
  const QUERY_WIDTH = 100;
  /** Seconds from which on a rule is listed as slow. */
  const SLOW_RULE = 0.0002;

  function queryLines(query: string): string[] {
    const text = query.length > LONGEST_QUERY
      ? `${query.slice(0, LONGEST_QUERY / 2)} ... ${query.slice(-LONGEST_QUERY / 2)}`
      : query;
    const lines: string[] = [];
    for (let line of text.replace(/^\n+|\s+$/g, "").split("\n")) {
      let indent = " ";
      while (line.length > QUERY_WIDTH) {
        let cut = line.lastIndexOf(" ", QUERY_WIDTH);
        if (cut <= 0) cut = QUERY_WIDTH;
        lines.push(indent + line.slice(0, cut));
        line = line.slice(cut).trimStart();
        indent = "  ";
      }
      lines.push(indent + value(line));
    }
    return lines;
  }

  const seconds = (number: Loose) => Number(number ?? 0).toFixed(5);
  const percent = (number: Loose) => typeof number === "number" ? `${(number * 100).toFixed(2)} %` : "n/a";

  /** The nodes of a plan from the root downwards; those of nested plans between their begin and their end, loops behind joins. */
  function orderOf(nodes: Loose[]): Loose[] {
    return nodes.flatMap((node) => {
      if (node.type === "JoinNode") {
        return [
          node,
          ...node.indexInfos.map((info: Loose) => ({ ...info, id: node.id, type: "JoinNode", isPart: true })),
        ];
      }
      const inner = node.type === "SubqueryNode" ? node.subquery?.nodes : undefined;
      if (!Array.isArray(inner) || inner.length === 0) return [node];
      const last = inner[inner.length - 1];
      const begin = { ...node, type: "SubqueryStartNode", subqueryOutVariable: node.outVariable };
      const end = { ...last, type: "SubqueryEndNode" };
      const body = inner.slice(0, -1).filter(({ type }: Loose) => type !== "SingletonNode");
      return [begin, ...orderOf(body), end];
    });
  }

  function planLines(plan: Loose, profile: Loose, found: Findings): string[] {
    const nodes = orderOf(plan.nodes);
    const comments: string[] = [];
    /** Levels to return to at the ends of subqueries. */
    const outer: number[] = [];
    for (const node of nodes) {
      const write = COMMENTS[node.type];
      const comment = write ? write(node, found) : keyword(node.type.replace(/Node$/, "").toUpperCase());
      const mark = node.type === "SingletonNode" ? "* " : "- ";
      const split = node.isCallstackSplitEnabled ? ` ${annotation("/* callstack split */")}` : "";
      const level = node.type === "SingletonNode" ? 0 : found.level + (node.isPart ? 1 : 0);
      comments.push("  ".repeat(level) + mark + comment + split);
      if (node.type === "SubqueryStartNode") outer.push(found.level);
      if (node.type === "SubqueryEndNode") found.level = outer.pop() ?? found.level;
      if (LOOPS.has(node.type)) found.level++;
    }
    const columns: Column[] = [
      { title: "Id", cells: nodes.map(({ id }) => String(id)), right: true },
      { title: "NodeType", cells: nodes.map(({ type }) => keyword(type)) },
    ];
    if (profile === undefined) {
      columns.push({ title: "Par", cells: nodes.map((node) => node.isAsyncPrefetchEnabled ? "✓" : ""), right: true });
      columns.push({ title: "Est.", cells: nodes.map((node) => value(node.estimatedNrItems ?? 0)), right: true });
    } else {
      const byId = new Map<number, Loose>(profile.map((each: Loose) => [each.id, each]));
      const upstream = (node: Loose) =>
        (node.dependencies ?? []).reduce((sum: number, id: number) => sum + (byId.get(id)?.runtime ?? 0), 0);
      const of = (pick: (stats: Loose, node: Loose) => Loose) =>
        nodes.map((node) => value(pick(byId.get(node.id) ?? {}, node)));
      columns.push({ title: "Calls", cells: of((stats) => stats.calls ?? 0), right: true });
      columns.push({
        title: "Par",
        cells: of((stats, node) => node.isAsyncPrefetchEnabled ? stats.parallel ?? 0 : "-"),
        right: true,
      });
      columns.push({ title: "Items", cells: of((stats) => stats.items ?? 0), right: true });
      columns.push({ title: "Filtered", cells: of((stats) => stats.filtered ?? 0), right: true });
      columns.push({
        title: "Runtime [s]",
        cells: of((stats, node) => seconds(Math.max(0, (stats.runtime ?? 0) - upstream(node)))),
        right: true,
      });
    }
    columns.push({ title: "Comment", cells: comments });
    return table(columns, false);
  }

  function indexLines(found: Findings): string[] {
    if (found.indexes.length === 0) return [` none`];
    const list = found.indexes;
    const fields = (each: Loose) => {
      const names = (each ?? []).map((name: Loose) => attribute(typeof name === "string" ? name : name.name));
      return names.length === 0 ? "[  ]" : `[ ${names.join(", ")} ]`;
    };
    const bool = (given: Loose) => value(given === true ? "true" : "false");
    return table([
      { title: "By", cells: list.map(({ node }) => String(node)), right: true },
      { title: "Name", cells: list.map(({ name }) => collectionName(name)) },
      { title: "Type", cells: list.map(({ type }) => keyword(type)) },
      { title: "Collection", cells: list.map(({ collection }) => collectionName(collection)) },
      { title: "Unique", cells: list.map(({ unique }) => bool(unique)) },
      { title: "Sparse", cells: list.map(({ sparse }) => bool(sparse)) },
      { title: "Cache", cells: list.map(({ cacheEnabled }) => bool(cacheEnabled)) },
      {
        title: "Selectivity",
        cells: list.map(({ selectivityEstimate }) => value(percent(selectivityEstimate))),
        right: true,
      },
      { title: "Fields", cells: list.map((index) => fields(index.fields)) },
      { title: "Stored values", cells: list.map((index) => fields(index.storedValues)) },
      { title: "Ranges", cells: list.map(({ condition }) => condition) },
    ]);
  }

  /** Numbered names in up to three columns, one below the other. */
  function ruleLines(rules: string[]): string[] {
    if (rules.length === 0) return [` none`];
    const rows = Math.ceil(rules.length / 3);
    const width = Math.max("Rule Name".length, ...rules.map((rule) => rule.length));
    const columns = Math.ceil(rules.length / rows);
    const gap = " ".repeat(9);
    const head = Array.from({ length: columns }, () => `Id   ${"Rule Name".padEnd(width)}`).join(gap);
    const lines = [` ${paint("heading", head)}`];
    for (let row = 0; row < rows; row++) {
      const cells = [];
      for (let at = row; at < rules.length; at += rows) {
        cells.push(`${padStart(value(at + 1), 2)}   ${padEnd(keyword(rules[at]), width)}`);
      }
      lines.push(` ${cells.join(gap)}`);
    }
    return lines;
  }

  function statisticsLines(stats: Loose): string[] {
    const cells: [title: string, text: string][] = [
      ["Writes Exec", String(stats.writesExecuted ?? 0)],
      ["Writes Ign", String(stats.writesIgnored ?? 0)],
      ["Doc. Lookups", String(stats.documentLookups ?? 0)],
      ["Scan Full", String(stats.scannedFull ?? 0)],
      ["Scan Index", String(stats.scannedIndex ?? 0)],
      ["Cache Hits/Misses", `${stats.cacheHits ?? 0} / ${stats.cacheMisses ?? 0}`],
      ["Filtered", String(stats.filtered ?? 0)],
      ["Peak Mem [b]", String(stats.peakMemoryUsage ?? 0)],
      ["Exec Time [s]", seconds(stats.executionTime)],
    ];
    const widths = cells.map(([title, text]) => Math.max(title.length, text.length));
    const gap = " ".repeat(6);
    return [
      ` ${cells.map(([title], at) => title.padStart(widths[at]!)).join(gap)}`,
      ` ${cells.map(([, text], at) => text.padStart(widths[at]!)).join(gap)}`,
    ];
  }

  function profileLines(profile: Loose): string[] {
    const stages = Object.entries(profile).map(([name, time]) => [name, seconds(time)] as const);
    const rows = Math.ceil(stages.length / 3);
    const width = Math.max("Query Stage".length, ...stages.map(([name]) => name.length));
    const gap = " ".repeat(9);
    const pair = (name: string, time: string) => `${name.padEnd(width)}   ${time.padStart("Duration [s]".length)}`;
    const columns = Math.ceil(stages.length / rows);
    const lines = [` ${Array.from({ length: columns }, () => pair("Query Stage", "Duration [s]")).join(gap)}`];
    for (let row = 0; row < rows; row++) {
      const cells = [];
      for (let at = row; at < stages.length; at += rows) cells.push(pair(...stages[at]!));
      lines.push(` ${cells.join(gap)}`);
    }
    return lines;
  }

  function functionLines(list: Loose[]): string[] {
    return table([
      { title: "Name", cells: list.map(({ name }) => keyword(name)) },
      { title: "Deterministic", cells: list.map((each) => value(each.isDeterministic ?? each.deterministic ?? true)) },
      { title: "Cacheable", cells: list.map((each) => value(each.cacheable ?? each.isDeterministic ?? true)) },
      { title: "Uses V8", cells: list.map((each) => value(each.usesV8 ?? false)) },
    ]);
  }

  /** Two blanks between the columns, as in the recorded example `02_debugDumpInspect`. */
  const graphTable = (columns: Column[]) => table(columns, false, "  ");

  function traversalLines(list: Loose[]): string[] {
    return graphTable([
      { title: "Id", cells: list.map(({ id }) => String(id)) },
      { title: "Depth", cells: list.map(({ depth }) => depth) },
      { title: "Vertex collections", cells: list.map(({ vertices }) => vertices) },
      { title: "Edge collections", cells: list.map(({ edges }) => edges) },
      { title: "Options", cells: list.map(({ options }) => options) },
      { title: "Filter / Prune Conditions", cells: list.map(({ condition }) => condition) },
    ]);
  }

  function pathLines(list: Loose[]): string[] {
    return graphTable([
      { title: "Id", cells: list.map(({ id }) => String(id)) },
      { title: "Vertex collections", cells: list.map(({ vertices }) => vertices) },
      { title: "Edge collections", cells: list.map(({ edges }) => edges) },
    ]);
  }

  function slowRuleLines(list: [name: string, seconds: Loose][]): string[] {
    return table([
      { title: "RuleName", cells: list.map(([name]) => keyword(name)) },
      { title: "Duration [s]", cells: list.map(([, time]) => value(seconds(time))), right: true },
    ]);
  }

  function warningLines(list: Loose[]): string[] {
    return table([
      { title: "Code", cells: list.map(({ code }) => String(code)), right: true },
      { title: "Message", cells: list.map(({ message }) => message) },
    ], false);
  }

  function summaryLine(stats: Loose): string {
    return `${value(stats.rulesExecuted ?? 0)} rule(s) executed, ${value(stats.plansCreated ?? 1)} plan(s) created, ` +
      `peak mem [b]: ${value(stats.peakMemoryUsage ?? 0)}, exec time [s]: ${value(seconds(stats.executionTime))}`;
  }

  /** All sections of one plan. */
  function describePlan(query: string, data: Loose, plan: Loose, profile?: Loose): string[] {
    startFunctions(plan.nodes);
    const found: Findings = { indexes: [], traversals: [], paths: [], manyPaths: [], level: 0 };
    const sections: string[][] = [];
    const add = (title: string, lines: string[]) => sections.push([section(title), ...lines]);
    const key = data.planCacheKey === undefined ? "" : `, plan cache key: "${data.planCacheKey}"`;
    const cut = query.length > LONGEST_QUERY ? " - truncated..." : "";
    add(
      `Query String (${query.length} chars${cut}${key}, results cachable: ${data.cacheable ?? false}):`,
      queryLines(query),
    );
    add("Execution plan:", planLines(plan, profile?.stats?.nodes, found));
    add("Indexes used:", indexLines(found));
    // the plan of a profile does not tell what its functions are like
    const functions = profile === undefined ? usedFunctions() : [];
    if (functions.length > 0) add("Functions used:", functionLines(functions));
    if (found.traversals.length > 0) add("Traversals on graphs:", traversalLines(found.traversals));
    if (found.paths.length > 0) add("Shortest paths on graphs:", pathLines(found.paths));
    if (found.manyPaths.length > 0) add("k shortest paths on graphs:", pathLines(found.manyPaths));
    add("Optimization rules applied:", ruleLines(plan.rules ?? []));
    const slow = Object.entries<Loose>(data.stats?.rules ?? {}).filter(([, time]) => time >= SLOW_RULE)
      .sort(([, left], [, right]) => right - left).slice(0, 5);
    if (slow.length > 0) add("Optimization rules with highest execution times:", slowRuleLines(slow));
    if (profile !== undefined) {
      add("Query Statistics:", statisticsLines(profile.stats ?? {}));
      if (profile.profile !== undefined) add("Query Profile:", profileLines(profile.profile));
    } else if (data.stats !== undefined) sections.push([summaryLine(data.stats)]);
    const warnings = profile?.warnings ?? data.warnings ?? [];
    if (warnings.length > 0) add("Warnings:", warningLines(warnings));
    return sections.flatMap((lines) => [...lines, ""]);
  }

  /** `{query, bindVars, options}` of what `explain` and its like are called with. */
  function dataOf(given: Loose, options?: Loose): Loose {
    let data: Loose = given;
    if (typeof given === "string") data = { query: given, options };
    else if (typeof given?.toAQL === "function") data = { query: given.toAQL(), options };
    else if (given === null || typeof given !== "object") {
      throw make(10, "ArangoStatement needs initial data");
    } else if (options !== undefined) data = { ...given, options: { ...given.options, ...options } };
    return { ...data, options: { ...data.options } };
  }

  exports.explain = function explain(given: Loose, options?: Loose, shouldPrint: Loose = true): Loose {
    const data = dataOf(given, options);
    const { colors = true, ...rest } = data.options;
    usePalette(colors);
    const sent = { verbosePlans: true, explainInternals: false, profile: 2, ...rest };
    const statement = db._createStatement({ query: data.query, bindVars: data.bindVars ?? {}, options: sent });
    const reply = statement.explain();
    let lines: string[] = [];
    if (sent.allPlans) {
      reply.plans.forEach((plan: Loose, at: number) => {
        const cost = Number(plan.estimatedCost ?? 0).toFixed(2);
        lines.push(`Plan #${at + 1} of ${reply.plans.length} (estimated cost: ${cost})`);
        lines = lines.concat(describePlan(data.query, reply, plan).map((line) => line === "" ? "" : ` ${line}`));
      });
    } else {
      if (!Array.isArray(reply.plan?.nodes)) {
        throw "incomplete query execution plan data - this should not happen unless when connected to a DB-Server. fetching query plans/profiles from a DB-Server is not supported!";
      }
      lines = describePlan(data.query, reply, reply.plan);
    }
    const text = lines.join("\n");
    if (shouldPrint === false) return text;
    print(text);
    return undefined;
  };

  exports.profileQuery = function profileQuery(given: Loose, shouldPrint: Loose = true): Loose {
    const data = dataOf(given);
    const { colors = true, ...rest } = data.options;
    usePalette(colors);
    const options = { ...rest, silent: true, profile: 2 };
    const cursor = db._createStatement({ query: data.query, bindVars: data.bindVars ?? {}, options }).execute();
    const extra = cursor.getExtra();
    if (!Array.isArray(extra.plan?.nodes)) throw "incomplete query execution plan data";
    const text = describePlan(data.query, { cacheable: extra.plan.isCacheable ?? false, ...extra }, extra.plan, extra)
      .join("\n");
    if (shouldPrint === false) return text;
    print(text);
    return undefined;
  };

  exports.explainRegisters = function explainRegisters(given: Loose, options?: Loose, shouldPrint?: Loose): Loose {
    host.log("WARNING", "explainRegisters shows no registers in this shell, only the plan");
    return exports.explain(given, options, shouldPrint);
  };

  exports.debug = function debug(query: Loose, bindVars?: Loose, options: Loose = {}): Loose {
    return report(dataOf(typeof query === "object" ? query : { query, bindVars }, options), exports.explain);
  };

  exports.debugDump = function debugDump(file: Loose, query: Loose, bindVars?: Loose, options?: Loose): void {
    fs.write(file, JSON.stringify(exports.debug(query, bindVars, options)));
    host.log("INFO", `stored query debug information in file '${file}'`);
  };

  exports.inspectDump = function inspectDump(file: Loose, outfile?: Loose): void {
    const text = reportScript(JSON.parse(fs.read(file)));
    if (outfile === undefined) {
      output(text);
      return;
    }
    fs.write(outfile, text);
    host.log("INFO", `stored query inspection in file '${outfile}'`);
    host.log("INFO", `hint: run the file with --javascript.execute to recreate the situation`);
  };
}
