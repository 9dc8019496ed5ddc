import assert from "node:assert/strict";
import { fakeShell } from "../fake_connection.ts";
import { MODULES } from "./mod.ts";
import { unsupported } from "./server_modules.ts";
import { TemporaryDirectory } from "../../base/testing.ts";

const here = new URL(".", import.meta.url);

Deno.test("modules use nothing but their parameter: no value is imported, nothing stands beside the functions", () => {
  for (const { name } of Deno.readDirSync(here)) {
    if (!name.endsWith(".ts") || name.endsWith("_test.ts") || name === "mod.ts" || name === "scope.ts") continue;
    const text = Deno.readTextFileSync(new URL(name, here));
    const outside = text.replace(/^(export )?interface [\s\S]*?^}$/gm, "").replace(/^export function [\s\S]*?^}$/gm, "")
      .replace(/^export function \w+\(.*\{\}$/gm, "").replace(/\/\*\*[\s\S]*?\*\//g, "").replace(
        /^import type .*$/gm,
        "",
      );
    assert.equal(outside.trim(), "", name);
  }
});

Deno.test("every module of the table can be required", async (t) => {
  for (const [name, factory] of Object.entries(MODULES)) {
    if (factory === unsupported) continue;
    await t.step(name, () => {
      const { shell } = fakeShell(({ url }) => {
        if (url.endsWith("/_api/collection")) return { body: { error: false, code: 200, result: [] } };
        return undefined;
      });
      const kind = typeof shell.run(`require(${JSON.stringify(name)})`);
      assert.ok(kind === "object" || kind === "function");
    });
  }
});

/** What a script evaluates to, as JSON. */
function value(script: string): unknown {
  const { shell } = fakeShell();
  return JSON.parse(shell.run(`JSON.stringify((function () { ${script} })())`) as string);
}

