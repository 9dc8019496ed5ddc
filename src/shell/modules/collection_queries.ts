/**
 * Simple queries of a collection: all documents, examples, keys, ranges, places, words.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/collection/queries`: methods of collections. Source: arangosh.md 5.8. */
export function collectionQueries({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isObject, apiUrl, connectionOf } = require("denosh/api-requests");
  const classes = () => require("@arangodb/simple-query");

  /** The example in the arguments: an object, or names and values in turns. */
  function exampleOf(args: Loose[]): Loose {
    if (args.length === 0) return {};
    if (args.length === 1) return args[0];
    const example: Loose = {};
    for (let index = 0; index < args.length; index += 2) example[args[index]] = args[index + 1];
    return example;
  }

  /** What follows the example: options, or `waitForSync` and `limit` by position. */
  function optionsOf(first: Loose, limit: Loose): Loose {
    if (isObject(first)) {
      if (limit !== undefined) throw "too many parameters";
      return { ...first };
    }
    const options: Loose = {};
    if (first !== undefined) options.waitForSync = first;
    if (limit !== undefined && limit !== null) options.limit = limit;
    return options;
  }

  /** One simple query, or on a server that has none the same in AQL. `null` when nothing is found. */
  function simple(collection: Loose, path: string, body: Loose, instead: () => Loose, member: string): Loose {
    const reply = connectionOf(collection).PUT(apiUrl(collection, `simple/${path}`), {
      collection: collection.name(),
      ...body,
    });
    if (reply?.error === true && reply.errorNum === 404) {
      // "no match" and "no such endpoint" have the same number
      return /^unknown path|^not found$/.test(reply.errorMessage) ? instead() : null;
    }
    return checkRequestResult(reply)[member];
  }

  /** The first row of a query in AQL over the collection's documents `d`. */
  function first(collection: Loose, text: string, bindVars: Loose): Loose {
    const rows = collection._database._query(`FOR d IN @@c ${text}`, { "@c": collection.name(), ...bindVars })
      .toArray();
    return rows.length > 0 ? rows[0] : null;
  }

  /** How many documents a modification in AQL of those like an example has written. */
  function changed(collection: Loose, example: Loose, options: Loose, text: string, more: Loose = {}): Loose {
    const bindVars: Loose = { "@c": collection.name(), ...more };
    const filter = classes().filterOf(example, bindVars);
    const limit = options.limit > 0 ? `LIMIT ${Number(options.limit)}` : "";
    const cursor = collection._database._query(`FOR d IN @@c ${filter} ${limit} ${text}`, bindVars);
    return cursor.getExtra().stats.writesExecuted;
  }

  Object.assign(exports, {
    all(this: Loose): Loose {
      return new (classes().SimpleQueryAll)(this);
    },
    any(this: Loose): Loose {
      return simple(this, "any", {}, () => first(this, "SORT RAND() LIMIT 1 RETURN d", {}), "document");
    },
    byExample(this: Loose, ...args: Loose[]): Loose {
      return new (classes().SimpleQueryByExample)(this, exampleOf(args));
    },
    firstExample(this: Loose, ...args: Loose[]): Loose {
      const example = exampleOf(args);
      return simple(this, "first-example", { example }, () => {
        const bindVars = {};
        return first(this, `${classes().filterOf(example, bindVars)} LIMIT 1 RETURN d`, bindVars);
      }, "document");
    },
    removeByExample(this: Loose, example: Loose, waitForSync?: Loose, limit?: Loose): Loose {
      const options = optionsOf(waitForSync, limit);
      return simple(
        this,
        "remove-by-example",
        { example, ...options },
        () => changed(this, example, options, "REMOVE d IN @@c"),
        "deleted",
      );
    },
    replaceByExample(this: Loose, example: Loose, newValue: Loose, waitForSync?: Loose, limit?: Loose): Loose {
      const options = optionsOf(waitForSync, limit);
      return simple(
        this,
        "replace-by-example",
        { example, newValue, ...options },
        () => changed(this, example, options, "REPLACE d WITH @newValue IN @@c", { newValue }),
        "replaced",
      );
    },
    updateByExample(
      this: Loose,
      example: Loose,
      newValue: Loose,
      keepNull?: Loose,
      waitForSync?: Loose,
      limit?: Loose,
    ): Loose {
      let options: Loose;
      if (isObject(keepNull)) {
        if (waitForSync !== undefined) throw "too many parameters";
        options = { ...keepNull };
      } else {
        options = optionsOf(waitForSync, limit);
        if (keepNull !== undefined) options.keepNull = keepNull;
      }
      return simple(this, "update-by-example", { example, newValue, ...options }, () => {
        const { keepNull: keep = true, mergeObjects = true } = options;
        const text = "UPDATE d WITH @newValue IN @@c OPTIONS {keepNull: @keep, mergeObjects: @mergeObjects}";
        return changed(this, example, options, text, { newValue, keep, mergeObjects });
      }, "updated");
    },
    lookupByKeys(this: Loose, keys: Loose): Loose {
      const reply = connectionOf(this).PUT(apiUrl(this, "simple/lookup-by-keys"), { collection: this.name(), keys });
      return { documents: checkRequestResult(reply).documents };
    },
    documents(this: Loose, keys: Loose): Loose {
      return this.lookupByKeys(keys);
    },
    removeByKeys(this: Loose, keys: Loose): Loose {
      const reply = connectionOf(this).PUT(apiUrl(this, "simple/remove-by-keys"), { collection: this.name(), keys });
      checkRequestResult(reply);
      return { removed: reply.removed, ignored: reply.ignored };
    },
    range(this: Loose, attribute: Loose, left: Loose, right: Loose): Loose {
      return new (classes().SimpleQueryRange)(this, attribute, left, right, 0);
    },
    closedRange(this: Loose, attribute: Loose, left: Loose, right: Loose): Loose {
      return new (classes().SimpleQueryRange)(this, attribute, left, right, 1);
    },
    geo(this: Loose, location: Loose, order?: Loose): Loose {
      let index: Loose;
      if (isObject(location)) index = this.index(location);
      else {
        const geoJson = typeof order === "boolean" ? order : false;
        const fields = typeof order === "string" ? [location, order] : [location];
        index = this.indexes().find((candidate: Loose) =>
          candidate.type === "geo" && JSON.stringify(candidate.fields) === JSON.stringify(fields) &&
          (fields.length === 2 || candidate.geoJson === geoJson)
        );
      }
      if (index === undefined) {
        throw make(1570, `no suitable geo index found for geo restriction on '${this.name()}'`);
      }
      return new (classes().SimpleQueryGeo)(this, index.id);
    },
    near(this: Loose, latitude: Loose, longitude: Loose): Loose {
      return new (classes().SimpleQueryNear)(this, latitude, longitude);
    },
    within(this: Loose, latitude: Loose, longitude: Loose, radius: Loose): Loose {
      return new (classes().SimpleQueryWithin)(this, latitude, longitude, radius);
    },
    withinRectangle(this: Loose, latitude1: Loose, longitude1: Loose, latitude2: Loose, longitude2: Loose): Loose {
      const { SimpleQueryWithinRectangle } = classes();
      return new SimpleQueryWithinRectangle(this, latitude1, longitude1, latitude2, longitude2);
    },
    fulltext(this: Loose, attribute: Loose, query: Loose, index?: Loose): Loose {
      return new (classes().SimpleQueryFulltext)(this, attribute, query, index);
    },
    iterate(this: Loose, visit: Loose, options?: Loose): void {
      const probability = options?.probability ?? 1;
      const limit = options?.limit ?? null;
      if (typeof probability !== "number" || probability <= 0 || probability > 1) {
        throw make(5, "expecting a number between 0 and 1 for <probability>");
      }
      let documents;
      if (probability === 1) {
        documents = this.all();
        if (limit !== null) documents = documents.limit(limit);
      } else {
        const tail = limit === null ? "" : "LIMIT @limit ";
        documents = this._database._query(`FOR d IN @@c FILTER rand() <= @probability ${tail}RETURN d`, {
          "@c": this.name(),
          probability,
          ...(limit === null ? {} : { limit }),
        });
      }
      for (let index = 0; documents.hasNext(); index++) visit(documents.next(), index);
    },
  });
}
