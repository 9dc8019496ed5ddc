/* Statements, cursors, the template tag and errors: what their methods take, give and refuse. */
"use strict";
const jsunity = require("jsunity");
const { aql, db, errors, query, ArangoError, ArangoQueryCursor, ArangoStatement } = require("@arangodb");
const { assertFails, assertSays } = require("assertions");
const NAME = "UnitTestsCursors";

function StatementMethodsSuite() {
  return {
    testWhatAStatementIsMadeOf: function () {
      const made = [
        db._createStatement("RETURN 1"),
        db._createStatement({ query: "RETURN 1" }),
        db._createStatement(aql`RETURN 1`),
        db._createStatement({ toAQL: () => "RETURN 1" }),
        new ArangoStatement(db, { query: "RETURN 1" }),
      ];
      for (const statement of made) {
        assertInstanceOf(ArangoStatement, statement);
        assertEqual([1], statement.execute().toArray());
        assertEqual("[object ArangoStatement]", String(statement));
      }
      for (const data of [undefined, null, 1]) {
        assertSays("ArangoStatement needs initial data", () => db._createStatement(data));
      }
      for (const data of ["", {}, { query: "" }, { query: 5 }, []]) {
        assertSays("ArangoStatement needs a valid query attribute", () => db._createStatement(data));
      }
      assertSays("invalid bind parameter declaration", () => db._createStatement({ query: "RETURN 1", bindVars: [1] }));
    },

    testBinding: function () {
      const statement = db._createStatement("RETURN [@a, @b, @1]");
      assertEqual({}, statement.getBindVariables());
      statement.bind("a", 1);
      statement.bind(1, "one");
      assertEqual({ a: 1, 1: "one" }, statement.getBindVariables());
      assertFails(errors.ERROR_QUERY_BIND_PARAMETER_MISSING.code, () => statement.execute());
      statement.bind({ a: 2, b: null, 1: "uno" });
      assertEqual([[2, null, "uno"]], statement.execute().toArray());
      statement.bind("surplus", 1);
      assertFails(errors.ERROR_QUERY_BIND_PARAMETER_UNDECLARED.code, () => statement.execute());
      for (const values of [undefined, null, []]) {
        assertSays("invalid bind parameter declaration", () => statement.bind(values));
      }
    },

    testSettings: function () {
      const statement = db._createStatement({
        query: "RETURN 1",
        count: true,
        batchSize: 3,
        options: { fullCount: true },
      });
      assertEqual([true, 3, { fullCount: true }], [
        statement.getCount(),
        statement.getBatchSize(),
        statement.getOptions(),
      ]);
      statement.setBatchSize(5);
      // only positive numbers are taken
      statement.setBatchSize(0);
      statement.setBatchSize(-1);
      assertEqual(5, statement.getBatchSize());
      statement.setCount(false);
      statement.setCache(true);
      statement.setOptions({ profile: 1 });
      statement.setQuery("RETURN 2");
      assertEqual([false, true, { profile: 1 }], [statement.getCount(), statement.getCache(), statement.getOptions()]);
      assertEqual("RETURN 2", statement.getQuery());
      assertEqual([2], statement.execute().toArray());
      assertFalse(db._createStatement("RETURN 1").getCount());
    },

    testParsingAndExplaining: function () {
      const parsed = db._createStatement(`FOR d IN ${NAME} FILTER d.x == @x RETURN @@y`).parse();
      assertEqual([["@y", "x"], [NAME]], [parsed.bindVars.sort(), parsed.collections]);
      assertTrue(Array.isArray(parsed.ast));
      assertEqual(["warnings", "stats", "plan", "cacheable"], Object.keys(db._createStatement("RETURN 1").explain()));
      const broken = db._createStatement("RETURN");
      for (const run of [() => broken.parse(), () => broken.explain(), () => broken.execute()]) {
        assertFails(errors.ERROR_QUERY_PARSE.code, run);
      }
    },
  };
}

