/**
 * Simple queries: what collections offer without AQL.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The modules `@arangodb/simple-query` and `@arangodb/arango-cursor`. Source: arangosh.md 5.8, 2.9. */
export function simpleQuery({ exports, require }: ModuleScope): void {
  const { make, enumerable } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const printing = require("denosh/printer");

  /** Rows that printing a local result shows. */
  const PAGE = 10;

  /** Whether a server has no simple queries any more, as 4.x. */
  function isGone(reply: Loose): boolean {
    return reply?.error === true && reply.errorNum === 404;
  }

  /** `FILTER` lines for an example. */
  function filterOf(example: Loose, bindVars: Loose): string {
    return Object.keys(example).map((name, index) => {
      bindVars[`value${index}`] = example[name];
      bindVars[`path${index}`] = name.split(".");
      return `FILTER d.@path${index} == @value${index}`;
    }).join(" ");
  }

  /** The answer of a query in AQL that does the same; undefined when there is none. */
  function asQuery(query: Loose): Loose {
    const bindVars: Loose = { "@collection": query._collection.name() };
    let filter = "";
    if (query._path === "by-example") filter = filterOf(query._example, bindVars);
    else if (query._path === "range") {
      const { attribute, left, right, closed } = query._values;
      Object.assign(bindVars, { attribute: attribute.split("."), left, right });
      filter = `FILTER d.@attribute >= @left && d.@attribute ${closed ? "<=" : "<"} @right SORT d.@attribute`;
    } else if (query._path !== "all") return undefined;
    let limit = "";
    if (query._limit !== null || query._skip > 0) {
      Object.assign(bindVars, { skip: query._skip, limit: query._limit ?? Number.MAX_SAFE_INTEGER });
      limit = "LIMIT @skip, @limit";
    }
    const body: Loose = { query: `FOR d IN @@collection ${filter} ${limit} RETURN d`, bindVars, count: true };
    if (query._batchSize !== null) body.batchSize = query._batchSize;
    return query._collection._database._connection.POST("/_api/cursor", body);
  }

  class GeneralArrayCursor {
    [name: string]: Loose;

    constructor(documents: Loose[], skip = 0, limit: Loose = undefined, data: Loose = undefined) {
      this._documents = documents;
      this._total = documents.length;
      this._pos = skip < 0 ? Math.max(0, documents.length + skip) : skip;
      this._end = limit === undefined || limit === null
        ? documents.length
        : Math.min(documents.length, this._pos + limit);
      this._extra = data?.extra ?? {};
      this._cached = data?.cached === true;
    }
    hasNext(): boolean {
      return this._pos < this._end;
    }
    next(): Loose {
      if (!this.hasNext()) throw "No more results";
      return this._documents[this._pos++];
    }
    toArray(): Loose[] {
      const rows = this._documents.slice(this._pos, this._end);
      this._pos = this._end;
      return rows;
    }
    *[Symbol.iterator](): Loose {
      while (this.hasNext()) yield this.next();
    }
    count(): number {
      return this._total;
    }
    getExtra(): Loose {
      return this._extra;
    }
    dispose(): void {
      this._pos = this._end;
    }
    _PRINT(context: Loose): void {
      const rows = [];
      while (rows.length < PAGE && this.hasNext()) rows.push(this.next());
      context.output += `[object GeneralArrayCursor, count: ${this._total}, cached: ${this._cached}]\n`;
      if (rows.length > 0) printing.printRecursive(rows, context);
    }
  }
  enumerable(GeneralArrayCursor);

  class SimpleQuery {
    [name: string]: Loose;

    constructor() {
      const values: Loose = { _execution: null, _skip: 0, _limit: null, _total: null, _page: null, _batchSize: null };
      for (const name of Object.keys(values)) {
        Object.defineProperty(this, name, {
          value: values[name],
          writable: true,
          configurable: true,
          enumerable: false,
        });
      }
    }
    #modify(): void {
      if (this._execution !== null) throw "query is already executing";
    }
    setBatchSize(size: Loose): void {
      if (size >= 1) this._batchSize = size;
    }
    getBatchSize(): Loose {
      return this._batchSize;
    }
    limit(count: Loose): this {
      this.#modify();
      if (count === null || count === undefined) return this;
      if (count < 0) throw make(10, "limit must be non-negative");
      if (this._limit === null || count < this._limit) this._limit = count;
      return this;
    }
    skip(count: Loose): this {
      this.#modify();
      if (count === null || count === undefined) return this;
      if (this._limit !== null) {
        // what a limit has chosen is skipped here
        const documents = this.toArray();
        const { _collection } = this;
        return new SimpleQueryArray(documents, _collection).skip(count) as Loose;
      }
      this._skip += count;
      return this;
    }
    execute(batchSize?: Loose): void {
      if (this._execution !== null) return;
      if (batchSize >= 1) this._batchSize = batchSize;
      this._run();
    }
    hasNext(): boolean {
      this.execute();
      return this._execution.hasNext();
    }
    next(): Loose {
      this.execute();
      return this._execution.next();
    }
    toArray(): Loose[] {
      this.execute();
      return this._execution.toArray();
    }
    *[Symbol.iterator](): Loose {
      while (this.hasNext()) yield this.next();
    }
    count(applyPagination?: Loose): number {
      this.execute();
      return applyPagination ? this._page ??= this._countPage() : this._total ??= this._countAll();
    }
    /** How many documents there are without limit and skip. The server's answer only tells what they leave. */
    _countAll(): number {
      const all = this.clone();
      Object.assign(all, { _skip: 0, _limit: null, _batchSize: 1 });
      const total = all.count(true);
      all.dispose();
      return total;
    }
    dispose(): void {
      if (this._execution !== null) this._execution.dispose();
      this._execution = null;
      this._total = this._page = null;
    }
    clone(): Loose {
      const copy = Object.create(Object.getPrototypeOf(this));
      Object.defineProperties(copy, Object.getOwnPropertyDescriptors(this));
      copy._execution = copy._total = copy._page = null;
      return copy;
    }
    /** Sends the query. */
    _run(): void {
      const body: Loose = { collection: this._collection.name(), ...this._body() };
      if (this._skip > 0) body.skip = this._skip;
      if (this._limit !== null) body.limit = this._limit;
      if (this._batchSize !== null) body.batchSize = this._batchSize;
      const database = this._collection._database;
      const url = `/_db/${encodeURIComponent(this._collection._dbName)}/_api/simple/${this._path}`;
      let reply = database._connection.PUT(url, body);
      if (isGone(reply)) {
        reply = asQuery(this);
        if (reply === undefined) throw make(9, `this server has no PUT /_api/simple/${this._path}`);
      }
      checkRequestResult(reply);
      const { ArangoQueryCursor } = require("@arangodb/arango-query-cursor");
      this._execution = new ArangoQueryCursor(database, reply, this._path === "all");
      this._total = this._skip === 0 && this._limit === null ? reply.count ?? null : null;
      this._page = reply.count ?? (reply.hasMore ? null : reply.result.length);
    }
    /** How many documents skip and limit leave, where the server's answer does not tell. */
    _countPage(): number {
      return Math.min(this._limit ?? Infinity, this._countAll() - this._skip);
    }
    _describe(): string {
      return "";
    }
    _PRINT(context: Loose): void {
      let text = this._describe();
      if (this._skip !== 0) text += `.skip(${this._skip})`;
      if (this._limit !== null) text += `.limit(${this._limit})`;
      context.output += text;
    }
    toString(): string {
      const context = { output: "" };
      this._PRINT(context);
      return context.output;
    }
  }
  enumerable(SimpleQuery);

  function keep(self: Loose, values: Loose): void {
    for (const name of Object.keys(values)) {
      Object.defineProperty(self, name, { value: values[name], writable: true, configurable: true });
    }
  }

  class SimpleQueryArray extends SimpleQuery {
    constructor(documents: Loose[], collection?: Loose) {
      super();
      keep(this, { _documents: documents, _collection: collection });
    }
    override _run(): void {
      this._execution = new GeneralArrayCursor(this._documents, this._skip, this._limit);
      this._total = this._documents.length;
      this._page = this._execution._end - this._execution._pos;
    }
    override _describe(): string {
      return "SimpleQueryArray(documents)";
    }
  }

  class SimpleQueryAll extends SimpleQuery {
    constructor(collection: Loose) {
      super();
      keep(this, { _collection: collection, _path: "all" });
    }
    _body(): Loose {
      return { stream: true };
    }
    override _countAll(): number {
      return this._collection.count();
    }
    override _describe(): string {
      return `SimpleQueryAll(${this._collection.name()})`;
    }
  }

  class SimpleQueryByExample extends SimpleQuery {
    constructor(collection: Loose, example: Loose) {
      super();
      keep(this, { _collection: collection, _example: example, _path: "by-example" });
    }
    _body(): Loose {
      return { example: this._example };
    }
    override _describe(): string {
      return `SimpleQueryByExample(${this._collection.name()})`;
    }
  }

  class SimpleQueryRange extends SimpleQuery {
    constructor(collection: Loose, attribute: Loose, left: Loose, right: Loose, closed: Loose) {
      super();
      const values = { attribute, left, right, closed: closed === 1 || closed === true };
      keep(this, { _collection: collection, _values: values, _path: "range" });
    }
    _body(): Loose {
      return this._values;
    }
    override _describe(): string {
      return `SimpleQueryRange(${this._collection.name()})`;
    }
  }

  /** The geo index with the smallest id. */
  function geoIndex(collection: Loose, index: Loose): string {
    if (index !== undefined && index !== null) {
      const id = String(typeof index === "object" ? index.id : index);
      return id.includes("/") ? id : `${collection.name()}/${id}`;
    }
    const ids = collection.indexes().filter((each: Loose) => /^geo/.test(each.type)).map((each: Loose) => each.id);
    if (ids.length === 0) {
      throw make(1570, `no suitable geo index found for geo restriction on '${collection.name()}'`);
    }
    const number = (id: string) => Number(id.slice(id.indexOf("/") + 1));
    return ids.sort((left: string, right: string) => number(left) - number(right))[0];
  }

  class SimpleQueryNear extends SimpleQuery {
    constructor(collection: Loose, latitude: Loose, longitude: Loose, index?: Loose) {
      super();
      const geo = geoIndex(collection, index);
      keep(this, { _collection: collection, _values: { latitude, longitude, geo }, _index: geo, _path: "near" });
    }
    distance(attribute: Loose = "distance"): this {
      this._values.distance = attribute;
      return this;
    }
    _body(): Loose {
      return this._values;
    }
    override _describe(): string {
      const { latitude, longitude } = this._values;
      return `SimpleQueryNear(${this._collection.name()}, ${latitude}, ${longitude}, ${this._index})`;
    }
  }

  class SimpleQueryWithin extends SimpleQueryNear {
    constructor(collection: Loose, latitude: Loose, longitude: Loose, radius: Loose, index?: Loose) {
      super(collection, latitude, longitude, index);
      this._values.radius = radius;
      this._path = "within";
    }
    override _describe(): string {
      const { latitude, longitude, radius } = this._values;
      return `SimpleQueryWithin(${this._collection.name()}, ${latitude}, ${longitude}, ${radius}, ${this._index})`;
    }
  }

  class SimpleQueryWithinRectangle extends SimpleQuery {
    constructor(
      collection: Loose,
      latitude1: Loose,
      longitude1: Loose,
      latitude2: Loose,
      longitude2: Loose,
      i?: Loose,
    ) {
      super();
      const values = { latitude1, longitude1, latitude2, longitude2, geo: geoIndex(collection, i) };
      keep(this, { _collection: collection, _values: values, _path: "within-rectangle" });
    }
    _body(): Loose {
      return this._values;
    }
    override _describe(): string {
      const { latitude1, longitude1, latitude2, longitude2, geo } = this._values;
      const corners = [latitude1, longitude1, latitude2, longitude2].join(", ");
      return `SimpleQueryWithinRectangle(${this._collection.name()}, ${corners}, ${geo})`;
    }
  }

  class SimpleQueryGeo {
    [name: string]: Loose;

    constructor(collection: Loose, index: Loose) {
      this._collection = collection;
      this._index = index;
    }
    near(latitude: Loose, longitude: Loose): Loose {
      return new SimpleQueryNear(this._collection, latitude, longitude, this._index);
    }
    within(latitude: Loose, longitude: Loose, radius: Loose): Loose {
      return new SimpleQueryWithin(this._collection, latitude, longitude, radius, this._index);
    }
    withinRectangle(latitude1: Loose, longitude1: Loose, latitude2: Loose, longitude2: Loose): Loose {
      const { _collection, _index } = this;
      return new SimpleQueryWithinRectangle(_collection, latitude1, longitude1, latitude2, longitude2, _index);
    }
    _PRINT(context: Loose): void {
      context.output += `GeoIndex(${this._collection.name()}, ${this._index})`;
    }
  }

  class SimpleQueryFulltext extends SimpleQuery {
    constructor(collection: Loose, attribute: Loose, query: Loose, index?: Loose) {
      super();
      let id = index === undefined || index === null ? undefined : String(typeof index === "object" ? index.id : index);
      id ??= collection.indexes()
        .find((each: Loose) => each.type === "fulltext" && each.fields[0] === attribute)?.id;
      if (id === undefined) {
        throw make(1571, `no suitable fulltext index found for fulltext query on '${collection.name()}'`);
      }
      keep(this, { _collection: collection, _values: { attribute, query, index: id }, _path: "fulltext" });
    }
    _body(): Loose {
      return this._values;
    }
    override _describe(): string {
      const { attribute, query } = this._values;
      return `SimpleQueryFulltext(${this._collection.name()}, ${attribute}, "${query}")`;
    }
  }
  for (const type of [SimpleQueryNear, SimpleQueryGeo]) enumerable(type);

  Object.assign(exports, {
    isGone,
    filterOf,
    GeneralArrayCursor,
    SimpleQueryAll,
    SimpleQueryArray,
    SimpleQueryByExample,
    SimpleQueryByCondition: SimpleQueryByExample,
    SimpleQueryRange,
    SimpleQueryGeo,
    SimpleQueryNear,
    SimpleQueryWithin,
    SimpleQueryWithinRectangle,
    SimpleQueryFulltext,
  });
}
