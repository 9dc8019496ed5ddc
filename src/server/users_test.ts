import { deepStrictEqual as deepEqual, notStrictEqual as notEqual, ok, strictEqual as equal } from "node:assert/strict";
import { hashPassword, nodeCrypto, verifyPassword } from "./passwords.ts";
import { type Level, Rights } from "./rights.ts";
import { ROUTES } from "./routes/mod.ts";
import { isWaiting } from "./waiting.ts";
import { basic, TestServer } from "./testing.ts";
import { Tokens } from "./tokens.ts";

const NOT_AUTHORIZED = {
  code: 401,
  error: true,
  errorMessage: "not authorized to execute this request",
  errorNum: 11,
};

/** A server with root, password `pw`, whose requests root makes. */
function secured(): TestServer {
  const test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  return test;
}

Deno.test("without the right password nothing but open endpoints answers", () => {
  using test = secured();
  equal(test.send("GET", "/_api/version").status, 200);
  for (
    const headers of [
      basic("root", "wrong"),
      basic("root", ""),
      basic("nobody", "pw"),
      { authorization: "Basic !!" },
      { authorization: "Basic " + btoa("root") },
      { authorization: "bearer a.b.c" },
      { authorization: "Digest x" },
      { authorization: "" },
    ]
  ) {
    const answer = test.send("GET", "/_api/version", undefined, headers);
    equal(answer.status, 401, headers.authorization);
    deepEqual(answer.body, NOT_AUTHORIZED);
    ok(answer.headers["www-authenticate"]);
    const unasked = test.send("GET", "/_api/version", undefined, { ...headers, "x-omit-www-authenticate": "any" });
    deepEqual([unasked.status, unasked.headers["www-authenticate"]], [401, undefined]);
    equal(test.send("GET", "/_api/nope", undefined, headers).status, 401);
    equal(test.send("GET", "/_db/nope/_api/collection", undefined, headers).status, 401);
    equal(test.send("GET", "/_admin/server/availability", undefined, headers).status, 200);
  }
});

Deno.test("a session token stands for its user until it ends or is tampered with", () => {
  using test = secured();
  equal(test.send("POST", "/_open/auth", { username: "root", password: "no" }).status, 401);
  equal(test.send("POST", "/_open/auth", { username: "root" }).status, 400);
  const { jwt } = test.send("POST", "/_open/auth", { username: "root", password: "pw" }, { authorization: "" }).body;
  const bearer = (token: string) => ({ authorization: `bearer ${token}` });
  equal(test.send("GET", "/_api/user", undefined, bearer(jwt)).status, 200);
  const [header, , signature] = jwt.split(".");
  const forged = btoa(JSON.stringify({ preferred_username: "root", iss: "arangodb" })).replace(/=+$/, "");
  equal(test.send("GET", "/_api/user", undefined, bearer(`${header}.${forged}.${signature}`)).status, 401);
  const none = btoa(`{"alg":"none","typ":"JWT"}`).replace(/=+$/, "");
  equal(test.send("GET", "/_api/user", undefined, bearer(`${none}.${forged}.`)).status, 401);
  equal(test.send("GET", "/_api/user", undefined, bearer(new Tokens("other").issue("root"))).status, 401);
});

