/**
 * Further facts about the server: its options, its deployment, its shutdown, what it keeps no records of.
 *
 * Source: HTTP API description, 3.11 and 4.x.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { cursorsOf } from "../cursors.ts";
import { keyFileSummary } from "../key_file.ts";
import { recordingsOf } from "../recordings.ts";
import { json, ok, type RequestContext, type Route } from "../route.ts";
import { runningTransactions } from "../distant_transactions.ts";

/** Options that every user may see. */
function publicOptions(): Record<string, unknown> {
  return { "database.extended-names": true, "server.session-timeout": 3600 };
}

/**
 * Checks that a request is sent to `_system`: what the whole server is set to is told there only.
 *
 * @throws ArangoError 403
 */
function assertSystem({ databaseName }: RequestContext): void {
  if (databaseName !== "_system") throw new ArangoError("ERROR_HTTP_FORBIDDEN");
}

function options(context: RequestContext): ApiReply {
  assertSystem(context);
  const { options, engine } = context.server;
  return json(200, {
    ...publicOptions(),
    "database.directory": engine.directory,
    "server.authentication": options.authentication,
    "server.endpoint": options.endpoints?.() ?? [],
  });
}

function optionsDescription(context: RequestContext): ApiReply {
  assertSystem(context);
  const described = Object.entries(publicOptions()).map(([name, value]) => {
    const [section, option] = name.split(".");
    return [name, { section, name: option, type: typeof value, default: value, category: "option" }];
  });
  return json(200, Object.fromEntries(described));
}

/** A UUID that a data directory keeps for ever: made of the server's id. */
function deploymentId(context: RequestContext): ApiReply {
  const digits = BigInt(context.engine.serverId).toString(16).padStart(32, "0").slice(-32);
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return json(200, { id });
}

/** How far a shutdown is that waits for clients; denosh stops at once, so that none ever lasts. */
function shutdownState(context: RequestContext): ApiReply {
  const { server } = context;
  const [cursors, transactions] = [cursorsOf(server).size, runningTransactions(server).length];
  return json(200, {
    softShutdownOngoing: false,
    AQLcursors: cursors,
    transactions,
    pendingJobs: server.jobs.hasWork ? 1 : 0,
    doneJobs: 0,
    pregelConductors: 0,
    lowPrioOngoingRequests: 0,
    lowPrioQueuedRequests: 0,
    allClear: cursors === 0 && transactions === 0 && !server.jobs.hasWork,
  });
}

function tls({ server }: RequestContext): ApiReply {
  const { keyFile } = server.options;
  // certificates of clients are not asked for
  return ok({ result: { keyfile: keyFile ? keyFileSummary(keyFile.text) : {}, clientCA: {} } });
}

/** Without TLS there is nothing to read anew, which is no error. */
function reloadTls(context: RequestContext): ApiReply {
  context.server.options.keyFile?.reload();
  return tls(context);
}

function noCrash(): ApiReply {
  throw new ArangoError("ERROR_HTTP_NOT_FOUND", "not found: denosh records no crashes");
}

/** The routes. */
export const SERVER_INFORMATION: readonly Route[] = [
  { method: "GET", path: "/_admin/server/tls", access: "read", handle: tls },
  { method: "POST", path: "/_admin/server/tls", access: "admin", handle: reloadTls },
  { method: "GET", path: "/_admin/options", access: "admin", handle: options },
  { method: "GET", path: "/_admin/options-description", access: "admin", handle: optionsDescription },
  { method: "GET", path: "/_admin/options-public", access: "user", handle: () => json(200, publicOptions()) },
  { method: "GET", path: "/_admin/deployment/id", access: "user", handle: deploymentId },
  { method: "GET", path: "/_admin/shutdown", access: "admin", handle: shutdownState },
  { method: "GET", path: "/_admin/crashes", access: "admin", handle: () => ok({ result: [] }) },
  { method: "GET", path: "/_admin/crashes/:id", access: "admin", handle: noCrash },
  { method: "DELETE", path: "/_admin/crashes/:id", access: "admin", handle: noCrash },
  {
    method: "GET",
    path: "/_admin/server/api-calls",
    access: "admin",
    handle: ({ server }) => ok({ result: { calls: recordingsOf(server).calls.list() } }),
  },
  {
    method: "GET",
    path: "/_admin/server/aql-queries",
    access: "admin",
    handle: ({ server }) => ok({ result: { queries: recordingsOf(server).queries.list() } }),
  },
];
