import { ok, strictEqual as equal } from "node:assert/strict";
import type { Access, Route } from "./route.ts";
import { ROUTES } from "./routes/mod.ts";
import { type Answer, basic, TestServer } from "./testing.ts";

const LEVELS = ["none", "ro", "rw"] as const;
type Level = typeof LEVELS[number];

/** What a request needs: the level for the database, and that for the collection `c`. */
interface Row {
  readonly request: readonly [method: string, url: string, body?: unknown];
  readonly database: Level;
  readonly collection: Level;
}

function row(database: Level, collection: Level, method: string, url: string, body?: unknown): Row {
  return { request: [method, url, body], database, collection };
}

const cursor = (query: string): unknown => ({ query });

/** Everything that is done to documents and collections. */
const ROWS: readonly Row[] = [
  row("ro", "ro", "GET", "/_api/document/c/k"),
  row("ro", "ro", "HEAD", "/_api/document/c/k"),
  row("ro", "ro", "PUT", "/_api/document/c?onlyget=true", ["k"]),
  row("ro", "rw", "POST", "/_api/document/c", {}),
  row("ro", "rw", "POST", "/_api/document/c", [{}]),
  row("ro", "rw", "POST", "/_api/document?collection=c", {}),
  row("ro", "rw", "PUT", "/_api/document/c/k", {}),
  row("ro", "rw", "PUT", "/_api/document/c", [{ _key: "k" }]),
  row("ro", "rw", "PATCH", "/_api/document/c/k", {}),
  row("ro", "rw", "PATCH", "/_api/document/c", [{ _key: "k" }]),
  row("ro", "rw", "DELETE", "/_api/document/c/gone"),
  row("ro", "rw", "DELETE", "/_api/document/c", ["gone"]),
  row("ro", "ro", "GET", "/_api/edges/e?vertex=c/k"),
  row("ro", "rw", "POST", "/_api/import?collection=c&type=list", [{}]),
  row("ro", "rw", "POST", "/_api/import?collection=c", `["a"]\n[1]`),
  row("ro", "ro", "GET", "/_api/collection/c"),
  row("ro", "ro", "GET", "/_api/collection/c/count"),
  row("ro", "ro", "GET", "/_api/collection/c/figures"),
  row("ro", "ro", "GET", "/_api/collection/c/properties"),
  row("ro", "ro", "GET", "/_api/collection/c/revision"),
  row("ro", "ro", "GET", "/_api/collection/c/checksum"),
  row("ro", "ro", "PUT", "/_api/collection/c/load", {}),
  row("ro", "ro", "PUT", "/_api/collection/c/loadIndexesIntoMemory", {}),
  row("ro", "rw", "PUT", "/_api/collection/t/truncate"),
  row("ro", "rw", "PUT", "/_api/collection/c/recalculateCount"),
  row("rw", "rw", "PUT", "/_api/collection/c/properties", {}),
  row("rw", "rw", "PUT", "/_api/collection/c/rename", { name: "c" }),
  row("rw", "rw", "DELETE", "/_api/collection/gone"),
  row("ro", "ro", "GET", "/_api/index?collection=c"),
  row("ro", "ro", "GET", "/_api/index/c/0"),
  row("rw", "rw", "POST", "/_api/index?collection=c", { type: "persistent", fields: ["a"] }),
  row("rw", "rw", "DELETE", "/_api/index/c/nope"),
  row("ro", "ro", "POST", "/_api/cursor", cursor("FOR d IN c RETURN d")),
  row("ro", "ro", "POST", "/_api/cursor", cursor("RETURN DOCUMENT('c/k')")),
  row("ro", "ro", "POST", "/_api/cursor", cursor("RETURN LENGTH(c)")),
  row("ro", "ro", "POST", "/_api/explain", cursor("FOR d IN c RETURN d")),
  row("ro", "rw", "POST", "/_api/cursor", cursor("INSERT {} INTO c")),
  row("ro", "rw", "POST", "/_api/cursor", cursor("UPDATE 'k' WITH {} IN c")),
  row("ro", "rw", "POST", "/_api/cursor", cursor("REPLACE 'k' WITH {} IN c")),
  row("ro", "rw", "POST", "/_api/cursor", cursor("UPSERT { a: 1 } INSERT { a: 1 } UPDATE {} IN c")),
  row("ro", "rw", "POST", "/_api/cursor", cursor("FOR d IN c FILTER d.x == 7 REMOVE d IN c")),
  row("ro", "ro", "PUT", "/_api/simple/all", { collection: "c" }),
  row("ro", "ro", "PUT", "/_api/simple/any", { collection: "c" }),
  row("ro", "ro", "PUT", "/_api/simple/by-example", { collection: "c", example: {} }),
  row("ro", "ro", "PUT", "/_api/simple/lookup-by-keys", { collection: "c", keys: [] }),
  row("ro", "rw", "PUT", "/_api/simple/remove-by-keys", { collection: "c", keys: ["gone"] }),
  row("ro", "rw", "PUT", "/_api/simple/remove-by-example", { collection: "c", example: { x: 7 } }),
  row("ro", "rw", "PUT", "/_api/simple/update-by-example", { collection: "c", example: { x: 7 }, newValue: {} }),
  row("ro", "rw", "PUT", "/_api/simple/replace-by-example", { collection: "c", example: { x: 7 }, newValue: {} }),
  row("ro", "ro", "POST", "/_api/transaction/begin", { collections: { read: "c" } }),
  row("ro", "rw", "POST", "/_api/transaction/begin", { collections: { write: "t" } }),
  row("ro", "rw", "POST", "/_api/transaction/begin", { collections: { exclusive: "gone" } }),
  row("ro", "ro", "GET", "/_api/gharial/g/vertex/c/k"),
  row("ro", "rw", "POST", "/_api/gharial/g/vertex/c", {}),
  row("ro", "rw", "PATCH", "/_api/gharial/g/vertex/c/k", {}),
  row("ro", "rw", "POST", "/_api/gharial/g/edge/e", { _from: "c/k", _to: "c/k" }),
  row("ro", "none", "GET", "/_api/collection"),
  row("ro", "none", "GET", "/_api/gharial"),
  row("rw", "none", "POST", "/_api/collection", { name: "new" }),
  row("ro", "none", "GET", "/_api/database/current"),
];

