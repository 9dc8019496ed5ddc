/* The manual's chapter on high-level operations: what queries without documents give, and which errors they end with. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertQueryError } = require("@arangodb/aql-helper");

/** Fails unless queries give the results of their rows: query, results, bind parameters. */
function assertResults(rows) {
  for (const [query, expected, bindVars] of rows) assertEqual(expected, db._query(query, bindVars).toArray(), query);
}

/** Fails unless each of the queries ends with the error. */
const assertErrors = ({ code }, ...queries) => queries.forEach((query) => assertQueryError(code, query));

function GroupSuite() {
  const docs = `[{g: "a", v: 1}, {g: "b", v: 2}, {g: "a", v: 3}, {v: null}, {g: null, v: "x"}]`;
  const grouped = `FOR d IN ${docs} COLLECT g = d.g`;
  return {
    testGroupsComeInOrder: function () {
      assertResults([
        [`${grouped} RETURN g`, [null, "a", "b"]],
        [`${grouped} OPTIONS {method: "sorted"} RETURN g`, [null, "a", "b"]],
        [`${grouped} SORT g DESC RETURN g`, ["b", "a", null]],
        ["FOR i IN [1, 1.0, '1', [1], [1, null]] COLLECT x = i WITH COUNT INTO n RETURN [x, n]", [[1, 2], ["1", 1], [
          [1],
          2,
        ]]],
        ["FOR i IN [] COLLECT x = i RETURN x", []],
        ["FOR i IN 1..4 COLLECT even = i % 2 == 0, high = i > 2 RETURN [even, high]", [[false, false], [false, true], [
          true,
          false,
        ], [true, true]]],
      ]);
    },

    testMembers: function () {
      assertResults([
        [`${grouped} INTO m RETURN m[*].d.v`, [[null, "x"], [1, 3], [2]]],
        [`${grouped} INTO m = d.v RETURN m`, [[null, "x"], [1, 3], [2]]],
        [`FOR d IN ${docs} LET w = d.v COLLECT g = d.g INTO m KEEP w RETURN m[0]`, [{ w: null }, { w: 1 }, { w: 2 }]],
        ["FOR i IN 1..2 FOR j IN 3..4 COLLECT x = j INTO m RETURN m", [[{ i: 1, j: 3 }, { i: 2, j: 3 }], [
          { i: 1, j: 4 },
          { i: 2, j: 4 },
        ]]],
        // what was declared before the loop belongs to no row
        ["LET a = 1 FOR i IN 1..1 COLLECT x = i INTO m RETURN [a, m]", [[1, [{ i: 1 }]]]],
        ["FOR i IN 1..2 COLLECT x = i INTO m COLLECT y = x INTO n RETURN n[0].m", [[{ i: 1 }], [{ i: 2 }]]],
        ["FOR i IN 1..2 COLLECT AGGREGATE s = SUM(i) INTO m = i RETURN [s, m]", [[3, [1, 2]]]],
      ]);
    },

    testAggregates: function () {
      const aggregates = [
        ...["LENGTH", "SUM", "MIN", "MAX", "AVG", "VARIANCE", "STDDEV_SAMPLE", "UNIQUE", "SORTED_UNIQUE"],
        ...["COUNT_DISTINCT", "BIT_OR", "PUSH"],
      ];
      const all = (list) =>
        `FOR i IN ${list} COLLECT AGGREGATE ${aggregates.map((name) => `a${name} = ${name}(i)`)}
          RETURN [${aggregates.map((name) => "a" + name)}]`;
      assertResults([
        [all("[3, 1, null, 3]"), [[4, 7, 1, 3, 7 / 3, 8 / 9, Math.sqrt(4 / 3), [3, 1, null], [null, 1, 3], 3, 3, [
          3,
          1,
          null,
          3,
        ]]]],
        [all("[]"), [[0, null, null, null, null, null, null, [], [], 0, null, []]]],
        [all("[1, 'a']"), [[2, null, 1, "a", null, null, null, [1, "a"], [1, "a"], 2, null, [1, "a"]]]],
        ["FOR i IN 1..3 COLLECT WITH COUNT INTO n RETURN n", [3]],
        ["FOR i IN [] COLLECT WITH COUNT INTO n RETURN n", [0]],
        [`${grouped} AGGREGATE n = COUNT(), m = MAX(d.v) RETURN [g, n, m]`, [[null, 2, "x"], ["a", 2, 3], ["b", 1, 2]]],
      ]);
    },

    testWhatGroupsMayNotBe: function () {
      assertErrors(
        errors.ERROR_QUERY_PARSE,
        "FOR i IN 1..2 COLLECT x = i KEEP i RETURN x",
        "FOR i IN 1..2 COLLECT x = i INTO m = i KEEP i RETURN x",
        "FOR i IN 1..2 COLLECT x = i INTO m KEEP none RETURN x",
        "FOR i IN 1..2 COLLECT x = i INTO m WITH COUNT INTO n RETURN x",
        "FOR i IN 1..2 COLLECT i RETURN i",
        "FOR i IN 1..2 COLLECT INTO m RETURN m",
      );
      assertErrors(
        errors.ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION,
        "FOR i IN 1..2 COLLECT AGGREGATE x = i RETURN x",
        "FOR i IN 1..2 COLLECT AGGREGATE x = SUM(i) + 1 RETURN x",
        "FOR i IN 1..2 COLLECT AGGREGATE x = CONCAT(i) RETURN x",
        "FOR i IN 1..2 COLLECT AGGREGATE x = SUM(i, i) RETURN x",
      );
      assertErrors(
        errors.ERROR_QUERY_VARIABLE_REDECLARED,
        "FOR i IN 1..2 COLLECT x = i, x = i RETURN x",
        "FOR i IN 1..2 COLLECT x = i INTO x RETURN x",
        "FOR i IN 1..2 COLLECT AGGREGATE x = SUM(i), x = MAX(i) RETURN x",
      );
      assertErrors(errors.ERROR_QUERY_VARIABLE_NAME_UNKNOWN, "FOR i IN 1..2 COLLECT x = i, y = x RETURN y");
      assertErrors(errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND, "FOR i IN 1..2 COLLECT x = i RETURN i");
    },
  };
}

