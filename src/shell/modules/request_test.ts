/**
 * `@arangodb/request` and `internal.download` against a server of their own.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ServerPlace } from "../../connection/remote_test_server.ts";
import { fakeShell } from "../fake_connection.ts";

/** A server beside the thread of the shell, which blocks, and a shell that has its addresses as `at` and `rude`. */
class Fixture implements Disposable {
  readonly #worker: Worker;
  readonly #shell;

  private constructor(worker: Worker, { port, rudePort }: ServerPlace) {
    this.#worker = worker;
    this.#shell = fakeShell().shell;
    this.#shell.run(`var request = require("@arangodb/request"), download = require("internal").download;
      var fs = require("fs"), at = "http://127.0.0.1:${port}", rude = "http://127.0.0.1:${rudePort}";
      var sent = function (reply) {
        var echo = JSON.parse(reply.body), seen = echo.headers;
        return [echo.method, echo.pathname + echo.search, new Buffer(echo.body, "base64").toString(),
          seen["content-type"], seen.authorization];
      };`);
  }

  static async start(): Promise<Fixture> {
    const worker = new Worker(new URL("../../connection/remote_test_server.ts", import.meta.url), { type: "module" });
    const place = await new Promise<ServerPlace>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<ServerPlace>) => resolve(data);
      worker.postMessage({});
    });
    return new Fixture(worker, place);
  }

  /** The value of an expression, by way of JSON. */
  value(expression: string): unknown {
    return JSON.parse(this.#shell.run(`JSON.stringify(${expression})`) as string);
  }

  [Symbol.dispose](): void {
    this.#shell[Symbol.dispose]();
    this.#worker.terminate();
  }
}

Deno.test("requests are sent as their options say", async (t) => {
  using fixture = await Fixture.start();
  const TEXT = "text/plain; charset=utf-8";
  const CASES: [call: string, method: string, path: string, body: string, type: string | null, auth: string | null][] =
    [
      ["request(at + '/a')", "GET", "/a", "", null, null],
      ["request({ uri: at + '/a', method: 'pUt', body: 'x' })", "PUT", "/a", "x", TEXT, null],
      ["request.delete(at + '/a')", "DELETE", "/a", "", null, null],
      ["request.patch(at + '/a', { body: new Buffer('x') })", "PATCH", "/a", "x", "application/octet-stream", null],
      [
        "request.post({ url: at + '/a', body: { b: [1] }, json: true })",
        "POST",
        "/a",
        '{"b":[1]}',
        "application/json",
        null,
      ],
      ["request.post(at, { body: 'x', headers: { 'Content-Type': 'text/x' } })", "POST", "/", "x", "text/x", null],
      [
        "request.post(at, { form: { a: { b: 'c d' } } })",
        "POST",
        "/",
        "a%5Bb%5D=c%20d",
        "application/x-www-form-urlencoded",
        null,
      ],
      ["request.get(at + '/a?b=1', { qs: { c: [2] } })", "GET", "/a?b=1&c%5B0%5D=2", "", null, null],
      ["request.get(at, { auth: { username: 'u', password: 'p' } })", "GET", "/", "", null, "Basic dTpw"],
      ["request.get(at, { auth: { bearer: 'token' } })", "GET", "/", "", null, "Bearer token"],
      ["request.get(at.replace('//', '//u:p%40@'))", "GET", "/", "", null, "Basic dTpwQA=="],
      ["request.get({ url: require('url').parse(at + '/a?b') })", "GET", "/a?b", "", null, null],
      [
        "download(at + '/a', 'x', { method: 'POST', username: 'u', password: 'p' })",
        "POST",
        "/a",
        "x",
        null,
        "Basic dTpw",
      ],
      ["download(at + '/a', '', { jwt: 'token' })", "GET", "/a", "", null, "bearer token"],
      [
        "download(at, { a: 1 }, { method: 'PUT', headers: { 'content-type': 'x/y' } })",
        "PUT",
        "/",
        '{"a":1}',
        "x/y",
        null,
      ],
    ];
  for (const [call, ...wanted] of CASES) {
    await t.step(call, () => assert.deepEqual(fixture.value(`sent(${call})`), wanted));
  }
});

Deno.test("responses have the body as text, as bytes and as JSON", async () => {
  using fixture = await Fixture.start();
  const value = (expression: string) => fixture.value(expression);
  assert.deepEqual(
    value("(r => [r.status, r.statusCode, r.message, r.body, Array.from(r.rawBody)])(request(at + '/bytes/3'))"),
    [
      200,
      200,
      "OK",
      "\u0000\u0001\u0002",
      [0, 1, 2],
    ],
  );
  assert.equal(value("request.get(at + '/bytes/3', { encoding: 'hex' }).body"), "000102");
  assert.equal(value("Buffer.isBuffer(request.get(at + '/bytes/300', { encoding: null }).body)"), true);
  assert.equal(value("request(at + '/text').json.b"), 1);
  assert.equal(value("request(at + '/text').headers['content-type']"), "application/json; charset=utf-8");
  assert.deepEqual(value("(r => ['json' in r, r.body])(request(at + '/broken'))"), [false, '{"unfinished']);
  assert.deepEqual(value("'json' in request.get(at + '/text', { json: false })"), false);
  assert.deepEqual(value("(r => [r.status, r.body])(request.head(at + '/text'))"), [200, ""]);
  assert.equal(value("request(at + '/text') instanceof request.Response"), true);
});

Deno.test("statuses of 400 and more keep their body, and throw() makes errors of them", async () => {
  using fixture = await Fixture.start();
  const value = (expression: string) => fixture.value(expression);
  assert.equal(value("request(at + '/status/404').json.errorNum"), 1203);
  assert.equal(value("request.get(at + '/status/404', { returnBodyOnError: false }).body === undefined"), true);
  assert.equal(value("download(at + '/status/404').body === undefined"), true);
  assert.match(value("download(at + '/status/500', '', { returnBodyOnError: true }).body") as string, /gone/);
  const thrown = (status: number, message = "") =>
    value(`(r => { try { r.throw(${message}); return null; } catch (e) {
      return [e instanceof Error, e.name, e.message, e.statusCode, e.details.response === r]; } })(request(at + "/status/${status}"))`);
  assert.deepEqual(thrown(404), [true, "NotFoundError", "Not Found", 404, true]);
  assert.deepEqual(thrown(500, '"mine"'), [true, "InternalServerError", "mine", 500, true]);
  assert.equal(thrown(200), null);
});

Deno.test("redirects are followed unless that is unwanted", async () => {
  using fixture = await Fixture.start();
  const value = (expression: string) => fixture.value(expression);
  assert.equal(value("request(at + '/redirect').json.b"), 1);
  for (const scheme of ["http", "tcp", "http+tcp"]) {
    assert.match(value(`download(at.replace('http', '${scheme}') + '/redirect').body`) as string, /"b":1/, scheme);
  }
  for (const options of ["{ followRedirect: false }", "{ maxRedirects: 0 }"]) {
    assert.deepEqual(value(`(r => [r.status, r.headers.location])(request.get(at + "/redirect", ${options}))`), [
      307,
      "/text",
    ]);
  }
  assert.equal(value("download(at + '/redirect', '', { followRedirects: false }).code"), 307);
});

Deno.test("what does not answer gives a response of status 500 that tells why", async () => {
  using fixture = await Fixture.start();
  for (
    const address of ["rude + '/close'", "rude + '/garbage'", "rude + '/cut'", "'http://127.0.0.1:9'", "'nothing://x'"]
  ) {
    const [code, message, others] = fixture.value(
      `(r => [r.code, r.message, "headers" in r || "body" in r])(download(${address}))`,
    ) as [number, string, boolean];
    assert.deepEqual([code, others, message.length > 0], [500, false, true], address);
  }
  assert.equal(fixture.value("request.get(at + '/slow', { timeout: 0.2 }).status"), 500);
  assert.equal(fixture.value("download(at + '/slow', '', { timeout: 0.2 }).code"), 500);
});

Deno.test("a body is saved in a file, which must not be there before", async () => {
  using fixture = await Fixture.start();
  const result = fixture.value(`(() => {
    var file = fs.getTempFile(), first = download(at + "/bytes/300", "", {}, file), error;
    try { download(at + "/text", "", {}, file); } catch (e) { error = e.errorNum; }
    return [first.code, "body" in first, fs.size(file), error];
  })()`);
  assert.deepEqual(result, [200, false, 300, 16]);
});

Deno.test("requests that cannot be are refused", async () => {
  using fixture = await Fixture.start();
  for (const call of ["request()", "request('')", "request({})", "request.get()"]) {
    assert.throws(() => fixture.value(call), /URL must not be empty/, call);
  }
  for (const name of ["formData", "multipart"]) {
    assert.throws(() => fixture.value(`request({ url: at, ${name}: {} })`), new RegExp(`${name} is not supported`));
  }
  assert.throws(() => fixture.value("download(at, '', { method: 'NONE' })"), /invalid HTTP method/);
});
