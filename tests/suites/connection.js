/* The connection object: requests and their answers, what it tells about the server, other connections. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const internal = require("internal");
const fs = require("fs");
const request = require("@arangodb/request");
const { assertFails } = require("assertions");

const USAGE = errors.ERROR_BAD_PARAMETER.code;
const JSON_ACCEPTED = { accept: "application/json" };
const name = "SuiteConnection";
const url = `/_api/document/${name}`;

function requestSuite() {
  return {
    setUpAll() {
      db._create(name);
    },
    tearDownAll() {
      db._drop(name);
    },
    tearDown() {
      db[name].truncate();
    },

    testTheAnswerIsTheBody() {
      const version = arango.GET("/_api/version");
      assertEqual(["server", "license", "version"], Object.keys(version));
      assertEqual(version, arango.GET("_api/version"));
      assertEqual(version, arango.GET("/_db/_system/_api/version"));
      assertTrue(Array.isArray(arango.POST(url, [{}, {}])));
      assertEqual(
        { code: 404, error: true, errorMessage: "document not found", errorNum: 1202 },
        arango.GET(`${url}/a`),
      );
      assertEqual(1228, arango.GET("/_db/SuiteNone/_api/version").errorNum);
      assertEqual([404, "unknown path '/_api/none'"], [
        arango.GET("/_api/none").errorNum,
        arango.GET("/_api/none").errorMessage,
      ]);
      assertEqual("string", typeof arango.GET("/_admin/metrics/v2"));
    },
    testAnswersWithoutABody() {
      assertEqual({ code: 200, error: false }, arango.HEAD("/_api/version"));
      assertEqual({ code: 200, error: false }, arango.OPTIONS("/_api/version", ""));
      const missing = { code: 404, error: true, errorNum: 404, errorMessage: "Not Found" };
      assertEqual(missing, arango.HEAD(`${url}/a`));
      assertEqual({ code: 202, error: false }, arango.POST(url, { _key: "a" }, { "x-arango-async": "true" }));
    },
    testBodies() {
      assertEqual("a", arango.POST(url, { _key: "a" })._key);
      assertEqual("b", arango.POST(url, '{"_key":"b"}')._key);
      assertEqual("c", arango.POST(url, Buffer.from('{"_key":"c"}'))._key);
      arango.POST(url, { _key: "d", f() {}, u: undefined, s: Symbol("s"), n: null, list: [undefined, () => {}] });
      const { f, u, s, n, list } = arango.GET(`${url}/d`);
      assertEqual([undefined, undefined, undefined, null, [null, null]], [f, u, s, n, list]);
      for (const body of ["{", null, undefined, ""]) {
        const reply = arango.POST(url, body);
        assertEqual([400, true, 600], [reply.code, reply.error, reply.errorNum], String(body));
      }
      assertEqual("a", arango.DELETE(`${url}/a`)._key);
      assertEqual(["b"], arango.DELETE(url, ["b"]).map((one) => one._key));
      assertEqual([1202, "c"], arango.PUT(`${url}?onlyget=true`, ["a", "c"]).map((one) => one.errorNum || one._key));
    },
    testCallsWithoutABodyTellTheUsage() {
      for (const method of ["POST", "PUT", "PATCH", "OPTIONS"]) {
        for (const suffix of ["", "_RAW"]) {
          const error = assertFails(USAGE, () => arango[method + suffix](url));
          assertEqual(`usage: ${method.toLowerCase()}(<url>, <body>[, <headers>])`, error.errorMessage);
        }
      }
      for (const method of ["GET", "HEAD", "DELETE", "GET_RAW", "HEAD_RAW", "DELETE_RAW"]) {
        assertFails(USAGE, () => arango[method]());
      }
    },
    testRawAnswers() {
      const reply = arango.GET_RAW("/_api/version", JSON_ACCEPTED);
      assertEqual(["code", "error", "headers", "parsedBody", "body"], Object.keys(reply));
      assertEqual([200, false], [reply.code, reply.error]);
      assertEqual(reply.parsedBody, JSON.parse(reply.body));
      assertEqual("application/json", reply.headers["content-type"]);
      assertEqual(String(reply.body.length), reply.headers["content-length"]);
      assertEqual("200 OK", reply.headers["http/1.1"]);
      const names = Object.keys(reply.headers);
      assertEqual("content-type", names[0]);
      assertEqual(names.slice(1).sort(), names.slice(1));
      assertEqual(names.map((one) => one.toLowerCase()), names);

      const packed = arango.GET_RAW("/_api/version");
      assertEqual(["application/x-velocypack", true], [packed.headers["content-type"], packed.body instanceof Buffer]);
      assertEqual(reply.parsedBody, packed.parsedBody);
      assertEqual(reply.parsedBody, VPACK_TO_V8(packed.body));
    },
    testRawErrors() {
      const reply = arango.GET_RAW(`${url}/none`, JSON_ACCEPTED);
      assertEqual(
        ["code", "error", "errorNum", "errorMessage", "headers", "parsedBody", "body"],
        Object.keys(reply),
      );
      assertEqual([404, true, 404, "Not Found"], [reply.code, reply.error, reply.errorNum, reply.errorMessage]);
      assertEqual([1202, "404 Not Found"], [reply.parsedBody.errorNum, reply.headers["http/1.1"]]);
      const head = arango.HEAD_RAW(`${url}/none`);
      assertEqual([404, undefined, undefined], [head.code, head.body, head.parsedBody]);
      assertEqual(600, arango.POST_RAW("/_api/cursor", "{").parsedBody.errorNum);
    },
    testRawMethods() {
      const made = arango.POST_RAW(url, { _key: "a" }, JSON_ACCEPTED);
      assertEqual([202, `"${made.parsedBody._rev}"`, `/_db/_system${url}/a`], [
        made.code,
        made.headers.etag,
        made.headers.location,
      ]);
      assertEqual(202, arango.PUT_RAW(`${url}/a`, { v: 1 }).code);
      const { _rev } = arango.PATCH_RAW(`${url}/a`, { w: 1 }).parsedBody;
      const fresh = arango.GET_RAW(`${url}/a`, { "If-None-Match": `"${_rev}"` });
      assertEqual([304, undefined, `"${_rev}"`], [fresh.code, fresh.body, fresh.headers.etag]);
      assertEqual(412, arango.DELETE_RAW(`${url}/a`, null, { "if-match": '"x"' }).code);
      assertEqual(202, arango.DELETE_RAW(`${url}/a`, null, { "If-Match": `"${_rev}"` }).code);
      assertMatch(/^DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT$/, arango.OPTIONS_RAW(url, "").headers.allow);
    },
    testJobs() {
      const { code, headers } = arango.POST_RAW(url, { _key: "job" }, { "X-Arango-Async": "store" });
      assertEqual(202, code);
      const id = headers["x-arango-async-id"];
      assertMatch(/^\d+$/, id);
      let reply;
      for (let n = 0; n < 100; n++) {
        reply = arango.PUT_RAW(`/_api/job/${id}`, "");
        if (reply.code !== 204) break;
        internal.sleep(0.05);
      }
      assertEqual([202, "job", id], [reply.code, reply.parsedBody._key, reply.headers["x-arango-async-id"]]);
      assertEqual(404, arango.PUT_RAW(`/_api/job/${id}`, "").code);
    },
    testFilesAreSent() {
      const file = fs.getTempFile();
      fs.write(file, '{"_key":"file"}');
      assertEqual("file", arango.SEND_FILE(url, file)._key);
      fs.remove(file);
      assertFails(USAGE, () => arango.SEND_FILE(url, file));
      assertFails(USAGE, () => arango.SEND_FILE(url));
    },
    testFilesAreImported() {
      const file = fs.getTempFile();
      fs.write(file, 'a,b\n1,x\n2,"y,z"\n');
      assertEqual({ lines: 2, created: 2, errors: 0, updated: 0, ignored: 0 }, arango.importCsv(file, name));
      assertEqual(["x", "y,z"], db[name].toArray().map(({ b }) => b).sort());
      fs.write(file, '{"_key":"j"}\n{"_key":"j"}\n');
      assertEqual({ lines: 2, created: 1, errors: 1, updated: 0, ignored: 0 }, arango.importJson(file, name));
      fs.remove(file);
    },
  };
}

function connectionSuite() {
  return {
    tearDown() {
      arango.forceJson(false);
      db._useDatabase("_system");
    },

    testWhatItTells() {
      assertEqual(["_system", "root", true, "http"], [
        arango.getDatabaseName(),
        arango.connectedUser(),
        arango.isConnected(),
        arango.protocol(),
      ]);
      assertEqual(["SINGLE", "server", db._version()], [arango.getRole(), arango.getMode(), arango.getVersion()]);
      assertEqual(`[object ArangoConnection:${arango.getEndpoint()},${db._version()},connected]`, String(arango));
      arango.GET("/_api/none");
      assertEqual([404, "Not Found"], [arango.lastHttpReturnCode(), arango.lastErrorMessage()]);
      arango.GET("/_api/version");
      assertEqual([200, ""], [arango.lastHttpReturnCode(), arango.lastErrorMessage()]);
    },
    testSettings() {
      const before = arango.timeout();
      arango.timeout(77);
      assertEqual(77, arango.timeout());
      arango.timeout(before);
      arango.forceJson(true);
      assertEqual("string", typeof arango.GET_RAW("/_api/version").body);
      arango.forceJson(false);
      assertInstanceOf(Buffer, arango.GET_RAW("/_api/version").body);
    },
    testOtherDatabases() {
      assertTrue(arango.setDatabaseName("SuiteNone"));
      assertEqual(["SuiteNone", 1228], [arango.getDatabaseName(), arango.GET("/_api/version").errorNum]);
      assertTrue(arango.setDatabaseName("_system"));
      for (const bad of [undefined, "", "a/b"]) assertFails(1208, () => arango.setDatabaseName(bad));
      assertEqual("_system", arango.getDatabaseName());
    },
    testReconnecting() {
      const endpoint = arango.getEndpoint();
      db._createDatabase(name);
      try {
        assertTrue(arango.reconnect(endpoint, name, "root", "", false));
        assertEqual([name, name], [arango.getDatabaseName(), db._name()]);
        assertFails(USAGE, () => arango.reconnect(endpoint, "SuiteNone", "root", "", false));
        assertFails(USAGE, () => arango.reconnect());
        assertEqual(name, arango.getDatabaseName());
        assertTrue(arango.reconnect(endpoint, "_system", "root", "", false));
        assertEqual("_system", db._name());
      } finally {
        db._dropDatabase(name);
      }
    },
    testHandles() {
      const handle = arango.getConnectionHandle();
      db._createDatabase(name);
      try {
        arango.reconnect(arango.getEndpoint(), name, "root", "", false);
        assertTrue(arango.connectHandle(handle));
        assertEqual("_system", db._name());
      } finally {
        db._dropDatabase(name);
      }
    },
    testDownloadsAndRequestsGoToTheServerToo() {
      const { version } = arango.GET("/_api/version");
      for (const address of ["/_api/version", "/_db/_system/_api/version", `${arango.getEndpoint()}/_api/version`]) {
        assertEqual(version, JSON.parse(internal.download(address).body).version, address);
        assertEqual(version, request.get(address).json.version, address);
      }
      const { code, message, headers } = internal.download("/_api/version", undefined, null);
      assertEqual([200, "OK", undefined], [code, message, headers["http/1.1"]]);
      const reply = request.post("/_api/cursor", { body: { query: "RETURN 1" }, json: true });
      assertEqual([201, "Created", [1]], [reply.status, reply.message, reply.json.result]);
      assertUndefined(internal.download("/_api/none").body);
      assertEqual(404, JSON.parse(internal.download("/_api/none", "", { returnBodyOnError: true }).body).code);
    },
  };
}
jsunity.run(requestSuite);
jsunity.run(connectionSuite);
return jsunity.done();
