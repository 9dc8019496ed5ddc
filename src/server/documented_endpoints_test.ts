import { ok } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";

/** Methods and paths of the documented HTTP API, 3.11 to 4.x. */
const DOCUMENTED = `
POST /_admin/backup/create
POST /_admin/backup/delete
POST /_admin/backup/download
POST /_admin/backup/list
POST /_admin/backup/restore
POST /_admin/backup/upload
GET /_admin/cluster/health
PUT /_admin/cluster/maintenance
GET PUT /_admin/cluster/maintenance/:DB-Server-ID
GET POST PUT /_admin/cluster/rebalance
POST /_admin/cluster/rebalance/execute
GET /_admin/cluster/statistics
PUT /_admin/cluster/uniqId
PUT /_admin/compact
GET /_admin/crashes
DELETE GET /_admin/crashes/:crashId
GET /_admin/database/target-version
GET /_admin/deployment/id
POST /_admin/echo
POST /_admin/execute
GET PUT /_admin/license
GET /_admin/log
GET /_admin/log/entries
DELETE GET PUT /_admin/log/level
GET PUT /_admin/log/structured
GET /_admin/metrics
GET /_admin/metrics/v2
GET /_admin/options
GET /_admin/options-description
GET /_admin/options-public
POST /_admin/routing/reload
GET /_admin/server/api-calls
GET /_admin/server/aql-queries
GET /_admin/server/availability
POST /_admin/server/encryption
GET /_admin/server/id
GET POST /_admin/server/jwt
GET PUT /_admin/server/mode
GET /_admin/server/role
GET POST /_admin/server/tls
DELETE GET /_admin/shutdown
GET /_admin/statistics
GET /_admin/statistics-description
GET /_admin/status
GET /_admin/support-info
GET /_admin/time
GET /_admin/usage-metrics
GET POST /_api/analyzer
DELETE GET /_api/analyzer/:analyzer-name
GET POST /_api/aqlfunction
DELETE /_api/aqlfunction/:name
POST /_api/batch
GET /_api/cluster/endpoints
GET POST /_api/collection
DELETE GET /_api/collection/:collection-name
GET /_api/collection/:collection-name/checksum
PUT /_api/collection/:collection-name/compact
GET /_api/collection/:collection-name/count
GET /_api/collection/:collection-name/figures
PUT /_api/collection/:collection-name/load
PUT /_api/collection/:collection-name/loadIndexesIntoMemory
GET PUT /_api/collection/:collection-name/properties
PUT /_api/collection/:collection-name/recalculateCount
PUT /_api/collection/:collection-name/rename
PUT /_api/collection/:collection-name/responsibleShard
GET /_api/collection/:collection-name/revision
GET /_api/collection/:collection-name/shards
PUT /_api/collection/:collection-name/truncate
PUT /_api/collection/:collection-name/unload
GET POST /_api/control_pregel
DELETE GET /_api/control_pregel/history
DELETE GET /_api/control_pregel/history/:id
DELETE GET /_api/control_pregel/:id
POST /_api/cursor
DELETE POST PUT /_api/cursor/:cursor-identifier
POST /_api/cursor/:cursor-identifier/:batch-identifier
GET POST /_api/database
GET /_api/database/current
GET /_api/database/user
DELETE /_api/database/:database-name
DELETE PATCH POST PUT /_api/document/:collection
DELETE GET HEAD PATCH PUT /_api/document/:collection/:key
GET /_api/edges/:collection
GET /_api/endpoint
GET /_api/engine
GET /_api/engine/stats
POST /_api/explain
GET POST /_api/foxx
POST /_api/foxx/commit
GET PATCH PUT /_api/foxx/configuration
GET PATCH PUT /_api/foxx/dependencies
DELETE POST /_api/foxx/development
POST /_api/foxx/download
GET /_api/foxx/readme
GET /_api/foxx/scripts
POST /_api/foxx/scripts/:name
DELETE GET PATCH PUT /_api/foxx/service
GET /_api/foxx/swagger
POST /_api/foxx/tests
GET POST /_api/gharial
DELETE GET /_api/gharial/:graph
GET POST /_api/gharial/:graph/edge
DELETE POST PUT /_api/gharial/:graph/edge/:collection
DELETE GET PATCH PUT /_api/gharial/:graph/edge/:collection/:edge
GET POST /_api/gharial/:graph/vertex
DELETE POST /_api/gharial/:graph/vertex/:collection
DELETE GET PATCH PUT /_api/gharial/:graph/vertex/:collection/:vertex
POST /_api/import
GET POST /_api/index
DELETE GET /_api/index/:index-id
DELETE GET PUT /_api/job/:job-id
PUT /_api/job/:job-id/cancel
GET /_api/key-generators
POST /_api/query
DELETE /_api/query-cache
GET /_api/query-cache/entries
GET PUT /_api/query-cache/properties
DELETE GET /_api/query-plan-cache
GET /_api/query/current
GET PUT /_api/query/properties
GET /_api/query/rules
DELETE GET /_api/query/slow
DELETE /_api/query/:query-id
GET PUT /_api/replication/applier-config
PUT /_api/replication/applier-start
GET /_api/replication/applier-state
PUT /_api/replication/applier-stop
POST /_api/replication/batch
DELETE PUT /_api/replication/batch/:id
GET /_api/replication/clusterInventory
GET /_api/replication/dump
GET /_api/replication/inventory
GET /_api/replication/logger-first-tick
GET /_api/replication/logger-follow
GET /_api/replication/logger-state
GET /_api/replication/logger-tick-ranges
PUT /_api/replication/make-follower
PUT /_api/replication/revisions/documents
PUT /_api/replication/revisions/ranges
GET POST /_api/replication/revisions/tree
GET /_api/replication/server-id
PUT /_api/replication/sync
GET POST /_api/tasks
DELETE GET PUT /_api/tasks/:id
GET POST /_api/token/:user
DELETE /_api/token/:user/:token-id
GET POST /_api/transaction
POST /_api/transaction/begin
DELETE GET PUT /_api/transaction/:transaction-id
GET POST /_api/user
DELETE GET PATCH PUT /_api/user/:user
GET /_api/user/:user/database
DELETE GET PUT /_api/user/:user/database/:dbname
DELETE GET PUT /_api/user/:user/database/:dbname/:collection
GET /_api/version
GET POST /_api/view
DELETE GET /_api/view/:view-name
GET PATCH PUT /_api/view/:view-name/properties
PUT /_api/view/:view-name/rename
GET /_api/wal/lastTick
GET /_api/wal/range
GET /_api/wal/tail
POST /_open/auth`;

Deno.test("every documented endpoint is known: it answers, or says by name what denosh does not have", async (t) => {
  using test = new TestServer({ authentication: true });
  test.headers = basic("root", "");
  for (const line of DOCUMENTED.trim().split("\n")) {
    const [path, ...methods] = line.split(" ").reverse();
    for (const method of methods) {
      await t.step(`${method} ${path}`, () => {
        const url = path!.replace(/:[\w-]+/g, "x");
        const { status, body, text } = test.send(method, url, method === "GET" || method === "HEAD" ? undefined : {});
        ok(status !== 405, text);
        ok(!(status === 404 && /unknown path/.test(body?.errorMessage ?? "")), text);
        // documented as the answer of a server that is in no cluster
        ok(status < 500 || status === 501 || path === "/_admin/server/id", text);
      });
    }
  }
});
