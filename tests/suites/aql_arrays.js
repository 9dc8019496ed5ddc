/* The manual's chapters on arrays, numbers and bits: borders, duplicates, order, other types, warnings. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertCalls, ends, ofAll } = require("aql");

const LIST = [1, 2, 3, 4, 5];
/** Equal values of each type, and some that are different. */
const MIXED = [1, "1", 1.0, null, [1], [1.0, null], { a: 1 }, { a: 1, b: null }, true];

/** Fails unless queries give these values in any order. */
function assertMembers(rows) {
  for (const [expression, members] of rows) {
    assertEqual(members, db._query(`RETURN SORTED(${expression})`).toArray()[0], expression);
  }
}

function ArraySuite() {
  return {
    testPlaces: function () {
      assertCalls([
        ["FIRST", [LIST], 1],
        ["LAST", [LIST], 5],
        ...ofAll("FIRST LAST", [[]], null),
        ["NTH", [LIST, 0], 1],
        ["NTH", [LIST, 1.9], 2],
        ["NTH", [LIST, "2"], 3],
        ...[5, -1].map((place) => ["NTH", [LIST, place], null]),
        ["POSITION", [MIXED, [1]], true],
        ["POSITION", [MIXED, [1], true], 4],
        ["POSITION", [MIXED, null, true], 3],
        ["POSITION", [MIXED, 2, true], -1],
        ["CONTAINS_ARRAY", [[], null], false],
        ["SLICE", [LIST, 1], [2, 3, 4, 5]],
        ["SLICE", [LIST, -2], [4, 5]],
        ["SLICE", [LIST, -9, 1], [1]],
        ["SLICE", [LIST, 1, 2], [2, 3]],
        ["SLICE", [LIST, 1, -1], [2, 3, 4]],
        ["SLICE", [LIST, 3, -3], []],
        ["SLICE", [LIST, 9], []],
        ["SLICE", [LIST, 0, 0], []],
        ["SLICE", [LIST, 1, null], [2, 3, 4, 5]],
      ]);
    },

    testMembersThatComeAndGo: function () {
      assertCalls([
        ["PUSH", [LIST, 1], [...LIST, 1]],
        ["PUSH", [LIST, 1, true], LIST],
        ["PUSH", [[], [1]], [[1]]],
        ["PUSH", [null, null], [null]],
        ["UNSHIFT", [LIST, 1], [1, ...LIST]],
        ["UNSHIFT", [LIST, 1, true], LIST],
        ["UNSHIFT", [null, 1], [1]],
        ["POP", [[1, [2]]], [1]],
        ["SHIFT", [[[1], 2]], [2]],
        ...ofAll("POP SHIFT", [[]], []),
        ...ofAll("POP SHIFT", [null], null),
        ["APPEND", [[1, 1], [1, 2]], [1, 1, 1, 2]],
        ["APPEND", [[1, 1], [1, 2], true], [1, 2]],
        ["APPEND", [[1], "ab"], [1, "ab"]],
        ["APPEND", [[1], null], [1]],
        ["APPEND", [null, [1]], [1]],
        ["REMOVE_VALUE", [[1, 2, 1, 2], 1], [2, 2]],
        ["REMOVE_VALUE", [[1, 2, 1, 2], 1, 1], [2, 1, 2]],
        ["REMOVE_VALUE", [[1, "1", [1]], "1"], [1, [1]]],
        ["REMOVE_VALUES", [[1, 2, [3]], [[3], 1]], [2]],
        ["REMOVE_VALUES", [[1], []], [1]],
        ["REMOVE_NTH", [LIST, 0], [2, 3, 4, 5]],
        ["REMOVE_NTH", [LIST, -1], [1, 2, 3, 4]],
        ...[5, -6].map((place) => ["REMOVE_NTH", [LIST, place], LIST]),
        ["REPLACE_NTH", [LIST, -5, "x"], ["x", 2, 3, 4, 5]],
        ["REPLACE_NTH", [[1], 1, "x"], [1, "x"]],
        ["REPLACE_NTH", [[1], 3, "x", null], [1, null, null, "x"]],
        ["REPLACE_NTH", [[1], 2, "x"], ends(1542)],
        ...ofAll("REMOVE_VALUE REMOVE_NTH", [null, 1], []),
        ...ofAll("PUSH UNSHIFT REMOVE_VALUE REMOVE_NTH", ["a", 1], null, 1542),
        ...ofAll("POP SHIFT", [{}], null, 1542),
      ]);
    },

    testSets: function () {
      const distinct = [1, "1", null, [1], { a: 1 }, true];
      assertCalls([
        ["UNIQUE", [MIXED], distinct],
        ["COUNT_DISTINCT", [MIXED], 6],
        ["COUNT_UNIQUE", [[]], 0],
        ["SORTED", [MIXED], [null, true, 1, 1, "1", [1], [1, null], { a: 1 }, { a: 1, b: null }]],
        ["SORTED_UNIQUE", [MIXED], [null, true, 1, "1", [1], { a: 1 }]],
        ["SORTED", [["b", "B", "a", "A", "ä"]], ["A", "a", "ä", "B", "b"]],
        ["UNION", [[1, 2], [2], [[1]]], [1, 2, 2, [1]]],
        ["REVERSE", [[1, [2, 3]]], [[2, 3], 1]],
        ["FLATTEN", [[1, [2, [3, [4]]]]], [1, 2, [3, [4]]]],
        ["FLATTEN", [[1, [2, [3, [4]]]], 2], [1, 2, 3, [4]]],
        ["FLATTEN", [[1, [2, [3, [4]]]], 99], [1, 2, 3, 4]],
        ["FLATTEN", [[1, [2]], 0], [1, 2]],
        ["FLATTEN", [[{ a: [1] }, []]], [{ a: [1] }]],
        ["INTERLEAVE", [[1, 2, 3], ["a"], [null, null]], [1, "a", null, 2, null, 3]],
        ["JACCARD", [[1, 1, 2], [2, 3]], 1 / 3],
        ["JACCARD", [[], []], 1],
        ["JACCARD", [[1], []], 0],
        ...ofAll("UNIQUE SORTED SORTED_UNIQUE COUNT_DISTINCT FLATTEN FIRST LAST", ["a"], null, 1563),
        ...ofAll("INTERSECTION OUTERSECTION INTERLEAVE JACCARD", [[1], null], null, 1563),
        ...ofAll("UNION UNION_DISTINCT MINUS", [[1], {}], null, 1542),
      ]);
      assertMembers([
        ["UNION_DISTINCT([1, 1, 2], [2, 3], [])", [1, 2, 3]],
        ["INTERSECTION([1, 2, 2, 3], [3, 2, 2], [2, 3, 4])", [2, 3]],
        ["INTERSECTION([1, '1'], ['1', null])", ["1"]],
        ["OUTERSECTION([1, 2, 2], [2, 3], [3, 4])", [1, 4]],
        ["MINUS([1, 1, 2, 3], [2], [4])", [1, 3]],
        ["MINUS([[1], {a: 1}], [{a: 1, b: null}])", [[1]]],
      ]);
    },

    testRanges: function () {
      assertCalls([
        ["RANGE", [1, 3], [1, 2, 3]],
        ["RANGE", [3, 1], [3, 2, 1]],
        ["RANGE", [1.9, 3.9], [1, 2, 3]],
        ["RANGE", [1, 2, 0.5], [1, 1.5, 2]],
        ["RANGE", [3, 1, -1], [3, 2, 1]],
        ["RANGE", [1, 1, 1], [1]],
        ["RANGE", [1, 10, 4], [1, 5, 9]],
        ["RANGE", ["1", null], [1, 0]],
        ...[[1, 3, 0], [1, 3, -1], [3, 1, 1]].map((args) => ["RANGE", args, null, 1542]),
      ]);
    },
  };
}

