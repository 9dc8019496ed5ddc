/**
 * Indexes of a collection.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/collection/indexes`: methods of collections. Source: arangosh.md 5.6. */
export function collectionIndexes({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isObject, withQuery, apiUrl, connectionOf } = require("denosh/api-requests");

  function indexUrl(collection: Loose, id: Loose): string {
    let text = isObject(id) ? id.id ?? id.name : id;
    if (typeof text === "number") text = String(text);
    if (typeof text !== "string" || text === "") throw make(1214);
    if (!text.includes("/")) text = `${collection.name()}/${text}`;
    return `/_db/${encodeURIComponent(collection._dbName)}${collection._database._indexurl(text, collection.name())}`;
  }

  /** An index by its fields, and perhaps an object of options. */
  function oldIndex(collection: Loose, type: string, unique: boolean, args: Loose[]): Loose {
    const fields = args.filter((arg) => typeof arg === "string");
    const options = args.find((arg) => isObject(arg)) ?? {};
    return collection.ensureIndex({ type, unique, fields, ...options });
  }

  Object.assign(exports, {
    indexes(this: Loose, withStats?: Loose, withHidden?: Loose): Loose {
      const pairs = [`collection=${encodeURIComponent(this.name())}`, `withStats=${withStats ? "true" : "false"}`];
      if (withHidden) pairs.push("withHidden=true");
      return checkRequestResult(connectionOf(this).GET(withQuery(apiUrl(this, "index"), pairs))).indexes;
    },
    getIndexes(this: Loose, withStats?: Loose, withHidden?: Loose): Loose {
      return this.indexes(withStats, withHidden);
    },
    index(this: Loose, id: Loose): Loose {
      return checkRequestResult(connectionOf(this).GET(indexUrl(this, id)));
    },
    ensureIndex(this: Loose, definition: Loose): Loose {
      if (!isObject(definition) || Array.isArray(definition)) throw "usage: ensureIndex(<description>)";
      const url = apiUrl(this, `index?collection=${encodeURIComponent(this.name())}`);
      return checkRequestResult(connectionOf(this).POST(url, definition));
    },
    dropIndex(this: Loose, id: Loose): boolean {
      const reply = connectionOf(this).DELETE(indexUrl(this, id));
      checkRequestResult(reply);
      return true;
    },
    ensureHashIndex(this: Loose, ...args: Loose[]): Loose {
      return oldIndex(this, "hash", false, args);
    },
    ensureUniqueConstraint(this: Loose, ...args: Loose[]): Loose {
      return oldIndex(this, "hash", true, args);
    },
    ensureSkiplist(this: Loose, ...args: Loose[]): Loose {
      return oldIndex(this, "skiplist", false, args);
    },
    ensureUniqueSkiplist(this: Loose, ...args: Loose[]): Loose {
      return oldIndex(this, "skiplist", true, args);
    },
    ensureFulltextIndex(this: Loose, field: Loose, minLength?: Loose): Loose {
      return this.ensureIndex({
        type: "fulltext",
        fields: Array.isArray(field) ? field : [field],
        ...(minLength === undefined ? {} : { minLength }),
      });
    },
    ensureGeoIndex(this: Loose, latitude: Loose, longitude?: Loose): Loose {
      if (typeof longitude === "string") return this.ensureIndex({ type: "geo", fields: [latitude, longitude] });
      return this.ensureIndex({ type: "geo", fields: [latitude], geoJson: longitude === true });
    },
    ensureGeoConstraint(this: Loose, latitude: Loose, longitude?: Loose): Loose {
      return this.ensureGeoIndex(latitude, longitude);
    },
    ensureVertexCentricIndex(this: Loose, ...args: Loose[]): Loose {
      const fields = args.filter((arg) => typeof arg === "string");
      const { direction, ...options } = args.find((arg) => isObject(arg)) ?? {};
      const first: Record<string, string> = { inbound: "_to", outbound: "_from" };
      if (first[direction] === undefined) throw make(10, "direction must be 'inbound' or 'outbound'");
      return this.ensureIndex({ type: "persistent", ...options, fields: [first[direction], ...fields] });
    },
  });
}
