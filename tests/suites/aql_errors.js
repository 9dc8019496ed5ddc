/* Which errors and warnings queries end with, as test scripts ask for them. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const helper = require("@arangodb/aql-helper");
const { assertQueryError, assertQueryWarningAndNull, assertParseError, getParseResults } = helper;
const NAME = "UnitTestsErrors";

function ErrorSuite() {
  return {
    setUp: function () {
      db._create(NAME).insert({ _key: "a", v: 1 });
      db._createEdgeCollection(NAME + "Edges");
    },
    tearDown: function () {
      db._drop(NAME);
      db._drop(NAME + "Edges");
    },

    testParsing: function () {
      const { parsed, collections, bindVars } = getParseResults(
        "FOR u IN users FILTER u.x == @x /* @y */ RETURN u // @z",
      );
      assertEqual([true, ["users"], ["x"]], [parsed, collections, bindVars]);
      assertParseError(errors.ERROR_QUERY_EMPTY.code, "");
      for (
        const query of [
          " ",
          "// nothing",
          "RETURN",
          "RETURN 1 +",
          "FOR x IN [1] x",
          "RETURN {a: }",
          "RETURN 'a",
          "LET x = 1",
        ]
      ) {
        assertParseError(errors.ERROR_QUERY_PARSE.code, query);
      }
    },

    testNames: function () {
      assertQueryError(errors.ERROR_QUERY_VARIABLE_REDECLARED.code, "LET a = 1 LET a = 2 RETURN a");
      assertQueryError(errors.ERROR_QUERY_VARIABLE_REDECLARED.code, "FOR a IN [1] RETURN (FOR a IN [2] RETURN a)");
      assertQueryError(errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code, "FOR a IN [1] COLLECT b = a RETURN a");
      assertQueryError(errors.ERROR_QUERY_VARIABLE_NAME_UNKNOWN.code, "RETURN {a}");
      assertQueryError(errors.ERROR_QUERY_FUNCTION_NAME_UNKNOWN.code, "RETURN NOTHING_OF_THIS_NAME()");
      assertQueryError(errors.ERROR_QUERY_FUNCTION_ARGUMENT_NUMBER_MISMATCH.code, "RETURN ABS(1, 2)");
    },

    testBindParameters: function () {
      assertQueryError(errors.ERROR_QUERY_BIND_PARAMETER_MISSING.code, "RETURN @a");
      assertQueryError(errors.ERROR_QUERY_BIND_PARAMETER_UNDECLARED.code, "RETURN 1", { a: 1 });
      assertQueryError(errors.ERROR_QUERY_BIND_PARAMETER_TYPE.code, "FOR x IN @@c RETURN x", { "@c": 1 });
      assertQueryError(errors.ERROR_QUERY_BIND_PARAMETER_TYPE.code, "RETURN {a: 1}.@p", { p: 1 });
    },

    testValues: function () {
      assertQueryError(errors.ERROR_QUERY_ARRAY_EXPECTED.code, "FOR x IN {} RETURN x");
      assertQueryError(errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE.code, "FOR x IN [1] LIMIT -1 RETURN x");
      assertQueryError(
        errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE.code,
        "RETURN LENGTH(NOOPT(0)..20000000) + (0..20000000)[*]",
      );
      assertQueryError(errors.ERROR_QUERY_FAIL_CALLED.code, "RETURN FAIL('now')");
      assertQueryWarningAndNull(errors.ERROR_QUERY_DIVISION_BY_ZERO.code, "RETURN 1 / 0");
      assertQueryWarningAndNull(errors.ERROR_QUERY_FUNCTION_ARGUMENT_TYPE_MISMATCH.code, "RETURN SLEEP('a')");
      assertQueryWarningAndNull(errors.ERROR_QUERY_ARRAY_EXPECTED.code, "RETURN REVERSE(1)");
      assertQueryWarningAndNull(errors.ERROR_QUERY_INVALID_DATE_VALUE.code, "RETURN DATE_YEAR('never')");
      assertQueryWarningAndNull(errors.ERROR_QUERY_INVALID_REGEX.code, "RETURN REGEX_REPLACE('a', '[', 'b')");
    },

    testWrites: function () {
      const { code } = errors.ERROR_QUERY_ACCESS_AFTER_MODIFICATION;
      assertQueryError(code, `REMOVE 'a' IN ${NAME} FOR d IN ${NAME} RETURN d`);
      assertQueryError(code, `INSERT {} INTO ${NAME} INSERT {} INTO ${NAME}`);
      assertQueryError(code, `INSERT {} INTO ${NAME} RETURN DOCUMENT('${NAME}/a')`);
      assertQueryError(errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code, `INSERT {_key: 'a'} INTO ${NAME}`);
      assertQueryError(errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code, `UPDATE 'b' WITH {} IN ${NAME}`);
      assertQueryError(errors.ERROR_ARANGO_DOCUMENT_TYPE_INVALID.code, `INSERT [] INTO ${NAME}`);
      assertQueryError(errors.ERROR_ARANGO_DOCUMENT_KEY_BAD.code, `INSERT {_key: 'b c'} INTO ${NAME}`);
      assertQueryError(errors.ERROR_ARANGO_INVALID_EDGE_ATTRIBUTE.code, `INSERT {} INTO ${NAME}Edges`);
      assertQueryError(
        errors.ERROR_QUERY_COMPILE_TIME_OPTIONS.code,
        `FOR d IN ${NAME} UPDATE d WITH {} IN ${NAME} OPTIONS {keepNull: d.v}`,
      );
      // an error takes back what the query has written before
      assertQueryError(
        errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code,
        `FOR k IN ['b', 'a'] INSERT {_key: k} INTO ${NAME}`,
      );
      assertEqual(1, db[NAME].count());
    },

    testGroups: function () {
      assertQueryError(
        errors.ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION.code,
        "FOR x IN [1] COLLECT AGGREGATE y = x RETURN y",
      );
      assertQueryError(errors.ERROR_QUERY_PARSE.code, "FOR x IN [1] COLLECT y = x KEEP x RETURN y");
      assertQueryError(errors.ERROR_QUERY_PARSE.code, "RETURN DISTINCT 1");
    },
  };
}

jsunity.run(ErrorSuite);
return jsunity.done();
