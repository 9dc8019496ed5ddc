/**
 * `/_open/auth`, `/_api/user` and `/_api/token`: logging in, users and what they may do.
 *
 * Source: recorded examples `Rest*User*`, `RestGrant*`, `RestRevoke*`, `RestFetchUser*`; HTTP API description.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { type AccessToken, isActive } from "../access_tokens.ts";
import type { Level } from "../rights.ts";
import { empty, json, ok, type RequestContext, type Route } from "../route.ts";
import { type Attributes, attributesOf, type User } from "../user_document.ts";
import type { Users } from "../users.ts";

const LEVELS: readonly string[] = ["rw", "ro", "none"];

/** The users; root is there from the first question on. */
function users(context: RequestContext): Users {
  context.server.database("_system");
  return context.server.users;
}

function login(context: RequestContext): ApiReply {
  // an access token as the password names its user
  const { username = "", password } = context.object();
  if (typeof username !== "string" || typeof password !== "string") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "invalid JSON object: username and password must be strings");
  }
  const store = users(context);
  // the manual has no such path without authentication, but then drivers that log in would have to know
  const user = store.identify(username, password) ?? (context.server.options.authentication ? undefined : username);
  if (user === undefined) throw new ArangoError("ERROR_HTTP_UNAUTHORIZED", "Wrong credentials");
  return json(200, { jwt: store.tokens.issue(user) });
}

/** Users may look at themselves and change their own password; everything else is for administrators. */
function assertSelfOrAdmin(context: RequestContext): string {
  const name = context.params.user!;
  if (name !== context.user) context.rights.assert("admin", context.databaseName);
  return name;
}

function shown({ name, active, extra }: User): Record<string, unknown> {
  return { user: name, active, extra };
}

function userReply(user: User, code: number): ApiReply {
  return json(code, { ...shown(user), code, error: false });
}

function list(context: RequestContext): ApiReply {
  return ok({ result: users(context).all().map(shown) });
}

interface Given {
  readonly passwd?: string;
  readonly active?: boolean;
  readonly extra?: Attributes;
}

function given(body: Record<string, unknown>): Given {
  const { passwd, active, extra } = body;
  if (passwd !== undefined && passwd !== null && typeof passwd !== "string") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: passwd must be a string");
  }
  if (active !== undefined && active !== null && typeof active !== "boolean") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: active must be a boolean");
  }
  return {
    ...(typeof passwd === "string" ? { passwd } : {}),
    ...(typeof active === "boolean" ? { active } : {}),
    ...(extra !== undefined ? { extra: attributesOf(extra) } : {}),
  };
}

/** Stands for the password in the environment variable of this name. Source: the manual, user management in arangosh. */
const DEFAULT_PASSWORD = "ARANGODB_DEFAULT_ROOT_PASSWORD";

function create(context: RequestContext): ApiReply {
  const body = context.object();
  const user = body.user ?? body.username;
  if (typeof user !== "string" || user === "") throw new ArangoError("ERROR_USER_INVALID_NAME");
  const wanted = given(body);
  const passwd = wanted.passwd === DEFAULT_PASSWORD ? Deno.env.get(DEFAULT_PASSWORD) ?? "" : wanted.passwd;
  return userReply(users(context).add({ user, ...wanted, ...(passwd === undefined ? {} : { passwd }) }), 201);
}

function change(context: RequestContext, keep: boolean): ApiReply {
  const user = assertSelfOrAdmin(context);
  context.server.assertWritable();
  const wanted = given(context.object());
  if (wanted.active !== undefined && !context.rights.isAdmin) throw new ArangoError("ERROR_FORBIDDEN");
  return userReply(users(context).change({ user, ...wanted }, keep), 200);
}

function remove(context: RequestContext): ApiReply {
  // the manual: root cannot be removed
  if (context.params.user === "root") throw new ArangoError("ERROR_FORBIDDEN");
  users(context).remove(context.params.user!);
  return ok({}, 202);
}

