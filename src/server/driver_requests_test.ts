/**
 * Requests in the ways in which different drivers write the same thing.
 *
 * Source: the manual's pages about the HTTP API (general request handling, jobs, batch requests), and the drivers' own
 * documentation: python-arango writes flags as numbers and revisions without quotes, others as words and as entity tags.
 */
import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { runAction } from "../shell/run_action.ts";
import { type Answer, basic, TestServer } from "./testing.ts";

function withDocument(): TestServer & { readonly rev: string } {
  const test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const { _rev: rev } = test.send("POST", "/_api/document/c", { _key: "k" }).body;
  return Object.assign(test, { rev });
}

Deno.test("flags are words or numbers", () => {
  using test = withDocument();
  const hasNew = (value: string): boolean =>
    "new" in test.send("PATCH", `/_api/document/c/k?returnNew=${value}`, {}).body;
  for (const value of ["true", "True", "1", "yes", "on"]) equal(hasNew(value), true, value);
  for (const value of ["false", "False", "0", "no", "off", ""]) equal(hasNew(value), false, value);
});

Deno.test("revisions in headers may have quotes, or none, or a mark of weakness", () => {
  using test = withDocument();
  test.send("POST", "/_api/gharial", { name: "g", orphanCollections: ["c"] });
  const forms = (rev: string): string[] => [rev, `"${rev}"`, `W/"${rev}"`];
  for (const path of ["/_api/document/c/k", "/_api/gharial/g/vertex/c/k"]) {
    for (const form of forms("_abc")) {
      for (const [method, body] of [["GET"], ["HEAD"], ["PUT", {}], ["PATCH", {}], ["DELETE"]] as const) {
        equal(test.send(method, path, body, { "if-match": form }).status, 412, `${method} ${path} ${form}`);
      }
    }
    for (const form of forms(test.rev)) {
      equal(test.send("GET", path, undefined, { "if-none-match": form }).status, 304, `${path} ${form}`);
      equal(test.send("GET", path, undefined, { "if-match": form }).status, 200, `${path} ${form}`);
    }
  }
});

Deno.test("what a body is written in does not have to be told", () => {
  using test = withDocument();
  const types = [
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/x-www-form-urlencoded",
  ];
  for (const type of [undefined, ...types]) {
    const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
    equal(test.send("POST", "/_api/document/c", ' {\r\n "a" : 1 }\n', headers).status, 202, type);
  }
});

Deno.test("a change of one document may say that its key is null, or another: the path names it", () => {
  using test = withDocument();
  for (const method of ["PUT", "PATCH"]) {
    for (const _key of [null, "", "other", "no key"]) {
      const answer = test.send(method, "/_api/document/c/k?returnNew=true", { _key, _id: null, _rev: null, a: method });
      deepEqual([answer.status, answer.body.new._key, answer.body.new.a], [202, "k", method], JSON.stringify(_key));
    }
    equal(test.send(method, "/_api/document/c/k", { _key: 1 }).body.errorNum, 1221);
  }
});

Deno.test("whoever may log in may ask how many coordinators there are", () => {
  using test = new TestServer({ authentication: true });
  test.headers = basic("root", "");
  test.send("POST", "/_api/user", { user: "guest", passwd: "x" });
  test.headers = basic("guest", "x");
  equal(test.send("GET", "/_api/cluster/endpoints").status, 501);
  equal(test.send("GET", "/_api/cluster/agency").status, 401);
});

Deno.test("reads that clients allow to be dirty are said to be perhaps so", () => {
  using test = withDocument();
  const told = (method: string, path: string, body?: unknown, more: Record<string, string> = {}): string | undefined =>
    test.send(method, path, body, { "x-arango-allow-dirty-read": "true", ...more })
      .headers["x-arango-potential-dirty-read"];
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  for (const base of ["", "/_db/_system"]) {
    equal(told("GET", `${base}/_api/document/c/k`), "true");
    equal(told("HEAD", `${base}/_api/document/c/k`), "true");
    equal(told("PUT", `${base}/_api/document/c?ignoreRevs=false&onlyget=true`, ["k"]), "true");
    equal(told("GET", `${base}/_api/edges/e?vertex=c/k`), "true");
    equal(told("POST", `${base}/_api/cursor`, { query: "RETURN 1" }), "true");
  }
  equal(told("GET", "/_api/document/c/nope"), undefined);
  equal(told("PUT", "/_api/document/c/k", {}), undefined);
  equal(told("GET", "/_api/version"), undefined);
  equal(told("GET", "/_api/document/c/k", undefined, { "x-arango-allow-dirty-read": "false" }), undefined);
  const begun = test.send("POST", "/_api/transaction/begin", { collections: { read: ["c"] } });
  equal(told("GET", "/_api/document/c/k", undefined, { "x-arango-trx-id": begun.body.result.id }), undefined);
});

