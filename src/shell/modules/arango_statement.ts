/**
 * Statements: AQL queries with bind variables and options.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arango-statement`. Source: arangosh.md 5.7. */
export function arangoStatement({ exports, require }: ModuleScope): void {
  const { enumerable } = require("denosh/errors");
  const { checkRequestResult, helpBlock } = require("@arangodb/arangosh");
  const { isObject } = require("denosh/api-requests");

  /** The statement's data from what `_query` was called with. */
  exports.queryPayload = function queryPayload(args: Loose[]): Loose {
    const [query] = args;
    const isPayload = isObject(query) && typeof query.toAQL !== "function";
    const [cursorOptions, options] = isPayload ? args.slice(1) : args.slice(2);
    const data: Loose = isPayload ? { ...query } : { query, bindVars: args[1] };
    const settings = cursorOptions ?? {};
    const queryOptions = options ?? cursorOptions;
    data.count ??= settings.count ?? false;
    data.batchSize ??= settings.batchSize;
    data.ttl ??= settings.ttl;
    if (queryOptions !== undefined && queryOptions !== null) {
      data.options = { ...data.options, ...queryOptions };
      data.cache ??= queryOptions.cache;
    }
    return data;
  };

  class ArangoStatement {
    [name: string]: Loose;

    constructor(database: Loose, data: Loose) {
      if (data === undefined || data === null || (typeof data !== "string" && !isObject(data))) {
        throw "ArangoStatement needs initial data";
      }
      let given = data;
      if (typeof data === "string") given = { query: data };
      else if (typeof data.toAQL === "function") given = { query: data.toAQL() };
      let query = given.query;
      if (isObject(query) && typeof query.toAQL === "function") query = query.toAQL();
      if (typeof query !== "string" || query === "") throw "ArangoStatement needs a valid query attribute";
      const options = given.options;
      const values: Loose = {
        _database: database,
        _query: query,
        _bindVars: {},
        _options: options,
        _doCount: given.count ?? false,
        _batchSize: null,
        _cache: given.cache ?? options?.cache,
        _stream: given.stream ?? options?.stream ?? false,
        _ttl: given.ttl,
      };
      for (const name of Object.keys(values)) {
        Object.defineProperty(this, name, { value: values[name], writable: true, configurable: true });
      }
      if (given.batchSize !== undefined && given.batchSize !== null) this.setBatchSize(given.batchSize);
      if (given.bindVars !== undefined && given.bindVars !== null) this.bind(given.bindVars);
    }

    bind(key: Loose, value?: Loose): void {
      if (isObject(key) && !Array.isArray(key)) {
        if (value !== undefined) throw "invalid bind parameter declaration";
        this._bindVars = key;
        return;
      }
      if (typeof key === "number") key = String(Math.trunc(key));
      if (typeof key !== "string") throw "invalid bind parameter declaration";
      this._bindVars[key] = value;
    }
    getBindVariables(): Loose {
      return this._bindVars;
    }
    getQuery(): string {
      return this._query;
    }
    setQuery(query: Loose): void {
      this._query = isObject(query) && typeof query.toAQL === "function" ? query.toAQL() : query;
    }
    getCount(): boolean {
      return this._doCount;
    }
    setCount(on: Loose): void {
      this._doCount = Boolean(on);
    }
    getBatchSize(): Loose {
      return this._batchSize;
    }
    setBatchSize(size: Loose): void {
      const number = parseInt(size, 10);
      if (number > 0) this._batchSize = number;
    }
    getCache(): Loose {
      return this._cache;
    }
    setCache(on: Loose): void {
      this._cache = Boolean(on);
    }
    getOptions(): Loose {
      return this._options;
    }
    setOptions(options: Loose): void {
      this._options = options;
    }

    parse(): Loose {
      const reply = this._database._connection.POST("/_api/query", { query: this._query });
      const { bindVars, collections, ast } = checkRequestResult(reply);
      return { bindVars, collections, ast };
    }
    explain(options?: Loose): Loose {
      const body: Loose = { query: this._query, bindVars: this._bindVars };
      const merged = { ...this._options, ...options };
      if (Object.keys(merged).length > 0) body.options = merged;
      const reply = checkRequestResult(this._database._connection.POST("/_api/explain", body));
      if (merged.allPlans) return { warnings: reply.warnings, stats: reply.stats, plans: reply.plans };
      const result: Loose = { warnings: reply.warnings, stats: reply.stats, plan: reply.plan };
      result.cacheable = reply.cacheable;
      if (reply.planCacheKey !== undefined) result.planCacheKey = reply.planCacheKey;
      return result;
    }
    execute(headers?: Loose): Loose {
      const body: Loose = { query: this._query, count: this._doCount, bindVars: this._bindVars, stream: this._stream };
      if (this._batchSize) body.batchSize = this._batchSize;
      if (this._options) body.options = this._options;
      if (this._cache !== undefined && this._cache !== null) body.cache = this._cache;
      if (this._ttl !== undefined && this._ttl !== null) body.ttl = this._ttl;
      const reply = checkRequestResult(this._database._connection.POST("/_api/cursor", body, headers));
      const { ArangoQueryCursor } = require("@arangodb/arango-query-cursor");
      return new ArangoQueryCursor(this._database, reply, this._stream, this._options?.allowRetry === true);
    }

    toString(): string {
      return "[object ArangoStatement]";
    }
    _PRINT(context: Loose): void {
      context.output += this.toString();
    }
    _help(): void {
      require("internal").print(HELP);
    }
  }
  enumerable(ArangoStatement);

  const HELP = helpBlock("ArangoStatement help", [
    ["Create a statement with db._createStatement({query: TEXT}).", ""],
    ["bind(KEY, VALUE)", "binds a parameter"],
    ["bind(VALUES)", "binds all parameters"],
    ["setBatchSize(COUNT)", "documents per round trip"],
    ["setCount(BOOL)", "whether to count all results"],
    ["setOptions(OPTIONS)", "options of the query"],
    ["getQuery()", "the text"],
    ["execute()", "runs the query and returns a cursor"],
    ["explain()", "shows the execution plan"],
    ["parse()", "checks the text"],
  ]);

  exports.ArangoStatement = ArangoStatement;
}