/** Tells whether a password is right; a wrong one looks like a user that is not there. Source: `arangosh.md` §3.9. */
function validate(context: RequestContext): ApiReply {
  const { passwd } = context.object();
  const user = context.params.user!;
  if (typeof passwd !== "string" || !users(context).isPassword(user, passwd)) {
    throw new ArangoError("ERROR_USER_NOT_FOUND");
  }
  return ok({ result: true });
}

function level(context: RequestContext): Level {
  const { grant } = context.object();
  if (typeof grant !== "string" || !LEVELS.includes(grant)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: grant must be 'rw', 'ro' or 'none'");
  }
  return grant as Level;
}

/** Checks that a grant is about something that is there. */
function assertGrantable(context: RequestContext): void {
  const { database, collection } = context.params;
  if (database !== "*") {
    const found = context.engine.database(database!);
    if (collection !== undefined && collection !== "*") found.collection(collection);
  } else if (collection !== undefined && collection !== "*") {
    throw new ArangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND");
  }
}

function grant(context: RequestContext): ApiReply {
  const { user, database, collection } = context.params;
  const wanted = level(context);
  users(context).get(user!);
  assertGrantable(context);
  if (collection === undefined) {
    users(context).grantDatabase(user!, database!, wanted);
    return json(200, { [database!]: wanted, code: 200, error: false });
  }
  users(context).grantCollection(user!, database!, collection, wanted);
  return json(200, { [`${database}/${collection}`]: wanted, code: 200, error: false });
}

function revoke(context: RequestContext): ApiReply {
  const { user, database, collection } = context.params;
  if (collection === undefined) users(context).grantDatabase(user!, database!, undefined);
  else users(context).grantCollection(user!, database!, collection, undefined);
  return ok({}, 202);
}

function levels(context: RequestContext): ApiReply {
  const name = assertSelfOrAdmin(context);
  const user = users(context).get(name);
  const rights = users(context).rights(name);
  const databases = context.engine.databases();
  if (!context.flag("full", false)) {
    const entries = databases.map(({ name }) => [name, inForce(context, rights.database(name))] as const)
      .filter(([, one]) => one !== "none");
    return ok({ result: Object.fromEntries(entries) });
  }
  const result: Record<string, unknown> = {};
  for (const database of databases) {
    const own = user.grants.get(database.name);
    const collections = Object.fromEntries(
      database.collections().map(({ name }) => [name, own?.collections.get(name) ?? "undefined"]),
    );
    result[database.name] = {
      permission: own?.level ?? "undefined",
      collections: { ...collections, "*": own?.collections.get("*") ?? "undefined" },
    };
  }
  result["*"] = { permission: user.grants.get("*")?.level ?? "none" };
  return ok({ result });
}

/** A level as it is while the server refuses changes, unless a client asks what is configured, as the Go driver can. */
function inForce(context: RequestContext, level: Level): Level {
  return level === "rw" && context.server.readOnly && !context.flag("configured", false) ? "ro" : level;
}

function effective(context: RequestContext): ApiReply {
  const name = assertSelfOrAdmin(context);
  users(context).get(name);
  const { database, collection } = context.params;
  const rights = users(context).rights(name);
  // what will be allowed is told for collections that are not there yet, too
  const level = collection === undefined ? rights.database(database!) : rights.collection(database!, collection);
  return ok({ result: inForce(context, level) });
}

/** What the web interface keeps with a user, or one attribute of it. */
function config(context: RequestContext): ApiReply {
  const all = users(context).config(assertSelfOrAdmin(context));
  const { key } = context.params;
  return ok({ result: key === undefined ? all : all[key] ?? null });
}

function setConfig(context: RequestContext): ApiReply {
  const user = assertSelfOrAdmin(context);
  context.server.assertWritable();
  const body = context.object();
  const { key } = context.params;
  const changes = key === undefined ? body : { [key]: body.value ?? null };
  users(context).setConfig(user, { ...users(context).config(user), ...changes });
  return ok();
}

