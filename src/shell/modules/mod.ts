/**
 * The module table: what `require` finds by name. A row is a name and a function whose text the realm evaluates.
 *
 * @module
 */

import { apiRequests } from "./api_requests.ts";
import { aqlHelper } from "./aql_helper.ts";
import { arangoCollection } from "./arango_collection.ts";
import { arangoDatabase } from "./arango_database.ts";
import { arangoQueryCursor } from "./arango_query_cursor.ts";
import { arangoStatement } from "./arango_statement.ts";
import { arangoTransaction } from "./arango_transaction.ts";
import { arangoView } from "./arango_view.ts";
import { arangodb } from "./arangodb.ts";
import { arangosh } from "./arangosh.ts";
import { assertModule } from "./assert.ts";
import { buffer } from "./buffer.ts";
import { collectionDocuments } from "./collection_documents.ts";
import { collectionIndexes } from "./collection_indexes.ts";
import { collectionQueries } from "./collection_queries.ts";
import { commands } from "./commands.ts";
import { completion } from "./completion.ts";
import { connection } from "./connection.ts";
import { connectionReplies } from "./connection_replies.ts";
import { consoleModule } from "./console.ts";
import { cryptoModule } from "./crypto.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { exampleGraph } from "./example_graph.ts";
import { explainer } from "./explainer.ts";
import { explainerExpressions } from "./explainer_expressions.ts";
import { explainerNodes } from "./explainer_nodes.ts";
import { explainerReport } from "./explainer_report.ts";
import { explainerText } from "./explainer_text.ts";
import { fs } from "./fs.ts";
import { generalGraph } from "./general_graph.ts";
import { graphQueries } from "./graph_queries.ts";
import { graphTraversal } from "./graph_traversal.ts";
import { arangodbUtil, extend, heap, is } from "./helpers.ts";
import { importFiles } from "./import_files.ts";
import { internal } from "./internal.ts";
import { internalCrypto } from "./internal_crypto.ts";
import { internalDataFiles } from "./internal_data_files.ts";
import { internalDownload } from "./internal_download.ts";
import { internalHttpExamples } from "./internal_http_examples.ts";
import { internalPrograms } from "./internal_programs.ts";
import { internalScripts } from "./internal_scripts.ts";
import { internalServer } from "./internal_server.ts";
import { jsunity } from "./jsunity.ts";
import { loopChecks } from "./loop_checks.ts";
import { mochaRunner } from "./mocha_runner.ts";
import { moduleModule } from "./module.ts";
import { names } from "./names.ts";
import {
  empty,
  net,
  nodeFunctions,
  os,
  path,
  querystring,
  stringDecoder,
  timers,
  tty,
  url,
  util,
  vm,
} from "./node_modules.ts";
import { printer } from "./printer.ts";
import { processModule } from "./process.ts";
import { promises } from "./promises.ts";
import { punycode } from "./punycode.ts";
import { replication, replicationCommon } from "./replication.ts";
import { request } from "./request.ts";
import type { ModuleFactory } from "./scope.ts";
import {
  analyzers,
  aqlFunctions,
  clusterInfo,
  configuration,
  hotbackup,
  planCache,
  queries,
  queryCache,
  tasks,
  unsupported,
} from "./server_modules.ts";
import { simpleQuery } from "./simple_query.ts";
import { stream, streamClass } from "./stream.ts";
import { syncJobs } from "./sync_jobs.ts";
import { syncProgress } from "./sync_progress.ts";
import { testHelper } from "./test_helper.ts";
import { testrunner } from "./testrunner.ts";
import { tutorial } from "./tutorial.ts";
import { userHelper } from "./user_helper.ts";
import { users } from "./users.ts";
import { zip } from "./zip.ts";

/**
 * Every built-in module by its `require` name; a text is another name of the same module.
 * Names that begin with `denosh/` are the library's own.
 */