function CursorMethodsSuite() {
  const numbers = (count, ...options) => db._query(`FOR i IN 1..${count} RETURN i`, {}, ...options);
  return {
    testRowsComeOneByOneAndAllAtOnce: function () {
      const cursor = numbers(5, { batchSize: 2, count: true });
      assertInstanceOf(ArangoQueryCursor, cursor);
      assertTrue(cursor.hasNext());
      assertEqual([1, 2, 3], [cursor.next(), cursor.next(), cursor.next()]);
      assertEqual([4, 5], cursor.toArray());
      assertFalse(cursor.hasNext());
      assertEqual([], cursor.toArray());
      assertSays("No more results", () => cursor.next());
      assertEqual(5, cursor.count());
      cursor.dispose();
    },

    testCursorsAreIterable: function () {
      assertEqual([1, 2, 3], [...numbers(3, { batchSize: 1 })]);
      const cursor = numbers(3);
      cursor.next();
      let sum = 0;
      for (const number of cursor) sum += number;
      assertEqual(5, sum);
    },

    testCounts: function () {
      assertUndefined(numbers(3).count());
      assertEqual(3, numbers(3, { count: true }).count());
      assertEqual(3, numbers(3, { count: true, batchSize: 1 }).count());
      assertEqual(0, db._query("FOR i IN [] RETURN i", {}, { count: true }).count());
    },

    testWhatTheReplyTells: function () {
      const cursor = numbers(3, { batchSize: 2 });
      assertMatch(/^\d+$/, cursor.data.id);
      assertTrue(cursor.data.hasMore);
      assertEqual([1, 2], cursor.data.result);
      const { warnings, stats } = cursor.getExtra();
      assertEqual([], warnings);
      assertEqual(0, stats.writesExecuted);
      assertEqual([false, false, false], [cursor.cached(), cursor.stream(), cursor.retriable()]);
      cursor.dispose();
      assertUndefined(numbers(3).data.id);
      assertTrue(numbers(3, {}, { stream: true }).stream());
    },

    testADisposedCursorIsGone: function () {
      const cursor = numbers(10, { batchSize: 2 });
      const url = `/_api/cursor/${cursor.data.id}`;
      cursor.dispose();
      assertEqual(errors.ERROR_CURSOR_NOT_FOUND.code, arango.POST(url, {}).errorNum);
      assertEqual(errors.ERROR_CURSOR_NOT_FOUND.code, arango.DELETE(url).errorNum);
    },

    testBatchesAreFetchedAgainWhenRetriesAreAllowed: function () {
      const cursor = numbers(4, { batchSize: 2 }, { allowRetry: true });
      assertTrue(cursor.retriable());
      const { id, nextBatchId } = cursor.data;
      for (let attempt = 0; attempt < 2; attempt++) {
        assertEqual([3, 4], arango.POST(`/_api/cursor/${id}/${nextBatchId}`, {}).result);
      }
      assertEqual([1, 2, 3, 4], cursor.toArray());
    },

    testSignaturesOfQuery: function () {
      assertEqual([3], db._query("RETURN @x", { x: 3 }).toArray());
      assertEqual([3], db._query({ query: "RETURN @x", bindVars: { x: 3 } }).toArray());
      assertEqual([3], db._query(aql`RETURN ${3}`).toArray());
      assertEqual(1, db._query("RETURN 3", {}, { count: true }).count());
      assertEqual(1, db._query({ query: "RETURN 3", count: true }).count());
      assertEqual(1, db._query({ query: "RETURN 3" }, { count: true }).count());
      const fullCount = (...args) => db._query(...args).getExtra().stats.fullCount;
      const text = "FOR i IN 1..9 LIMIT 1 RETURN i";
      assertEqual(9, fullCount(text, {}, { fullCount: true }));
      assertEqual(9, fullCount(text, {}, {}, { fullCount: true }));
      assertEqual(9, fullCount({ query: text, options: { fullCount: true } }));
      assertEqual(9, fullCount({ query: text }, {}, { fullCount: true }));
      for (const nothing of [undefined, null, "", 5, {}]) {
        assertSays("ArangoStatement needs a valid query attribute", () => db._query(nothing));
      }
    },
  };
}