Deno.test("tokens of a shared secret: users, the server itself, expiry, allowed paths", () => {
  const secret = "s3cret";
  using test = new TestServer({ authentication: true, rootPassword: "pw", jwtSecret: secret });
  const token = (claims: object): { authorization: string } => {
    const part = (value: object): string => btoa(JSON.stringify(value)).replace(/=+$/, "");
    const body = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return {
      authorization: `bearer ${body}.${nodeCrypto().createHmac("sha256", secret).update(body).digest("base64url")}`,
    };
  };
  const status = (claims: object, path = "/_api/user"): number =>
    test.send("GET", path, undefined, token(claims)).status;
  const now = Date.now() / 1000;
  equal(status({ iss: "arangodb", preferred_username: "root", exp: now + 10 }), 200);
  equal(status({ iss: "arangodb", preferred_username: "root", exp: now - 10 }), 401);
  equal(status({ iss: "other", preferred_username: "root" }), 401);
  equal(status({ iss: "arangodb", preferred_username: "nobody" }), 401);
  equal(status({ iss: "arangodb", server_id: "arangosh" }), 200);
  equal(status({ iss: "arangodb" }), 401);
  equal(status({ iss: "arangodb", server_id: "x", allowed_paths: ["/_api/version"] }), 401);
  equal(
    status({ iss: "arangodb", server_id: "x", allowed_paths: ["/_api/version"] }, "/_db/_system/_api/version"),
    200,
  );
});

Deno.test("users: create, look at, replace, update, remove", () => {
  using test = secured();
  const made = test.send("POST", "/_api/user", { user: "bob@x", passwd: "secret", extra: { a: 1 } });
  equal(made.status, 201);
  deepEqual(made.body, { user: "bob@x", active: true, extra: { a: 1 }, code: 201, error: false });
  equal(test.send("POST", "/_api/user", { user: "bob@x" }).body.errorNum, 1702);
  equal(test.send("POST", "/_api/user", { user: "" }).body.errorNum, 1700);
  equal(test.send("POST", "/_api/user", { user: "eve", passwd: 7 }).status, 400);
  const bob = basic("bob@x", "secret");
  equal(test.send("GET", "/_api/user/bob@x", undefined, bob).status, 200);
  equal(test.send("GET", "/_api/user/root", undefined, bob).status, 403);
  equal(test.send("PATCH", "/_api/user/bob@x", { passwd: "other" }, bob).status, 200);
  equal(test.send("GET", "/_api/user/bob@x", undefined, bob).status, 401);
  deepEqual(test.send("GET", "/_api/user/bob@x").body.extra, { a: 1 });
  deepEqual(test.send("PATCH", "/_api/user/bob@x", { extra: { b: [2] } }).body.extra, { a: 1, b: [2] });
  equal(test.send("PATCH", "/_api/user/bob@x", { active: false }).body.active, false);
  equal(test.send("GET", "/_api/version", undefined, basic("bob@x", "other")).status, 401);
  deepEqual(test.send("PUT", "/_api/user/bob@x", { passwd: "new" }).body.extra, {});
  deepEqual(test.send("GET", "/_api/user").body.result.map((one: { user: string }) => one.user).sort(), [
    "bob@x",
    "root",
  ]);
  equal(test.send("DELETE", "/_api/user/bob@x").status, 202);
  for (const method of ["GET", "DELETE"]) equal(test.send(method, "/_api/user/bob@x").body.errorNum, 1703);
  equal(test.send("PATCH", "/_api/user/bob@x", {}).body.errorNum, 1703);
});

Deno.test("what the web interface keeps with a user is the user's, attribute by attribute", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  test.send("POST", "/_api/user", { user: "anna", passwd: "secret" });
  const url = "/_api/user/anna/config";
  equal(test.send("PUT", `${url}/graph`, { value: { x: 1 } }, basic("anna", "secret")).status, 200);
  test.send("PUT", url, { theme: "dark" });
  deepEqual(test.send("GET", url).body.result, { graph: { x: 1 }, theme: "dark" });
  deepEqual(test.send("GET", `${url}/graph`).body.result, { x: 1 });
  equal(test.send("DELETE", `${url}/graph`).status, 202);
  equal(test.send("GET", `${url}/graph`).body.result, null);
  equal(test.send("DELETE", url).status, 202);
  deepEqual(test.send("GET", url).body.result, {});
  deepEqual(
    ["GET", "PUT", "DELETE"].map((method) =>
      test.send(method, "/_api/user/root/config", {}, basic("anna", "secret")).status
    ),
    [403, 403, 403],
  );
  equal(test.send("GET", "/_api/user/nobody/config").body.errorNum, 1703);
});