const RESULTS: [script: string, result: unknown][] = [
  [
    `var s = require('stream'), out = '', ended = false, upper = new s.Transform({
       transform: function (chunk, encoding, done) { done(null, chunk.toString().toUpperCase()); },
       flush: function (done) { this.push('!'); done(); } });
     var source = new s.Readable(), parts = ['a', 'b', null];
     source._read = function () { this.push(parts.shift()); };
     source.pipe(upper).pipe(new s.PassThrough()).on('data', function (c) { out += c; }).on('end', function () { ended = true; });
     return [out, ended, require('_stream_readable') === s.Readable, upper instanceof require('events').EventEmitter]`,
    ["AB!", true, true, true],
  ],
  [
    `var s = require('stream'), out = []; function Sink() { s.Writable.call(this); } require('util').inherits(Sink, s.Writable);
     Sink.prototype._write = function (chunk, encoding, done) { out.push(chunk.toString('hex')); done(); };
     var sink = new Sink(); sink.on('finish', function () { out.push('end'); }); sink.write('a'); sink.end('b');
     try { sink.write('c'); } catch (e) { out.push(e.message); } return out`,
    ["61", "62", "end", "write after end"],
  ],
  [
    "var p = require('punycode'); return [p.toASCII('http@münchen.de'), p.toUnicode('xn--mnchen-3ya.de'), p.decode(p.encode('日本語x'))]",
    ["http@xn--mnchen-3ya.de", "münchen.de", "日本語x"],
  ],
  [
    "return require('@arangodb/util').jsonml2xml(['a', { b: '<' }, 'x', ['c']])",
    '<a b="&lt;">x<c/></a>',
  ],
  ["return require('path').join('/a', '..', './b', 'c.js')", "/b/c.js"],
  ["return require('path').relative('/a/b/c', '/a/d')", "../../d"],
  [
    "var p = require('path'); return [p.dirname('/a/b'), p.basename('/a/b.js', '.js'), p.extname('.x'), p.extname('a.b')]",
    ["/a", "b", "", ".b"],
  ],
  ["return require('querystring').stringify({a: 1, b: ['x y', 'z']})", "a=1&b=x%20y&b=z"],
  ["return require('querystring').parse('a=1&b=x+y&b=z')", { a: "1", b: ["x y", "z"] }],
  ["var u = require('url').parse('http://u:p@H:80/a?b=c#d'); return [u.host, u.auth, u.path, u.hash]", [
    "h:80",
    "u:p",
    "/a?b=c",
    "#d",
  ]],
  ["return require('url').resolve('http://h/a/b/c', '../d?e')", "http://h/a/d?e"],
  ["return require('util').format('%s %d %j', 'a', 1, {b: 2}) ", 'a 1 {"b":2}'],
  ["return Buffer.from('aGFsbG8=', 'base64').toString('hex')", "68616c6c6f"],
  ["return new Buffer('héé').toString('utf8')", "héé"],
  ["return Buffer.concat([new Buffer('a'), new Buffer('b')]).toString()", "ab"],
  ["return require('internal').base64Decode(require('internal').base64Encode('ä'))", "ä"],
  ["return require('internal').sha256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["return require('internal').hmac('key', 'text', 'sha1')", "369e2959eb49450338b212748f77d8ded74847bb"],
  ["var c = require('@arangodb/crypto'); return c.jwtDecode('k', c.jwtEncode('k', {a: 1}, 'HS512'))", { a: 1 }],
  [
    "try { var c = require('@arangodb/crypto'); c.jwtDecode('x', c.jwtEncode('k', {})) } catch (e) { return e.message }",
    "Signature verification failed!",
  ],
  [
    "try { require('@arangodb/crypto').jwtEncode('k', {}, 'none') } catch (e) { return e instanceof Error }",
    true,
  ],
  [
    "var c = require('@arangodb/crypto'), n = c.createNonce(); return ['x', n, n].map(c.checkAndMarkNonce)",
    [false, true, false],
  ],
  [
    `var i = require('internal'); return ['hmac("k", "t", "no")', 'pbkdf2("s", "p", 0, 1, "sha1")', 'base64Encode()', 'hmac("k")',
       'pbkdf2("s")', 'download("/x", "", { method: "NO" })'].map(function (call) {
       try { new Function('i', 'i.' + call)(i); } catch (e) { return e.errorNum; } })`,
    [10, 10, 10, 10, 10, 10],
  ],
  // RFC 4226, appendix D
  ["return require('@arangodb/crypto').hotpGenerate('12345678901234567890', 9)", "520489"],
  [
    "return require('@arangodb/crypto').pbkdf2('salt', 'password', 2, 20, 'sha1')",
    "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957",
  ],
  ["return /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(require('@arangodb/crypto').uuidv4())", true],
  ["return require('internal').parseArgv(['--a', '1', '--b', 'true', 'x'], 0)", {
    a: "1",
    b: true,
    flatcommands: ["x"],
  }],
  ["return require('internal').toArgv({a: 1, b: true})", ["--a", "1", "--b", "true"]],
  ["return ['1.2.3.4', '::1', 'x', ':', '1.2.3.256', '1::2::3'].map(require('internal').isIP)", [4, 6, 0, 0, 0, 0]],
  ["return require('internal').errors.ERROR_ARANGO_CONFLICT", { code: 1200, message: "conflict" }],
  ["return require('@arangodb').ERROR_ARANGO_DOCUMENT_NOT_FOUND", 1202],
  ["return require('@arangodb/is').array([]) && require('@arangodb/is').noObject([])", true],
  [
    "var h = new (require('@arangodb/heap').BinaryHeap)(x => x); [3, 1, 2].forEach(x => h.push(x)); return [h.pop(), h.pop(), h.size()]",
    [1, 2, 1],
  ],
  ["return COMPARE_STRING('a', 'b') + NORMALIZE_STRING('e\\u0301').length", 0],
  ["return SYS_SPLIT_WORDS_ICU('Hello, big world', 4)", ["hello", "world"]],
  ["return ARANGODB_CLIENT_VERSION()", "3.12.5"],
  // VelocyPack.md: 0x41 and the text; 0x33
  ["return [V8_TO_VPACK('a').toString('hex'), V8_TO_VPACK(3).toString('hex')]", ["4161", "33"]],
  ["return VPACK_TO_V8(V8_TO_VPACK({a: [1, -2.5, null, 'ü']}))", { a: [1, -2.5, null, "ü"] }],
  ["try { VPACK_TO_V8(new Buffer([255])) } catch (e) { return e.errorNum }", 4],
  [
    `return ['GET()', 'HEAD_RAW()', 'DELETE()', 'SEND_FILE("/x")', 'importJson()', 'importCsv("/x")'].map(function (call) {
       try { eval('arango.' + call); } catch (e) { return e.message.split('(')[0]; } })`,
    ["usage: get", "usage: head", "usage: delete", "usage: SEND_FILE", "usage: importJson", "usage: importCsv"],
  ],
  ["return typeof setTimeout(function () { throw 1; }, 0)", "undefined"],
  [
    "var seen = []; var E = require('events'); var e = new E(); e.once('x', v => seen.push(v)); e.emit('x', 1); e.emit('x', 2); return seen",
    [1],
  ],
  [
    "try { require('assert').deepEqual({a: [1]}, {a: [2]}) } catch (e) { return e.name + e.operator }",
    "AssertionErrordeepEqual",
  ],
  [
    "require('assert').throws(function () { throw new TypeError('x') }, TypeError); require('assert').throws(function () { throw 1 }); return 1",
    1,
  ],
];
Deno.test("helper modules give the results of their originals", async (t) => {
  for (const [script, result] of RESULTS) {
    await t.step(script, () => assert.deepEqual(value(script), result));
  }
});

Deno.test("fs removes whole directories outside of the temporary one only when forced", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { shell } = fakeShell(undefined, { temporaryPath: directory });
  shell.run(`
    var fs = require("fs"), assert = require("assert"), d = ${JSON.stringify(directory)};
    var error = function (run) { try { run(); } catch (e) { return e.errorNum; } };
    fs.makeDirectoryRecursive(d + "/x/y");
    assert.equal(error(function () { fs.removeDirectoryRecursive(d + "/x"); }), 11);
    assert.ok(fs.isDirectory(d + "/x/y"));
    fs.removeDirectoryRecursive(d + "/x", true);
    assert.ok(!fs.exists(d + "/x"));
  `);
});