function TemplateSuite() {
  const parts = ({ query: text, bindVars }) => [text, bindVars];
  return {
    testValuesBecomeParameters: function () {
      assertEqual(["RETURN @value0", { value0: 1 }], parts(aql`RETURN ${1}`));
      assertEqual(["@value0 @value1 @value0", { value0: "a", value1: null }], parts(aql`${"a"} ${null} ${"a"}`));
      assertEqual(["RETURN ", {}], parts(aql`RETURN ${undefined}`));
      const list = [1];
      assertEqual(["@value0 @value0 @value1", { value0: [1], value1: [1] }], parts(aql`${list} ${list} ${[1]}`));
    },

    testCollectionsAreNamed: function () {
      const [text, bindVars] = parts(aql`FOR d IN ${db[NAME]} FILTER d.x == ${1} RETURN d`);
      assertEqual("FOR d IN @@value0 FILTER d.x == @value1 RETURN d", text);
      assertEqual({ "@value0": NAME, value1: 1 }, bindVars);
    },

    testQueriesAreNested: function () {
      const filter = aql`FILTER d.x == ${1}`;
      const [text, bindVars] = parts(aql`FOR d IN ${db[NAME]} ${filter} LIMIT ${5} RETURN ${1}`);
      assertEqual("FOR d IN @@value0 FILTER d.x == @value1 LIMIT @value2 RETURN @value1", text);
      assertEqual({ "@value0": NAME, value1: 1, value2: 5 }, bindVars);
      assertEqual([8], db._query(aql`RETURN ${aql`${aql`${3}`} + ${5}`}`).toArray());
    },

    testLiteralsAndLists: function () {
      assertEqual(["RETURN d.x", {}], parts(aql`RETURN ${aql.literal("d.x")}`));
      assertEqual("5", aql.literal(5).toAQL());
      assertEqual(["a b", {}], parts(aql.join([aql`a`, aql`b`])));
      assertEqual(["@value0, @value1", { value0: 1, value1: 2 }], parts(aql.join([1, 2], ", ")));
      assertEqual(["FILTER", {}], parts(aql.join([aql`FIL`, aql`TER`], "")));
      assertEqual(["", {}], parts(aql.join([])));
    },

    testTheTagQueryRunsWhatItMakes: function () {
      assertEqual([7], query`RETURN ${3} + ${4}`.toArray());
      assertEqual(1, query({ count: true })`RETURN ${5}`.count());
    },
  };
}

function ErrorSuite() {
  return {
    testErrorsOfTheServer: function () {
      const error = assertFails(errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code, () => db[NAME].document("none"));
      assertEqual(["ArangoError", 404, 1202, true], [error.name, error.code, error.errorNum, error.error]);
      assertEqual(error.errorMessage, error.message);
      assertEqual("ArangoError 1202: document not found", String(error));
      assertEqual("ArangoError: document not found", error.stack.split("\n")[0]);
      assertTrue(error instanceof Error && error.isArangoError);
    },

    testErrorsAreMadeOfObjects: function () {
      const given = { error: true, code: 400, errorNum: 10, errorMessage: "text", other: 1 };
      const error = new ArangoError(given);
      assertEqual(["error", "code", "errorNum", "errorMessage", "original"], Object.keys(error));
      assertIdentical(given, error.original);
      assertUndefined(error.other);
      error.message = "changed";
      assertEqual("text", error.message);
      const empty = new ArangoError();
      assertEqual([true, 1, ""], [empty.error, empty.errorNum, empty.message]);
    },

    testHelpersThatThrow: function () {
      const { checkParameter, throwBadParameter, throwFileNotFound } = require("@arangodb");
      const BAD_PARAMETER = errors.ERROR_BAD_PARAMETER.code;
      assertFails(errors.ERROR_FILE_NOT_FOUND.code, () => throwFileNotFound("name"));
      assertFails(BAD_PARAMETER, () => throwBadParameter("text"));
      const usage = [["a", "string"], ["b", "number"]];
      checkParameter("f(<a>, <b>)", usage, ["x", 1]);
      assertFails(BAD_PARAMETER, () => checkParameter("f(<a>, <b>)", usage, ["x", "1"]));
      assertFails(BAD_PARAMETER, () => checkParameter("f(<a>, <b>)", usage, []));
    },
  };
}

db._create(NAME);
try {
  [StatementMethodsSuite, CursorMethodsSuite, TemplateSuite, ErrorSuite].forEach((suite) => jsunity.run(suite));
} finally {
  db._drop(NAME);
}
return jsunity.done();