Deno.test("levels decide who may do what", () => {
  using test = secured();
  test.send("POST", "/_api/database", { name: "d" });
  test.send("POST", "/_db/d/_api/collection", { name: "c" });
  test.send("POST", "/_db/d/_api/document/c", { _key: "k" });
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  const bob = basic("bob", "b");
  const requests: [string, string, unknown?][] = [
    ["GET", "/_db/d/_api/document/c/k"],
    ["PATCH", "/_db/d/_api/document/c/k", {}],
    ["GET", "/_db/d/_api/collection"],
    ["POST", "/_db/d/_api/index?collection=c", { type: "persistent", fields: ["a"] }],
    ["PUT", "/_db/d/_api/collection/c/properties", {}],
    ["GET", "/_api/user"],
    ["GET", "/_api/database"],
  ];
  const rows: [database: string | undefined, collection: string | undefined, expected: number[]][] = [
    [undefined, undefined, [401, 401, 401, 401, 401, 403, 403]],
    ["none", "rw", [401, 401, 401, 401, 401, 403, 403]],
    ["ro", "none", [403, 403, 200, 403, 403, 403, 403]],
    ["ro", "ro", [200, 403, 200, 403, 403, 403, 403]],
    ["ro", "rw", [200, 202, 200, 403, 403, 403, 403]],
    ["rw", "none", [403, 403, 200, 403, 403, 403, 403]],
    ["ro", undefined, [200, 403, 200, 403, 403, 403, 403]],
    ["rw", undefined, [200, 202, 200, 200, 200, 403, 403]],
    ["rw", "rw", [200, 202, 200, 200, 200, 403, 403]],
  ];
  for (const [database, collection, expected] of rows) {
    const path = "/_api/user/bob/database/d";
    if (database === undefined) equal(test.send("DELETE", path).status, 202);
    else equal(test.send("PUT", path, { grant: database }).body.d, database);
    if (collection === undefined) equal(test.send("DELETE", `${path}/c`).status, 202);
    else equal(test.send("PUT", `${path}/c`, { grant: collection }).body["d/c"], collection);
    const statuses = requests.map(([method, url, body]) => {
      const { status } = test.send(method, url, body, bob);
      return status === 201 ? 200 : status;
    });
    deepEqual(statuses, expected, `database ${database}, collection ${collection}`);
  }
  equal(test.send("PUT", "/_api/user/bob/database/nope", { grant: "rw" }).body.errorNum, 1228);
  equal(test.send("PUT", "/_api/user/bob/database/d/nope", { grant: "rw" }).body.errorNum, 1203);
  equal(test.send("PUT", "/_api/user/bob/database/d", { grant: "all" }).status, 400);
  deepEqual(test.send("GET", "/_api/user/bob/database").body.result, { d: "rw" });
  equal(test.send("GET", "/_api/user/bob/database?full=true").body.result.d.collections.c, "rw");
  equal(test.send("GET", "/_api/user/bob/database/d/c").body.result, "rw");
  equal(test.send("GET", "/_api/user/bob/database/d/notYet").body.result, "rw");
  equal(test.send("POST", "/_db/d/_admin/routing/reload", undefined, bob).status, 200);
  // other databases are refused before it is asked who wants to
  for (const [method, path, body] of [["GET", ""], ["POST", "", { name: "x" }], ["DELETE", "/d"]] as const) {
    equal(test.send(method, `/_db/d/_api/database${path}`, body, bob).body.errorNum, 1230);
  }
  deepEqual(test.send("GET", "/_api/database/user", undefined, bob).body.result, ["d"]);
  test.send("DELETE", "/_api/database/d");
  test.send("POST", "/_api/database", { name: "d" });
  equal(test.send("GET", "/_db/d/_api/collection", undefined, bob).status, 401, "grants end with the database");
});

