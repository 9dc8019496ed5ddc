/* The manual's chapters on objects, types and what is miscellaneous. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { assertQueryError } = require("@arangodb/aql-helper");
const { assertCalls, ends, ofAll } = require("aql");

function ObjectSuite() {
  const nested = { a: 1, b: { a: 2, c: [{ a: 3 }] }, _c: 4 };
  return {
    testNames: function () {
      assertCalls([
        ["ATTRIBUTES", [{ b: 1, _key: 2, a: 3, B: 4 }, false, true], ["_key", "a", "B", "b"]],
        ["KEYS", [{ b: 1, _key: 2 }, true], ["b"]],
        ["KEYS", [{}], []],
        ["VALUES", [{ b: [1], _key: 2, a: null }, true], [[1], null]],
        ["ENTRIES", [{ b: 1, a: [2] }], [["b", 1], ["a", [2]]]],
        ["LENGTH", [{ a: 1, b: null }], 2],
        ["HAS", [{ a: null }, "a"], true],
        ["HAS", [{ a: 1 }, "toString"], false],
        ["HAS", [{ 1: 2 }, 1], true],
        ["HAS", [[1], 0], false],
        ...ofAll("ATTRIBUTES KEYS VALUES ENTRIES", [[1]], null, 1542),
      ]);
    },

    testParts: function () {
      assertCalls([
        ["KEEP", [nested, "a", "none"], { a: 1 }],
        ["KEEP", [nested, ["a", "b"]], { a: 1, b: nested.b }],
        ["KEEP", [nested, []], {}],
        ["UNSET", [nested, "b", "_c"], { a: 1 }],
        ["UNSET", [nested, ["none"]], nested],
        ["KEEP_RECURSIVE", [nested, ["a", "b"]], { a: 1, b: { a: 2 } }],
        ["UNSET_RECURSIVE", [nested, "a"], { b: { c: [{ a: 3 }] }, _c: 4 }],
        ["KEEP", [{ 1: 2, a: 3 }, 1], { 1: 2 }],
        ["UNSET", [{ a: 1 }, [1, "a"]], {}, 1542],
        ...ofAll("KEEP UNSET KEEP_RECURSIVE UNSET_RECURSIVE", ["a", "a"], null, 1542),
        ["VALUE", [nested, ["b", "c", 0, "a"]], 3],
        ["VALUE", [nested, ["b", "none", "a"]], null],
        ["VALUE", [nested, ["a", 0]], null],
        ["VALUE", [nested, []], null],
        ["VALUE", [nested, "a"], null, 1542],
        ["VALUE", [[1], [0]], null, 1542],
      ]);
    },

    testMerges: function () {
      assertCalls([
        ["MERGE", [{ a: { x: 1 }, b: 1 }, { a: { y: 2 } }], { a: { y: 2 }, b: 1 }],
        ["MERGE", [[{ a: 1 }, { a: null }, { b: 2 }]], { a: null, b: 2 }],
        ["MERGE", [{ a: 1 }], { a: 1 }],
        ["MERGE", [[]], {}],
        ["MERGE_RECURSIVE", [{ a: { x: 1, z: [1] } }, { a: { y: 2, z: [2] } }], { a: { x: 1, y: 2, z: [2] } }],
        ["MERGE_RECURSIVE", [[{ a: { x: 1 } }, { a: 2 }]], { a: 2 }],
        ...ofAll("MERGE MERGE_RECURSIVE", [{}, null], null, 1542),
        ...ofAll("MERGE MERGE_RECURSIVE", [[{}, 1]], null, 1542),
        ["ZIP", [["a", 1, "a"], [1, [2], 3]], { a: 1, 1: [2] }],
        ["ZIP", [[], []], {}],
        ["ZIP", [["a"], []], null, 1542],
        ["ZIP", ["a", "b"], null, 1542],
      ]);
    },

    testMatches: function () {
      assertCalls([
        ["MATCHES", [{ a: 1, b: [2] }, { b: [2] }], true],
        ["MATCHES", [{ a: 1 }, { a: 1, b: null }], true],
        ["MATCHES", [{ a: 1 }, { a: "1" }], false],
        ["MATCHES", [{ a: 1 }, {}], true],
        ["MATCHES", [{ a: 1 }, []], false],
        ["MATCHES", [{ a: 1 }, [{ a: 2 }, { a: 1 }, {}], true], 1],
        ["MATCHES", [{ a: 1 }, [{ a: 2 }], true], -1],
        ["MATCHES", [{ a: 1 }, [1, { a: 1 }], true], 1, 1542],
        ["MATCHES", [1, {}], false],
        ["TRANSLATE", ["a", { a: [1] }], [1]],
        ["TRANSLATE", [1, { 1: "one" }], "one"],
        ["TRANSLATE", ["b", { a: 1 }], "b"],
        ["TRANSLATE", ["b", { a: 1 }, null], null],
        ["TRANSLATE", ["a", { a: null }, 1], null],
        ["TRANSLATE", ["a", "a"], null, 1542],
      ]);
    },
  };
}

function TypeSuite() {
  const values = [null, true, 1, "a", [1], { a: 1 }];
  return {
    testTypes: function () {
      const checks = { NULL: 0, BOOL: 1, NUMBER: 2, STRING: 3, ARRAY: 4, LIST: 4, OBJECT: 5, DOCUMENT: 5 };
      assertCalls(Object.entries(checks).flatMap(([type, at]) => values.map((v, i) => ["IS_" + type, [v], i === at])));
      const names = ["null", "bool", "number", "string", "array", "object"];
      assertCalls(values.map((value, i) => ["TYPENAME", [value], names[i]]));
      assertEqual("array", db._query("RETURN TYPENAME(1..2)").toArray()[0]);
    },

    testCasts: function () {
      const cast = (name, pairs) => pairs.map(([value, result]) => [name, [value], result]);
      assertCalls([
        ...cast("TO_BOOL", [[null, false], [0, false], ["", false], ["0", true], [-1, true], [[], true], [{}, true]]),
        ...cast("TO_NUMBER", [[null, 0], [true, 1], ["1.5e2", 150], [" 7 ", 7], ["7x", 0], ["", 0], [[], 0], [
          ["8"],
          8,
        ]]),
        ...cast("TO_NUMBER", [[[1, 2], 0], [{ a: 1 }, 0], ["-0", 0], ["0x10", 16], [[[["3"]]], 3]]),
        ...cast("TO_STRING", [[null, ""], [false, "false"], [1.0, "1"], [1e21, "1e+21"], [-0.5, "-0.5"], [[], "[]"]]),
        ...cast("TO_STRING", [[[1, "a", null], '[1,"a",null]'], [{ a: { b: 1 } }, '{"a":{"b":1}}'], ["é", "é"]]),
        ...cast("TO_ARRAY", [[null, []], [0, [0]], ["ab", ["ab"]], [[1], [1]], [{ a: 1, b: [2] }, [1, [2]]], [{}, []]]),
      ]);
    },

    testTexts: function () {
      const are = (name, texts, result) => texts.map((text) => [name, [text], result]);
      assertCalls([
        ...are("IS_DATESTRING", ["2020-01-01", "2020", "2020-1-1 1:2", "2020-01-01T00:00:00.000+01:00"], true),
        ...are("IS_DATESTRING", ["2020-13-01", "x", "", "2020-01-01T25:00", 0, null], false),
        ...are("IS_KEY", ["a", "a:b@c(d)+,=;$!*'%-_.", "1".repeat(254)], true),
        ...are("IS_KEY", ["", "a/b", "é", "a b", "1".repeat(255), 1], false),
      ]);
    },
  };
}

function MiscellaneousSuite() {
  const name = "UnitTestsMiscellaneous";
  return {
    setUpAll: () => db._create(name).insert([{ _key: "a", v: 1 }, { _key: "b", v: 2 }]),
    tearDownAll: () => db._drop(name),

    testChoices: function () {
      assertCalls([
        ["NOT_NULL", [null, false, 1], false],
        ["NOT_NULL", [null, null], null],
        ["FIRST_LIST", [null, {}, [1], [2]], [1]],
        ["FIRST_DOCUMENT", [null, [], { a: 1 }], { a: 1 }],
        ["FIRST_DOCUMENT", [1], null],
        ["MIN_MATCH", [true, false, 1, 2], true],
        ["IN_RANGE", [2, 1, 2, true, false], false],
        ["IN_RANGE", ["b", "a", "c", false, false], true],
        ["IN_RANGE", [1, 0, 2, 1, true], null, 1542],
      ]);
    },

    testIdentifiers: function () {
      assertCalls([
        ["PARSE_IDENTIFIER", ["c/k"], { collection: "c", key: "k" }],
        ["PARSE_COLLECTION", [{ _id: "c/k" }], "c"],
        ["PARSE_KEY", ["c/k"], "k"],
        ...[null, "c", "c/", "/k", "a/b/c", {}, { _id: 1 }, ["c/k"]].flatMap((id) =>
          ofAll("PARSE_IDENTIFIER PARSE_COLLECTION PARSE_KEY", [id], null, 1542)
        ),
        ["IS_SAME_COLLECTION", ["c", "c/k"], true],
        ["IS_SAME_COLLECTION", [{ _id: "c/k" }, "d/k"], false],
        ["IS_SAME_COLLECTION", ["c", 1], null, 1542],
        ["DECODE_REV", ["_YU0HOEG---"], { date: "2019-03-11T16:15:05.314Z", count: 0 }],
        ...[null, "", "not a revision"].map((rev) => ["DECODE_REV", [rev], null, 1542]),
      ]);
    },

    testDocuments: function () {
      assertCalls([
        ["DOCUMENT", [`${name}/none`], null],
        ["DOCUMENT", [[`${name}/none`, 1]], []],
        ["DOCUMENT", [name, ["none"]], []],
        ["DOCUMENT", [name, "other/a"], null],
        ["DOCUMENT", ["UnitTestsNone/a"], null],
        ["DOCUMENT", [1], null],
        ["DOCUMENT", [1, "a"], null, 1542],
        ["COLLECTION_COUNT", [name], 2],
        ["COLLECTION_COUNT", ["UnitTestsNone"], ends(1203)],
        ["SCHEMA_GET", [name], null],
        ["SHARD_ID", [name, { _key: "a" }], name],
        ["CHECK_DOCUMENT", [{ a: { b: 1 } }], true],
        ["CHECK_DOCUMENT", [[]], false],
      ]);
      const values = (query) => db._query(query).toArray()[0];
      for (
        const ids of [`'${name}', ['b', 'a']`, `${name}, ['b', '${name}/a']`, `['${name}/b', '${name}/x', '${name}/a']`]
      ) {
        assertEqual([2, 1], values(`RETURN DOCUMENT(${ids})[*].v`), ids);
      }
      for (const id of [`'${name}/a'`, `${name}, 'a'`, `'${name}', '${name}/a'`]) {
        assertEqual(1, values(`RETURN DOCUMENT(${id}).v`), id);
      }
      assertEqual([2, 2], values(`RETURN [LENGTH(${name}), COUNT(${name})]`));
      assertEqual(
        [true, true],
        values(`RETURN [IS_SAME_COLLECTION(${name}, ${name}), IS_SAME_COLLECTION('${name}', ${name})]`),
      );
      assertEqual(db._collection(name)._id, values(`FOR c IN COLLECTIONS() FILTER c.name == '${name}' RETURN c._id`));
    },

    testSurroundings: function () {
      const [database, version, now] = db._query("RETURN [CURRENT_DATABASE(), VERSION(), DATE_NOW()]").toArray()[0];
      assertEqual([db._name(), db._version()], [database, version]);
      assertTrue(Math.abs(now - Date.now()) < 60000);
      assertTrue(db._query("RETURN DATE_NOW() == DATE_NOW() AND RAND() != RAND()").toArray()[0]);
      assertMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){4}[0-9a-f]{8}$/, db._query("RETURN UUID()").toArray()[0]);
    },

    testCalls: function () {
      assertCalls([
        ["CALL", ["length", [1, 2]], 2],
        ["APPLY", ["CONCAT", ["a", 1, null]], "a1"],
        ["CALL", ["APPLY", "SUM", [[1, 2]]], 3],
        ["CALL", ["_aql::LENGTH", "abc"], 3],
        ["APPLY", ["LENGTH", "abc"], null, 1542],
        ["CALL", ["LENGTH"], ends(1541)],
        ["CALL", ["NOTHING_OF_THIS_NAME"], ends(1540)],
        ["CALL", ["UnitTests::none"], ends(1582)],
        ["CALL", [1], ends(1542)],
        ["CALL", ["NEAR", name, 1, 2], ends(1578)],
      ]);
      assertEqual([3, 1], db._query("RETURN [_aql::SUM(1..2), _AQL::v8(1)]").toArray()[0]);
    },

    testChecks: function () {
      assertCalls([
        ["ASSERT", [1, "unseen"], true],
        ["ASSERT", [1, 1], null, 1542],
        ["ASSERT", [0, "seen"], ends(1593)],
        ["WARN", [1, "unseen"], true],
        ["WARN", [null, "seen"], false, 1594],
        ["FAIL", ["now"], ends(1569)],
        ["SLEEP", [0], null],
        ["SLEEP", [-1], null, 1542],
      ]);
      const warnings = (query) => db._query(query).getExtra().warnings;
      assertEqual([{ code: 1594, message: "take care" }], warnings("RETURN WARN(false, 'take care')"));
      assertQueryError(errors.ERROR_QUERY_USER_WARN.code, "RETURN WARN(false, 'x')", {}, { failOnWarning: true });
      const message = (query) => {
        try {
          db._query(query);
        } catch (error) {
          return error.errorMessage;
        }
      };
      assertMatch(/FAIL\(now\) called/, message("RETURN FAIL('now')"));
      assertMatch(/ no way /, message("FOR i IN 1..3 FILTER ASSERT(i < 2, 'no way') RETURN i"));
    },
  };
}

jsunity.run(ObjectSuite);
jsunity.run(TypeSuite);
jsunity.run(MiscellaneousSuite);
return jsunity.done();
