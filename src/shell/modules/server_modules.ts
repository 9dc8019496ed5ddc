/**
 * Small modules that are no more than requests: tasks, analyzers, query caches, running queries, backups, licences.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/tasks`. Source: arangosh.md 3.9. */
export function tasks({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const idOf = (id: Loose) => encodeURIComponent(String(typeof id === "object" && id !== null ? id.id : id));
  Object.assign(exports, {
    register(options: Loose) {
      const body = { ...options };
      if (typeof body.command === "function") body.command = `(${String(body.command)})(params)`;
      const reply = body.id === undefined
        ? arango.POST("/_api/tasks", body)
        : arango.PUT(`/_api/tasks/${idOf(body.id)}`, body);
      return checkRequestResult(reply);
    },
    get: (id?: Loose) => checkRequestResult(arango.GET(id === undefined ? "/_api/tasks" : `/_api/tasks/${idOf(id)}`)),
    unregister(id: Loose) {
      checkRequestResult(arango.DELETE(`/_api/tasks/${idOf(id)}`));
    },
  });
}

/** The module `@arangodb/analyzers`. Source: arangosh.md 3.9. */
export function analyzers({ exports, require }: ModuleScope): void {
  const { enumerable } = require("denosh/errors");
  const { checkRequestResult, helpBlock } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");

  class ArangoAnalyzer {
    [name: string]: Loose;

    constructor(data: Loose) {
      const { name, type, properties, features } = data;
      Object.defineProperty(this, "_data", { value: { name, type, properties, features } });
    }
    name(): string {
      return this._data.name;
    }
    type(): string {
      return this._data.type;
    }
    properties(): Loose {
      return this._data.properties;
    }
    features(): Loose {
      return this._data.features;
    }
    toString(): string {
      return `[ArangoAnalyzer "${this._data.name}" (type ${this._data.type})]`;
    }
    _PRINT(context: Loose): void {
      context.output += this.toString();
    }
    _help(): void {
      require("internal").print(helpBlock("ArangoAnalyzer help", [
        ["name()", "the analyzer's name"],
        ["type()", "its type"],
        ["properties()", "its properties"],
        ["features()", "its features"],
      ]));
    }
  }
  enumerable(ArangoAnalyzer);

  const url = (name: Loose) => `/_api/analyzer/${encodeURIComponent(String(name))}`;
  Object.assign(exports, {
    analyzer(name: Loose) {
      const reply = arango.GET(url(name));
      if (reply?.error === true && reply.errorNum === 1202) return null;
      return new ArangoAnalyzer(checkRequestResult(reply));
    },
    save(name: Loose, type: Loose, properties?: Loose, features?: Loose) {
      const body: Loose = { name, type, properties };
      if (features !== undefined) body.features = features;
      const reply = checkRequestResult(arango.POST("/_api/analyzer", body));
      delete reply.code;
      return reply;
    },
    remove(name: Loose, force?: Loose) {
      checkRequestResult(arango.DELETE(`${url(name)}${force === undefined ? "" : "?force=true"}`));
    },
    toArray: () =>
      checkRequestResult(arango.GET("/_api/analyzer")).result.map((data: Loose) => new ArangoAnalyzer(data)),
  });
}

/** The module `@arangodb/aql/cache`. Source: arangosh.md 3.9. */
export function queryCache({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const properties = "/_api/query-cache/properties";
  Object.assign(exports, {
    clear: () => checkRequestResult(arango.DELETE("/_api/query-cache")),
    properties: (values?: Loose) =>
      checkRequestResult(values === undefined ? arango.GET(properties) : arango.PUT(properties, values)),
    toArray: () => checkRequestResult(arango.GET("/_api/query-cache/entries")),
  });
}

/** The module `@arangodb/aql/plan-cache`. Source: arangosh.md 3.9. */
export function planCache({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  exports.clear = () => checkRequestResult(arango.DELETE("/_api/query-plan-cache"));
  exports.toArray = () => checkRequestResult(arango.GET("/_api/query-plan-cache/entries"));
}

/** The module `@arangodb/aql/queries`. Source: arangosh.md 3.9. */
export function queries({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const all = (given: Loose) => {
    const wanted = typeof given === "object" && given !== null ? given.all : given;
    return `all=${wanted ? "true" : "false"}`;
  };
  const properties = "/_api/query/properties";
  Object.assign(exports, {
    current: (given?: Loose) => checkRequestResult(arango.GET(`/_api/query/current?${all(given)}`)),
    slow: (given?: Loose) => checkRequestResult(arango.GET(`/_api/query/slow?${all(given)}`)),
    clearSlow: (given?: Loose) => checkRequestResult(arango.DELETE(`/_api/query/slow?${all(given)}`)),
    properties: (values?: Loose) =>
      checkRequestResult(values === undefined ? arango.GET(properties) : arango.PUT(properties, values)),
    kill(given: Loose) {
      const { id, all: isAny } = typeof given === "object" && given !== null ? given : { id: given };
      const reply = arango.DELETE(`/_api/query/${encodeURIComponent(String(id))}?${all(isAny)}`);
      return checkRequestResult(reply);
    },
  });
}

/** The module `@arangodb/aql/functions`. Source: arangosh.md 3.9. */
export function aqlFunctions({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const url = (name: Loose) => `/_api/aqlfunction/${encodeURIComponent(String(name))}`;
  Object.assign(exports, {
    register(name: Loose, code: Loose, isDeterministic = false) {
      const body = { name, code: String(code), isDeterministic };
      return checkRequestResult(arango.POST("/_api/aqlfunction", body)).isNewlyCreated === false;
    },
    unregister(name: Loose) {
      checkRequestResult(arango.DELETE(`${url(name)}?group=false`));
    },
    unregisterGroup: (group: Loose) => arango.DELETE(`${url(group)}?group=true`).deletedCount ?? 0,
    toArray(group?: Loose) {
      return checkRequestResult(arango.GET(group ? url(group) : "/_api/aqlfunction")).result;
    },
  });
}

/** The module `@arangodb/configuration`. Source: arangosh.md 3.9. */
export function configuration({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const url = "/_admin/configuration/notifications/versions";
  exports.notifications = {
    versions: () => checkRequestResult(arango.GET(url)),
    setVersions: (data: Loose) => checkRequestResult(arango.PUT(url, data)),
  };
}

/**
 * The module `@arangodb/hotbackup`: it is there for scripts that run against servers with backups.
 *
 * Source: arangosh.md 3.9; the bodies are those of the HTTP API's manual.
 */
export function hotbackup({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const call = (action: string, body: Loose) =>
    checkRequestResult(arango.POST(`/_admin/backup/${action}`, body)).result;
  /** The members that are set. */
  const defined = (values: Loose) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  Object.assign(exports, {
    get: () => call("list", {}).list,
    create: (label?: Loose) => call("create", defined({ label })),
    restore: (id: Loose, maxWait?: Loose) => call("restore", defined({ id, maxWait })),
    delete: (id: Loose) => call("delete", { id }),
    upload: (id: Loose, remoteRepository: Loose, config: Loose) => call("upload", { id, remoteRepository, config }),
    uploadProgress: (uploadId: Loose) => call("upload", { uploadId }),
    download: (id: Loose, remoteRepository: Loose, config: Loose) => call("download", { id, remoteRepository, config }),
    downloadProgress: (downloadId: Loose) => call("download", { downloadId }),
  });
}

/** The module `@arangodb/cluster-info`, for scripts that run against Coordinators. Source: arangosh.md 3.9. */
export function clusterInfo({ exports, require }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const url = (...parts: Loose[]) =>
    ["/_api/cluster/cluster-info", ...parts.map((part) => encodeURIComponent(String(part)))].join("/");
  const get = (...parts: Loose[]) => checkRequestResult(arango.GET(url(...parts)));
  Object.assign(exports, {
    flush: () => checkRequestResult(arango.PUT(url("flush"), {})),
    getCollectionInfo: (database: Loose, name: Loose) => get("get_collection_info", database, name),
    getCollectionInfoCurrent: (database: Loose, name: Loose, shard: Loose) =>
      get("get_collection_info_current", database, name, shard),
    getAnalyzersRevision: (database: Loose) => get("get_analyzers_revision", database),
    waitForPlanVersion: (version: Loose) => get("wait_for_plan_version", version),
    getMaxNumberOfShards: () => get("get_max_number_of_shards"),
    getMaxReplicationFactor: () => get("get_max_replication_factor"),
    getMinReplicationFactor: () => get("get_min_replication_factor"),
    getResponsibleServers: (shards: Loose) => checkRequestResult(arango.POST(url("get_responsible_servers"), shards)),
    getResponsibleShard: (name: Loose, document: Loose, complete: Loose = true) =>
      checkRequestResult(
        arango.POST(url("get_responsible_shard", arango.getDatabaseName(), name, Boolean(complete)), document),
      ),
  });
}

/** Modules of parts of ArangoDB that denosh does not have. Suites may require them; whatever is called of one says so. */
export function unsupported({ module, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  // no arrow function: what is asked for may be a class
  function refuse(): never {
    throw make(
      9,
      `module '${module.id}' is not supported by denosh: it needs a cluster, an Enterprise server, Foxx or Pregel`,
    );
  }
  module.exports = new Proxy({}, { get: (_target, name) => typeof name === "string" ? refuse : undefined });
}
