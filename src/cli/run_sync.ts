/**
 * `denosh sync` and `denosh jobs`: replication without a script.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { ArangoError } from "../base/arango_error.ts";
import { isCollectionName } from "../base/names.ts";
import type { Connection } from "../connection/connection.ts";
import { RemoteConnection } from "../connection/remote.ts";
import { ApiClient } from "../network/api_client.ts";
import { Shell } from "../shell/shell.ts";
import { FatalError } from "./fatal_error.ts";
import { loadEmbedded } from "./lazy_modules.ts";
import { askSecret, openConnection } from "./open_connection.ts";
import type { Options } from "./options.ts";
import type { ShellEnvironment } from "./run_shell.ts";

/** The leader as the command line names it. */
interface LeaderOptions {
  readonly endpoint: string;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly jwt: string;
}

/** What a sync would do to a collection. */
interface Differences {
  readonly collection: string;
  /** Whether the follower has the collection. */
  readonly exists: boolean;
  /** Documents that only the leader has. */
  readonly missing: number;
  /** Documents of which the leader has another revision. */
  readonly changed: number;
  /** Documents that only the follower has. */
  readonly surplus: number;
}

/** A collection that could not be synced or compared. */
interface CollectionFailure {
  readonly collection: string;
  readonly state: "failed";
  readonly errorNum: number;
  readonly errorMessage: string;
}

/** Number of the error for a collection that is not there. */
const NOT_FOUND = 1203;

/**
 * Copies collections from a leader, or shows what differs.
 *
 * @returns the exit status
 * @throws FatalError for a command line that names no leader or no collection
 */
export async function runSync(options: Options, world: ShellEnvironment): Promise<number> {
  const [endpoint, ...collections] = options.positional;
  if (endpoint === undefined || collections.length === 0) {
    throw new FatalError("usage: denosh sync [OPTIONS] ENDPOINT COLLECTION…");
  }
  for (const name of collections) {
    if (!isCollectionName(name, true)) throw new FatalError(`'${name}' is no name of a collection`);
  }
  await loadEmbedded();
  const isDryRun = options.flag("dry-run", false);
  const directory = isDryRun && isWithoutDirectory(options, world) ? ":memory:" : world.directory;
  using connection = openConnection(options, { ...world, directory });
  const leader = leaderOptions(options, endpoint, world);
  const isJson = options.flag("json", false);
  if (isDryRun) {
    const failed: CollectionFailure[] = [];
    const found = differences(options, leader, collections, connection, failed);
    world.write(isJson ? jsonLines([...found, ...failed]) : found.length === 0 ? "" : differencesText(found));
    if (!isJson) failed.forEach((failure) => world.complain(failureText(failure)));
    return failed.length === 0 ? 0 : 1;
  }
  return syncCollections(options, leader, collections, connection, world) ? 0 : 1;
}

/** Whether there is no embedded database yet: who only wants to look is not to make one. */
function isWithoutDirectory(options: Options, { directory }: ShellEnvironment): boolean {
  return !options.has("server.endpoint") && directory !== ":memory:" && !existsSync(directory);
}

function leaderOptions(options: Options, endpoint: string, { interactive, write }: ShellEnvironment): LeaderOptions {
  const username = options.text("leader.username") ?? "";
  const given = options.text("leader.password");
  return {
    endpoint,
    database: options.text("leader.database") ?? options.text("server.database") ?? "_system",
    username,
    password: given ?? (username !== "" && interactive ? askSecret("password", write) : ""),
    jwt: options.text("leader.jwt-token") ?? "",
  };
}

function syncCollections(
  options: Options,
  leader: LeaderOptions,
  collections: readonly string[],
  connection: Connection,
  { write, complain, terminal }: ShellEnvironment,
): boolean {
  const isJson = options.flag("json", false);
  using shell = new Shell({
    connection,
    output: write,
    database: options.text("server.database") ?? "_system",
    quiet: isJson || options.flag("quiet", false),
    terminal,
  });
  const { endpoint, database, username, password, jwt } = leader;
  const caFile = options.text("ssl.ca-file");
  const config = {
    endpoint,
    database,
    incremental: options.flag("incremental", false),
    initialSyncMaxWaitTime: options.number("server.request-timeout", 300),
    ...(username === "" ? {} : { username, password }),
    ...(jwt === "" ? {} : { jwt }),
    ...(caFile === undefined ? {} : { caFile }),
  };
  // the configuration holds secrets: it goes there as a value, not as text of a script
  shell.global.denoshSync = (name: string): string => JSON.stringify({ name, config });
  let isGood = true;
  for (const collection of collections) {
    const start = performance.now();
    try {
      shell.run(
        `{ const { name, config } = JSON.parse(denoshSync(${JSON.stringify(collection)}));
           require("@arangodb/replication").syncCollection(name, config); }`,
        "denosh/sync",
      );
      const [job] = [...jobs(connection, options)].filter((one) => one.collection === collection).slice(-1);
      const seconds = (performance.now() - start) / 1000;
      const documents = job?.documents?.done ?? 0;
      write(
        isJson
          ? jsonLines([{ collection, state: "done", seconds, documents, statistics: job?.statistics ?? null }])
          : `${collection}: done in ${seconds.toFixed(2)} s, ${documents} documents transferred\n`,
      );
    } catch (error) {
      isGood = false;
      const { errorNum, errorMessage } = (error ?? {}) as { errorNum?: number; errorMessage?: string };
      if (errorNum === undefined || errorMessage === undefined) throw error;
      const failure: CollectionFailure = { collection, state: "failed", errorNum, errorMessage };
      if (isJson) write(jsonLines([failure]));
      else complain(failureText(failure));
    }
  }
  return isGood;
}

