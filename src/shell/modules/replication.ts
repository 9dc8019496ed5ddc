/**
 * Synchronising collections from a leader, and following it.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `@arangodb/replication`.
 *
 * A sync is a job of the server. A denosh server, and the embedded one, keeps the job's state in the collection
 * `_sync_jobs`; for any other server the shell keeps it there itself (`sync_jobs.ts`).
 *
 * Source: replication-protocol.md 3.1 to 3.3; arangosh.md 3.9.
 */
export function replication({ exports, require }: ModuleScope): void {
  const { make, usage } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isCollectionName } = require("denosh/names");
  const { resultOf, runSync } = require("denosh/sync/jobs");

  const server = () => require("denosh/connection").arango;

  function isObject(value: Loose): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  function checkConfig(call: string, config: Loose): Loose {
    if (config !== undefined && config !== null && !isObject(config)) throw usage(call);
    return { ...config };
  }

  /** The checks that ArangoDB makes before it talks to the leader. */
  function checkSync(config: Loose): void {
    if (typeof config.endpoint !== "string" || config.endpoint === "") {
      throw make(400, "<endpoint> must be a valid endpoint");
    }
    const { restrictType, restrictCollections, pollInterval } = config;
    if (restrictType !== undefined && !["", "none", "include", "exclude"].includes(restrictType)) {
      throw make(1410, "invalid value for <restrictType>");
    }
    const restricts = restrictType === "include" || restrictType === "exclude";
    const lists = Array.isArray(restrictCollections) && restrictCollections.length > 0;
    if (restricts !== lists) throw make(1410, "invalid value for <restrictCollections> or <restrictType>");
    if (pollInterval !== undefined && !(typeof pollInterval === "number" && pollInterval > 0)) {
      throw make(1410, `invalid value for <pollInterval>: expecting a number of seconds above 0, got ${pollInterval}`);
    }
  }

  exports.syncCollection = function syncCollection(collection: Loose, config?: Loose): Loose {
    const body = checkConfig("syncCollection(<collection>, <configuration>)", config);
    const name = collection?.isArangoCollection ? collection.name() : collection;
    if (!isCollectionName(name)) throw make(1208, `illegal name: ${JSON.stringify(name) ?? "undefined"}`);
    body.restrictType = "include";
    body.restrictCollections = [name];
    body.includeSystem = true;
    checkSync(body);
    return runSync("/_api/replication/sync", body, name, name);
  };

  exports.sync = function sync(config?: Loose): Loose {
    const body = checkConfig("sync(<configuration>)", config);
    checkSync(body);
    return runSync("/_api/replication/sync", body, "database", null);
  };

  exports.syncGlobal = function syncGlobal(config?: Loose): Loose {
    const body = checkConfig("syncGlobal(<configuration>)", config);
    checkSync(body);
    return runSync("/_db/_system/_api/replication/sync?global=true", body, "server", null);
  };

  function setup(path: string, call: string, config: Loose): Loose {
    const body = checkConfig(call, config);
    body.autoStart ??= true;
    body.includeSystem ??= true;
    body.verbose ??= false;
    if (typeof body.endpoint !== "string" || body.endpoint === "") throw make(1410, "invalid value for <endpoint>");
    return runSync(path, body, "database", null);
  }
  exports.setupReplication = (config?: Loose) =>
    setup("/_api/replication/make-follower", "setupReplication(<configuration>)", config);
  exports.setupReplicationGlobal = (config?: Loose) =>
    setup("/_db/_system/_api/replication/make-follower?global=true", "setupReplicationGlobal(<configuration>)", config);

  exports.getSyncResult = function getSyncResult(id?: Loose): Loose {
    if (typeof id !== "string" && typeof id !== "number") throw usage("getSyncResult(<id>)");
    return resultOf(String(id));
  };

  exports.logger = {
    state: () => checkRequestResult(server().GET("/_api/replication/logger-state")),
    tickRanges: () => checkRequestResult(server().GET("/_api/replication/logger-tick-ranges")),
    firstTick: () => checkRequestResult(server().GET("/_api/replication/logger-first-tick")).firstTick,
  };

  function applier(prefix: string, query: string): Loose {
    const url = (command: string, more = "") => {
      const pairs = [query, more].filter((pair) => pair !== "").join("&");
      return `${prefix}/_api/replication/applier-${command}${pairs === "" ? "" : `?${pairs}`}`;
    };
    const check = (reply: Loose) => checkRequestResult(reply);
    return {
      start(tick?: Loose) {
        const from = tick === undefined ? "" : `from=${encodeURIComponent(String(tick))}`;
        return check(server().PUT(url("start", from), ""));
      },
      stop: () => check(server().PUT(url("stop"), "")),
      shutdown: () => check(server().PUT(url("stop"), "")),
      state: () => check(server().GET(url("state"))),
      stateAll: () => check(server().GET(url("state-all"))),
      forget: () => check(server().DELETE(url("state"))),
      properties: (config?: Loose) =>
        check(config === undefined ? server().GET(url("config")) : server().PUT(url("config"), config)),
    };
  }
  exports.applier = applier("", "");
  exports.globalApplier = applier("/_db/_system", "global=true");

  exports.serverId = () => checkRequestResult(server().GET("/_api/replication/server-id")).serverId;
  exports.compareTicks = require("@arangodb/replication-common").compareTicks;
}

/** The module `@arangodb/replication-common`. */
export function replicationCommon({ exports, require, host }: ModuleScope): void {
  exports.compareTicks = function compareTicks(left: Loose, right: Loose): number {
    const [one, two] = [BigInt(left), BigInt(right)];
    return one < two ? -1 : one > two ? 1 : 0;
  };
  exports.reconnectRetry = function reconnectRetry(
    endpoint: Loose,
    database: Loose,
    user: Loose,
    password: Loose,
  ): void {
    const { arango } = require("denosh/connection");
    for (let pause = 0.2;; pause *= 2) {
      try {
        arango.reconnect(endpoint, database, user, password);
        return;
      } catch (error) {
        if (pause >= 5) throw error;
        host.sleep(pause);
      }
    }
  };
}