Deno.test("headers about queues and drivers change nothing here", () => {
  using test = withDocument();
  for (
    const headers of [
      { "x-arango-queue-time-seconds": "5" },
      { "x-arango-queue-time-seconds": "soon" },
      { "x-arango-driver": "python-arango/8.1.0 ()" },
      { "x-arango-version": "31000" },
      { "x-arango-async": "false" },
    ] as Record<string, string>[]
  ) {
    const answer = test.send("GET", "/_api/document/c/k", undefined, headers);
    equal(answer.status, 200, JSON.stringify(headers));
    match(answer.headers["x-arango-queue-time-seconds"]!, /^\d+\.\d+$/);
  }
});

Deno.test("asynchronous requests: listed, taken once, forgotten by age or all", () => {
  using test = withDocument();
  const begin = (mode: string): string | undefined => {
    const answer = test.send("GET", "/_api/version", undefined, { "x-arango-async": mode });
    deepEqual([answer.status, answer.text], [202, ""]);
    return answer.headers["x-arango-async-id"];
  };
  equal(begin("true"), undefined);
  const ids = [begin("store"), begin("store"), begin("store")];
  const done = (query = ""): string[] => test.send("GET", `/_api/job/done${query}`).body;
  deepEqual(done().sort(), [...ids].sort());
  equal(done("?count=2").length, 2);
  deepEqual(test.send("GET", "/_api/job/pending").body, []);
  const [first, second, third] = ids;
  equal(test.send("GET", `/_api/job/${first}`).status, 200);
  const taken = test.send("PUT", `/_api/job/${first}`);
  deepEqual([taken.status, taken.body.server, taken.headers["x-arango-async-id"]], [200, "arango", first]);
  equal(test.send("PUT", `/_api/job/${first}`).status, 404);
  deepEqual(test.send("DELETE", `/_api/job/${second}`).body, { result: true });
  equal(test.send("DELETE", `/_api/job/${second}`).status, 404);
  equal(test.send("DELETE", "/_api/job/expired").status, 400);
  test.send("DELETE", "/_api/job/expired?stamp=1");
  deepEqual(done(), [third]);
  test.send("DELETE", "/_api/job/all");
  deepEqual(done(), []);
});

/** A batch of requests as a client writes it. */
function batchOf(parts: readonly string[], { end = "\r\n", boundary = "XXXsubpartXXX", ids = true } = {}): string {
  const texts = parts.map((part, i) =>
    [
      `--${boundary}`,
      "Content-Type: application/x-arango-batchpart",
      ...(ids ? [`Content-Id: part-${i}`] : []),
      "",
      part.replaceAll("\n", end),
    ].join(end)
  );
  return `${texts.join(end)}${end}--${boundary}--${end}`;
}

/** The parts of the answer to a batch: their ids, statuses and bodies. */
function partsOf({ text, headers }: Answer): { id: string | undefined; status: number; body: string }[] {
  const boundary = /boundary="?([^";]+)/.exec(headers["content-type"]!)![1]!;
  const [before, ...parts] = text.split(`--${boundary}`);
  deepEqual([before, parts.at(-1)!.trim()], ["", "--"]);
  return parts.slice(0, -1).map((part) => {
    const [head, inner, body] = part.split("\r\n\r\n") as [string, string, string];
    equal(/Content-Length: (\d+)/.exec(inner)![1], String(new TextEncoder().encode(body.slice(0, -2)).length));
    return {
      id: /Content-Id: (\S+)/.exec(head)?.[1],
      status: Number(/HTTP\/1\.1 (\d+)/.exec(inner)![1]),
      body: body.slice(0, -2),
    };
  });
}

Deno.test("batches: every part is answered in its place, whatever ends its lines", () => {
  using test = withDocument();
  const parts = [
    `POST /_api/document/c HTTP/1.1\n\n{"_key":"a",\n"text":"--XXX\u00e9"}`,
    "GET /_api/document/c/nope HTTP/1.1\n\n",
    'GET /_api/document/c/k HTTP/1.1\nIf-None-Match: "_abc"\nx-arango-driver: x\n\n',
    "HEAD /_api/document/c/k HTTP/1.1\n\n",
    "DELETE /_db/_system/_api/document/c/k?returnOld=1 HTTP/1.1\n\n",
    "PATCH /_api/version-nope HTTP/1.1\n\n{}",
  ];
  for (const end of ["\r\n", "\n"]) {
    for (const ids of [true, false]) {
      test.send("POST", "/_api/document/c?overwrite=true", { _key: "k" });
      test.send("DELETE", "/_api/document/c/a");
      const headers = { "content-type": "multipart/form-data; boundary=XXXsubpartXXX" };
      const answer = test.send("POST", "/_api/batch", batchOf(parts, { end, ids }), headers);
      deepEqual([answer.status, answer.headers["x-arango-errors"]], [200, "2"]);
      const answered = partsOf(answer);
      deepEqual(answered.map(({ status }) => status), [202, 404, 200, 200, 202, 404]);
      deepEqual(answered.map(({ id }) => id), parts.map((_, i) => (ids ? `part-${i}` : undefined)));
      equal(test.send("GET", "/_api/document/c/a").body.text, "--XXX\u00e9");
      equal(JSON.parse(answered[4]!.body).old._key, "k");
    }
  }
});

