/* What suites assert of AQL's expressions and functions, wherever their values come from. */
"use strict";
const { db } = require("@arangodb");

/** What an expression has to come to that ends the query. */
exports.ends = (errorNum) => ({ errorNum });

/** Rows of functions with the same arguments, the same result and the same warnings; their names with blanks between. */
exports.ofAll = (names, args, ...rest) => names.split(" ").map((name) => [name, args, ...rest]);

/** The only result of a query, its warnings as numbers behind it; or what it ends with. */
function outcomeOf(query, bindVars) {
  try {
    const cursor = db._query(query, bindVars, { maxWarningCount: 100 });
    const [result] = cursor.toArray();
    return [result, ...cursor.getExtra().warnings.map(({ code }) => code)];
  } catch (error) {
    return exports.ends(error.errorNum);
  }
}

function assertOutcome(expected, warnings, query, bindVars) {
  const fails = typeof expected === "object" && expected !== null && "errorNum" in expected;
  assertEqual(fails ? expected : [expected, ...warnings], outcomeOf(query, bindVars), query);
}

/**
 * Fails unless expressions come to what their rows say, of constants and of values that are known at run time only.
 *
 * Rows: expression of `a`, `b` and `c`; their values as AQL writes them; result or {@linkcode ends}; numbers of warnings.
 */
exports.assertExpressions = function assertExpressions(rows) {
  for (const [expression, values, expected, ...warnings] of rows) {
    for (const kind of ["", "NOOPT"]) {
      const lets = values.map((value, i) => `LET ${"abc"[i]} = ${kind}(${value})`);
      assertOutcome(expected, warnings, `${lets.join(" ")} RETURN ${expression}`);
    }
  }
};

/**
 * Fails unless functions answer what their rows say: to constants, to bind parameters, to values that are known at run
 * time only, and to attributes of a document.
 *
 * Rows: function; arguments; result or {@linkcode ends}; numbers of warnings.
 */
exports.assertCalls = function assertCalls(rows) {
  const name = "UnitTestsArguments";
  const collection = db._create(name);
  try {
    for (const [called, args, expected, ...warnings] of rows) {
      const call = (argument) => `${called}(${args.map(argument).join(", ")})`;
      const bindVars = Object.fromEntries(args.map((value, i) => ["v" + i, value]));
      const document = `FOR d IN ${name} FILTER d._key == '${collection.insert({ args })._key}'`;
      assertOutcome(expected, warnings, `RETURN ${call((value) => JSON.stringify(value))}`);
      assertOutcome(expected, warnings, `RETURN ${call((_, i) => "@v" + i)}`, bindVars);
      assertOutcome(expected, warnings, `RETURN ${call((_, i) => `NOOPT(@v${i})`)}`, bindVars);
      assertOutcome(expected, warnings, `${document} RETURN ${call((_, i) => `d.args[${i}]`)}`);
    }
  } finally {
    db._drop(name);
  }
};