function NumberSuite() {
  const statistics = "SUM AVERAGE AVG MIN MAX MEDIAN VARIANCE STDDEV VARIANCE_SAMPLE STDDEV_SAMPLE PRODUCT";
  return {
    testStatistics: function () {
      assertCalls([
        ["SUM", [[1, null, 2.5]], 3.5],
        ["PRODUCT", [[2, null, 2.5]], 5],
        ["AVERAGE", [[1, null, 2]], 1.5],
        ["MIN", [[null, 3, "a", true]], true],
        ["MAX", [[null, 3, "a", true]], "a"],
        ["MAX", [["b", "B", "a"]], "b"],
        ["MEDIAN", [[9, null, 1, 5]], 5],
        ["MEDIAN", [[4, 1]], 2.5],
        ["VARIANCE", [[1, 3, null]], 1],
        ["VARIANCE_SAMPLE", [[1, 3]], 2],
        ["STDDEV", [[1, 3]], 1],
        ["STDDEV_SAMPLE", [[1, 3]], Math.SQRT2],
        ["VARIANCE_SAMPLE", [[1]], null],
        ["PERCENTILE", [[4, 1, 3, 2], 50], 2],
        ["PERCENTILE", [[4, 1, 3, 2], 50, "interpolation"], 2.5],
        ["PERCENTILE", [[4, 1, 3, 2], 100], 4],
        ...[[-1], [101], ["50"], [50, "other"]].map((rest) => ["PERCENTILE", [LIST, ...rest], null, 1542]),
        ["SUM", [[]], 0],
        ["PRODUCT", [[]], 1],
        ...ofAll("AVERAGE MIN MAX MEDIAN VARIANCE STDDEV", [[]], null),
        ...ofAll(statistics, ["a"], null, 1563),
        ...ofAll("SUM PRODUCT", [[1, "2"]], null),
        ...ofAll("AVERAGE AVG", [[1, "2"]], null, 1563),
        ...ofAll("MEDIAN VARIANCE STDDEV VARIANCE_SAMPLE STDDEV_SAMPLE", [[1, "2"]], null, 1561),
      ]);
    },

    testRoundings: function () {
      const rows = (name, pairs) => pairs.map(([value, result]) => [name, [value], result]);
      assertCalls([
        ...rows("ROUND", [[0.5, 1], [-0.5, 0], [-2.5, -2], [2.4999, 2], ["1.5", 2], [null, 0], [1e300, 1e300]]),
        ...rows("FLOOR", [[-0.1, -1], [2.9, 2], [[1.5], 1], [[1, 2], 0]]),
        ...rows("CEIL", [[-0.9, 0], [2.1, 3], [true, 1], ["x", 0]]),
        ...rows("ABS", [[-3, 3], ["-3.5", 3.5], [{}, 0]]),
      ]);
    },

    testWhatIsNoNumberIsNull: function () {
      assertCalls([
        ...ofAll("SQRT LOG LOG2 LOG10", [-1], null),
        ...ofAll("ASIN ACOS", [1.1], null),
        ["LOG", [0], null],
        ["EXP", [1000], null],
        ["EXP2", [-1], 0.5],
        ["POW", [-8, 0.5], null],
        ["POW", [0, -1], null],
        ["POW", [2, "10"], 1024],
        ["POW", [0, 0], 1],
        ["SQRT", [2], Math.SQRT2],
        ["LOG10", [1000], 3],
        ["ATAN2", [0, -1], Math.PI],
        ["DEGREES", [Math.PI], 180],
        ["COS", [null], 1],
      ]);
    },

    testBits: function () {
      const most = 4294967295;
      assertCalls([
        ["BIT_AND", [6, 3], 2],
        ["BIT_OR", [[4, null, 1]], 5],
        ["BIT_XOR", [most, 1], most - 1],
        ["BIT_NEGATE", [5, 4], 10],
        ["BIT_NEGATE", [0, 0], 0],
        ["BIT_SHIFT_LEFT", [3, 31, 32], 2147483648],
        ["BIT_SHIFT_RIGHT", [most, 31, 32], 1],
        ["BIT_TEST", [4, 2], true],
        ["BIT_POPCOUNT", [most], 32],
        ["BIT_CONSTRUCT", [[31, 0, 0]], 2147483649],
        ["BIT_DECONSTRUCT", [2147483649], [0, 31]],
        ["BIT_TO_STRING", [5, 4], "0101"],
        ["BIT_TO_STRING", [5, 2], "01"],
        ["BIT_FROM_STRING", ["0101"], 5],
        ...ofAll("BIT_AND BIT_OR BIT_XOR", [[]], null),
        ...ofAll("BIT_POPCOUNT BIT_DECONSTRUCT", [most + 1], null, 1542),
        ...ofAll("BIT_AND BIT_OR BIT_XOR", [[1, -1]], null, 1542),
        ["BIT_SHIFT_LEFT", [1, 33, 32], null, 1542],
        ["BIT_TO_STRING", [1, 33], null, 1542],
        ["BIT_TEST", [1, "0"], null, 1542],
        ["BIT_FROM_STRING", ["0".repeat(33)], null, 1542],
      ]);
    },
  };
}

jsunity.run(ArraySuite);
jsunity.run(NumberSuite);
return jsunity.done();
