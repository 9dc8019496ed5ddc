/* The HTTP API of documents and edges. Source: the manual's pages about it. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertDone, assertRefused, names, send } = require("requests");

const NAME = "SuiteHttpDocuments";
const EDGES = "SuiteHttpEdges";
const ALL = `/_api/document/${NAME}`;
const ONE = `${ALL}/k`;
const STALE = '"_stale"';

function documentSuite() {
  let c;
  return {
    setUp() {
      c = db._create(NAME);
    },
    tearDown() {
      db._drop(NAME);
    },

    testCreatingTellsWhereTheDocumentIs() {
      for (
        const [url, status] of [[ALL, 202], [`${ALL}?waitForSync=true`, 201], [
          `/_api/document?collection=${NAME}`,
          202,
        ]]
      ) {
        const { code, headers, parsedBody } = send("POST", url, { _id: "other/x", _rev: "1", a: 1 });
        assertEqual(status, code);
        assertEqual("_id,_key,_rev", names(parsedBody));
        assertEqual(`"${parsedBody._rev}"`, headers.etag);
        assertEqual(`/_db/_system/_api/document/${parsedBody._id}`, headers.location);
        assertEqual({ ...parsedBody, a: 1 }, c.document(parsedBody._key));
      }
      // a collection that waits does so whatever is asked for
      c.properties({ waitForSync: true });
      assertDone(201, "POST", `${ALL}?waitForSync=false`, {});
    },
    testCreatingReturnsWhatIsAskedFor() {
      const made = assertDone(202, "POST", `${ALL}?returnNew=true&returnOld=true`, { _key: "k", a: 1 });
      assertEqual("_id,_key,_rev,new", names(made));
      assertEqual(c.document("k"), made.new);
      const replaced = assertDone(202, "POST", `${ALL}?overwriteMode=replace&returnOld=true`, { _key: "k", b: 1 });
      assertEqual("_id,_key,_oldRev,_rev,old", names(replaced));
      assertEqual([made._rev, 1], [replaced._oldRev, replaced.old.a]);
      assertEqual({}, assertDone(202, "POST", `${ALL}?silent=true`, { _key: "s" }));
      assertEqual({}, assertDone(202, "POST", `${ALL}?silent=true`, [{}, {}]));
      assertEqual([], assertDone(202, "POST", ALL, []));
      assertEqual(4, c.count());
    },
    testBodiesThatAreNoDocuments() {
      for (
        const text of ["", "{", "{ 1 : 2 }", '{"a":}', '{"a":[1,}', '{"a":moo}', '{"a":1,"a":2}', '{"a":{"b":1,"b":1}}']
      ) {
        assertRefused(400, 600, "POST", ALL, text);
        assertRefused(400, 600, "PUT", ONE, text);
        assertRefused(400, 600, "PATCH", ONE, text);
      }
      for (const text of ["1", "null", "true", '"k"']) {
        for (const [method, url] of [["POST", ALL], ["PUT", ONE], ["PATCH", ONE], ["PUT", ALL], ["PATCH", ALL]]) {
          assertRefused(400, 1227, method, url, text);
        }
      }
      for (const method of ["PUT", "PATCH"]) {
        assertRefused(400, 1227, method, ONE, []);
        assertRefused(400, 1227, method, ALL, {});
      }
      assertRefused(400, 1227, "PUT", `${ALL}?onlyget=true`, {});
      assertEqual(0, c.count());
    },
    testABodyIsReadBeforeItsCollectionIsLookedFor() {
      assertRefused(400, 600, "POST", "/_api/document/SuiteNothing", "{");
      assertRefused(400, 1227, "PUT", "/_api/document/SuiteNothing", {});
      assertRefused(400, 1227, "PATCH", "/_api/document/SuiteNothing/k", []);
      assertRefused(404, 1203, "POST", "/_api/document/SuiteNothing", {});
    },
    testKeysThatCannotBe() {
      for (const _key of [1, null, true, "", " ", "a b", "a/b", "ä", [], "x".repeat(255)]) {
        assertRefused(400, 1221, "POST", ALL, { _key });
      }
      for (
        const key of ["_", "-", ":", "@", "(", ")", "+", ",", "=", ";", "$", "!", "*", "'", "%", "x".repeat(254)]
      ) {
        const { _key } = assertDone(202, "POST", ALL, { _key: key });
        assertEqual(key, _key);
        assertEqual(key, assertDone(200, "GET", `${ALL}/${encodeURIComponent(key)}`)._key);
      }
    },
    testPathsThatLackSomething() {
      assertRefused(400, 1204, "POST", "/_api/document", {});
      assertRefused(400, 601, "POST", `${ALL}/k`, {});
      for (
        const [method, ...urls] of [
          ["GET", "/_api/document", "/_api/document/", ALL, `${ALL}/`],
          ["PUT", "/_api/document", `${ONE}/x`],
          ["PATCH", "/_api/document", `${ONE}/x`],
          ["DELETE", "/_api/document", `${ONE}/x`],
        ]
      ) {
        for (const url of urls) assertRefused(400, 400, method, url, method === "GET" ? undefined : {});
      }
    },
    testWhatIsNotThere() {
      for (const [method, body] of [["GET"], ["PUT", {}], ["PATCH", {}], ["DELETE", ""]]) {
        assertRefused(404, 1202, method, ONE, body);
        assertRefused(404, 1203, method, "/_api/document/SuiteNothing/k", body);
      }
      for (const url of [ONE, "/_api/document/SuiteNothing/k"]) {
        const { code, body } = send("HEAD", url);
        assertEqual([404, undefined], [code, body]);
      }
    },
    testReadingUnderConditions() {
      const { _rev } = c.insert({ _key: "k", a: 1 });
      const tag = `"${_rev}"`;
      for (const method of ["GET", "HEAD"]) {
        for (
          const [headers, status] of [
            [{}, 200],
            [{ "if-match": tag }, 200],
            [{ "if-match": _rev }, 200],
            [{ "If-Match": "*" }, 200],
            [{ "if-match": STALE }, 412],
            [{ "if-none-match": tag }, 304],
            [{ "if-none-match": _rev }, 304],
            [{ "if-none-match": STALE }, 200],
          ]
        ) {
          const { code, headers: own, body } = send(method, ONE, undefined, headers);
          assertEqual([status, tag], [code, own.etag], `${method} ${JSON.stringify(headers)}`);
          if (method === "HEAD" || code === 304) assertUndefined(body);
        }
      }
      const refused = send("GET", ONE, undefined, { "if-match": STALE }).parsedBody;
      assertEqual({ error: true, code: 412, errorNum: 1200 }, {
        error: refused.error,
        code: refused.code,
        errorNum: refused.errorNum,
      });
      assertEqual({ _id: `${NAME}/k`, _key: "k", _rev }, { _id: refused._id, _key: refused._key, _rev: refused._rev });
      const length = (method) => send(method, ONE).headers["content-length"];
      assertEqual(length("GET"), length("HEAD"));
    },
    testChangingUnderConditions() {
      let { _rev } = c.insert({ _key: "k", a: 1 });
      for (const [method, body] of [["PUT", { b: 1 }], ["PATCH", { c: 1 }]]) {
        const { code, parsedBody } = send(method, ONE, body, { "if-match": STALE });
        assertEqual([412, 1200, _rev], [code, parsedBody.errorNum, parsedBody._rev]);
        const stale = send(method, `${ONE}?ignoreRevs=false`, { ...body, _rev: "_stale" });
        assertEqual([412, 1200], [stale.code, stale.parsedBody.errorNum]);
        // revisions in bodies count only when asked for
        const ignored = assertDone(202, method, ONE, { ...body, _rev: "_stale" });
        assertEqual(_rev, ignored._oldRev);
        const done = send(method, ONE, body, { "if-match": `"${ignored._rev}"` });
        assertEqual([202, ignored._rev], [done.code, done.parsedBody._oldRev]);
        assertEqual(`/_db/_system${ONE}`, done.headers.location);
        _rev = done.parsedBody._rev;
      }
      assertEqual({ b: 1, c: 1 }, (({ b, c }) => ({ b, c }))(c.document("k")));
      assertEqual(412, send("DELETE", ONE, "", { "if-match": STALE }).code);
      const { parsedBody, headers } = send("DELETE", `${ONE}?returnOld=true`, "", { "if-match": _rev });
      assertEqual("_id,_key,_rev,old", names(parsedBody));
      assertEqual(`"${_rev}"`, headers.etag);
      assertEqual(0, c.count());
    },
    testUpdatesMergeAndKeepWhatTheyAreToldTo() {
      const updated = (parameters, body) => {
        c.replace("k", { o: { a: 1, b: 1 }, n: 1 });
        const { _id, _key, _rev, ...rest } = assertDone(202, "PATCH", `${ONE}?returnNew=true&${parameters}`, body).new;
        return rest;
      };
      c.insert({ _key: "k" });
      assertEqual({ o: { a: null, b: 1 }, n: 1 }, updated("", { o: { a: null } }));
      assertEqual({ o: { b: 1 }, n: 1 }, updated("keepNull=false", { o: { a: null } }));
      assertEqual({ o: { a: null }, n: 1 }, updated("mergeObjects=false", { o: { a: null } }));
      assertEqual({ o: { a: 1, b: 1 } }, updated("keepNull=false", { n: null }));
    },
    testArraysAnswerForEachElement() {
      c.insert([{ _key: "a" }, { _key: "b" }]);
      for (
        const [method, url, body, numbers] of [
          ["POST", ALL, [{}, { _key: "a" }, 5, { _key: 5 }], [0, 1210, 1227, 1221]],
          ["PUT", ALL, [{ _key: "a" }, { _key: "z" }, {}, 5], [0, 1202, 1205, 1227]],
          ["PATCH", ALL, [{ _key: "a", x: 1 }, { _key: "z" }, { _key: "b" }], [0, 1202, 0]],
          ["PUT", `${ALL}?onlyget=true`, ["a", "z", { _key: "b" }, `${NAME}/a`, 5], [0, 1202, 0, 0, 1205]],
          ["PUT", `${ALL}?ignoreRevs=false`, [{ _key: "a", _rev: "_stale" }], [1200]],
          ["DELETE", ALL, ["a", "z", 5], [0, 1202, 1205]],
        ]
      ) {
        const { code, headers, parsedBody } = send(method, url, body);
        assertEqual(url.includes("onlyget") ? 200 : 202, code);
        assertEqual(numbers, parsedBody.map(({ errorNum = 0 }) => errorNum), `${method} ${url}`);
        const counts = {};
        for (const number of numbers.filter((one) => one > 0)) counts[number] = (counts[number] || 0) + 1;
        assertEqual(counts, JSON.parse(headers["x-arango-error-codes"]));
        assertEqual([undefined, undefined], [headers.etag, headers.location]);
      }
      for (const method of ["PUT", "PATCH", "DELETE"]) {
        const [refused] = send(method, `${ALL}?ignoreRevs=false`, [{ _key: "b", _rev: "_stale" }]).parsedBody;
        assertEqual("error,errorMessage,errorNum", names(refused));
      }
      assertUndefined(send("POST", ALL, [{}]).headers["x-arango-error-codes"]);
      const silent = assertDone(202, "POST", `${ALL}?silent=true`, [{}, { _key: 5 }, {}]);
      assertEqual([1221], silent.map(({ errorNum }) => errorNum));
    },
    testRemovalsWithoutAKeyNeedABody() {
      assertRefused(400, 600, "DELETE", ALL, "[");
      assertRefused(400, 400, "DELETE", ALL, '"k"');
      c.insert({ _key: "k" });
      assertEqual("k", assertDone(202, "DELETE", ALL, { _key: "k" })._key);
    },
    testTextsOfAllLanguagesComeBack() {
      const texts = ["äöüÄÖÜß", "ﻚﻠﺑ", "狗", "собака", "🐕", "\u0000\u001f\u007f", "a\u0301", "\ufffd", "'\"\\/"];
      assertDone(202, "POST", ALL, { _key: "k", texts });
      assertEqual(texts, assertDone(200, "GET", ONE).texts);
      assertEqual(texts, c.document("k").texts);
    },
    testOptionsTellsTheMethods() {
      const { code, headers, body } = send("OPTIONS", ONE);
      assertEqual([200, undefined], [code, body]);
      assertEqual("DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT", headers.allow.split(", ").sort().join());
    },
  };
}

function edgeSuite() {
  const url = `/_api/document/${EDGES}`;
  const of = (parameters) =>
    assertDone(200, "GET", `/_api/edges/${EDGES}?${parameters}`).edges.map(({ _key }) => _key).sort();
  return {
    setUpAll() {
      db._create(NAME);
      db._createEdgeCollection(EDGES).insert([
        { _key: "ab", _from: "v/a", _to: "v/b" },
        { _key: "bc", _from: "v/b", _to: "v/c" },
        { _key: "bb", _from: "v/b", _to: "v/b" },
      ]);
    },
    tearDownAll() {
      db._drop(NAME);
      db._drop(EDGES);
    },

    testEdgesNeedBothEnds() {
      for (
        const body of [{}, { _from: "v/a" }, { _to: "v/a" }, { _from: "a", _to: "v/b" }, { _from: 1, _to: "v/b" }, {
          _from: "v/a/b",
          _to: "v/b",
        }]
      ) {
        assertRefused(400, 1233, "POST", url, body);
        assertRefused(400, 1233, "PUT", `${url}/ab`, body);
      }
      assertRefused(400, 1233, "PATCH", `${url}/ab`, { _from: "a" });
      assertEqual("v/a", assertDone(202, "PATCH", `${url}/ab?returnNew=true`, { x: 1 }).new._from);
    },
    testEdgesOfAVertexByDirection() {
      assertEqual(["ab", "bb", "bc"], of("vertex=v/b"));
      assertEqual(["ab", "bb", "bc"], of("vertex=v/b&direction=any"));
      assertEqual(["ab", "bb"], of("vertex=v/b&direction=in"));
      assertEqual(["bb", "bc"], of("vertex=v/b&direction=out"));
      assertEqual([], of("vertex=v/nobody"));
      assertEqual(["ab"], of("vertex=v%2Fa&direction=out"));
    },
    testWhatIsWrongWithTheQuestion() {
      assertRefused(400, 1205, "GET", `/_api/edges/${EDGES}`);
      assertRefused(400, 400, "GET", `/_api/edges/${EDGES}?vertex=v/a&direction=up`);
      assertRefused(400, 1218, "GET", `/_api/edges/${NAME}?vertex=v/a`);
      assertRefused(404, 1203, "GET", "/_api/edges/SuiteNothing?vertex=v/a");
      assertRefused(400, 400, "GET", "/_api/edges");
    },
  };
}

jsunity.run(documentSuite);
jsunity.run(edgeSuite);
return jsunity.done();
