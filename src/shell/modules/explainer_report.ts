/**
 * Reports about queries, and scripts that bring back what a report tells of.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/explainer/report`. Source: arangosh.md 5.12. */
export function explainerReport({ exports, require }: ModuleScope): void {
  const { db } = require("@arangodb");

  /**
   * What somebody needs to see why a query runs as it does.
   *
   * @param data query, bind parameters and options
   * @param explain writes plans as text
   */
  exports.report = function report(data: Loose, explain: Loose): Loose {
    const { examples, anonymize, ...rest } = data.options;
    const statement = db._createStatement({
      query: data.query,
      bindVars: data.bindVars ?? {},
      options: { ...rest, verbosePlans: true },
    });
    const explained = statement.explain();
    const names = (explained.plan?.collections ?? []).map(({ name }: Loose) => name);
    const count = examples === true ? 10 : Math.min(100, Number(examples) || 0);
    const collections: Loose = {};
    for (const name of names) {
      const collection = db._collection(name);
      if (collection === null) continue;
      const type = collection.type();
      collections[name] = {
        type,
        properties: collection.properties(),
        indexes: collection.indexes(true),
        count: collection.count(),
        counts: { single: collection.count() },
      };
      if (count > 0) {
        const rows = collection.all().limit(count).toArray();
        collections[name].examples = anonymize ? rows.map(anonymized) : rows;
      }
    }
    const graphs: Loose = {};
    if (count > 0 || names.some((name: string) => db._collection(name)?.type() === 3)) {
      for (const graph of require("@arangodb/general-graph")._listObjects()) {
        if (graph.edgeDefinitions?.some(({ collection }: Loose) => names.includes(collection))) {
          const { _key, _id, _rev, edgeDefinitions, orphanCollections } = graph;
          graphs[graph._key ?? graph.name] = { _key, _id, _rev, edgeDefinitions, orphanCollections };
        }
      }
    }
    return {
      engine: db._engine(),
      version: db._version(true),
      database: db._name(),
      query: { query: data.query, bindVars: data.bindVars, options: rest },
      queryCache: require("@arangodb/aql/cache").properties(),
      collections,
      views: {},
      analyzers: {},
      graphs,
      fancy: explain(
        { query: data.query, bindVars: data.bindVars, options: { ...rest, colors: false } },
        undefined,
        false,
      ),
      explain: explained,
      engineStats: db._engineStats(),
    };
  };

  /** A document whose texts say nothing any more. */
  function anonymized(document: Loose): Loose {
    if (typeof document === "string") return "X".repeat(document.length);
    if (document === null || typeof document !== "object") return document;
    if (Array.isArray(document)) return document.map(anonymized);
    return Object.fromEntries(
      Object.entries(document).map((
        [name, each],
      ) => [name, /^_(key|id|rev|from|to)$/.test(name) ? each : anonymized(each)]),
    );
  }

  /** A script that makes the collections that a report tells of, and explains its query there. */
  exports.reportScript = function reportScript(data: Loose): string {
    const lines: string[] = [];
    const json = (each: Loose) => JSON.stringify(each);
    lines.push(`/* original data is from ${data.version?.version}, ${data.version?.license} */`);
    lines.push(
      `/* original data gathered from database ${json({ name: data.database?.name ?? data.database })} */`,
      "",
    );
    lines.push("/* graphs */");
    for (const [name, graph] of Object.entries(data.graphs ?? {})) {
      lines.push(`try { db._graphs.remove(${json(name)}); } catch (err) {}`, `db._graphs.insert(${json(graph)});`);
    }
    lines.push("", "/*drop views */", "", "/* analyzers setup */", "", "/* collections and indexes setup */");
    const collections: [string, Loose][] = Object.entries(data.collections ?? {});
    const isEdge = (each: Loose) => each.type === 3;
    for (const [name] of collections) {
      lines.push(`try { db._drop(${json(name)}); } catch (err) { print(String(err)); }`);
    }
    for (
      const [name, each] of [...collections].sort(([, left], [, right]) => Number(isEdge(left)) - Number(isEdge(right)))
    ) {
      const create = isEdge(each) ? "_createEdgeCollection" : "_create";
      lines.push(`db.${create}(${json(name)}, ${json(each.properties)});`);
      for (const index of each.indexes ?? []) {
        if (index.type === "primary" || index.type === "edge") continue;
        const { figures: _figures, selectivityEstimate: _estimate, ...definition } = index;
        lines.push(`db[${json(name)}].ensureIndex(${json(definition)});`);
      }
      lines.push("");
    }
    lines.push("/* example data */");
    for (const [name, each] of collections) {
      for (const document of each.examples ?? []) lines.push(`db[${json(name)}].insert(${json(document)});`);
    }
    lines.push("", "/* views */", "", "/* explain result */");
    for (const line of String(data.fancy ?? "").trim().split("\n")) lines.push(`// ${line}`);
    const { query, bindVars = {}, options = {} } = data.query;
    lines.push("", "/* explain command */", `db._explain(${json(query)}, ${json(bindVars)}, ${json(options)});`, "");
    return lines.join("\n");
  };
}