Deno.test("every request asks for the level of the database, and for that of the collection", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  test.send("POST", "/_api/database", { name: "d" });
  for (const name of ["c", "t"]) test.send("POST", "/_db/d/_api/collection", { name });
  test.send("POST", "/_db/d/_api/collection", { name: "e", type: 3 });
  test.send("POST", "/_db/d/_api/document/c", { _key: "k" });
  const edgeDefinitions = [{ collection: "e", from: ["c"], to: ["c"] }];
  test.send("POST", "/_db/d/_api/gharial", { name: "g", edgeDefinitions });
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  const bob = basic("bob", "b");
  for (const database of LEVELS) {
    test.send("PUT", "/_api/user/bob/database/d", { grant: database });
    for (const collection of LEVELS) {
      // a wildcard cannot take away what the database's level gives: each collection has a level of its own
      test.send("POST", "/_db/d/_api/collection", { name: "gone" });
      for (const name of ["c", "t", "e", "gone"]) {
        test.send("PUT", `/_api/user/bob/database/d/${name}`, { grant: collection });
      }
      for (const { request: [method, url, body], ...needed } of ROWS) {
        const { status, text } = test.send(method, `/_db/d${url}`, body, bob);
        const expected = LEVELS.indexOf(database) >= LEVELS.indexOf(needed.database) &&
          (LEVELS.indexOf(collection) >= LEVELS.indexOf(needed.collection));
        const refused = status === 401 || status === 403;
        ok(refused !== expected, `${method} ${url} with ${database}/${collection}: ${status} ${text}`);
        if (url === "/_api/collection" && method === "POST" && status === 200) {
          test.send("DELETE", "/_db/d/_api/collection/new");
        }
      }
      for (const { id } of test.send("GET", "/_db/d/_api/transaction", undefined, bob).body.transactions ?? []) {
        test.send("DELETE", `/_db/d/_api/transaction/${id}`, undefined, bob);
      }
    }
  }
});

