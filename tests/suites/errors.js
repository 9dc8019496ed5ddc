/* Error objects: what they are, what they tell, and what remains of them as text and as JSON. */
"use strict";
const jsunity = require("jsunity");
const fs = require("fs");
const internal = require("internal");
const arangodb = require("@arangodb");
const { ArangoError, db, errors } = arangodb;
const { thrownBy } = require("assertions");

function classSuite() {
  return {
    testMembersComeInTheirOrder: function () {
      const data = { errorMessage: "gone", errorNum: 1202, code: 404, error: true, more: 1 };
      const error = new ArangoError(data);
      assertEqual(["error", "code", "errorNum", "errorMessage", "original"], Object.keys(error));
      assertIdentical(data, error.original);
      assertEqual([true, 404, 1202, "gone"], [error.error, error.code, error.errorNum, error.errorMessage]);
    },

    testWhatIsMissingHasADefault: function () {
      const error = new ArangoError();
      assertEqual([true, 1, ""], [error.error, error.errorNum, error.message]);
      const other = new ArangoError({ error: false, code: 200 });
      assertEqual([false, 200, 1, false], [other.error, other.code, other.errorNum, "original" in other]);
    },

    testItIsAnErrorOfThisRealm: function () {
      const error = new ArangoError({ errorNum: 5, errorMessage: "text" });
      for (const Class of [ArangoError, Error, Object]) assertInstanceOf(Class, error);
      assertEqual("[object Error]", Object.prototype.toString.call(error));
      assertTrue(error.isArangoError);
      assertEqual("ArangoError", error.name);
      assertIdentical(ArangoError, internal.ArangoError);
      assertEqual("undefined", typeof global.ArangoError);
    },

    testTexts: function () {
      const error = new ArangoError({ errorNum: 1203, errorMessage: "nothing there" });
      assertEqual("nothing there", error.message);
      assertEqual("ArangoError 1203: nothing there", String(error));
      assertEqual("[ArangoError 1203: nothing there]", internal.inspect(error, { customInspect: true }));
      assertMatch(/^ArangoError: nothing there\n {4}at /, error.stack);
    },

    testTheMessageIsTheErrorMessage: function () {
      const error = new ArangoError({ errorNum: 1, errorMessage: "one" });
      error.message = "two";
      assertEqual("one", error.message);
      error.errorMessage = "three";
      assertEqual(["three", "ArangoError 1: three"], [error.message, String(error)]);
    },

    testClassesMayBeDerived: function () {
      class Own extends ArangoError {}
      const error = new Own({ errorNum: 4, errorMessage: "own" });
      assertInstanceOf(Own, error);
      assertInstanceOf(ArangoError, error);
      assertEqual("ArangoError 4: own", String(error));
    },
  };
}

function thrownSuite() {
  return {
    testErrorsOfTheServerKeepWhatItSaid: function () {
      const error = thrownBy(() => db._query("RETURN"));
      assertInstanceOf(ArangoError, error);
      assertEqual([true, 400, errors.ERROR_QUERY_PARSE.code], [error.error, error.code, error.errorNum]);
      const { error: isError, code, errorNum, errorMessage } = error.original;
      assertEqual([true, 400, error.errorNum, error.message], [isError, code, errorNum, errorMessage]);
      const copy = JSON.parse(JSON.stringify(error));
      assertEqual(["error", "code", "errorNum", "errorMessage", "original"], Object.keys(copy));
      assertEqual(error.message, copy.errorMessage);
    },

    testErrorsOfTheShellHaveNoOriginal: function () {
      const found = [
        [() => db._documenturl("x"), "ERROR_ARANGO_DOCUMENT_HANDLE_BAD", 400],
        [() => internal.sleep(), "ERROR_BAD_PARAMETER", 400],
        [() => fs.read("/SuiteErrors/nothing"), "ERROR_FILE_NOT_FOUND", 404],
        [() => fs.makeDirectory("/"), "ERROR_SYS_ERROR", 500],
        [() => require("SuiteErrorsNothing"), "ERROR_MODULE_NOT_FOUND", 500],
      ];
      for (const [run, name, code] of found) {
        const error = thrownBy(run);
        assertInstanceOf(ArangoError, error, String(run));
        assertEqual([errors[name].code, code], [error.errorNum, error.code], `${run}: ${error}`);
        assertEqual(["error", "code", "errorNum", "errorMessage"], Object.keys(error), String(run));
      }
    },

    testStacksLeadToTheScript: function () {
      const place = /^ {4}at .*errors\.js:\d+:\d+\)?$/m;
      for (const run of [() => db._query("RETURN"), () => internal.sleep(), () => fs.read("/SuiteErrors/nothing")]) {
        assertMatch(place, thrownBy(run).stack, String(run));
      }
    },

    testModulesThatAreNotThereAreNamed: function () {
      assertEqual("cannot locate module\nFile: SuiteNone", thrownBy(() => require("SuiteNone")).message);
      const known = thrownBy(() => require("@arangodb/testutils/suite-none")).message;
      assertMatch(
        /^cannot locate module\nFile: @arangodb\/testutils\/suite-none\nReason: .*--javascript\.module-directory/,
        known,
      );
    },

    testNumberSeventeenIsATypeError: function () {
      const { checkRequestResult } = require("@arangodb/arangosh");
      const reply = { error: true, code: 400, errorNum: errors.ERROR_TYPE_ERROR.code, errorMessage: "no number" };
      const error = thrownBy(() => checkRequestResult(reply));
      assertInstanceOf(TypeError, error);
      assertEqual("no number", error.message);
    },

    testRepliesAreChecked: function () {
      const { checkRequestResult } = require("@arangodb/arangosh");
      const empty = thrownBy(() => checkRequestResult(undefined));
      assertEqual([4, 500, "Unknown error. Request result is empty"], [empty.errorNum, empty.code, empty.message]);
      assertEqual({ code: 200, x: 1 }, checkRequestResult({ error: false, code: 200, x: 1 }));
      const parsedBody = { error: true, code: 404, errorNum: 1202, errorMessage: "inner" };
      const inner = thrownBy(() => checkRequestResult({ error: true, code: 404, errorNum: 404, parsedBody }));
      assertEqual([1202, "inner"], [inner.errorNum, inner.message]);
    },

    testTheTablesAgree: function () {
      for (const [name, { code, message }] of Object.entries(errors)) {
        assertIdentical(code, arangodb[name], name);
        assertTypeOf("string", message);
      }
      assertIdentical(errors, internal.errors);
      assertEqual([404, 409, 400], [1202, 1210, 10].map(internal.errorNumberToHttpCode));
    },
  };
}

jsunity.run(classSuite);
jsunity.run(thrownSuite);

return jsunity.done();
