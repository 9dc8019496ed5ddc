/**
 * denosh for programs: a shell on a directory, on memory or on a server, and a server.
 *
 * @example The main job: copying a collection
 * ```ts
 * import { openShell, startServer } from "denosh";
 *
 * await using leader = await startServer({ rootPassword: "mypasswd" });
 * using there = openShell({ endpoint: leader.url, password: "mypasswd" });
 * there.db._create("test").insert([{ n: 1 }, { n: 2 }]);
 *
 * using follower = openShell({ directory: ":memory:" });
 * const replication = follower.require("@arangodb/replication") as {
 *   syncCollection(name: string, config: object): { collections: { name: string }[] };
 * };
 * replication.syncCollection("test", { endpoint: leader.url, username: "root", password: "mypasswd" });
 * console.log(follower.db.test.count()); // 2
 * ```
 *
 * @module
 */
export { ArangoError } from "./src/base/arango_error.ts";
export { type ErrorName, ERRORS } from "./src/base/error_table.ts";
export { isArangoError, openShell } from "./src/embedding/open_shell.ts";
export type { OpenShell, OpenShellOptions, ScriptError } from "./src/embedding/open_shell.ts";
export { startServer } from "./src/embedding/start_server.ts";
export type { StartedServer, StartServerOptions } from "./src/embedding/start_server.ts";
export type {
  Attributes,
  DocumentMeta,
  ScriptCollection,
  ScriptCursor,
  ScriptDatabase,
  WriteOptions,
} from "./src/embedding/script_database.ts";