export const MODULES: Readonly<Record<string, ModuleFactory | string>> = {
  "@arangodb": arangodb,
  "@arangodb/activities": unsupported,
  "@arangodb/analyzers": analyzers,
  "@arangodb/aql-helper": aqlHelper,
  "@arangodb/aql/cache": queryCache,
  "@arangodb/aql/explainer": explainer,
  "@arangodb/aql/functions": aqlFunctions,
  "@arangodb/aql/plan-cache": planCache,
  "@arangodb/aql/queries": queries,
  "@arangodb/arango-collection": arangoCollection,
  "@arangodb/arango-cursor": "@arangodb/simple-query",
  "@arangodb/arango-database": arangoDatabase,
  "@arangodb/arango-query-cursor": arangoQueryCursor,
  "@arangodb/arango-statement": arangoStatement,
  "@arangodb/arango-statement-common": "@arangodb/arango-statement",
  "@arangodb/arango-transaction": arangoTransaction,
  "@arangodb/arango-view": arangoView,
  "@arangodb/arangosh": arangosh,
  "@arangodb/cluster-info": clusterInfo,
  "@arangodb/configuration": configuration,
  "@arangodb/crypto": cryptoModule,
  "@arangodb/enterprise-graph": unsupported,
  "@arangodb/extend": extend,
  "@arangodb/foxx/manager": unsupported,
  "@arangodb/foxx/manager-utils": unsupported,
  "@arangodb/foxx/store": unsupported,
  "@arangodb/general-graph": generalGraph,
  "@arangodb/graph-examples/example-graph": exampleGraph,
  "@arangodb/graph/traversal": graphTraversal,
  "@arangodb/heap": heap,
  "@arangodb/hotbackup": hotbackup,
  "@arangodb/is": is,
  "@arangodb/mocha": "@arangodb/mocha-runner",
  "@arangodb/mocha-runner": mochaRunner,
  "@arangodb/pregel": unsupported,
  "@arangodb/replicated-logs": unsupported,
  "@arangodb/replication": replication,
  "@arangodb/replication-common": replicationCommon,
  "@arangodb/request": request,
  "@arangodb/satellite-graph": unsupported,
  "@arangodb/simple-query": simpleQuery,
  "@arangodb/simple-query-common": "@arangodb/simple-query",
  "@arangodb/smart-graph": unsupported,
  "@arangodb/tasks": tasks,
  "@arangodb/test-helper": testHelper,
  "@arangodb/test-helper-common": "@arangodb/test-helper",
  "@arangodb/testrunner": testrunner,
  "@arangodb/testutils/user-helper": userHelper,
  "@arangodb/tutorial": tutorial,
  "@arangodb/users": users,
  "@arangodb/util": arangodbUtil,
  "_stream_duplex": streamClass,
  "_stream_passthrough": streamClass,
  "_stream_readable": streamClass,
  "_stream_transform": streamClass,
  "_stream_writable": streamClass,
  "assert": assertModule,
  "buffer": buffer,
  "child_process": empty,
  "cluster": empty,
  "console": consoleModule,
  "constants": empty,
  "crypto": empty,
  "denosh/api-requests": apiRequests,
  "denosh/collection/documents": collectionDocuments,
  "denosh/collection/indexes": collectionIndexes,
  "denosh/collection/queries": collectionQueries,
  "denosh/commands": commands,
  "denosh/completion": completion,
  "denosh/connection": connection,
  "denosh/connection/replies": connectionReplies,
  "denosh/errors": errors,
  "denosh/explainer/expressions": explainerExpressions,
  "denosh/explainer/nodes": explainerNodes,
  "denosh/explainer/report": explainerReport,
  "denosh/explainer/text": explainerText,
  "denosh/graph-queries": graphQueries,
  "denosh/import-files": importFiles,
  "denosh/internal/crypto": internalCrypto,
  "denosh/internal/data-files": internalDataFiles,
  "denosh/internal/download": internalDownload,
  "denosh/internal/http-examples": internalHttpExamples,
  "denosh/internal/programs": internalPrograms,
  "denosh/internal/scripts": internalScripts,
  "denosh/internal/server": internalServer,
  "denosh/loop-checks": loopChecks,
  "denosh/names": names,
  "denosh/node": nodeFunctions,
  "denosh/printer": printer,
  "denosh/promises": promises,
  "denosh/sync/jobs": syncJobs,
  "denosh/sync/progress": syncProgress,
  "denosh/zip": zip,
  "dgram": empty,
  "dns": empty,
  "domain": empty,
  "events": events,
  "fs": fs,
  "http": empty,
  "https": empty,
  "internal": internal,
  "jsunity": jsunity,
  "module": moduleModule,
  "net": net,
  "os": os,
  "path": path,
  "process": processModule,
  "punycode": punycode,
  "querystring": querystring,
  "stream": stream,
  "string_decoder": stringDecoder,
  "sys": empty,
  "timers": timers,
  "tls": empty,
  "tty": tty,
  "url": url,
  "util": util,
  "v8": empty,
  "vm": vm,
  "zlib": empty,
};