/** Grants in short: `db: "level"`, `db/collection: "level"`. */
function rightsOf(short: Readonly<Record<string, Level>>): Rights {
  type Entry = { level?: Level; collections: Map<string, Level> };
  const grants = new Map<string, Entry>();
  for (const [name, level] of Object.entries(short)) {
    const [database, collection] = name.split("/") as [string, string?];
    const entry: Entry = grants.get(database) ?? { collections: new Map() };
    if (collection === undefined) entry.level = level;
    else entry.collections.set(collection, level);
    grants.set(database, entry);
  }
  return new Rights(grants);
}

Deno.test("levels are resolved as the manual tells", () => {
  const rows: [Record<string, Level>, Record<string, Level>][] = [
    // the manual's examples
    [{ _system: "none", shop1: "rw", shop2: "none", "*": "ro" }, {
      _system: "none",
      shop1: "rw",
      shop2: "none",
      other: "ro",
    }],
    [{ _system: "none", shop1: "rw", "*": "none" }, { shop1: "rw", other: "none" }],
    [{ _system: "rw", shop1: "rw", shop2: "none", "*": "none" }, { shop2: "none", other: "rw", _system: "rw" }],
    [
      { _system: "none", "*": "ro", "*/*": "rw", "shop1/products": "ro", "shop1/*": "none", "shop2/reviews": "none" },
      { "shop1/products": "ro", "shop1/customers": "rw", "shop2/reviews": "none", "shop2/other": "rw" },
    ],
    [
      { _system: "ro", shop2: "rw", "*": "none", "shop1/customers": "none", "shop1/*": "none" },
      { "shop1/products": "ro", "shop1/customers": "none", "shop2/reviews": "rw" },
    ],
    // the level of a database alone
    [{ d: "rw" }, { "d/c": "rw", "other/c": "none", other: "none", _system: "none" }],
    [{ d: "ro" }, { "d/c": "ro" }],
    [{ d: "none", "d/c": "rw" }, { "d/c": "none", "d/_graphs": "none" }],
    [{ d: "rw", "d/c": "none" }, { "d/c": "none", "d/other": "rw" }],
    [{ d: "ro", "d/*": "rw" }, { "d/c": "rw" }],
    [{}, { d: "none", "d/c": "none" }],
    // system collections have no levels of their own
    [{ d: "ro", "d/_graphs": "rw" }, {
      "d/_graphs": "ro",
      "d/_users": "none",
      "d/_queues": "ro",
      "d/_frontend": "rw",
    }],
  ];
  for (const [grants, expected] of rows) {
    const rights = rightsOf(grants);
    for (const [name, level] of Object.entries(expected)) {
      const [database, collection] = name.split("/") as [string, string?];
      const actual = collection === undefined ? rights.database(database) : rights.collection(database, collection);
      equal(actual, level, `${name} with ${JSON.stringify(grants)}`);
    }
  }
});

Deno.test("users of a new database are made and may write to it", () => {
  using test = secured();
  const users = [{ username: "admin", passwd: "secret" }, { username: "tester", passwd: "t", active: false }];
  equal(test.send("POST", "/_api/database", { name: "mydb", users }).status, 201);
  const admin = basic("admin", "secret");
  equal(test.send("POST", "/_db/mydb/_api/collection", { name: "c" }, admin).status, 200);
  equal(test.send("POST", "/_db/mydb/_api/document/c", {}, admin).status, 202);
  equal(test.send("GET", "/_api/collection", undefined, admin).status, 401);
  equal(test.send("GET", "/_db/mydb/_api/version", undefined, basic("tester", "t")).status, 401);
  equal(test.send("POST", "/_api/database", { name: "x", users: [{}] }).status, 400);
});

Deno.test("who makes a database and names no users has a level there by the grants for all databases, and no new ones", () => {
  using test = secured();
  equal(test.send("POST", "/_api/database", { name: "d" }).status, 201);
  const { result } = test.send("GET", "/_api/user/root/database?full=true").body;
  deepEqual([result.d.permission, result["*"].permission], ["undefined", "rw"]);
  equal(test.send("GET", "/_api/user/root/database/d").body.result, "rw");
});