function removeConfig(context: RequestContext): ApiReply {
  const user = assertSelfOrAdmin(context);
  context.server.assertWritable();
  const { key } = context.params;
  const { [key ?? ""]: _, ...rest } = users(context).config(user);
  users(context).setConfig(user, key === undefined ? {} : rest);
  return ok({}, 202);
}

function wrongPath(): ApiReply {
  throw new ArangoError("ERROR_HTTP_BAD_PARAMETER");
}

function shownToken({ hash: _, ...shown }: AccessToken): Record<string, unknown> {
  return { ...shown, active: isActive(shown) };
}

function listTokens(context: RequestContext): ApiReply {
  return json(200, { tokens: users(context).accessTokens(assertSelfOrAdmin(context)).map(shownToken) });
}

function createToken(context: RequestContext): ApiReply {
  const user = assertSelfOrAdmin(context);
  context.server.assertWritable();
  const { name, valid_until: validUntil } = context.object();
  if (typeof name !== "string" || name === "") {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: name must be a string that is not empty");
  }
  if (validUntil !== undefined && !(Number.isInteger(validUntil) && validUntil as number > 0)) {
    throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "bad parameter: valid_until must be seconds since 1970");
  }
  const { token, stored } = users(context).addAccessToken(user, name, validUntil as number | undefined);
  return json(200, { ...shownToken(stored), token });
}

function deleteToken(context: RequestContext): ApiReply {
  const user = assertSelfOrAdmin(context);
  context.server.assertWritable();
  users(context).removeAccessToken(user, Number(context.params.id));
  return empty(200);
}

const TOKENS = "/_api/token/:user";
const USER = "/_api/user/:user";
const DATABASE = "/_api/user/:user/database/:database";
const COLLECTION = "/_api/user/:user/database/:database/:collection";
const CONFIG = "/_api/user/:user/config";

/** The routes. */
export const USERS: readonly Route[] = [
  { method: "POST", path: "/_open/auth", access: "open", handle: login },
  { method: "GET", path: TOKENS, access: "user", handle: listTokens },
  { method: "POST", path: TOKENS, access: "user", handle: createToken },
  { method: "DELETE", path: `${TOKENS}/:id`, access: "user", handle: deleteToken },
  { method: "GET", path: "/_api/user", access: "admin", handle: list },
  { method: "POST", path: "/_api/user", access: "admin", handle: create },
  {
    method: "GET",
    path: USER,
    access: "user",
    handle: (context) => userReply(users(context).get(assertSelfOrAdmin(context)), 200),
  },
  { method: "POST", path: USER, access: "user", handle: validate },
  { method: "PUT", path: USER, access: "user", handle: (context) => change(context, false) },
  { method: "PATCH", path: USER, access: "user", handle: (context) => change(context, true) },
  { method: "DELETE", path: USER, access: "admin", handle: remove },
  { method: "GET", path: "/_api/user/:user/database", access: "user", handle: levels },
  { method: "GET", path: DATABASE, access: "user", handle: effective },
  { method: "PUT", path: DATABASE, access: "admin", handle: grant },
  { method: "DELETE", path: DATABASE, access: "admin", handle: revoke },
  { method: "GET", path: COLLECTION, access: "user", handle: effective },
  { method: "PUT", path: COLLECTION, access: "admin", handle: grant },
  { method: "DELETE", path: COLLECTION, access: "admin", handle: revoke },
  ...[CONFIG, `${CONFIG}/:key`].flatMap((path): Route[] => [
    { method: "GET", path, access: "user", handle: config },
    { method: "PUT", path, access: "user", handle: setConfig },
    { method: "DELETE", path, access: "user", handle: removeConfig },
  ]),
  ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/user/*rest",
    access: "user",
    handle: wrongPath,
  })),
];
