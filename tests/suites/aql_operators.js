/* The manual's chapter on operators: what they give for values of every type, constant or not. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertExpressions, ends } = require("aql");

/** Rows of one operator: left, right, result, warnings. */
const binary = (operator, rows) => rows.map(([a, b, ...rest]) => [`a ${operator} b`, [a, b], ...rest]);

function OperatorSuite() {
  return {
    testComparisonsKnowNoConversion: function () {
      const equal = [
        ["1", "1.0"],
        ["null", "null"],
        ["'a'", "'a'"],
        ["[]", "[null]"],
        ["[1]", "[1, null]"],
        ["{}", "{a: null}"],
        ["{a: 1, b: 2}", "{b: 2, a: 1}"],
        ["1..3", "[1, 2, 3]"],
        ["-0.0", "0"],
      ];
      const different = [
        ["1", "'1'"],
        ["0", "false"],
        ["0", "null"],
        ["''", "null"],
        ["[]", "{}"],
        ["[1]", "1"],
        ["'a'", "'A'"],
        ["[1, 2]", "[2, 1]"],
        ["'é'", "'e\\u0301'"],
      ];
      for (const [pairs, same] of [[equal, true], [different, false]]) {
        assertExpressions(pairs.flatMap((pair) => [
          ["a == b", pair, same],
          ["b == a", pair, same],
          ["a != b", pair, !same],
          ["a IN [b]", pair, same],
          ["a NOT IN [b]", pair, !same],
        ]));
      }
    },

    testTypesHaveAnOrder: function () {
      const ascending = ["null", "false", "true", "-1e300", "-2", "0", "0.5", "9007199254740993", "1e300"].concat(
        ["''", "' '", "'-'", "'0'", "'1'", "'10'", "'2'", "'A'", "'a'", "'ä'", "'ab'", "'B'", "'b'"],
        ["[]", "[0]", "[0, 1]", "[1]", "['a']", "[[]]", "{}", "{b: 1}", "{a: 1}", "{a: 1, b: 1}", "{a: 2}"],
      );
      assertExpressions(
        ascending.slice(1).flatMap((value, i) => {
          const pair = [ascending[i], value];
          return [["a < b", pair, true], ["a <= b", pair, true], ["a > b", pair, false], ["b >= a", pair, true]];
        }),
      );
      const shuffled = ascending.filter((_, i) => i % 2 === 0).concat(
        ascending.filter((_, i) => i % 2 === 1).reverse(),
      );
      const sorted = `[${ascending.join()}]`;
      const query = (sort) => `FOR x IN [${shuffled.join()}] SORT x ${sort} RETURN x`;
      assertEqual(db._query(`RETURN ${sorted}`).toArray()[0], db._query(query("")).toArray());
      assertEqual(db._query(`RETURN REVERSE(${sorted})`).toArray()[0], db._query(query("DESC")).toArray());
    },

    testMembership: function () {
      assertExpressions([
        ...binary("IN", [
          ["2", "[1, 2]", true],
          ["2", "['2']", false],
          ["[1]", "[[1], 2]", true],
          ["null", "[null]", true],
          ["null", "[]", false],
          ["2", "1..3", true],
          ["2.5", "1..3", false],
          ["'a'", "'abc'", false],
          ["'a'", "{a: 1}", false],
          ["null", "null", false],
        ]),
        ...binary("NOT IN", [["2", "[1, 2]", false], ["3", "[1, 2]", true], ["3", "[]", true], ["3", "null", false]]),
      ]);
    },

    testArithmeticConvertsItsOperands: function () {
      assertExpressions([
        ...binary("+", [
          ["1", "null", 1],
          ["true", "true", 2],
          ["'1'", "'2'", 3],
          ["' 12 '", "'1e1'", 22],
          ["'12x'", "1", 1],
          ["'0x1F'", "1", 32],
          ["''", "'  '", 0],
          ["[]", "1", 1],
          ["['5']", "[[6]]", 11],
          ["[5, 6]", "1", 1],
          ["{a: 5}", "1", 1],
          ["5..5", "1", 6],
          ["0.1", "0.2", 0.30000000000000004],
        ]),
        ...binary("-", [["'3'", "5", -2], ["null", "1", -1], ["[9]", "'x'", 9]]),
        ...binary("*", [["'7'", "2", 14], ["-1", "0", 0], ["1e200", "1e100", 1e300], ["null", "5", 0]]),
        ...binary("/", [["7", "2", 3.5], ["-6", "'3'", -2], ["null", "5", 0], ["1", "0", null, 1562], [
          "0",
          "'x'",
          null,
          1562,
        ]]),
        ...binary("%", [["5", "3", 2], ["-5", "3", -2], ["5", "-3", 2], ["5.5", "2", 1.5], ["7", "null", null, 1562]]),
        ["+a", ["'x'"], 0],
        ["-a", ["'2.5'"], -2.5],
        ["-a", ["[3]"], -3],
        ["-a", ["0"], 0],
        ["- -a", ["true"], 1],
      ]);
    },

    testLogicalOperatorsGiveOneOfTheirOperands: function () {
      const falsy = ["null", "false", "0", "''"];
      const truthy = ["true", "-1", "'0'", "' '", "[]", "{}", "[0]", "1..1"];
      for (const [values, holds] of [[falsy, false], [truthy, true]]) {
        assertExpressions(values.flatMap((value) => [
          ["!a", [value], !holds],
          ["NOT NOT a", [value], holds],
          ["(a && 'b') == a", [value], !holds],
          ["(a || 'b') == a", [value], holds],
          ["a ? 1 : 2", [value], holds ? 1 : 2],
          ["(a ?: 'b') == a", [value], holds],
          ["LENGTH(FOR i IN [1] FILTER a RETURN i)", [value], holds ? 1 : 0],
        ]));
      }
    },

    testWhatIsNotNeededIsNotComputed: function () {
      assertExpressions([
        ["a && FAIL()", ["0"], 0],
        ["a || FAIL()", ["1"], 1],
        ["a ? 1 : FAIL()", ["1"], 1],
        ["a ? FAIL() : 2", ["0"], 2],
        ["a ?: FAIL()", ["1"], 1],
        ["a && FAIL()", ["1"], ends(1569)],
        ["a ? (FOR i IN [FAIL()] RETURN i) : 2", ["0"], 2],
        ["a || (FOR i IN [FAIL()] RETURN i)", ["1"], 1],
        // arguments are computed before the call
        ["NOT_NULL(a, FAIL())", ["1"], ends(1569)],
      ]);
    },

    testPrecedence: function () {
      assertExpressions([
        ["a + b * c", ["1", "2", "3"], 7],
        ["(a + b) * c", ["1", "2", "3"], 9],
        ["a - b - c", ["1", "2", "3"], -4],
        ["a / b / c", ["12", "3", "2"], 2],
        ["-a + b", ["1", "2"], 1],
        ["a || b && c", ["1", "0", "0"], 1],
        ["a == b == c", ["1", "1", "true"], true],
        ["a < b == c", ["1", "2", "true"], true],
        ["NOT a == b", ["1", "false"], true],
        ["! a IN b", ["1", "[false]"], true],
        ["a ! IN b", ["1", "[false]"], true],
        ["a == b IN c", ["true", "1", "[1]"], true],
        ["a..b + 1", ["1", "2"], [1, 2, 3]],
        ["a ? b : a ? c : 4", ["0", "1", "2"], 4],
        ["a ? b ? 1 : 2 : 3", ["1", "0"], 2],
        ["-a[0]", ["[5]"], -5],
        ["NOT a LIKE b", ["'x'", "'f%'"], true],
      ]);
    },

    testRanges: function () {
      assertExpressions([
        ["a..b", ["1", "3"], [1, 2, 3]],
        ["a..b", ["3", "1"], [3, 2, 1]],
        ["a..b", ["-1", "1"], [-1, 0, 1]],
        ["a..b", ["2", "2"], [2]],
        ["a..b", ["1.9", "-1.9"], [1, 0, -1]],
        ["a..b", ["'1'", "'3x'"], [1, 2, 3]],
        ["a..b", ["null", "true"], [0, 1]],
        ["a..b", ["[2]", "{}"], [2, 1, 0]],
        ["(a..b)[1]", ["5", "9"], 6],
        ["(a..b)[-1]", ["5", "9"], 9],
        ["(a..b)[7]", ["5", "9"], null],
        ["LENGTH(a..b)", ["1", "1000000000"], 1000000000],
        ["SUM(a..b)", ["1", "100"], 5050],
        ["IS_ARRAY(a..b)", ["1", "2"], true],
      ]);
    },

    testArrayComparisons: function () {
      const quantified = (operator, left, right, [all, any, none, two]) =>
        [["ALL", all], ["ANY", any], ["NONE", none], ["AT LEAST (2)", two]].map((
          [quantifier, holds],
        ) => [`a ${quantifier} ${operator} b`, [left, right], holds]);
      assertExpressions([
        ...quantified("==", "[1, 1, 2]", "1", [false, true, false, true]),
        ...quantified("!=", "[1, 1, 2]", "1", [false, true, false, false]),
        ...quantified("<", "[1, 2, 3]", "4", [true, true, false, true]),
        ...quantified(">=", "[1, 2, 3]", "3", [false, true, false, false]),
        ...quantified("IN", "[1, 2]", "[1, 2, 3]", [true, true, false, true]),
        ...quantified("IN", "1..3", "[7]", [false, false, true, false]),
        ...quantified("NOT IN", "[1, 2]", "[3]", [true, true, false, true]),
        ...quantified("==", "[]", "1", [true, false, true, false]),
        ...quantified("==", "'1'", "'1'", [false, false, false, false]),
        ...quantified("==", "null", "null", [false, false, false, false]),
        ...quantified("IN", "[1]", "1", [false, false, false, false]),
        ["a AT LEAST (0) == b", ["[]", "1"], true],
        ["a AT LEAST (b) == c", ["[1, 2, 1]", "'2'", "1"], true],
      ]);
    },

    testPatterns: function () {
      assertExpressions([
        ["a LIKE b", ["'foobar'", "'foo%'"], true],
        ["a LIKE b", ["'foobar'", "'o%'"], false],
        ["a LIKE b", ["'FOO'", "'foo'"], false],
        ["a LIKE b", ["'a\\nb'", "'a_b'"], true],
        ["a LIKE b", ["'100%'", "'100\\\\%'"], true],
        ["a LIKE b", ["1234", "'1%4'"], true],
        ["a LIKE b", ["null", "''"], true],
        ["a NOT LIKE b", ["'foobar'", "'foo_'"], true],
        ["a =~ b", ["'foobar'", "'o+b'"], true],
        ["a =~ b", ["'foobar'", "'^o'"], false],
        ["a !~ b", ["'foobar'", "'^o'"], true],
        ["a =~ b", ["'foobar'", "'['"], null, 1543],
        ["a !~ b", ["'foobar'", "'['"], true, 1543],
        ["a NOT =~ b", ["'foobar'", "'^o'"], true],
      ]);
    },
  };
}

