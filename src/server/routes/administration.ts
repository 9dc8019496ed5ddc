/**
 * The server itself: version, engine, status, time.
 *
 * Source: recorded examples `RestVersionDetails`, `RestEngine`, `RestAdmin*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { parsedJson, skipString } from "../../base/json_text.ts";
import { json, jsonText, ok, type RequestContext, type Route } from "../route.ts";
import { answerByCall, assertRunsAtOnce } from "../actions.ts";
import { engineStatistics } from "../engine_statistics.ts";
import { processFigures } from "../process_figures.ts";
import { runningStreams } from "../distant_transactions.ts";
import type { Waiting } from "../waiting.ts";
import { LICENSE, SERVER_VERSION } from "../version.ts";

/** What stands for no end, in seconds: ten years. */
const NEVER = 315_569_520;

const INDEX_TYPES = [
  "primary",
  "edge",
  "hash",
  "skiplist",
  "ttl",
  "persistent",
  "geo",
  "fulltext",
  "mdi",
  "mdi-prefixed",
];

function version(context: RequestContext): ApiReply {
  const base = { server: "arango", license: LICENSE, version: SERVER_VERSION };
  if (!context.flag("details", false)) return json(200, base);
  return json(200, {
    ...base,
    details: {
      "architecture": "64bit",
      "arm": String(Deno.build.arch === "aarch64"),
      "asan": "false",
      "assertions": "false",
      "build-repository": "denosh",
      "coverage": "false",
      "debug": "false",
      "endianness": "little",
      "failure-tests": "false",
      "full-version-string": `ArangoDB ${SERVER_VERSION} API by denosh, Deno ${Deno.version.deno}`,
      "host": "localhost",
      "icu-version": globalThis.process.versions.icu ?? "",
      "license": LICENSE,
      "maintainer-mode": "false",
      "mode": "server",
      "ndebug": "true",
      "platform": Deno.build.os,
      "role": "SINGLE",
      "server-version": SERVER_VERSION,
      "sizeof int": "4",
      "sizeof long": "8",
      "sizeof void*": "8",
      "tsan": "false",
      "v8-version": Deno.version.v8,
      "zlib-version": globalThis.process.versions.zlib ?? "",
    },
  });
}

function engine(): ApiReply {
  return json(200, {
    name: "rocksdb",
    supports: {
      indexes: INDEX_TYPES,
      aliases: { indexes: { hash: "persistent", skiplist: "persistent", zkd: "mdi" } },
    },
    // of the keys in ArangoDB's storage engine
    endianness: "big",
  });
}

function setMode(context: RequestContext): ApiReply {
  const { mode } = context.object();
  if (mode !== "default" && mode !== "readonly") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: mode must be 'default' or 'readonly'");
  }
  if (mode === "default" && context.engine.readOnly) context.engine.assertWritable();
  context.server.readOnly = mode === "readonly";
  return ok({ mode });
}

/** Whether every request can be answered: a server that refuses changes is not available. */
function availability({ server }: RequestContext): ApiReply {
  if (server.readOnly) throw new ArangoError("ERROR_HTTP_SERVICE_UNAVAILABLE");
  return ok({ mode: "default" });
}

function status(context: RequestContext): ApiReply {
  const { readOnly } = context.server;
  return json(200, {
    server: "arango",
    license: LICENSE,
    version: SERVER_VERSION,
    mode: "server",
    operationMode: "server",
    foxxApi: false,
    host: "localhost",
    pid: Deno.pid,
    serverInfo: {
      progress: { phase: "in wait", feature: "", recoveryTick: 0 },
      role: "SINGLE",
      writeOpsEnabled: !readOnly,
      readOnly,
      maintenance: false,
    },
  });
}

function echo(context: RequestContext): ApiReply {
  const { request, user, databaseName, path } = context;
  const suffix = path.split("/").filter((part) => part !== "").slice(2);
  return json(200, {
    authorized: true,
    user,
    isAdminUser: context.rights.isAdmin,
    database: databaseName,
    url: request.url,
    protocol: "http",
    portType: "tcp/ip",
    server: { address: "127.0.0.1", port: 0, endpoint: context.server.options.endpoints?.()[0] ?? "" },
    client: { address: "127.0.0.1", port: 0, id: "0" },
    internals: {},
    prefix: "/",
    headers: context.headers,
    requestType: request.method,
    requestBody: context.text(),
    rawRequestBody: { type: "Buffer", data: [...context.body] },
    parameters: Object.fromEntries(context.query),
    cookies: {},
    suffix,
    rawSuffix: suffix,
    path,
  });
}

function endpoints(context: RequestContext): ApiReply {
  return json(200, (context.server.options.endpoints?.() ?? []).map((endpoint) => ({ endpoint })));
}

function shutdown(context: RequestContext): ApiReply {
  const stop = context.server.options.shutdown;
  if (!stop) throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: an embedded database is not shut down");
  stop();
  return json(200, "OK");
}

function supportInfo(context: RequestContext): ApiReply {
  const { physicalMemory, residentSize } = processFigures();
  return json(200, {
    date: new Date().toISOString(),
    deployment: { type: "single" },
    host: {
      role: "SINGLE",
      maintenance: false,
      readOnly: context.server.readOnly,
      version: SERVER_VERSION,
      license: LICENSE,
      os: Deno.build.os,
      platform: Deno.build.target,
      physicalMemory: { value: physicalMemory, overridden: false },
      processStats: { residentSetSize: residentSize },
      engineStats: engineStatistics(context.engine),
    },
  });
}

/** Seconds since 1970, with microseconds. */
function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1e6;
}

