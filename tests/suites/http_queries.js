/* The HTTP API of queries: cursors, plans, simple queries, imports, user functions. Source: the manual's pages about them. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertDone, assertRefused, names } = require("requests");

const NAME = "SuiteHttpQueries";
const CURSOR = "/_api/cursor";

function cursorSuite() {
  const query = "FOR i IN 1..5 RETURN i";
  return {
    testOneBatch() {
      const all = assertDone(201, "POST", CURSOR, { query });
      assertEqual("cached,code,error,extra,hasMore,result", names(all));
      assertEqual([[1, 2, 3, 4, 5], false, false], [all.result, all.hasMore, all.cached]);
      assertEqual("stats,warnings", names(all.extra));
      assertEqual(5, assertDone(201, "POST", CURSOR, { query, count: true }).count);
      const limited = assertDone(201, "POST", CURSOR, {
        query: "FOR i IN 1..5 LIMIT 2 RETURN i",
        options: { fullCount: true },
      });
      assertEqual([2, 5], [limited.result.length, limited.extra.stats.fullCount]);
      for (const nothing of ["batchSize", "ttl", "options", "bindVars"]) {
        assertEqual(5, assertDone(201, "POST", CURSOR, { query, [nothing]: null }).result.length);
      }
      for (const ttl of [-1, 0, "soon"]) {
        const { id } = assertDone(201, "POST", CURSOR, { query, batchSize: 2, ttl });
        assertEqual([3, 4], assertDone(200, "POST", `${CURSOR}/${id}`, "").result);
      }
    },
    testBatchAfterBatch() {
      for (const method of ["PUT", "POST"]) {
        const first = assertDone(201, "POST", CURSOR, { query, batchSize: 2, count: true });
        assertEqual("cached,code,count,error,extra,hasMore,id,nextBatchId,result", names(first));
        assertEqual([[1, 2], true, "2"], [first.result, first.hasMore, first.nextBatchId]);
        const url = `${CURSOR}/${first.id}`;
        const second = assertDone(200, method, url, "");
        assertEqual([[3, 4], true, first.id, 5], [second.result, second.hasMore, second.id, second.count]);
        const last = assertDone(200, method, url, "");
        assertEqual([[5], false], [last.result, last.hasMore]);
        assertEqual("cached,code,count,error,extra,hasMore,result", names(last));
        assertRefused(404, 1600, method, url, "");
        assertRefused(404, 1600, "DELETE", url, "");
      }
    },
    testBatchesThatWereLostAreSentAgain() {
      const { id } = assertDone(201, "POST", CURSOR, { query, batchSize: 2, options: { allowRetry: true } });
      const url = `${CURSOR}/${id}`;
      const second = assertDone(200, "POST", `${url}/2`, "");
      assertEqual([[3, 4], "3"], [second.result, second.nextBatchId]);
      assertEqual([3, 4], assertDone(200, "POST", `${url}/2`, "").result);
      for (const _ of "ab") {
        const last = assertDone(200, "POST", `${url}/3`, "");
        assertEqual([[5], undefined, undefined], [last.result, last.id, last.nextBatchId]);
      }
      assertRefused(404, 1600, "POST", `${url}/2`, "");
      assertEqual({ error: false, code: 202, id }, assertDone(202, "DELETE", url, ""));
      assertRefused(404, 1600, "POST", `${url}/3`, "");
    },
    testACursorMayEndEarly() {
      const { id } = assertDone(201, "POST", CURSOR, { query, batchSize: 1 });
      assertEqual({ error: false, code: 202, id }, assertDone(202, "DELETE", `${CURSOR}/${id}`, ""));
      for (const method of ["PUT", "POST", "DELETE"]) assertRefused(404, 1600, method, `${CURSOR}/${id}`, "");
      for (const method of ["PUT", "DELETE"]) assertRefused(400, 400, method, CURSOR, "");
      assertRefused(405, 405, "PATCH", CURSOR, {});
    },
    testWhatIsNoQuery() {
      for (const body of ["", {}, { query: "" }, { query: null }, { query: 5 }, [], "1"]) {
        assertRefused(400, 1502, "POST", CURSOR, body);
      }
      assertRefused(400, 600, "POST", CURSOR, "{");
      for (const batchSize of [0, -1]) assertRefused(400, 17, "POST", CURSOR, { query, batchSize });
      assertRefused(400, 1501, "POST", CURSOR, { query: "FOR" });
      assertRefused(400, 1551, "POST", CURSOR, { query: "RETURN @a" });
      assertRefused(400, 1552, "POST", CURSOR, { query, bindVars: { a: 1 } });
      assertRefused(400, 1540, "POST", CURSOR, { query: "RETURN NOTHING()" });
      assertRefused(404, 1203, "POST", CURSOR, { query: "FOR d IN SuiteNothing RETURN d" });
      assertRefused(400, 1562, "POST", CURSOR, { query: "RETURN 1 / 0", options: { failOnWarning: true } });
      assertRefused(500, 32, "POST", CURSOR, { query: "RETURN 1..100000", memoryLimit: 100 });
    },
    testParsingAndExplaining() {
      const parsed = assertDone(200, "POST", "/_api/query", { query: `FOR d IN ${NAME} FILTER d.a == @a RETURN d` });
      assertEqual("ast,bindVars,code,collections,error,parsed,warnings", names(parsed));
      assertEqual([true, [NAME], ["a"]], [parsed.parsed, parsed.collections, parsed.bindVars]);
      const explained = assertDone(200, "POST", "/_api/explain", { query });
      assertEqual("cacheable,code,error,plan,stats,warnings", names(explained));
      const all = assertDone(200, "POST", "/_api/explain", { query, options: { allPlans: true } });
      assertEqual("code,error,plans,stats,warnings", names(all));
      for (const url of ["/_api/query", "/_api/explain"]) {
        assertRefused(400, 1501, "POST", url, { query: "FOR" });
        for (const body of [{}, { query: "" }, ""]) assertRefused(400, 1502, "POST", url, body);
      }
      assertRefused(404, 1203, "POST", "/_api/explain", { query: "FOR d IN SuiteNothing RETURN d" });
    },
    testWhatIsKnownOfQueries() {
      for (const what of ["current", "slow", "rules"]) {
        assertTrue(Array.isArray(assertDone(200, "GET", `/_api/query/${what}`)));
      }
      const before = assertDone(200, "GET", "/_api/query/properties");
      assertEqual(3, assertDone(200, "PUT", "/_api/query/properties", { slowQueryThreshold: 3 }).slowQueryThreshold);
      assertDone(200, "PUT", "/_api/query/properties", { slowQueryThreshold: before.slowQueryThreshold });
      assertRefused(400, 10, "PUT", "/_api/query/properties", { enabled: "yes" });
      assertEqual({ error: false, code: 200 }, assertDone(200, "DELETE", "/_api/query/slow", ""));
      assertRefused(404, 1591, "DELETE", "/_api/query/123", "");
      assertRefused(404, 404, "GET", "/_api/query/nothing");
      assertRefused(404, 404, "PUT", "/_api/query/nothing", {});
      for (const method of ["GET", "PUT", "DELETE"]) {
        assertRefused(400, 400, method, "/_api/query", method === "GET" ? undefined : {});
      }
      const cache = assertDone(200, "GET", "/_api/query-cache/properties");
      assertEqual("includeSystem,maxEntrySize,maxResults,maxResultsSize,mode", names(cache));
      assertRefused(400, 10, "PUT", "/_api/query-cache/properties", { mode: "always" });
      assertRefused(400, 400, "GET", "/_api/query-cache");
      assertEqual([], assertDone(200, "GET", "/_api/query-cache/entries"));
      assertEqual({ error: false, code: 200 }, assertDone(200, "DELETE", "/_api/query-cache", ""));
    },
  };
}

function simpleSuite() {
  const simple = (name, body, status = 201) =>
    assertDone(status, "PUT", `/_api/simple/${name}`, { collection: NAME, ...body });
  const keys = ({ result }) => result.map(({ _key }) => _key);
  return {
    setUp() {
      db._create(NAME).insert([
        { _key: "a", n: 1, o: { p: 1 }, lat: 0, lon: 0, text: "one two" },
        { _key: "b", n: 2, o: { p: 2 }, lat: 0, lon: 1, text: "two" },
        { _key: "c", n: 3, o: { p: 1 }, lat: 0, lon: 2, text: "three" },
      ]);
    },
    tearDown() {
      db._drop(NAME);
    },

    testAllDocumentsAndKeys() {
      const all = simple("all", {});
      assertEqual("cached,code,count,error,hasMore,result", names(all));
      assertEqual([3, false], [all.count, all.hasMore]);
      assertEqual(["b"], keys(simple("all", { skip: 1, limit: 1 })));
      const first = simple("all", { batchSize: 2 });
      assertEqual([2, true], [first.result.length, first.hasMore]);
      assertEqual(["c"], keys(assertDone(200, "PUT", `${CURSOR}/${first.id}`, "")));
      assertEqual(["a", "b", "c"], simple("all-keys", { type: "key" }).result);
      assertEqual([`${NAME}/a`, `${NAME}/b`, `${NAME}/c`], simple("all-keys", { type: "id" }).result);
      assertEqual(`/_db/_system/_api/document/${NAME}/a`, simple("all-keys", {}).result[0]);
      assertTrue(["a", "b", "c"].includes(simple("any", {}, 200).document._key));
    },
    testByExample() {
      assertEqual(["b"], keys(simple("by-example", { example: { n: 2 } })));
      assertEqual(["a", "c"], keys(simple("by-example", { example: { "o.p": 1 } })).sort());
      assertEqual(["b"], keys(simple("by-example", { example: { o: { p: 2 } } })));
      assertEqual([], keys(simple("by-example", { example: { n: 9 } })));
      assertEqual("b", simple("first-example", { example: { n: 2 } }, 200).document._key);
      assertRefused(404, 404, "PUT", "/_api/simple/first-example", { collection: NAME, example: { n: 9 } });
      assertEqual(1, simple("update-by-example", { example: { n: 1 }, newValue: { m: 1 } }, 200).updated);
      assertEqual(1, simple("replace-by-example", { example: { n: 2 }, newValue: { m: 1 } }, 200).replaced);
      assertEqual(1, simple("remove-by-example", { example: { m: 1 }, limit: 1 }, 200).deleted);
      assertEqual(1, simple("remove-by-example", { example: { m: 1 } }, 200).deleted);
      assertEqual(1, db[NAME].count());
    },
    testByKeys() {
      const found = simple("lookup-by-keys", { keys: ["c", "z", `${NAME}/a`] }, 200);
      assertEqual("code,documents,error", names(found));
      assertEqual(["a", "c"], found.documents.map(({ _key }) => _key).sort());
      const removed = simple("remove-by-keys", { keys: ["a", "z"] }, 200);
      assertEqual({ removed: 1, ignored: 1, error: false, code: 200 }, removed);
      for (const name of ["lookup-by-keys", "remove-by-keys"]) {
        assertRefused(400, 400, "PUT", `/_api/simple/${name}`, { collection: NAME, keys: "a" });
        assertRefused(404, 1203, "PUT", `/_api/simple/${name}`, { collection: "SuiteNothing", keys: [] });
      }
    },
    testRangesPlacesAndWords() {
      db[NAME].ensureIndex({ type: "skiplist", fields: ["n"] });
      assertEqual(["a", "b"], keys(simple("range", { attribute: "n", left: 1, right: 3 })));
      assertEqual(["a", "b", "c"], keys(simple("range", { attribute: "n", left: 1, right: 3, closed: true })));
      // drivers send paths as arrays
      assertEqual(["a", "b"], keys(simple("range", { attribute: ["n"], left: 1, right: 3 })));
      for (const attribute of [[], [1], 1, {}]) {
        assertRefused(400, 400, "PUT", "/_api/simple/range", { collection: NAME, attribute });
      }
      assertRefused(400, 1570, "PUT", "/_api/simple/near", { collection: NAME, latitude: 0, longitude: 0 });
      assertRefused(400, 1571, "PUT", "/_api/simple/fulltext", { collection: NAME, attribute: "text", query: "two" });
      db[NAME].ensureIndex({ type: "geo", fields: ["lat", "lon"] });
      db[NAME].ensureIndex({ type: "fulltext", fields: ["text"] });
      const near = simple("near", { latitude: 0, longitude: 0, limit: 2, distance: "d" });
      assertEqual(["a", "b"], keys(near));
      // a degree of longitude at the equator of a sphere of 6371 km
      assertEqual([0, 111195], near.result.map(({ d }) => Math.round(d)));
      assertEqual(["a", "b"], keys(simple("within", { latitude: 0, longitude: 0, radius: 120000 })));
      assertEqual(["a", "b"], keys(simple("fulltext", { attribute: "text", query: "two" })).sort());
    },
    testQuestionsThatMakeNoSense() {
      for (const name of ["all", "any", "by-example", "first-example", "lookup-by-keys", "range", "near", "fulltext"]) {
        for (const body of [{}, { collection: 5 }, { collection: "" }]) {
          assertRefused(400, 400, "PUT", `/_api/simple/${name}`, body);
        }
        assertRefused(405, 405, "POST", `/_api/simple/${name}`, { collection: NAME });
      }
      assertRefused(404, 1203, "PUT", "/_api/simple/all", { collection: "SuiteNothing" });
      for (const example of [undefined, null, 5, []]) {
        assertRefused(400, 400, "PUT", "/_api/simple/by-example", { collection: NAME, example });
      }
      assertRefused(404, 404, "PUT", "/_api/simple/nothing", { collection: NAME });
    },
  };
}

function importSuite() {
  const url = `/_api/import?collection=${NAME}`;
  const counts = (body) => [body.created, body.errors, body.empty, body.updated, body.ignored];
  const imported = (parameters, body) => counts(assertDone(201, "POST", `${url}&${parameters}`, body));
  return {
    setUp() {
      db._create(NAME);
    },
    tearDown() {
      db._drop(NAME);
    },

    testFormsOfABody() {
      assertEqual([2, 0, 1, 0, 0], imported("type=documents", '{"a":1}\n\n{"a":2}\n'));
      assertEqual([1, 1, 0, 0, 0], imported("type=documents", '{"a":1}\n{"a"'));
      assertEqual([2, 0, 0, 0, 0], imported("type=list", [{}, {}]));
      assertEqual([1, 1, 0, 0, 0], imported("type=array", [{}, 5]));
      assertEqual([1, 0, 0, 0, 0], imported("type=auto", "[{}]"));
      assertEqual([1, 0, 0, 0, 0], imported("type=auto", "{}"));
      assertEqual([1, 0, 0, 0, 0], imported("", '["_key","x"]\n["row",7]\n'));
      assertEqual(7, db[NAME].document("row").x);
      assertEqual([1, 1, 0, 0, 0], imported("", '["x","y"]\n[1]\n[1,2]\n'));
    },
    testWhatToDoWithKeysThatAreTaken() {
      const list = [{ _key: "a", x: 1 }];
      assertEqual([1, 0, 0, 0, 0], imported("type=list", list));
      assertEqual([0, 1, 0, 0, 0], imported("type=list", list));
      assertEqual([0, 1, 0, 0, 0], imported("type=list&onDuplicate=error", list));
      assertEqual([0, 0, 0, 0, 1], imported("type=list&onDuplicate=ignore", [{ _key: "a", x: 2 }]));
      assertEqual([0, 0, 0, 1, 0], imported("type=list&onDuplicate=update", [{ _key: "a", y: 2 }]));
      assertEqual([1, 2], [db[NAME].document("a").x, db[NAME].document("a").y]);
      assertEqual([0, 0, 0, 1, 0], imported("type=list&onDuplicate=replace", [{ _key: "a", z: 3 }]));
      assertUndefined(db[NAME].document("a").x);
      assertEqual([1, 0, 0, 0, 0], imported("type=list&overwrite=true", [{ _key: "b" }]));
      assertEqual(1, db[NAME].count());
      const { details } = assertDone(201, "POST", `${url}&type=list&details=true`, [{ _key: "b" }, {}]);
      assertEqual(1, details.length);
      assertTrue(details[0].includes("unique constraint violated"), details[0]);
      // all or nothing
      assertRefused(409, 1210, "POST", `${url}&type=list&complete=true`, [{ _key: "c" }, { _key: "b" }]);
      assertFalse(db[NAME].exists("c"));
    },
    testWhatIsNoImport() {
      assertRefused(400, 1204, "POST", "/_api/import?type=list", []);
      assertRefused(404, 1203, "POST", "/_api/import?collection=SuiteNothing&type=list", []);
      assertRefused(400, 400, "POST", `${url}&type=xml`, []);
      assertRefused(400, 400, "POST", `${url}&type=list`, {});
      assertRefused(400, 400, "POST", url, "");
      assertRefused(405, 405, "GET", url);
    },
  };
}

function functionSuite() {
  const url = "/_api/aqlfunction";
  const code = "function () { return 1; }";
  return {
    tearDown() {
      arango.DELETE(`${url}/suite?group=true`);
    },

    testAFunctionFromItsCreationToItsEnd() {
      const created = (status, isNewlyCreated, more = {}) =>
        assertEqual(
          { error: false, code: status, isNewlyCreated },
          assertDone(status, "POST", url, { name: "suite::f", code, ...more }),
        );
      created(201, true);
      created(200, false, { isDeterministic: true });
      assertDone(201, "POST", url, { name: "suite::more::g", code });
      assertEqual(
        [{ name: "suite::f", code, isDeterministic: true }],
        assertDone(200, "GET", url).result.filter(({ name }) => name === "suite::f"),
      );
      for (const namespaced of [`${url}/suite::more`, `${url}?namespace=suite::more`]) {
        assertEqual(["suite::more::g"], assertDone(200, "GET", namespaced).result.map(({ name }) => name));
      }
      assertEqual([1], assertDone(201, "POST", CURSOR, { query: "RETURN suite::f()" }).result);
      assertEqual({ error: false, code: 200, deletedCount: 1 }, assertDone(200, "DELETE", `${url}/suite::f`, ""));
      assertRefused(404, 1582, "DELETE", `${url}/suite::f`, "");
      assertEqual(1, assertDone(200, "DELETE", `${url}/suite?group=true`, "").deletedCount);
      assertEqual(0, assertDone(200, "DELETE", `${url}/suite?group=true`, "").deletedCount);
    },
    testWhatIsNoFunction() {
      for (const name of [undefined, "", "f", "::f", "suite::", "suite:f", "_aql::f", 5]) {
        assertRefused(400, 1580, "POST", url, { name, code });
      }
      for (const text of [undefined, "", "function (", "1"]) {
        assertRefused(400, 1581, "POST", url, { name: "suite::f", code: text });
      }
      assertRefused(400, 600, "POST", url, "{");
    },
  };
}

for (const suite of [cursorSuite, simpleSuite, importSuite, functionSuite]) jsunity.run(suite);
return jsunity.done();
