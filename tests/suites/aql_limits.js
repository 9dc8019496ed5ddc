/* How large and how deep queries may be, and which options and counts they take. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertQueryError, getQueryResults } = require("@arangodb/aql-helper");
const NAME = "UnitTestsLimits";

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const first = (query, bindVars, options) => db._query(query, bindVars, options).toArray()[0];

function LimitSuite() {
  return {
    setUpAll: function () {
      db._create(NAME).insert(times(10, (v) => ({ v })));
      db._create(NAME + "Indexed").ensureIndex({ type: "persistent", fields: ["v"] });
      db[NAME + "Indexed"].insert(times(10, (v) => ({ v })));
    },
    tearDownAll: function () {
      db._drop(NAME);
      db._drop(NAME + "Indexed");
    },

    testNestingOfExpressions: function () {
      const { code } = errors.ERROR_QUERY_TOO_MUCH_NESTING;
      const nested = (count) => `RETURN ${"(1 + ".repeat(count)}1${")".repeat(count)}`;
      assertEqual(401, first(nested(400)));
      assertQueryError(code, nested(501));
      assertQueryError(code, nested(5000));
      assertEqual(401, first("RETURN 1" + " + 1".repeat(400)));
      assertQueryError(code, "RETURN 1" + " + 1".repeat(600));
      assertEqual(250, first(`RETURN ${times(300, (i) => `@x == ${i} ? ${i} : `).join("")}-1`, { x: 250 }));
      assertQueryError(code, "RETURN " + "(RETURN ".repeat(600) + "1" + ")".repeat(600));
    },

    testManyStatements: function () {
      for (const name of [NAME, NAME + "Indexed"]) {
        for (const count of [10, 1500]) {
          const filters = times(count, (i) => `FILTER d.v >= ${i % 3}`).join(" ");
          assertEqual(
            8,
            getQueryResults(`FOR d IN ${name} ${filters} RETURN d.v`).length,
            `${count} filters on ${name}`,
          );
        }
      }
      // more values than SQLite takes parameters
      const lists = "FILTER d.v IN @list ".repeat(120);
      assertEqual(10, getQueryResults(`FOR d IN ${NAME} ${lists} RETURN d.v`, { list: times(100, (i) => i) }).length);
      const lets = (count) =>
        times(count, (i) => `LET a${i} = NOOPT(${i})`).join(" ") + ` RETURN [${times(count, (i) => "a" + i)}]`;
      assertEqual(times(900, (i) => i), first(lets(900)));
      assertQueryError(errors.ERROR_RESOURCE_LIMIT.code, lets(1100));
      assertQueryError(
        errors.ERROR_QUERY_TOO_MUCH_NESTING.code,
        `FOR d IN ${NAME} ${"FILTER d.v ".repeat(4100)} RETURN 1`,
      );
      assertEqual(100, first(`${times(100, (i) => `FOR x${i} IN [${i + 1}]`).join(" ")} RETURN x99`));
    },

    testRanges: function () {
      const { code } = errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE;
      assertEqual(100000000, first("RETURN LENGTH(1..100000000)"));
      assertEqual(2000000, first("FOR i IN 1..2000000 COLLECT WITH COUNT INTO n RETURN n"));
      assertEqual(
        [6, 99999999, null, null],
        first("LET i = [5, -2, 100000000, 'a'] RETURN i[* RETURN (1..100000000)[CURRENT]]"),
      );
      assertEqual([5, 4, 1, null], first("LET low = NOOPT(5) RETURN [0, 1, -1, -6][* RETURN (low..1)[CURRENT]]"));
      assertQueryError(code, "RETURN 1..10000001");
      assertQueryError(code, "RETURN LENGTH((1..100000000)[*])");
      assertQueryError(code, "RETURN RANGE(1, 20000000)");
    },

    testCountsOfLimit: function () {
      const { code } = errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE;
      const limit = (text, bindVars) => db._query(`FOR i IN 1..3 LIMIT ${text} RETURN i`, bindVars).toArray();
      for (
        const [text, expected, bindVars] of [
          ["1 + 1", [1, 2]],
          ["1.9", [1]],
          ["0", []],
          ["null", [1, 2, 3]],
          ["null, 1", [1]],
          ["1, null", [2, 3]],
          ["@o, @n", [2], { o: 1, n: 1 }],
          ["@n", [1, 2, 3], { n: null }],
          ["10000000000000000000", [1, 2, 3]],
        ]
      ) assertEqual(expected, limit(text, bindVars), text);
      for (const text of ["-1", "1, -1", "'1'", "true", "[1]", "{}", "i", "NOOPT(1)", "RAND()"]) {
        assertQueryError(code, `FOR i IN 1..3 LIMIT ${text} RETURN i`);
      }
      assertQueryError(code, "FOR i IN 1..3 LIMIT @o, 1 RETURN i", { o: "1" });
    },

    testIndexesServeConditionsOfFewBranches: function () {
      // in its normal form: 1 < v AND v < 4, 1 < v AND v > 7, v > 8 AND v < 4, v > 8 AND v > 7
      const query = `FOR d IN ${NAME}Indexed FILTER (d.v > 1 OR d.v > 8) AND (d.v < 4 OR d.v > 7) SORT d.v RETURN d.v`;
      const loop = (maxDNFConditionMembers) => {
        const options = maxDNFConditionMembers &&
          { maxDNFConditionMembers, optimizer: { rules: ["-remove-redundant-or"] } };
        assertEqual([2, 3, 8, 9], db._query(query, {}, options).toArray());
        const explained = db._createStatement({ query: query.replace("SORT d.v RETURN d.v", "RETURN d"), options })
          .explain();
        return [explained.plan.nodes[1].type, ...explained.warnings];
      };
      const { code, message } = errors.ERROR_QUERY_DNF_COMPLEXITY;
      assertEqual(["IndexNode"], loop());
      assertEqual(["IndexNode"], loop(4));
      assertEqual(["EnumerateCollectionNode", { code, message }], loop(3));
    },

    testOptionsOfStatements: function () {
      const unknown = (name, statement) => `usage of unknown OPTIONS attribute '${name}' in ${statement} statement`;
      const invalid = (name, statement) =>
        `usage of invalid value for OPTIONS attribute '${name}' in ${statement} statement`;
      for (
        const [query, ...messages] of [
          [`FOR d IN ${NAME} OPTIONS {nope: 1} RETURN 1`, unknown("nope", "FOR")],
          [`FOR d IN ${NAME} OPTIONS {indexHint: 1} RETURN 1`, invalid("indexHint", "FOR")],
          [`FOR d IN ${NAME} OPTIONS {indexHint: ["a", 1]} RETURN 1`, invalid("indexHint", "FOR")],
          [
            `FOR d IN ${NAME} OPTIONS {forceIndexHint: "x", useCache: 1} RETURN 1`,
            invalid("forceIndexHint", "FOR"),
            invalid("useCache", "FOR"),
          ],
          [`FOR d IN ${NAME} OPTIONS {indexHint: "none", maxProjections: 3} RETURN 1`],
          ["FOR i IN [1] COLLECT x = i OPTIONS {nope: 1} RETURN x", unknown("nope", "COLLECT")],
          ["FOR i IN [1] COLLECT x = i OPTIONS {method: 1} RETURN x", invalid("method", "COLLECT")],
          [`FOR i IN [] INSERT {} INTO ${NAME} OPTIONS {nope: 1}`, unknown("nope", "INSERT")],
          [`FOR i IN [] UPDATE {} IN ${NAME} OPTIONS {nope: 1}`, unknown("nope", "UPDATE")],
          [`FOR i IN [] REPLACE {} IN ${NAME} OPTIONS {versionAttribute: 1}`, invalid("versionAttribute", "REPLACE")],
          [`FOR i IN [] REMOVE {} IN ${NAME} OPTIONS {versionAttribute: "v"}`, unknown("versionAttribute", "REMOVE")],
          [
            `FOR i IN [] UPSERT {} INSERT {} UPDATE {} IN ${NAME} OPTIONS {readOwnWrites: 2}`,
            invalid("readOwnWrites", "UPSERT"),
          ],
        ]
      ) {
        const warnings = db._query(query).getExtra().warnings;
        assertEqual(messages.map((message) => ({ code: 1539, message })), warnings, query);
      }
      assertQueryError(errors.ERROR_QUERY_PARSE.code, `INSERT {} INTO ${NAME} OPTIONS []`);
      assertQueryError(
        errors.ERROR_QUERY_COMPILE_TIME_OPTIONS.code,
        `INSERT {} INTO ${NAME} OPTIONS {exclusive: NOOPT(1)}`,
      );
      assertQueryError(
        errors.ERROR_QUERY_FORCED_INDEX_HINT_UNUSABLE.code,
        `FOR d IN ${NAME} OPTIONS {indexHint: "none", forceIndexHint: true} RETURN 1`,
      );
    },
  };
}

jsunity.run(LimitSuite);
return jsunity.done();