Deno.test("a server in read-only mode tells that levels end at reading, and what is configured to whoever asks for that", () => {
  using test = secured();
  test.send("POST", "/_api/collection", { name: "c" });
  const told = (query: string): string[] => {
    const path = "/_api/user/root/database";
    const [database, collection] = ["/_system", "/_system/c"].map((part) => `${path}${part}${query}`);
    const [one, other] = [database!, collection!].map((url) => test.send("GET", url).body.result);
    return [one, other, test.send("GET", path + query).body.result._system];
  };
  deepEqual(told(""), ["rw", "rw", "rw"]);
  test.send("PUT", "/_admin/server/mode", { mode: "readonly" });
  deepEqual([told(""), told("?configured=true")], [["ro", "ro", "ro"], ["rw", "rw", "rw"]]);
  test.send("PUT", "/_admin/server/mode", { mode: "default" });
  deepEqual(told(""), ["rw", "rw", "rw"]);
});

Deno.test("jobs are invisible to other users", () => {
  using test = secured();
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  test.send("PUT", "/_api/user/bob/database/_system", { grant: "rw" });
  const bob = basic("bob", "b");
  const { headers } = test.send("PUT", "/_api/version", "", { "x-arango-async": "store" });
  const job = `/_api/job/${headers["x-arango-async-id"]}`;
  test.send("GET", "/_api/version");
  for (const [method, path] of [["GET", job], ["PUT", job], ["PUT", `${job}/cancel`], ["DELETE", job]] as const) {
    equal(test.send(method, path, undefined, bob).status, 404, `${method} ${path}`);
  }
  deepEqual(test.send("GET", "/_api/job/done", undefined, bob).body, []);
  test.send("DELETE", "/_api/job/all", undefined, bob);
  equal(test.send("PUT", job).status, 200);
});

Deno.test("passwords are salted, checked whole, and ArangoDB's own hashes are understood", () => {
  const one = hashPassword("pw");
  notEqual(one.hash, hashPassword("pw").hash);
  ok(verifyPassword("pw", one));
  ok(!verifyPassword("pw ", one));
  ok(verifyPassword("", hashPassword("")));
  ok(!verifyPassword("x", hashPassword("")));
  const salt = "40dd8312";
  const hash = nodeCrypto().createHash("sha256").update(salt + "geheim").digest("hex");
  ok(verifyPassword("geheim", { hash, salt, method: "sha256" }));
});

Deno.test("every endpoint asks for its level", () => {
  using test = secured();
  test.send("POST", "/_api/database", { name: "d" });
  const users = { nobody: undefined, reader: "ro", owner: "rw" } as const;
  for (const [user, level] of Object.entries(users)) {
    test.send("POST", "/_api/user", { user, passwd: "p" });
    if (level) test.send("PUT", `/_api/user/${user}/database/d`, { grant: level });
  }
  const refused: Readonly<Record<string, readonly string[]>> = {
    open: [],
    user: [],
    read: ["nobody"],
    write: ["nobody", "reader"],
    admin: ["nobody", "reader", "owner"],
    system: ["nobody", "reader", "owner"],
  };
  for (const { method, path, access } of ROUTES) {
    const url = `/_db/d${path.replace(/[:*]\w+/g, "x")}`;
    const send = (user: string | undefined) =>
      test.send(method === "*" ? "GET" : method, url, "", user ? basic(user, "p") : { authorization: "" }).status;
    equal(send(undefined) === 401, access !== "open", `${method} ${path}`);
    for (const user of refused[access]!) {
      ok([401, 403].includes(send(user)), `${method} ${path} by ${user}: ${send(user)}`);
    }
  }
});