Deno.test("a jsunity file runs its suites, prints their outcome and returns the totals", () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const { shell, printed } = fakeShell();
  Deno.writeTextFileSync(
    `${directory}/suite.js`,
    `const jsunity = require("jsunity");
    function mySuite() {
      return {
        setUpAll() { this.ready = true; },
        testGood: function () { assertEqual([1, {a: "1"}], [1, {a: 1}]); assertTrue(true); },
        testBad: function () { assertTrue(true); assertEqual(1, 2); },
      };
    }
    jsunity.run(mySuite);
    return jsunity.done();`,
  );
  const result = JSON.parse(
    shell.run(`JSON.stringify(require("jsunity").runTest("${directory}/suite.js", true))`) as string,
  );
  assert.deepEqual([result.total, result.failed, result.status, result.testGood.status], [2, 1, false, true]);
  assert.match(
    result.testBad.message,
    /^Error: at assertion #2: assertEqual: \(2\) is not equal to \(1\)\n\(Error\n {4}at [^]*\n\) - test failed$/,
  );
  const text = printed();
  assert.match(text, /Z \[------------\] 2 tests from mySuite \(setUpAll: \d+ms\)\n/);
  assert.match(
    text,
    / \[ RUN {8}\] testGood\n.* \[ {5}PASSED \] testGood \(setUp: 0ms, test: \d+ms, tearDown: 0ms\)\n/,
  );
  assert.match(text, / \[ {3}FAILED {3}\] testBad \(/);
  assert.match(text, / \[============\] Ran: 2 tests \(1 passed, 1 failed\) \(\d+ms total\)\n\n$/);
});