function WindowSuite() {
  const rows = (bounds, list = "1..4", of = "i") =>
    `FOR i IN ${list} WINDOW ${bounds} AGGREGATE w = PUSH(${of}) RETURN w`;
  return {
    testRows: function () {
      assertResults([
        [rows("{preceding: 1}"), [[1], [1, 2], [2, 3], [3, 4]]],
        [rows("{following: 1}"), [[1, 2], [2, 3], [3, 4], [4]]],
        [rows("{preceding: 0}"), [[1], [2], [3], [4]]],
        [rows("{preceding: 1, following: 1}"), [[1, 2], [1, 2, 3], [2, 3, 4], [3, 4]]],
        [rows("{preceding: 'unbounded'}"), [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
        [rows("{preceding: 9, following: 'unbounded'}", "1..2"), [[1, 2], [1, 2]]],
        [rows("{preceding: 1}", "[]"), []],
        ["FOR i IN 1..3 SORT i DESC WINDOW {preceding: 1} AGGREGATE s = SUM(i) RETURN [i, s]", [[3, 3], [2, 5], [
          1,
          3,
        ]]],
      ]);
    },

    testRanges: function () {
      const day = 24 * 60 * 60 * 1000;
      assertResults([
        [rows("i WITH {preceding: 1}", "[1, 5, 6, 8]"), [[1], [5], [5, 6], [8]]],
        [rows("i WITH {preceding: 1, following: 2}", "[1, 5, 6, 8]"), [[1], [5, 6], [5, 6, 8], [8]]],
        [rows("i WITH {preceding: 0}", "[2, 1, 2]"), [[1], [2, 2], [2, 2]]],
        [rows("i WITH {preceding: 0.5, following: 0.5}", "[1, 1.5, 2.1]"), [[1, 1.5], [1, 1.5], [2.1]]],
        // texts of numbers come behind the numbers, and are in the windows of those beside them
        [rows("i WITH {preceding: 2, following: 1}", "[7, '5', 10, 'x']"), [["5", 7], [10], ["5"], null]],
        [rows("i WITH {preceding: 'P1D'}", `[0, ${day}, ${2 * day + 1}]`), [[0], [0, day], [2 * day + 1]]],
      ]);
      const { warnings } = db._query("FOR i IN ['x'] WINDOW i WITH {preceding: 1} AGGREGATE s = SUM(i) RETURN s")
        .getExtra();
      assertEqual([1561], warnings.map(({ code }) => code));
    },

    testWhatWindowsMayNotBe: function () {
      const list = "FOR i IN 1..3 WINDOW ";
      const aggregate = " AGGREGATE s = SUM(i) RETURN s";
      assertErrors(
        errors.ERROR_QUERY_PARSE,
        ...["{}", "{none: 1}", "{preceding: 1, preceding: 2}", "[1]"].map((bounds) => list + bounds + aggregate),
        `${list}{preceding: 1} RETURN i`,
      );
      assertErrors(
        errors.ERROR_BAD_PARAMETER,
        ...["-1", "1.5", "'x'", "null", "'P1D'"].map((bound) => `${list}{preceding: ${bound}}${aggregate}`),
        `${list}i WITH {preceding: 1, following: "P1D"}${aggregate}`,
        `${list}i WITH {preceding: "x"}${aggregate}`,
      );
      assertErrors(errors.ERROR_QUERY_COMPILE_TIME_OPTIONS, `${list}{preceding: i}${aggregate}`);
      assertErrors(
        errors.ERROR_QUERY_INVALID_AGGREGATE_EXPRESSION,
        `${list}{preceding: 1} AGGREGATE s = ABS(i) RETURN s`,
      );
    },
  };
}

function LoopSuite() {
  return {
    testDistinctResults: function () {
      assertResults([
        ["FOR i IN [2, 1, 2.0, '2', null, null, [1], [1, null]] RETURN DISTINCT i", [2, 1, "2", null, [1]]],
        ["RETURN (FOR i IN [1, 1] RETURN DISTINCT i)", [[1]]],
        ["FOR i IN 1..2 LET l = (FOR j IN [i, i] RETURN DISTINCT j) RETURN l", [[1], [2]]],
      ]);
      assertErrors(errors.ERROR_QUERY_PARSE, "RETURN DISTINCT 1", "FOR i IN 1..2 RETURN DISTINCT i LIMIT 1");
    },

    testSorts: function () {
      const pairs = "FOR i IN 1..2 FOR j IN 1..2";
      assertResults([
        [`${pairs} SORT i DESC, j RETURN [i, j]`, [[2, 1], [2, 2], [1, 1], [1, 2]]],
        [`${pairs} SORT i + j, i DESC RETURN [i, j]`, [[1, 1], [2, 1], [1, 2], [2, 2]]],
        ["FOR i IN 1..3 SORT i @how RETURN i", [3, 2, 1], { how: "desc" }],
        ["FOR i IN 1..3 SORT i @how RETURN i", [1, 2, 3], { how: true }],
        ["FOR i IN 1..3 SORT null RETURN i", [1, 2, 3]],
        ["FOR i IN 1..9 SORT -i LIMIT 2, 2 RETURN i", [7, 6]],
      ]);
      assertErrors(errors.ERROR_QUERY_PARSE, "FOR i IN 1..2 SORT RETURN i", "FOR i IN 1..2 SORT i UP RETURN i");
    },

    testLimitsCountAllRowsOfTheirScope: function () {
      assertResults([
        ["FOR i IN 1..3 FOR j IN 1..3 LIMIT 2, 2 RETURN [i, j]", [[1, 3], [2, 1]]],
        ["FOR i IN 1..3 LIMIT 2 FOR j IN 1..3 LIMIT 4 RETURN [i, j]", [[1, 1], [1, 2], [1, 3], [2, 1]]],
        ["FOR i IN 1..9 LIMIT 3 LIMIT 1, 9 RETURN i", [2, 3]],
        ["FOR i IN 1..9 LIMIT 9, 1 RETURN i", []],
      ]);
      assertErrors(errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE, "FOR i IN 1..2 RETURN (FOR j IN 1..9 LIMIT i RETURN j)");
    },

    testPatterns: function () {
      assertResults([
        ["LET [a, , {b: [c]}] = [1, 2, {b: [3]}] RETURN [a, c]", [[1, 3]]],
        ["LET {a, b: {c}} = {a: 1} RETURN [a, c]", [[1, null]]],
        ["LET [a, b] = null, {c} = 'x' RETURN [a, b, c]", [[null, null, null]]],
        ["FOR [key, value] IN ENTRIES({a: 1, b: 2}) RETURN CONCAT(key, value)", ["a1", "b2"]],
        ["FOR {v, w: u} IN [{v: 1, w: 2}, {}] RETURN [v, u]", [[1, 2], [null, null]]],
        ["FOR {v} IN [{v: 1}, {v: 2}, {v: 1}] COLLECT x = v INTO m RETURN m", [[{ v: 1 }, { v: 1 }], [{ v: 2 }]]],
      ]);
      assertErrors(errors.ERROR_QUERY_VARIABLE_REDECLARED, "LET [a, a] = [] RETURN a", "LET {a, b: a} = {} RETURN a");
      assertErrors(errors.ERROR_QUERY_PARSE, "LET [a = 1] = [] RETURN a", "LET {[a]: b} = {} RETURN b");
    },

    testRangesAreNeverMadeWhole: function () {
      assertResults([
        ["FOR i IN 1..2 FOR j IN 1..1000000000 LIMIT 2 RETURN [i, j]", [[1, 1], [1, 2]]],
        ["LET n = NOOPT(1000000000) FOR i IN 1..2 FOR j IN i..n LIMIT 1 RETURN j", [1]],
        ["LET r = 1..1000000000 FOR i IN [1] SORT i FOR j IN r LIMIT 1 RETURN j", [1]],
        ["RETURN [LENGTH(1..1000000000), 5 IN 1..1000000000]", [[1000000000, true]]],
        ["LET r = 1..1000000000 RETURN [FIRST(r), LAST(r), r[6], r[-1], 0 NOT IN r]", [[
          1,
          1000000000,
          7,
          1000000000,
          true,
        ]]],
        ["LET r = 1..1000000000 FOR i IN r LIMIT 2 RETURN [i, LENGTH(r)]", [[1, 1000000000], [2, 1000000000]]],
        ["LET r = 1..1000000000 FOR i IN [-1, 5] LET s = (FOR j IN 1..2 FILTER i IN r RETURN j) RETURN s", [[], [
          1,
          2,
        ]]],
        ["LET n = NOOPT(1000000000) RETURN [FIRST(1..n), LAST(2..n), LAST(n..'3'), IS_ARRAY(1..n)]", [[
          1,
          1000000000,
          3,
          true,
        ]]],
      ]);
      assertErrors(errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE, "RETURN SUM(NOOPT(1)..1000000000)");
      assertErrors(errors.ERROR_QUERY_NUMBER_OUT_OF_RANGE, "LET r = 1..1000000000 RETURN [FIRST(r), r]");
    },

    testMemoryIsWhatIsKept: function () {
      const run = (query) => db._query(query, {}, { memoryLimit: 200000 }).toArray().length;
      for (
        const [query, count] of [
          ["FOR i IN 1..50000 SORT -i LIMIT 3 RETURN i", 3],
          ["FOR i IN 1..50000 COLLECT g = i % 7 WITH COUNT INTO n RETURN [g, n]", 7],
          ["FOR i IN 1..50000 FILTER LENGTH(1..i % 9) < 0 RETURN i", 0],
        ]
      ) assertEqual(count, run(query), query);
      for (
        const query of [
          "FOR i IN 1..50000 SORT -i RETURN i",
          "FOR i IN 1..50000 COLLECT g = i RETURN g",
          "FOR i IN 1..50000 COLLECT AGGREGATE u = UNIQUE(i) RETURN u",
          "RETURN (FOR i IN 1..50000 RETURN i)",
        ]
      ) assertQueryError(errors.ERROR_RESOURCE_LIMIT.code, query, {}, { memoryLimit: 200000 });
    },
  };
}

jsunity.run(GroupSuite);
jsunity.run(WindowSuite);
jsunity.run(LoopSuite);
return jsunity.done();
