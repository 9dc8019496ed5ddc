/**
 * `/_api/replication/applier-…` and `make-follower`: the continuous applier.
 *
 * Source: `replication-protocol.md` §3.1, §4.1.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { Applier } from "../../replication/applier.ts";
import { timestamp } from "../../replication/timestamp.ts";
import { json, type RequestContext, type Route } from "../route.ts";
import { SERVER_VERSION } from "../version.ts";

const now = (): string => timestamp(Date.now());

/** The appliers of a server, by database; `undefined` for that of the whole server. */
function appliers(): Map<string | undefined, Applier> {
  return new Map();
}

function applierNamed(context: RequestContext, name: string | undefined): Applier {
  const known = context.server.part(appliers);
  if (!known.has(name)) known.set(name, new Applier(name, now()));
  return known.get(name)!;
}

/** The applier that a request means. */
function applierOf(context: RequestContext): Applier {
  const isGlobal = context.flag("global", false);
  if (isGlobal) assertSystem(context);
  return applierNamed(context, isGlobal ? undefined : context.databaseName);
}

function assertSystem(context: RequestContext): void {
  if (!context.database.isSystem) throw new ArangoError("ERROR_FORBIDDEN");
}

function stateOf(context: RequestContext, applier: Applier): object {
  return applier.state({ version: SERVER_VERSION, serverId: context.engine.serverId }, now());
}

function state(context: RequestContext): ApiReply {
  return json(200, stateOf(context, applierOf(context)));
}

function allStates(context: RequestContext): ApiReply {
  assertSystem(context);
  const states = context.engine.databases().map(({ name }) =>
    [name, stateOf(context, applierNamed(context, name))] as const
  );
  return json(200, Object.fromEntries(states));
}

function stop(context: RequestContext): ApiReply {
  applierOf(context).stop(now());
  return state(context);
}

function forget(context: RequestContext): ApiReply {
  applierOf(context).forget(now());
  return state(context);
}

/** A sync that goes on: the first half is there, the second is not. */
function makeFollower(context: RequestContext): ApiReply {
  const applier = applierOf(context);
  applier.configure(context.object());
  return applier.start();
}

/** The routes. */
export const APPLIER: readonly Route[] = [
  {
    method: "GET",
    path: "/_api/replication/applier-config",
    access: "read",
    handle: (context) => json(200, applierOf(context).config()),
  },
  {
    method: "PUT",
    path: "/_api/replication/applier-config",
    access: "write",
    handle: (context) => json(200, applierOf(context).configure(context.object())),
  },
  {
    method: "PUT",
    path: "/_api/replication/applier-start",
    access: "write",
    handle: (context) => applierOf(context).start(),
  },
  { method: "PUT", path: "/_api/replication/applier-stop", access: "write", handle: stop },
  { method: "GET", path: "/_api/replication/applier-state", access: "read", handle: state },
  { method: "DELETE", path: "/_api/replication/applier-state", access: "write", handle: forget },
  { method: "GET", path: "/_api/replication/applier-state-all", access: "read", handle: allStates },
  { method: "PUT", path: "/_api/replication/make-follower", access: "write", handle: makeFollower },
  { method: "PUT", path: "/_api/replication/make-slave", access: "write", handle: makeFollower },
];
