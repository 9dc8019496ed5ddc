/**
 * `/_api/database`.
 *
 * Source: recorded examples `RestDatabase*`, `dbProperties`; HTTP API description; the Go driver's tests about grants.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { queryLogOf } from "../queries.ts";
import { ok, type RequestContext, type Route } from "../route.ts";
import { type Attributes, attributesOf } from "../user_document.ts";

function current(context: RequestContext): ApiReply {
  const { id, name, isSystem } = context.database;
  return ok({
    result: {
      id: `${id}`,
      name,
      isSystem,
      // what the storage engine of ArangoDB says
      path: "none",
    },
  });
}

function names(context: RequestContext): string[] {
  return context.engine.databases().map(({ name }) => name);
}

function all(context: RequestContext): ApiReply {
  return ok({ result: names(context) });
}

function accessible(context: RequestContext): ApiReply {
  return ok({ result: names(context).filter((name) => context.rights.database(name) !== "none") });
}

interface NewUser {
  readonly username: string;
  readonly passwd: string;
  readonly active: boolean;
  readonly extra: Attributes;
}

/** The users that are named for a new database. */
function newUsers(given: unknown): NewUser[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: users must be an array");
  return given.map((one) => {
    const user = (one ?? {}) as Record<string, unknown>;
    const username = user.username ?? user.user;
    const { passwd = "", active = true, extra } = user;
    if (typeof username !== "string" || typeof passwd !== "string" || typeof active !== "boolean") {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: a user needs a username, a passwd and active");
    }
    if (username === "") throw new ArangoError("ERROR_USER_INVALID_NAME");
    return { username, passwd, active, extra: attributesOf(extra) };
  });
}

function create(context: RequestContext): ApiReply {
  const { name, options: given, users } = context.object();
  if (typeof name !== "string") throw new ArangoError("ERROR_ARANGO_ILLEGAL_NAME");
  // null is what LaravelFreelancerNL/arangodb-php-client sends where its user says nothing
  const options = given ?? {};
  if (typeof options !== "object" || Array.isArray(options)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: options must be an object");
  }
  const accounts = newUsers(users);
  context.engine.createDatabase(name, options as Record<string, unknown>);
  // its system collections are there before anybody uses it
  context.server.database(name);
  const { users: store } = context.server;
  // whoever asks is an administrator, and so may use all databases without a grant of their own
  for (const { username, passwd, active, extra } of accounts) {
    if (!store.find(username)) store.add({ user: username, passwd, active, extra });
    store.grantDatabase(username, name, "rw");
    store.grantCollection(username, name, "*", "rw");
  }
  return ok({ result: true }, 201);
}

function drop(context: RequestContext): ApiReply {
  const { database } = context.params;
  if (database === "_system") throw new ArangoError("ERROR_FORBIDDEN");
  context.engine.dropDatabase(database!);
  context.server.users.forgetDatabase(database!);
  queryLogOf(context.server).forgetDatabase(database!);
  return ok({ result: true });
}

function wrongPath(): ApiReply {
  throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
}

/** The routes. */
export const DATABASES: readonly Route[] = [
  { method: "GET", path: "/_api/database", access: "system", handle: all },
  { method: "GET", path: "/_api/database/current", access: "read", handle: current },
  { method: "GET", path: "/_api/database/user", access: "user", handle: accessible },
  { method: "POST", path: "/_api/database", access: "system", handle: create },
  { method: "DELETE", path: "/_api/database/:database", access: "system", handle: drop },
  ...["GET", "POST", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/database/*rest",
    access: "user",
    handle: wrongPath,
  })),
];
