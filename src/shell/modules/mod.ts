/**
 * The module table: what `require` finds by name. A row is a name and a function whose text the realm evaluates.
 *
 * @module
 */

import { arangoCollection } from "./arango_collection.ts";
import { arangoDatabase } from "./arango_database.ts";
import { arangodb } from "./arangodb.ts";
import { arangoQueryCursor } from "./arango_query_cursor.ts";
import { arangosh } from "./arangosh.ts";
import { arangoStatement } from "./arango_statement.ts";
import { arangoTransaction } from "./arango_transaction.ts";
import { arangoView } from "./arango_view.ts";
import { assertModule } from "./assert.ts";
import { buffer } from "./buffer.ts";
import { commands } from "./commands.ts";
import { connection } from "./connection.ts";
import { consoleModule } from "./console.ts";
import { errors } from "./errors.ts";
import { events } from "./events.ts";
import { fs } from "./fs.ts";
import { internal } from "./internal.ts";
import { moduleModule } from "./module.ts";
import { names } from "./names.ts";
import { printer } from "./printer.ts";
import { processModule } from "./process.ts";
import { replication, replicationCommon } from "./replication.ts";
import type { ModuleFactory } from "./scope.ts";
import { simpleQuery } from "./simple_query.ts";

/**
 * Every built-in module by its `require` name; a text is another name of the same module.
 * Names that begin with `denosh/` are the library's own.
 */
export const MODULES: Readonly<Record<string, ModuleFactory | string>> = {
  "@arangodb": arangodb,
  "@arangodb/arango-collection": arangoCollection,
  "@arangodb/arango-cursor": "@arangodb/simple-query",
  "@arangodb/arango-database": arangoDatabase,
  "@arangodb/arango-query-cursor": arangoQueryCursor,
  "@arangodb/arango-statement": arangoStatement,
  "@arangodb/arango-statement-common": "@arangodb/arango-statement",
  "@arangodb/arango-transaction": arangoTransaction,
  "@arangodb/arango-view": arangoView,
  "@arangodb/arangosh": arangosh,
  "@arangodb/replication": replication,
  "@arangodb/replication-common": replicationCommon,
  "@arangodb/simple-query": simpleQuery,
  "@arangodb/simple-query-common": "@arangodb/simple-query",
  "assert": assertModule,
  "buffer": buffer,
  "console": consoleModule,
  "denosh/commands": commands,
  "denosh/connection": connection,
  "denosh/errors": errors,
  "denosh/names": names,
  "denosh/printer": printer,
  "events": events,
  "fs": fs,
  "internal": internal,
  "module": moduleModule,
  "process": processModule,
};
