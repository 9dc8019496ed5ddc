/**
 * The server's inner parts: its log of writes, its statistics, its removal of old documents.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/server`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalServer({ exports, require }: ModuleScope): void {
  const { checkRequestResult: checked } = require("@arangodb/arangosh");
  const server = () => require("denosh/connection").arango;

  exports.wal = {
    flush(waitForSync?: Loose, waitForCollector?: Loose) {
      const given = typeof waitForSync === "object" && waitForSync !== null
        ? waitForSync
        : { waitForSync, waitForCollector };
      const flag = (value: Loose) => value ? "true" : "false";
      const query = `waitForSync=${flag(given.waitForSync)}&waitForCollector=${flag(given.waitForCollector)}`;
      return checked(server().PUT(`/_admin/wal/flush?${query}`, ""));
    },
    properties: (values?: Loose) =>
      checked(
        values === undefined ? server().GET("/_admin/wal/properties") : server().PUT("/_admin/wal/properties", values),
      ),
    transactions: () => checked(server().GET("/_admin/wal/transactions")),
  };
  Object.assign(exports, {
    processStatistics: () => checked(server().GET("/_admin/statistics")).system,
    serverStatistics: () => checked(server().GET("/_admin/statistics")).server,
    ttlStatistics: () => checked(server().GET("/_api/ttl/statistics")).result,
    ttlProperties: (values?: Loose) =>
      checked(
        values === undefined ? server().GET("/_api/ttl/properties") : server().PUT("/_api/ttl/properties", values),
      )
        .result,
    reloadRouting: () => checked(server().POST("/_admin/routing/reload", "")),
  });
}
