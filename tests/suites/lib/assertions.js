/* What suites assert besides the assertions of jsunity. */
"use strict";
const { ArangoError } = require("@arangodb");

/** What a function throws; undefined when it does not. */
function thrownBy(run) {
  try {
    run();
  } catch (err) {
    return err;
  }
  return undefined;
}
exports.thrownBy = thrownBy;

/** Fails unless a function throws an ArangoError of this number, which is returned. */
exports.assertFails = function assertFails(errorNum, run) {
  const error = thrownBy(run);
  assertInstanceOf(ArangoError, error, String(run));
  assertEqual(errorNum, error.errorNum, `${run}: ${error}`);
  return error;
};

/** Fails unless a function throws this text, which is no error. */
exports.assertSays = function assertSays(text, run) {
  assertIdentical(text, thrownBy(run), String(run));
};