/** Paths that have rules of their own besides: about users, and for the database `_system` alone. */
const OWN_RULES = /^\/_api\/(user|token)\/|\/applier-state-all$|^\/_api\/database\/\*/;

/** What stands for the variable parts of paths. */
const PARTS: Readonly<Record<string, string>> = { collection: "c", key: "k", graph: "g", user: "alice" };

/** A request for each route, without what would make sense of it: rights come before everything else. */
function requestFor({ method, path, access }: Route): [method: string, url: string] {
  const url = path.replace(/\*\w+/, "x/x/x").replace(/:(\w+)/g, (_, name) => PARTS[name] ?? "x");
  return [method === "*" ? "GET" : method, `/_db/${access === "system" ? "_system" : "d"}${url}`];
}

/** What a route asks for, by the manual: the level of the database `d`, and that of `_system`. */
const NEEDED: Readonly<Record<Access, { readonly d: Level; readonly system: Level }>> = {
  open: { d: "none", system: "none" },
  user: { d: "none", system: "none" },
  read: { d: "ro", system: "none" },
  write: { d: "rw", system: "none" },
  admin: { d: "none", system: "rw" },
  system: { d: "none", system: "rw" },
};

/** A server with a database `d`, and a user `bob` who has no rights yet. */
function withBob(): TestServer {
  const test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  test.send("POST", "/_api/database", { name: "d" });
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  return test;
}

function isRefusal({ status, body }: Answer): boolean {
  return (status === 401 || status === 403) && body.errorNum === 11;
}

Deno.test("every route asks for its level, whatever is wrong with the request besides", () => {
  using test = withBob();
  const { jwt } = test.send("POST", "/_open/auth", { username: "bob", password: "b" }).body;
  for (const d of LEVELS) {
    for (const system of LEVELS) {
      for (const [database, grant] of [["d", d], ["_system", system]]) {
        test.send("PUT", `/_api/user/bob/database/${database}`, { grant });
      }
      for (const route of ROUTES) {
        const needed = NEEDED[route.access];
        const refused = LEVELS.indexOf(d) < LEVELS.indexOf(needed.d) ||
          LEVELS.indexOf(system) < LEVELS.indexOf(needed.system);
        if (!refused && OWN_RULES.test(route.path)) continue;
        const [method, url] = requestFor(route);
        const answer = test.send(method, url, method === "GET" ? undefined : {}, { authorization: `Bearer ${jwt}` });
        equal(isRefusal(answer), refused, `${method} ${url} with ${d}, ${system}: ${answer.status} ${answer.text}`);
      }
    }
  }
});

Deno.test("who does not say who it is, or is not active, or unknown, gets nowhere", () => {
  using test = withBob();
  for (const database of ["d", "_system"]) test.send("PUT", `/_api/user/bob/database/${database}`, { grant: "rw" });
  test.send("POST", "/_api/user", { user: "gone", passwd: "g", active: false });
  test.send("PUT", "/_api/user/gone/database/*", { grant: "rw" });
  const passwords = [basic("bob", "wrong"), basic("nobody", ""), basic("gone", "g")];
  const seen = new Set<Access>(["open"]);
  for (const route of ROUTES.filter(({ access }) => access !== "open")) {
    const [method, url] = requestFor(route);
    // checking a password takes its time
    const strangers = [{}, { authorization: "Bearer x.y.z" }, ...(seen.has(route.access) ? [] : passwords)];
    seen.add(route.access);
    for (const headers of strangers) {
      const { status } = test.server.handle({ method, url, headers, body: new Uint8Array() }, { wait: "block" });
      equal(status, 401, `${method} ${url} ${JSON.stringify(headers)}`);
    }
  }
});