Deno.test("request writes nested query values and forms as qs does, or as querystring on demand", () => {
  const { shell, connection } = fakeShell(() => ({ body: {} }));
  shell.run(`var request = require("@arangodb/request"), values = { a: [1, 2], b: { c: "x y" } };
    request.get("/x", { qs: values });
    request.get("/x?y=1", { qs: { a: [1, 2] }, useQuerystring: true });
    request.post({ url: require("url").parse("/z?q=1"), form: values });
    request.post("/z", { form: values, body: "own" });`);
  assert.deepEqual(connection.lines.map((line) => line.replace("/_db/_system", "")), [
    "GET /x?a%5B0%5D=1&a%5B1%5D=2&b%5Bc%5D=x%20y",
    "GET /x?y=1&a=1&a=2",
    "POST /z?q=1",
    "POST /z",
  ]);
  const { headers } = connection.requests[2]!;
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(connection.requests[2]!.body, "a%5B0%5D=1&a%5B1%5D=2&b%5Bc%5D=x%20y");
  assert.equal(connection.requests[3]!.body, "own");
});

Deno.test("users, tasks and caches are plain requests", () => {
  const { shell, connection } = fakeShell(() => ({ body: { error: false, code: 200, result: true } }));
  shell.run(`var u = require("@arangodb/users");
    u.save("a b", "secret"); u.update("u", undefined, false); u.grantDatabase("u", "d"); u.revokeCollection("u", "d", "c");
    u.permission("u", "d"); u.isValid("u", "p"); u.remove("u");
    require("@arangodb/tasks").register({ id: "t", command: function (params) { return params; } });
    require("@arangodb/aql/queries").current(true); require("@arangodb/aql/queries").kill({ id: 7 });
    require("@arangodb/aql/functions").unregister("A::B"); require("@arangodb/aql/cache").properties({ mode: "on" });`);
  assert.deepEqual(connection.lines.map((line) => line.replace("/_db/_system", "")), [
    "POST /_api/user/",
    "PATCH /_api/user/u",
    "PUT /_api/user/u/database/d",
    "DELETE /_api/user/u/database/d/c",
    "GET /_api/user/u/database/d",
    "POST /_api/user/u",
    "DELETE /_api/user/u",
    "PUT /_api/tasks/t",
    "GET /_api/query/current?all=true",
    "DELETE /_api/query/7?all=false",
    "DELETE /_api/aqlfunction/A%3A%3AB?group=false",
    "PUT /_api/query-cache/properties",
  ]);
  assert.deepEqual(connection.requests[0]?.body, { user: "a b", passwd: "secret" });
  assert.deepEqual(connection.requests[1]?.body, { active: false });
  assert.deepEqual(connection.requests[7]?.body, {
    id: "t",
    command: "(function (params) { return params; })(params)",
  });
});

Deno.test("backups and facts about clusters are plain requests, for servers that have them", () => {
  const { shell, connection } = fakeShell(({ method }) =>
    method === "GET" ? undefined : { body: { error: false, code: 200, result: { id: "b" } } }
  );
  assert.equal(shell.run("require('@arangodb/hotbackup').create('mine').id"), "b");
  assert.throws(
    () => shell.run("require('@arangodb/cluster-info').getCollectionInfo('d', 'c')"),
    (error: { isArangoError?: boolean }) => error.isArangoError === true,
  );
  assert.deepEqual(connection.lines.map((line) => line.replace("/_db/_system", "")), [
    "POST /_admin/backup/create",
    "GET /_api/cluster/cluster-info/get_collection_info/d/c",
  ]);
  assert.deepEqual(connection.requests[0]!.body, { label: "mine" });
});

Deno.test("modules of Enterprise, clusters and Foxx may be required, and say that they are not supported when they are used", () => {
  const { shell } = fakeShell();
  shell.run("var { ArangoReplicatedLog } = require('@arangodb/replicated-logs'); void 0");
  for (
    const use of ["new ArangoReplicatedLog()", "ArangoReplicatedLog()", "print(require('@arangodb/replicated-logs'))"]
  ) {
    assert.throws(() => shell.run(use), /module '@arangodb\/replicated-logs' is not supported by denosh/);
  }
});