function ArrayOperatorSuite() {
  const docs = "[{v: 1, l: [{w: 1}, {w: 2}]}, {v: 2, l: [{w: 3}]}, {v: 3}]";
  return {
    testExpansion: function () {
      assertExpressions([
        ["a[*].v", [docs], [1, 2, 3]],
        ["a[*].l[*].w", [docs], [[1, 2], [3], []]],
        // what is no array stays a member of the flattened one
        ["a[*].l[**].w", [docs], [1, 2, 3, null]],
        ["a[*].l[0].w", [docs], [1, 3, null]],
        ["(a[*].v)[0]", [docs], 1],
        ["a[*]", ["1..3"], [1, 2, 3]],
        ["a[*].x", ["{x: 1}"], []],
        ["a[*]", ["null"], []],
        ["a[*].x", ["[1, null, {x: {x: 2}}]"], [null, null, { x: 2 }]],
        ["a[**]", ["[[1, [2]], 3]"], [1, [2], 3]],
        ["a[***]", ["[[1, [2]], 3]"], [1, 2, 3]],
        ["a[*][0]", ["[[1, 2], [3]]"], [1, 3]],
      ]);
    },

    testInlineClauses: function () {
      assertExpressions([
        ["a[* FILTER CURRENT.v > 1].v", [docs], [2, 3]],
        ["a[* FILTER CURRENT.v > b RETURN CURRENT.v * b]", [docs, "1"], [2, 3]],
        ["a[* LIMIT 1]", ["[1, 2, 3]"], [1]],
        ["a[* LIMIT 1, 1]", ["[1, 2, 3]"], [2]],
        ["a[* LIMIT b, c]", ["[1, 2, 3]", "1", "5"], [2, 3]],
        ["a[* LIMIT b, 1]", ["[1, 2, 3]", "-1"], []],
        ["a[* LIMIT b]", ["[1, 2, 3]", "0"], []],
        ["a[* FILTER CURRENT > 1 LIMIT 1 RETURN CURRENT + 1]", ["[1, 2, 3]"], [3]],
        ["a[* RETURN CURRENT[* RETURN CURRENT * 2]]", ["[[1, 2], [3]]"], [[2, 4], [6]]],
        ["a[** FILTER CURRENT > 1]", ["[[1, 2], [3]]"], [2, 3]],
        ["a[* RETURN {v: CURRENT.v}].v", [docs], [1, 2, 3]],
        ["LENGTH(a[* FILTER CURRENT.l])", [docs], 2],
      ]);
    },

    testQuestionMarks: function () {
      assertExpressions([
        ["a[?]", ["[0]"], true],
        ["a[?]", ["[]"], false],
        ["a[?]", ["'x'"], false],
        ["a[? FILTER CURRENT > 2]", ["[1, 2, 3]"], true],
        ["a[? 2 FILTER CURRENT > 1]", ["[1, 2, 3]"], true],
        ["a[? b FILTER CURRENT > 1]", ["[1, 2, 3]", "1"], false],
        ["a[? 1..2 FILTER CURRENT > 0]", ["[1, 2, 3]"], false],
        ["a[? ALL FILTER CURRENT > 0]", ["[1, 2, 3]"], true],
        ["a[? ANY FILTER CURRENT > 3]", ["[1, 2, 3]"], false],
        ["a[? NONE FILTER CURRENT > 3]", ["[1, 2, 3]"], true],
        ["a[? AT LEAST (b) FILTER CURRENT > 1]", ["[1, 2, 3]", "2"], true],
        ["[a[? ALL FILTER CURRENT], a[? NONE FILTER CURRENT], a[? 0 FILTER CURRENT]]", ["[]"], [true, true, true]],
        ["[a[? ALL FILTER CURRENT], a[? NONE FILTER CURRENT], a[? 0 FILTER CURRENT]]", ["null"], [false, false, false]],
        ["a[?? FILTER CURRENT == 3]", ["[[1, 2], [3]]"], true],
        ["a[*].l[? FILTER CURRENT.w == 2]", [docs], [true, false, false]],
      ]);
    },

    testAccess: function () {
      assertExpressions([
        ["a.x.y.z", ["{x: {y: {z: 1}}}"], 1],
        ["a.x.y.z", ["{x: 1}"], null],
        ["a['x'].y", ["{x: {y: 2}}"], 2],
        ["a[b]", ["{x: 3}", "'x'"], 3],
        ["a[b]", ["{'1': 4}", "1"], 4],
        ["a[b]", ["{'1': 4}", "1.7"], 4],
        ["a[b]", ["[1, 2, 3]", "'1'"], 2],
        ["a[b]", ["[1, 2, 3]", "1.7"], 2],
        ["a[b]", ["[1, 2, 3]", "-1"], 3],
        ["a[b]", ["[1, 2, 3]", "-4"], null],
        ["a[b]", ["[1, 2, 3]", "3"], null],
        ["a[b]", ["[1, 2, 3]", "null"], null],
        ["a[b]", ["[1, 2, 3]", "true"], null],
        ["a[b]", ["{'null': 1}", "null"], null],
        ["a[b]", ["'abc'", "0"], null],
        ["a.length", ["[1, 2, 3]"], null],
        ["a.b", ["{'a.b': 1}"], null],
        ["a['a.b']", ["{'a.b': 1}"], 1],
        ["a.constructor", ["{}"], null],
        ["a.__proto__", ["{}"], null],
      ]);
    },

    testLiterals: function () {
      assertExpressions([
        ["{a, b}", ["1", "[2]"], { a: 1, b: [2] }],
        ["{[a]: 1, [b]: 2}", ["'x'", "1"], { x: 1, 1: 2 }],
        ["{[a]: 1}", ["null"], { "": 1 }],
        ["{[a]: 1}", ["[1]"], { "[1]": 1 }],
        ["{x: a, x: b}", ["1", "2"], { x: 1 }],
        ["{'x y': a, `y z`: a, all: a, limit: a}", ["1"], { "x y": 1, "y z": 1, all: 1, limit: 1 }],
        ["[a, b, ]", ["1", "2"], [1, 2]],
        ["[a, [b]]", ["1..2", "2..1"], [[1, 2], [[2, 1]]]],
      ]);
    },
  };
}

jsunity.run(OperatorSuite);
jsunity.run(ArrayOperatorSuite);
return jsunity.done();