/** The figures of the Community Edition, whose limit denosh does not have. Source: manual, "License Management". */
function license({ engine }: RequestContext): ApiReply {
  const collections = engine.databases().flatMap((database) => database.collections());
  return json(200, {
    upgrading: false,
    diskUsage: {
      bytesUsed: collections.reduce((sum, one) => sum + (one.reading()?.sizeInBytes() ?? 0), 0),
      bytesLimit: 100 * 2 ** 30,
      limitReached: false,
      secondsUntilReadOnly: NEVER,
      secondsUntilShutDown: NEVER,
      status: "good",
    },
  });
}

/**
 * The code to run: the body, or the string that it is in JSON or VelocyPack, as ArangoDB's Java driver sends it. Others, such as
 * python-arango, send code as it is and call it JSON too, so a JSON body is taken for a string only where it is one.
 */
function codeOf(context: RequestContext): string {
  const text = context.text();
  if (!/^application\/(json|x-velocypack)\b/.test(context.headers["content-type"] ?? "")) return text;
  const isString = text.startsWith('"') && text.endsWith('"') && skipString(text, 0) === text.length;
  return isString ? parsedJson(text) as string : text;
}

/**
 * Runs the body of a function, with the rights of whoever sends it, and answers with what it returns.
 *
 * Source: HTTP API description; who may use it, and the answer to an empty body: release notes of 3.2, python-arango's
 * `Database.execute()`.
 */
function execute(context: RequestContext): ApiReply | Waiting {
  const { server, user, databaseName: database, headers } = context;
  if (!server.options.allowAdminExecute) {
    throw new ArangoError(
      "ERROR_HTTP_NOT_FOUND",
      "not found: the server runs with --javascript.allow-admin-execute false",
    );
  }
  const code = codeOf(context);
  if (code === "") return ok();
  assertRunsAtOnce(context, "code");
  const source = `function () {\n${code}\n}`;
  const call = { source, params: undefined, database, user, authorization: headers["authorization"] };
  return answerByCall(context, call, undefined, (result) => {
    let value: string;
    try {
      value = result();
    } catch (error) {
      if (!(error instanceof ArangoError) || error.errorNum !== 1650) throw error;
      throw new ArangoError("ERROR_INTERNAL", error.message, { cause: error });
    }
    return value === "null" && context.flag("returnAsJSON", false) ? ok() : jsonText(200, value);
  });
}

/** Settings of ArangoDB's log files, which SQLite does not have. */
function noWalProperties(): ApiReply {
  throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: the write-ahead log has no settings");
}

function runningTransactions(context: RequestContext): ApiReply {
  return json(200, { runningTransactions: runningStreams(context).length });
}

/** The routes. */
export const ADMINISTRATION: readonly Route[] = [
  { method: "*", path: "/_api/version", access: "user", handle: version },
  { method: "*", path: "/_admin/version", access: "user", handle: version },
  { method: "GET", path: "/_api/engine", access: "user", handle: engine },
  {
    method: "GET",
    path: "/_api/engine/stats",
    access: "read",
    handle: ({ engine }) => json(200, engineStatistics(engine)),
  },
  { method: "GET", path: "/_api/endpoint", access: "admin", handle: endpoints },
  {
    method: "GET",
    path: "/_api/key-generators",
    access: "read",
    handle: () => json(200, { keyGenerators: ["upgrade", "padded", "uuid", "autoincrement", "traditional"] }),
  },
  { method: "GET", path: "/_admin/status", access: "user", handle: status },
  { method: "GET", path: "/_admin/time", access: "open", handle: () => ok({ time: now() }) },
  { method: "*", path: "/_admin/echo/*rest", access: "read", handle: echo },
  { method: "*", path: "/_admin/execute", access: "read", runsActions: true, handle: execute },
  {
    method: "GET",
    path: "/_admin/server/availability",
    access: "open",
    handle: availability,
  },
  {
    method: "GET",
    path: "/_admin/server/mode",
    access: "user",
    handle: (context) => ok({ mode: context.server.readOnly ? "readonly" : "default" }),
  },
  { method: "PUT", path: "/_admin/server/mode", access: "admin", handle: setMode },
  { method: "GET", path: "/_admin/server/role", access: "user", handle: () => ok({ role: "SINGLE" }) },
  {
    method: "GET",
    path: "/_admin/server/id",
    access: "user",
    handle() {
      throw new ArangoError("ERROR_HTTP_SERVER_ERROR", "internal server error: not in a cluster", { code: 500 });
    },
  },
  {
    method: "GET",
    path: "/_admin/database/target-version",
    access: "open",
    handle: () => ok({ version: "31205" }),
  },
  { method: "GET", path: "/_admin/license", access: "read", handle: license },
  { method: "GET", path: "/_admin/support-info", access: "admin", handle: supportInfo },
  // every commit is in the file already
  { method: "PUT", path: "/_admin/wal/flush", access: "admin", handle: () => json(200, {}) },
  { method: "*", path: "/_admin/wal/properties", access: "admin", handle: noWalProperties },
  { method: "GET", path: "/_admin/wal/transactions", access: "admin", handle: runningTransactions },
  { method: "GET", path: "/_admin/wal/wait_for_estimator_sync", access: "read", handle: () => ok() },
  // users and routes are looked up with each request: there is nothing to reload
  { method: "GET", path: "/_admin/auth/reload", access: "admin", handle: () => ok() },
  { method: "POST", path: "/_admin/routing/reload", access: "write", handle: () => ok() },
  { method: "PUT", path: "/_admin/compact", access: "admin", handle: () => json(200, {}) },
  { method: "DELETE", path: "/_admin/shutdown", access: "admin", handle: shutdown },
];