Deno.test("batches: parts are in the database of the batch, and of its user, unless they say otherwise", () => {
  using test = new TestServer({ authentication: true });
  const root = basic("root", "");
  test.send("POST", "/_api/database", { name: "d", users: [{ username: "bob", passwd: "b" }] }, root);
  test.send("POST", "/_db/d/_api/collection", { name: "c" }, root);
  const other = `GET /_api/user/bob HTTP/1.1\nAuthorization: ${root.authorization}\n\n`;
  const body = batchOf(["GET /_api/collection/c HTTP/1.1\n\n", "GET /_db/_system/_api/collection HTTP/1.1\n\n", other]);
  const headers = { ...basic("bob", "b"), "content-type": 'multipart/form-data; boundary="XXXsubpartXXX"' };
  deepEqual(partsOf(test.send("POST", "/_db/d/_api/batch", body, headers)).map(({ status }) => status), [
    200,
    401,
    200,
  ]);
});

Deno.test("a body that is no batch is refused as a whole", () => {
  using test = withDocument();
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const part =
    "--x\r\nContent-Type: application/x-arango-batchpart\r\n\r\nDELETE /_api/document/c/k HTTP/1.1\r\n\r\n\r\n";
  const wrong = [
    "",
    "nothing",
    part,
    `${part}--y--`,
    part.replace("batchpart", "part") + "--x--",
    `${part}--x\r\nodd\r\n--x--`,
  ];
  for (const body of wrong) equal(test.send("POST", "/_api/batch", body, headers).status, 400, body);
  equal(test.send("GET", "/_api/batch").status, 405);
  ok(test.send("GET", "/_api/document/c/k").status === 200);
});

Deno.test("code that the server may run has the rights of whoever sends it", () => {
  using test = new TestServer({ authentication: true, runAction, allowAdminExecute: true });
  test.headers = basic("root", "");
  test.send("POST", "/_api/database", { name: "d", users: [{ username: "u", passwd: "p" }] });
  test.headers = basic("u", "p");
  const execute = (code: string, type = "application/json"): unknown =>
    test.send("POST", "/_db/d/_admin/execute", code, { "content-type": type }).body;
  deepEqual(execute("return 1"), 1);
  deepEqual(execute("1"), null);
  deepEqual(execute(JSON.stringify('return "quoted";')), "quoted");
  deepEqual(execute(JSON.stringify(`/*${"x".repeat(5_000_000)}*/ return "long"`)), "long");
  deepEqual(execute('"a" + "b"'), null);
  deepEqual(execute('"return 1"', "text/plain"), null, "text is code as it is");
  deepEqual(execute(""), { error: false, code: 200 });
  const refused = "try { require('@arangodb/users').save('x'); } catch (e) { return e.errorNum; }";
  deepEqual(execute(refused), 11);
  equal(test.send("POST", "/_admin/execute", "return 1").status, 401);
  const action = `() => arango.POST("/_admin/execute", "return 1").errorNum`;
  const transaction = test.send("POST", "/_db/d/_api/transaction", { collections: {}, action });
  deepEqual(transaction.body.result, 1653, "code would write past the transaction");
});

Deno.test("the list of Foxx services is empty, since pyArango asks for it before anything else", () => {
  using test = new TestServer();
  for (const query of ["", "?excludeSystem=false"]) {
    const { status, body } = test.send("GET", `/_api/foxx${query}`);
    deepEqual([status, body], [200, []]);
  }
});

Deno.test("many documents to insert or update may have their collection in a parameter", () => {
  using test = withDocument();
  const send = (method: string, body: unknown): unknown => {
    const answer = test.send(method, "/_api/document?collection=c", body);
    return answer.body.errorNum ?? answer.body.map((one: { _key: string }) => one._key);
  };
  deepEqual(send("POST", [{ _key: "a" }, { _key: "b" }]), ["a", "b"]);
  deepEqual(send("PATCH", [{ _key: "a", n: 1 }, { _key: "b", n: 2 }]), ["a", "b"]);
  deepEqual(test.send("GET", "/_api/document/c/b").body.n, 2);
  equal(test.send("PATCH", "/_api/document", []).body.errorNum, 400);
});

Deno.test("a database may be made with null for its options and users", () => {
  using test = new TestServer();
  equal(test.send("POST", "/_api/database", { name: "d", options: null, users: null }).status, 201);
  equal(test.send("GET", "/_db/d/_api/database/current").body.result.name, "d");
});