function failureText({ collection, errorMessage, errorNum }: CollectionFailure): string {
  return `${collection}: failed: ${errorMessage} (error ${errorNum})\n`;
}

/**
 * Compares keys and revisions of both sides; changes nothing.
 *
 * @param failed takes the collections that the leader does not have
 */
function differences(
  options: Options,
  leader: LeaderOptions,
  collections: readonly string[],
  follower: Connection,
  failed: CollectionFailure[],
): Differences[] {
  const { endpoint, database, username, password, jwt } = leader;
  const caFile = options.text("ssl.ca-file");
  using connection = new RemoteConnection({
    endpoint,
    connectTo: options.list("connect-to"),
    connectTimeout: options.number("server.connection-timeout", 5),
    credentials: jwt !== ""
      ? { kind: "token", token: jwt }
      : username === ""
      ? { kind: "none" }
      : { kind: "password", username, password, renewalThreshold: 300 },
    ...(caFile === undefined ? {} : { caFile }),
  });
  const query = "FOR d IN @@collection RETURN [d._key, d._rev]";
  return collections.flatMap((collection) => {
    const bindVars = { "@collection": collection };
    const local = new Map<string, string>();
    let exists = true;
    try {
      const own = options.text("server.database") ?? "_system";
      for (const [key, revision] of new ApiClient(follower, own).query<[string, string]>(query, bindVars)) {
        local.set(key, revision);
      }
    } catch (error) {
      if (!(error instanceof ArangoError && error.errorNum === NOT_FOUND)) throw error;
      exists = false;
    }
    let missing = 0;
    let changed = 0;
    try {
      for (const [key, revision] of new ApiClient(connection, database).query<[string, string]>(query, bindVars)) {
        const known = local.get(key);
        if (known === undefined) missing++;
        else if (known !== revision) changed++;
        local.delete(key);
      }
    } catch (error) {
      if (!(error instanceof ArangoError && error.errorNum === NOT_FOUND)) throw error;
      failed.push({ collection, state: "failed", errorNum: error.errorNum, errorMessage: error.message });
      return [];
    }
    return { collection, exists, missing, changed, surplus: local.size };
  });
}

function differencesText(found: readonly Differences[]): string {
  return table([
    ["collection", "here", "to insert", "to replace", "to remove"],
    ...found.map(({ collection, exists, missing, changed, surplus }) => [
      collection,
      exists ? "yes" : "no",
      String(missing),
      String(changed),
      String(surplus),
    ]),
  ]);
}

/** A job, as far as it is listed. */
interface ListedJob {
  readonly _key: string;
  readonly state: string;
  readonly phase: string;
  readonly collection: string | null;
  readonly leader: { readonly endpoint: string };
  readonly documents?: { readonly done: number; readonly total: number | null };
  readonly started: string;
  readonly error: { readonly errorMessage: string } | null;
  readonly statistics?: unknown;
}

/**
 * Lists the syncs of a database, the oldest first.
 *
 * @returns the exit status
 * @throws FatalError for a command line that names anything else
 */
export async function runJobs(options: Options, world: ShellEnvironment): Promise<number> {
  if (options.positional.length > 0) throw new FatalError("usage: denosh jobs [OPTIONS]");
  const isJson = options.flag("json", false);
  if (isWithoutDirectory(options, world)) {
    if (!isJson) world.write(`no sync has been run: there is no directory ${world.directory}\n`);
    return 0;
  }
  await loadEmbedded();
  using connection = openConnection(options, world);
  const found = jobs(connection, options);
  if (isJson) {
    world.write(jsonLines(found));
    return 0;
  }
  if (found.length === 0) {
    world.write("no sync has been run in this database\n");
    return 0;
  }
  world.write(table([
    ["job", "state", "collection", "leader", "documents", "started", "remark"],
    ...found.map(({ _key, state, phase, collection, leader, documents, started, error }) => [
      _key,
      state,
      collection ?? "(several)",
      leader.endpoint,
      `${documents?.done ?? 0}${documents?.total ? ` of ${documents.total}` : ""}`,
      started.slice(0, 19).replace("T", " "),
      error?.errorMessage ?? (state === "running" ? phase : ""),
    ]),
  ]));
  return 0;
}

function jobs(connection: Connection, options: Options): ListedJob[] {
  const database = options.text("server.database") ?? "_system";
  try {
    const listed = storedJobs(connection, database);
    const running = listed.filter(({ state }) => state === "running");
    // that a process has died shows when somebody asks how its job stands
    for (const { _key } of running) {
      const url = `/_db/${encodeURIComponent(database)}/_api/job/${encodeURIComponent(_key)}`;
      connection.request({ method: "GET", url, headers: {}, body: new Uint8Array() });
    }
    return running.length === 0 ? listed : storedJobs(connection, database);
  } catch (error) {
    if (error instanceof ArangoError && error.errorNum === NOT_FOUND) return [];
    throw error;
  }
}

function storedJobs(connection: Connection, database: string): ListedJob[] {
  const query = "FOR j IN _sync_jobs SORT j.started, j._key RETURN j";
  return [...new ApiClient(connection, database).query<ListedJob>(query)];
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** Lays rows out in columns. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()}\n`).join(
    "",
  );
}