Deno.test("a password can be checked; a wrong one looks like a user that is not there", () => {
  using test = new TestServer();
  test.send("POST", "/_api/user", { user: "anna", passwd: "right" });
  equal(test.send("POST", "/_api/user/anna", { passwd: "right" }).body.result, true);
  for (const [user, passwd] of [["anna", "wrong"], ["nobody", "right"], ["anna", undefined]]) {
    const answer = test.send("POST", `/_api/user/${user}`, { passwd });
    equal(answer.status, 404);
    equal(answer.body.errorNum, 1703);
  }
});

Deno.test("answers to wrong passwords are kept back, longer each time; others are not", () => {
  using test = secured();
  const later = (headers: Record<string, string>): boolean => {
    const request = { method: "GET", url: "/_api/version", headers, body: new Uint8Array() };
    return isWaiting(test.server.handle(request, { wait: "later" }));
  };
  equal(later(basic("root", "wrong")), true);
  const { pause } = test.server.users.failedLogins;
  equal(later(basic("root", "wrong too")), true);
  ok(test.server.users.failedLogins.pause > pause);
  equal(later(basic("root", "pw")), false);
  equal(later({}), false);
});

Deno.test("access tokens stand for their user until they end or are taken back", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  test.send("POST", "/_api/user", { user: "anna", passwd: "secret" });
  test.send("PUT", "/_api/user/anna/database/_system", { grant: "ro" });
  const made = test.send("POST", "/_api/token/anna", { name: "ci" }).body;
  deepEqual(Object.keys(made), ["id", "name", "valid_until", "created_at", "fingerprint", "active", "token"]);
  equal(made.fingerprint, `v1...${made.token.slice(-6)}`);
  const status = (user: string, password: string): number =>
    test.send("GET", "/_api/collection", undefined, basic(user, password)).status;
  deepEqual(["", "anna", "root"].map((user) => status(user, made.token)), [200, 200, 401]);
  equal(test.send("POST", "/_open/auth", { username: "", password: made.token }).status, 200);
  equal(test.send("POST", "/_open/auth", { password: made.token }).status, 200);
  equal(test.send("POST", "/_api/token/anna", { name: "ci" }).status, 409);
  equal(test.send("POST", "/_api/token/nobody", { name: "ci" }).body.errorNum, 1703);

  const ended = test.send("POST", "/_api/token/anna", { name: "old", valid_until: 1000 }).body;
  equal(ended.active, false);
  equal(status("", ended.token), 401);
  const list = test.send("GET", "/_api/token/anna", undefined, basic("anna", "secret"));
  deepEqual(list.body.tokens.map((one: { name: string }) => one.name), ["ci", "old"]);
  ok(!list.text.includes(made.token));
  equal(test.send("GET", "/_api/token/root", undefined, basic("anna", "secret")).status, 403);

  equal(test.send("DELETE", `/_api/token/anna/${made.id}`).status, 200);
  equal(test.send("DELETE", `/_api/token/anna/${made.id}`).status, 200);
  equal(test.send("DELETE", `/_api/token/nobody/${made.id}`).status, 404);
  equal(status("", made.token), 401);
});

Deno.test("a new user's password may be the one in the environment", () => {
  using test = secured();
  const name = "ARANGODB_DEFAULT_ROOT_PASSWORD";
  const former = Deno.env.get(name);
  Deno.env.set(name, "from outside");
  try {
    equal(test.send("POST", "/_api/user", { user: "u", passwd: name }).status, 201);
  } finally {
    if (former === undefined) Deno.env.delete(name);
    else Deno.env.set(name, former);
  }
  equal(test.send("GET", "/_api/user/u", undefined, basic("u", "from outside")).status, 200);
  equal(test.send("GET", "/_api/user/u", undefined, basic("u", name)).status, 401);
});

Deno.test("levels of system collections can be asked of a database that nobody has used yet", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "td" });
  test.send("POST", "/_api/user", { user: "u1", passwd: "x" });
  test.send("PUT", "/_api/user/u1/database/td", { grant: "ro" });
  equal(test.send("GET", "/_api/user/u1/database/td/_graphs").body.result, "ro");
});
