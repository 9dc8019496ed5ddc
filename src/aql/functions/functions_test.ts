/** @module */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { ArangoError } from "../../base/arango_error.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";
import { AQL_FUNCTIONS, type FunctionData } from "./mod.ts";
import { call, type Row } from "./test_context.ts";

const NESTED = { foo: { bar: { foo: 1, baz: 2 }, baz: 3 }, baz: 4 };

/** Results that ArangoDB's documentation and reference sheets record, by family. */
const TABLES: Readonly<Record<string, readonly Row[]>> = {
  numbers: [
    ["ABS", [-5], 5],
    ["ABS", ["-7.5"], 7.5],
    ["ABS", [null], 0],
    ["ACOS", [1], 0],
    ["ACOS", [2], null],
    ["ASIN", [0], 0],
    ["ASIN", [-2], null],
    ["ATAN", [0], 0],
    ["ATAN2", [1, 0], Math.PI / 2],
    ["CEIL", [2.49], 3],
    ["CEIL", [-2.5], -2],
    ["COS", [0], 1],
    ["COSINE_SIMILARITY", [[0, 1], [1, 0]], 0],
    ["COSINE_SIMILARITY", [[[0, 1, 0, 1], [1, 0, 0, 1]], [1, 1, 1, 1]], [0.7071067811865475, 0.7071067811865475]],
    ["COSINE_SIMILARITY", [[0, 0], [1, 0]], null, [1561]],
    ["COSINE_SIMILARITY", [[1], [1, 0]], null, [1542]],
    ["DECAY_EXP", [2, 0, 10, 0, 0.2], Math.exp(Math.log(0.2) / 10 * 2)],
    ["DECAY_EXP", [2, 0, 0, 0, 0.2], null, [1504]],
    ["DECAY_GAUSS", [0, 0, 5, 0, 0.5], 1],
    ["DECAY_GAUSS", [[5, -5], 0, 5, 0, 0.5], [0.5, 0.5]],
    ["DECAY_GAUSS", [[20, 41], 40, 5, 5, 0.5], [0.0019531250000000017, 1]],
    ["DECAY_LINEAR", [5, 0, 10, 0, 0.2], 0.6],
    ["DECAY_LINEAR", ["x", 0, 10, 0, 0.2], null, [1542]],
    ["DEGREES", [Math.PI], 180],
    ["EXP", [0], 1],
    ["EXP", [10000], null],
    ["EXP2", [16], 65536],
    ["FLOOR", [-2.5], -3],
    ["L1_DISTANCE", [[-1, -1], [2, 2]], 6],
    ["L2_DISTANCE", [[1, 1], [5, 2]], Math.sqrt(17)],
    ["L2_DISTANCE", [[], []], null, [1542]],
    ["LOG", [Math.E], 1],
    ["LOG", [0], null],
    ["LOG2", [1024], 10],
    ["LOG10", [10000], 4],
    ["MINHASH_COUNT", [0.05], 400],
    ["MINHASH_COUNT", ["x"], null, [1542]],
    ["MINHASH_ERROR", [400], 0.05],
    ["PI", [], 3.141592653589793],
    ["POW", [2, 4], 16],
    ["POW", [0, -1], null],
    ["RADIANS", [180], Math.PI],
    ["RAND", [], 0.25],
    ["RANDOM", [], 0.25],
    ["ROUND", [2.5], 3],
    ["ROUND", [-2.5], -2],
    ["ROUND", [-0.4], 0],
    ["SIN", [0], 0],
    ["SQRT", [9], 3],
    ["SQRT", [-1], null],
    ["TAN", [0], 0],
  ],
  arrays: [
    ["APPEND", [[1, 2, 3], [5, 6, 9]], [1, 2, 3, 5, 6, 9]],
    ["APPEND", [[1, 2, 3], [3, 4, 5, 2, 9], true], [1, 2, 3, 4, 5, 9]],
    ["APPEND", [null, [1]], [1]],
    ["APPEND", ["x", []], "x"],
    ["APPEND", ["x", [1]], null, [1542]],
    ["AVERAGE", [[5, 2, 9, 2]], 4.5],
    ["AVERAGE", [[null]], null],
    ["AVERAGE", [["x"]], null, [1563]],
    ["AVG", [[-3, null, 1]], -1],
    ["CONTAINS_ARRAY", [[2, 4], 4], true],
    ["COUNT", [[1, 2]], 2],
    ["COUNT_DISTINCT", [[1, 2, 1, "1", 1.0]], 3],
    ["COUNT_UNIQUE", [{}], null, [1563]],
    ["FIRST", [[1, 2, 3]], 1],
    ["FIRST", [[]], null],
    ["FIRST", ["abc"], null, [1563]],
    ["FLATTEN", [[1, 2, [3, 4], 5, [6, 7], [8, [9, 10]]]], [1, 2, 3, 4, 5, 6, 7, 8, [9, 10]]],
    ["FLATTEN", [[1, 2, [3, 4], 5, [6, 7], [8, [9, 10]]], 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["FLATTEN", [[[[1]]], "x"], [[1]]],
    ["INTERLEAVE", [[1, 1, 1], [2, 2, 2], [3, 3, 3]], [1, 2, 3, 1, 2, 3, 1, 2, 3]],
    ["INTERLEAVE", [[1], [2, 2], [3, 3, 3]], [1, 2, 3, 2, 3, 3]],
    ["INTERSECTION", [[1, 2, 3, 4, 5], [2, 3, 4, 5, 6], [3, 4, 5, 6, 7]], [5, 4, 3]],
    ["INTERSECTION", [[2, 4, 6], [8, 10, 12], [14, 16, 18]], []],
    ["INTERSECTION", [[1], 2], null, [1563]],
    ["JACCARD", [[1, 2, 3, 4], [3, 4, 5, 6]], 1 / 3],
    ["JACCARD", [[], []], 1],
    ["LAST", [[1, 2, 3]], 3],
    ["LAST", [[]], null],
    ["LENGTH", [{ a: 1, b: 2, c: 3 }], 3],
    ["LENGTH", ["电脑坏了"], 4],
    ["LENGTH", [-1.5], 4],
    ["LENGTH", [true], 1],
    ["LENGTH", [null], 0],
    ["MAX", [[5, 9, -2, null, 1]], 9],
    ["MAX", [[null, null]], null],
    ["MAX", [[1, "a", [0]]], [0]],
    ["MEDIAN", [[4, 2, 3, 1]], 2.5],
    ["MEDIAN", [[1, 2, 3, null]], 2],
    ["MEDIAN", [["x"]], null, [1561]],
    ["MIN", [[5, 9, -2, null, 1]], -2],
    ["MIN", [[null, null]], null],
    ["MINUS", [[1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 7, 8]], [2, 1]],
    ["MINUS", [[1], null], null, [1542]],
    ["NTH", [["foo", "bar", "baz"], 2], "baz"],
    ["NTH", [["foo", "bar", "baz"], -1], null],
    ["OUTERSECTION", [[1, 2, 3], [2, 3, 4], [3, 4, 5]], [5, 1]],
    ["PERCENTILE", [[1, 2, 3, 4], 50], 2],
    ["PERCENTILE", [[1, 2, 3, 4], 50, "interpolation"], 2.5],
    ["PERCENTILE", [[], 50], null],
    ["PERCENTILE", [[1], 101], null, [1542]],
    ["PERCENTILE", [[1, 2], 0], 1],
    ["POP", [[1, 2, 3, 4]], [1, 2, 3]],
    ["POP", [null], null],
    ["POP", [1], null, [1542]],
    ["POSITION", [[2, 4, 6, 8], 4], true],
    ["POSITION", [[2, 4, 6, 8], 4, true], 1],
    ["POSITION", [[2, 4], 5, true], -1],
    ["PRODUCT", [[1, 2, 3, 4]], 24],
    ["PRODUCT", [[null, -5, 6]], -30],
    ["PRODUCT", [[]], 1],
    ["PRODUCT", [["x"]], null],
    ["PUSH", [[1, 2, 3], 4], [1, 2, 3, 4]],
    ["PUSH", [[1, 2, 2, 3], 2, true], [1, 2, 2, 3]],
    ["PUSH", [null, 1], [1]],
    ["RANGE", [1, 4], [1, 2, 3, 4]],
    ["RANGE", [4, 2], [4, 3, 2]],
    ["RANGE", [1, 4, 2], [1, 3]],
    ["RANGE", [1.5, 2.5], [1, 2]],
    ["RANGE", [1.5, 2.5, 0.5], [1.5, 2, 2.5]],
    ["RANGE", [-0.75, 1.1, 0.5], [-0.75, -0.25, 0.25, 0.75]],
    ["RANGE", [1, 2, -1], null, [1542]],
    ["REMOVE_NTH", [["a", "b", "c", "d", "e"], 1], ["a", "c", "d", "e"]],
    ["REMOVE_NTH", [["a", "b", "c", "d", "e"], -2], ["a", "b", "c", "e"]],
    ["REMOVE_NTH", [null, 1], []],
    ["REMOVE_VALUE", [["a", "b", "b", "a", "c"], "a"], ["b", "b", "c"]],
    ["REMOVE_VALUE", [["a", "b", "b", "a", "c"], "a", 1], ["b", "b", "a", "c"]],
    ["REMOVE_VALUES", [["a", "a", "b", "c", "d", "e", "f"], ["a", "f", "d"]], ["b", "c", "e"]],
    ["REMOVE_VALUES", [[1], null], [1]],
    ["REPLACE_NTH", [["a", "b", "c"], 1, "z"], ["a", "z", "c"]],
    ["REPLACE_NTH", [["a", "b", "c"], 3, "z"], ["a", "b", "c", "z"]],
    ["REPLACE_NTH", [["a", "b", "c"], 6, "z", "y"], ["a", "b", "c", "y", "y", "y", "z"]],
    ["REPLACE_NTH", [["a", "b", "c"], -1, "z"], ["a", "b", "z"]],
    ["REPLACE_NTH", [["a"], -9, "z"], ["z"]],
    ["REVERSE", [[2, 4, 6]], [6, 4, 2]],
    ["REVERSE", ["foobar"], "raboof"],
    ["REVERSE", ["a👍b"], "b\ufffd\ufffda"],
    ["REVERSE", [1], null, [1563]],
    ["SHIFT", [[1, 2, 3, 4]], [2, 3, 4]],
    ["SLICE", [[1, 2, 3, 4, 5], 0, 1], [1]],
    ["SLICE", [[1, 2, 3, 4, 5], 1, 2], [2, 3]],
    ["SLICE", [[1, 2, 3, 4, 5], 3], [4, 5]],
    ["SLICE", [[1, 2, 3, 4, 5], 1, -1], [2, 3, 4]],
    ["SLICE", [[1, 2, 3, 4, 5], 0, -2], [1, 2, 3]],
    ["SLICE", [[1, 2, 3, 4, 5], -3, 2], [3, 4]],
    ["SLICE", [null, 1], null, [1542]],
    ["SORTED", [[8, "a", null, true, 4, [], {}]], [null, true, 4, 8, "a", [], {}]],
    ["SORTED_UNIQUE", [[8, 4, 2, 10, 6, 2, 8, 6, 4]], [2, 4, 6, 8, 10]],
    ["STDDEV", [[1, 3, 6, 5, 2]], 1.854723699099141],
    ["STDDEV_POPULATION", [[null]], null],
    ["STDDEV_SAMPLE", [[1, 3, 6, 5, 2]], 2.0736441353327724],
    ["STDDEV_SAMPLE", [[1]], null],
    ["SUM", [[1, 2, 3, 4]], 10],
    ["SUM", [[null, -5, 6]], 1],
    ["SUM", [[]], 0],
    ["SUM", [["x"]], null],
    ["UNION", [[1, 2, 3], [1, 2]], [1, 2, 3, 1, 2]],
    ["UNION_DISTINCT", [[1, 2], [2, 3]], [1, 2, 3]],
    ["UNION_DISTINCT_STABLE", [[1, 2, 3], [3, 2, 1], [4], [5, 6, 1]], [1, 2, 3, 4, 5, 6]],
    ["UNIQUE", [[1, 2, 2, 3, 3, 3, 4, "1"]], [1, 2, 3, 4, "1"]],
    ["UNSHIFT", [[1, 2, 3], 4], [4, 1, 2, 3]],
    ["UNSHIFT", [[1, 2, 3], 2, true], [1, 2, 3]],
    ["VARIANCE", [[1, 3, 6, 5, 2]], 3.4400000000000004],
    ["VARIANCE_POPULATION", [[1, 3]], 1],
    ["VARIANCE_SAMPLE", [[1, 3, 6, 5, 2]], 4.300000000000001],
    ["VARIANCE_SAMPLE", [["x"]], null, [1561]],
  ],
  strings: [
    ["CHAR_LENGTH", ["🥑"], 1],
    ["CHAR_LENGTH", [{ foo: "bar" }], 13],
    ["CHAR_LENGTH", [false], 5],
    ["CHAR_LENGTH", [null], 0],
    ["CONCAT", ["foo", "bar", "baz"], "foobarbaz"],
    ["CONCAT", [1, 2, 3], "123"],
    ["CONCAT", [null, false, 0, true, ""], "false0true"],
    ["CONCAT", [[1, 2, [3]]], "12[3]"],
    ["CONCAT", [[5, 6], { foo: "bar" }], '[5,6]{"foo":"bar"}'],
    ["CONCAT_SEPARATOR", [", ", "foo", "bar", "baz"], "foo, bar, baz"],
    ["CONCAT_SEPARATOR", [", ", [null, false, 0, true, ""]], "false, 0, true, "],
    ["CONTAINS", ["foobarbaz", "bar"], true],
    ["CONTAINS", ["foobarbaz", "horse"], false],
    ["CONTAINS", ["ßbar", "bar", true], 2],
    ["CONTAINS", ["foobarbaz", "horse", true], -1],
    ["CONTAINS", ["foobarbaz", "", true], -1],
    ["ENCODE_URI_COMPONENT", ["fünf %"], "f%C3%BCnf%20%25"],
    ["ENCODE_URI_COMPONENT", ["a-_.!~*'()&=/"], "a-_.!~*'()%26%3D%2F"],
    ["FIND_FIRST", ["foobarbaz", "ba"], 3],
    ["FIND_FIRST", ["foobarbaz", "ba", 4], 6],
    ["FIND_FIRST", ["foobarbaz", "ba", 0, 3], -1],
    ["FIND_FIRST", ["foobarbaz", "ba", 0, 4], 3],
    ["FIND_FIRST", ["xe\u0301", "é"], 1],
    ["FIND_FIRST", ["abc", "", 2], 2],
    ["FIND_FIRST", ["abc", "a", -1], -1],
    ["FIND_LAST", ["foobarbaz", "ba"], 6],
    ["FIND_LAST", ["foobarbaz", "ba", 7], -1],
    ["FIND_LAST", ["foobarbaz", "ba", 0, 4], 3],
    ["FIND_LAST", ["abc", ""], 3],
    ["FIND_LAST", ["abc", "", 0, 1], 2],
    ["FIND_LAST", ["aaa", "aa"], 0],
    ["FIND_FIRST", ["aaa", "aa", 1], -1],
    ["LEFT", ["foobar", 3], "foo"],
    ["LEFT", ["🥑b", 1], "🥑"],
    ["LEFT", ["foobar", 0], ""],
    ["LEVENSHTEIN_DISTANCE", ["foobar", "bar"], 3],
    ["LEVENSHTEIN_DISTANCE", [" ", ""], 1],
    ["LEVENSHTEIN_DISTANCE", ["foobar", "fo0bra"], 2],
    ["LEVENSHTEIN_DISTANCE", ["ab", "ba"], 1],
    ["LEVENSHTEIN_MATCH", ["foobar", "foobra", 1], true],
    ["LEVENSHTEIN_MATCH", ["foobar", "foobra", 1, false], false],
    ["LEVENSHTEIN_MATCH", ["foobar", "foo", 5, false], null, [1542]],
    ["LOWER", ["AVOcado"], "avocado"],
    ["LTRIM", ["  foo bar "], "foo bar "],
    ["LTRIM", ["--==[foo-bar]==--", "-=[]"], "foo-bar]==--"],
    ["NGRAM_MATCH", ["abc", "abc", 0.5, "identity"], true],
    ["NGRAM_MATCH", ["abc", "abd", "identity"], false],
    ["NGRAM_MATCH", ["abc", "abd"], null, [1541]],
    ["NGRAM_POSITIONAL_SIMILARITY", ["quick fox", "quick foxx", 2], 0.8888888955116272],
    ["NGRAM_POSITIONAL_SIMILARITY", ["quick fox", "quirky fox", 3], 0.6666666865348816],
    ["NGRAM_SIMILARITY", ["quick fox", "quick foxx", 3], 0.875],
    ["NGRAM_SIMILARITY", ["a", "b", 0], null, [10]],
    ["PARTITION", ["before:delimiter:after", ":delimiter:"], ["before", ":delimiter:", "after"]],
    ["PARTITION", ["foo:bar:baz", ":", 2], ["foo:bar", ":", "baz"]],
    ["PARTITION", ["foo:bar:baz", ":", -1], ["foo:bar", ":", "baz"]],
    ["PARTITION", ["foo:bar:baz", ":", -2], ["foo", ":", "bar:baz"]],
    ["PARTITION", ["foo", ":"], ["foo", "", ""]],
    ["PARTITION", ["foo", ":", -1], ["", "", "foo"]],
    ["PARTITION", ["foo", ""], null, [1542]],
    ["REPEAT", ["foo", 3], "foofoofoo"],
    ["REPEAT", ["foo", 3, ", "], "foo, foo, foo"],
    ["REPEAT", ["foo", 0], ""],
    ["REPEAT", ["foo", -1], null, [1542]],
    ["REPEAT", ["foo", 1e9], null, [32]],
    ["RIGHT", ["foobar", 3], "bar"],
    ["RIGHT", ["foobar", 10], "foobar"],
    ["RTRIM", ["  foo bar "], "  foo bar"],
    ["RTRIM", ["--==[foo-bar]==--", "-=[]"], "--==[foo-bar"],
    ["SOUNDEX", ["example"], "E251"],
    ["SOUNDEX", ["ekzampul"], "E251"],
    ["SOUNDEX", ["soundex"], "S532"],
    ["SOUNDEX", ["1"], ""],
    ["SPLIT", ["foo-bar-baz", "-"], ["foo", "bar", "baz"]],
    ["SPLIT", ["foo-bar-baz", "-", 1], ["foo"]],
    ["SPLIT", ["foo, bar & baz", [", ", " & "]], ["foo", "bar", "baz"]],
    ["SPLIT", ["a🥑", ""], ["a", "🥑"]],
    ["SPLIT", ["", "x"], [""]],
    ["SPLIT", ["x"], ["x"]],
    ["SPLIT", ["x", {}], null, [1542]],
    ["SPLIT", ["x", ",", -1], null],
    ["STARTS_WITH", ["foobar", "foo"], true],
    ["STARTS_WITH", ["foobar", ["bar", "foo"]], true],
    ["STARTS_WITH", ["foobar", ["bar", "baz"], 0], true],
    ["STARTS_WITH", ["foobar", ["f", "fo", "x"], 3], false],
    ["STARTS_WITH", [1, "foo"], null, [1542]],
    ["SUBSTITUTE", ["the quick brown foxx", "quick", "lazy"], "the lazy brown foxx"],
    ["SUBSTITUTE", ["the quick brown foxx", ["quick", "foxx"], ["slow", "dog"]], "the slow brown dog"],
    ["SUBSTITUTE", ["the quick brown foxx", ["the", "foxx"], ["that", "dog"], 1], "that quick brown foxx"],
    ["SUBSTITUTE", ["the quick brown foxx", ["the", "quick", "foxx"], ["A", "VOID!"]], "A VOID! brown "],
    ["SUBSTITUTE", ["the quick brown foxx", ["quick", "foxx"], "xx"], "the xx brown xx"],
    ["SUBSTITUTE", ["the quick brown foxx", { quick: "", brown: null, foxx: "ant" }], "the   ant"],
    ["SUBSTITUTE", ["aaa", "a", "b", 0], "aaa"],
    ["SUBSTITUTE", ["ab", { a: "b", b: "a" }, 1], "bb"],
    ["SUBSTITUTE", ["ab", 1], null, [1542]],
    ["SUBSTITUTE", ["ab", {}, 1, 1], null, [1541]],
    ["SUBSTRING", ["Holy Guacamole!", 10, 4], "mole"],
    ["SUBSTRING", ["Holy Guacamole!", -5, 4], "mole"],
    ["SUBSTRING", ["Holy Guacamole!", 10], "mole!"],
    ["SUBSTRING", ["Holy", -99, 2], "Ho"],
    ["SUBSTRING", ["Holy", 0, null], ""],
    ["SUBSTRING_BYTES", ["We ❤️ avocado!", 10], "avocado!"],
    ["SUBSTRING_BYTES", ["We ❤️ avocado!", -15, 4], null, [10]],
    ["SUBSTRING_BYTES", ["We ❤️ avocado!", 3, 6], "❤️"],
    ["SUBSTRING_BYTES", ["We ❤️ avocado!", 3, 6, 1, 2], " ❤️ a"],
    ["TO_BASE64", ["ABC."], "QUJDLg=="],
    ["TO_CHAR", [216], "Ø"],
    ["TO_CHAR", [0x1f951], "🥑"],
    ["TO_CHAR", [-1], null, [1542]],
    ["TO_HEX", ["ü"], "c3bc"],
    ["TOKENS", ["Lörem", "identity"], ["Lörem"]],
    ["TOKENS", [["a", ["b"]]], [["a"], [["b"]]]],
    ["TOKENS", [[true, null]], [["/w=="], [""]]],
    ["TOKENS", [-1], ["oEAP////////", "sEAP/////w==", "wEAP//8=", "0EAP"]],
    ["TRIM", ["  foobar\t \r\n "], "foobar"],
    ["TRIM", [";foo;bar;baz, ", ",; "], "foo;bar;baz"],
    ["TRIM", [" a ", 1], "a "],
    ["TRIM", [" a ", 2], " a"],
    ["TRIM", [" a ", 7], "a"],
    ["UPPER", ["straße"], "STRASSE"],
  ],
  patterns: [
    ["LIKE", ["cart", "ca_t"], true],
    ["LIKE", ["carrot", "ca_t"], false],
    ["LIKE", ["carrot", "ca%t"], true],
    ["LIKE", ["FoO bAr BaZ", "fOo%bAz"], false],
    ["LIKE", ["FoO bAr BaZ", "fOo%bAz", true], true],
    ["LIKE", ["a%c", "a\\%c"], true],
    ["LIKE", ["abc", "a\\%c"], false],
    ["LIKE", ["a\nb", "a_b"], true],
    ["LIKE", ["", ""], true],
    ["LIKE", ["x", ""], false],
    ["REGEX_MATCHES", ["#4d82h4", "^#?([a-f0-9]{6}|[a-f0-9]{3})$", true], null],
    [
      "REGEX_MATCHES",
      ["john@doe.com", "^([a-z0-9_\\.-]+)@([\\da-z-]+)\\.([a-z\\.]{2,6})$", false],
      ["john@doe.com", "john", "doe", "com"],
    ],
    ["REGEX_MATCHES", ["", "a"], [""]],
    ["REGEX_MATCHES", ["a", "("], null, [1543]],
    ["REGEX_REPLACE", ["An Avocado", "a", "_"], "An Avoc_do"],
    ["REGEX_REPLACE", ["An Avocado", "a", "_", true], "_n _voc_do"],
    ["REGEX_REPLACE", ["the quick", "(\\w+) (\\w+)", "$2 $1"], "quick the"],
    ["REGEX_REPLACE", ["a", "a", "$7"], null, [1543]],
    ["REGEX_SPLIT", ["hypertext language, programming", "[\\s, ]+"], ["hypertext", "language", "programming"]],
    ["REGEX_SPLIT", ["Capture the article", "(the)"], ["Capture ", "the", " article"]],
    ["REGEX_SPLIT", ["cA,Bc,A,BcA,BcA,Bc", "a,b", true, 3], ["c", "c,", "c"]],
    ["REGEX_SPLIT", ["a,b", ",", false, "x"], null, [1542]],
    ["REGEX_SPLIT", ["a,b", ",", false, -1], null],
    ["REGEX_TEST", ["the quick brown fox", "the.*fox"], true],
    ["REGEX_TEST", ["a", "[a"], null, [1543]],
  ],
  hashes: [
    ["CRC32", ["foobar"], "D5F5C7F"],
    ["FNV64", ["foobar"], "85944171F73967E8"],
    ["MD5", ["foobar"], "3858f62230ac3c915f300c664312c63f"],
    ["SHA1", ["foobar"], "8843d7f92416211de9ebb963ff4ce28125932878"],
    ["SHA256", ["foobar"], "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"],
    [
      "SHA512",
      ["foobar"],
      "0a50261ebd1a390fed2bf326f2673c145582a6342d523204973d0219337f81616a8069b012587cf5635f6925f1b56c360230c19b273500ee013e030601bf2425",
    ],
  ],
  bits: [
    ["BIT_AND", [[1, 4, 8, 16]], 0],
    ["BIT_AND", [127, 255], 127],
    ["BIT_AND", [[null]], null],
    ["BIT_AND", [-1, 2], null, [1542]],
    ["BIT_OR", [[1, 4, 8, 16]], 29],
    ["BIT_OR", [4294967295, 1], 4294967295],
    ["BIT_XOR", [[null, 8, 8, 2]], 2],
    ["BIT_CONSTRUCT", [[1, 3, 31]], 2147483658],
    ["BIT_CONSTRUCT", [[32]], null, [1542]],
    ["BIT_DECONSTRUCT", [14], [1, 2, 3]],
    ["BIT_FROM_STRING", ["0111"], 7],
    ["BIT_FROM_STRING", ["2"], null, [1542]],
    ["BIT_NEGATE", [0, 8], 255],
    ["BIT_NEGATE", [0, 32], 4294967295],
    ["BIT_POPCOUNT", [255], 8],
    ["BIT_POPCOUNT", [69.399], 3],
    ["BIT_SHIFT_LEFT", [0, 1, 8], 0],
    ["BIT_SHIFT_LEFT", [7, 1, 16], 14],
    ["BIT_SHIFT_LEFT", [1, 32, 32], 0],
    ["BIT_SHIFT_RIGHT", [33, 1, 16], 16],
    ["BIT_TEST", [5, 2], true],
    ["BIT_TEST", [5, 32], null, [1542]],
    ["BIT_TO_STRING", [7, 4], "0111"],
    ["BIT_TO_STRING", [255, 8], "11111111"],
  ],
  objects: [
    ["ATTRIBUTES", [{ foo: "bar", _key: "123", _custom: "yes" }, true], ["foo"]],
    ["ATTRIBUTES", [{ foo: "bar", _key: "123", _custom: "yes" }, false, true], ["_custom", "_key", "foo"]],
    ["ATTRIBUTES", [1], null, [1542]],
    ["ENTRIES", [{ a: 1, b: [2] }], [["a", 1], ["b", [2]]]],
    ["HAS", [{ name: null }, "name"], true],
    ["HAS", [{ name: "Jane" }, "age"], false],
    ["HAS", [{}, "constructor"], false],
    ["HAS", [1, "a"], false],
    ["JSON_PARSE", ["[ true, false, null, -0.5 ]"], [true, false, null, -0.5]],
    ["JSON_PARSE", ["9007199254740993"], 9007199254740993n],
    ["JSON_PARSE", ["abc"], null, [1542]],
    ["JSON_PARSE", [1], null, [1542]],
    ["JSON_PARSE", ["[".repeat(300) + "]".repeat(300)], null, [1542]],
    ["JSON_PARSE", [`["${"[".repeat(300)}"]`], ["[".repeat(300)]],
    ["JSON_STRINGIFY", [{ a: [1, null, "x/y"] }], '{"a":[1,null,"x/y"]}'],
    ["KEEP", [NESTED, "foo", "baz"], NESTED],
    ["KEEP", [NESTED, ["baz"]], { baz: 4 }],
    ["KEEP", [{ 1: 2 }, 1], { 1: 2 }],
    ["KEEP", [{ a: 2 }, [1, "a"]], { a: 2 }, [1542]],
    ["KEEP_RECURSIVE", [NESTED, "baz"], { baz: 4 }],
    ["KEEP_RECURSIVE", [NESTED, "foo", "baz"], { baz: 4, foo: { baz: 3 } }],
    ["KEYS", [{ a: 1 }], ["a"]],
    ["MATCHES", [{ test: 1 }, [{ test: 1, foo: "bar" }, { foo: 1 }, { test: 1 }], true], 2],
    ["MATCHES", [{ test: 1 }, { test: 1, foo: null }], true],
    ["MATCHES", [{ test: 1 }, 5], false, [1542]],
    ["MATCHES", [1, {}], false],
    ["MERGE", [{ users: { name: "Jane" } }, { users: { name: "Tom" } }], { users: { name: "Tom" } }],
    ["MERGE", [[{ foo: 1 }, { bar: 2 }, { foo: null }]], { foo: null, bar: 2 }],
    ["MERGE", [[]], {}],
    ["MERGE", [{}, 1], null, [1542]],
    [
      "MERGE_RECURSIVE",
      [{ "user-1": { name: "Jane", age: 42 } }, { "user-1": { name: "John" } }],
      { "user-1": { name: "John", age: 42 } },
    ],
    ["TRANSLATE", ["FR", { US: "United States", FR: "France" }], "France"],
    ["TRANSLATE", [42, { foo: "bar" }], 42],
    ["TRANSLATE", [42, { 42: true }], true],
    ["TRANSLATE", ["x", {}, "none"], "none"],
    ["TRANSLATE", ["x", 1], null, [1542]],
    ["UNSET", [NESTED, "baz"], { foo: NESTED.foo }],
    ["UNSET", [NESTED, ["foo", "bar"]], { baz: 4 }],
    ["UNSET_RECURSIVE", [NESTED, "baz"], { foo: { bar: { foo: 1 } } }],
    ["UNSET_RECURSIVE", [NESTED, "foo", "bar", "baz"], {}],
    ["VALUE", [{ a: { b: [5, { c: 6 }] } }, ["a", "b", 1, "c"]], 6],
    ["VALUE", [{ a: 1 }, []], null],
    ["VALUE", [{ a: 1 }, "a"], null, [1542]],
    ["VALUES", [{ _id: "x/1", name: "a", n: [1] }, true], ["a", [1]]],
    ["ZIP", [["name", "active", 1], ["some user", true, 2]], { name: "some user", active: true, 1: 2 }],
    ["ZIP", [["a"], []], null, [1542]],
  ],
  types: [
    ["IS_ARRAY", [[]], true],
    ["IS_LIST", [{}], false],
    ["IS_BOOL", [false], true],
    ["IS_DATESTRING", ["2015-02-31"], true],
    ["IS_DATESTRING", ["2015-13-01"], false],
    ["IS_DATESTRING", [0], false],
    ["IS_DOCUMENT", [{}], true],
    ["IS_OBJECT", [[]], false],
    ["IS_IPV4", ["8.8.8.8"], true],
    ["IS_IPV4", ["008.008.008.008"], false],
    ["IS_IPV4", ["256.0.0.1"], false],
    ["IS_KEY", ["a:b@c"], true],
    ["IS_KEY", ["a/b"], false],
    ["IS_KEY", [""], false],
    ["IS_NULL", [null], true],
    ["IS_NUMBER", [9007199254740993n], true],
    ["IS_STRING", ["1"], true],
    ["TO_ARRAY", [null], []],
    ["TO_ARRAY", [{ a: 1, b: 2 }], [1, 2]],
    ["TO_LIST", ["x"], ["x"]],
    ["TO_BOOL", [[]], true],
    ["TO_BOOL", [0], false],
    ["TO_NUMBER", [" 12.5e1 "], 125],
    ["TO_NUMBER", ["12abc"], 0],
    ["TO_NUMBER", [[["0x1f"]]], 31],
    ["TO_NUMBER", ["nan"], null],
    ["TO_NUMBER", [{}], 0],
    ["TO_STRING", [[1, "2", { a: 1.5 }]], '[1,"2",{"a":1.5}]'],
    ["TO_STRING", [null], ""],
    ["TYPENAME", [9007199254740993n], "number"],
    ["TYPENAME", [true], "bool"],
  ],
  addresses: [
    ["IPV4_FROM_NUMBER", [0], "0.0.0.0"],
    ["IPV4_FROM_NUMBER", [134744072], "8.8.8.8"],
    ["IPV4_FROM_NUMBER", [3232235521], "192.168.0.1"],
    ["IPV4_FROM_NUMBER", [-23], null, [1542]],
    ["IPV4_TO_NUMBER", ["127.0.0.1"], 2130706433],
    ["IPV4_TO_NUMBER", ["192.168.0.1"], 3232235521],
    ["IPV4_TO_NUMBER", ["milk"], null, [1542]],
  ],
  dates: [
    ["DATE_ADD", ["2000-01-31", "P1M"], "2000-03-02T00:00:00.000Z"],
    ["DATE_ADD", ["2006-01-01", 3, "months"], "2006-04-01T00:00:00.000Z"],
    ["DATE_ADD", ["2013-02", "P10D"], "2013-02-11T00:00:00.000Z"],
    ["DATE_ADD", ["2020-01-01", 0.5, "y"], "2020-07-01T00:00:00.000Z"],
    ["DATE_ADD", ["2020-01-01", -1, "day"], "2019-12-31T00:00:00.000Z"],
    ["DATE_ADD", ["2020-01-01", "1D"], null, [1572]],
    ["DATE_ADD", ["9999-12-31", 1, "day"], null, [1572]],
    ["DATE_ADD", [true, 1, "day"], null, [1542]],
    ["DATE_ADD", ["2023-03-25T23:00:00.000Z", 1, "day", "Europe/Berlin"], "2023-03-26T22:00:00.000Z"],
    ["DATE_SUBTRACT", ["2010-08-01T12:00Z", 1, "week"], "2010-07-25T12:00:00.000Z"],
    ["DATE_SUBTRACT", ["2012-03-31", "P1YT2H"], "2011-03-30T22:00:00.000Z"],
    ["DATE_COMPARE", ["1985-04-04", "2015-04-04", "months", "days"], true],
    ["DATE_COMPARE", ["1984-02-29", "2015-02-28", "months", "days"], false],
    ["DATE_COMPARE", ["2020-01-01", "2020-05-01", "years"], true],
    ["DATE_COMPARE", ["2020-01-01", "2020-05-01", "week"], null, [1542]],
    ["DATE_DAY", ["2020-08-29"], 29],
    ["DATE_DAY", ["2023-12-31T23:00:00.000Z", "Europe/Berlin"], 1],
    ["DATE_DAYOFWEEK", [0], 4],
    ["DATE_DAYOFYEAR", ["2020-12-31"], 366],
    ["DATE_DAYS_IN_MONTH", ["2020-02-01"], 29],
    ["DATE_DIFF", ["2023-12-01", "2024-04-01", "days"], 122],
    ["DATE_DIFF", ["2023-03-25T23:00:00.000Z", "2023-03-26T23:00:00.000Z", "hours", "Europe/Berlin"], 25],
    ["DATE_DIFF", ["2000-01-01", "2000-01-02T12:00", "d", true], 1.5],
    ["DATE_DIFF", ["2000-01-02T12:00", "2000-01-01", "d"], -2],
    ["DATE_DIFF", ["2000-01-01", "2000-01-02", "parsec"], null, [1572]],
    ["DATE_FORMAT", ["2020-08-29T16:30:05.123Z", "%yyyy-%mm-%dd %hh:%ii:%ss.%fff"], "2020-08-29 16:30:05.123"],
    [
      "DATE_FORMAT",
      ["2020-08-29", "%q/%yyyy %www %wwww %mmm %mmmm %x %k %l %a %%%&%e|"],
      "3/2020 Sat Saturday Aug August 242 35 1 31 %|",
    ],
    ["DATE_FORMAT", ["2016-03-01", "%xxx%"], "061"],
    ["DATE_FORMAT", ["2016-03-01", "100% %YYYY-%Mm"], "100 2016-03"],
    ["DATE_FORMAT", ["2016-03-01", "%mmonth %m%&month %%l = %l"], "03onth 3month %l = 1"],
    ["DATE_FORMAT", [0, "%t %z %yyyyyy %yy"], "0 1970-01-01T00:00:00.000Z +001970 70"],
    ["DATE_HOUR", [14400000], 4],
    ["DATE_ISO8601", ["2020-02-30"], "2020-03-01T00:00:00.000Z"],
    ["DATE_ISO8601", [2016, 12, 24, "18"], "2016-12-24T18:00:00.000Z"],
    ["DATE_ISO8601", ["nonsense"], null, [1572]],
    ["DATE_ISOWEEK", ["2020-08-29"], 35],
    ["DATE_ISOWEEKYEAR", ["2019-12-30"], { week: 1, year: 2020 }],
    ["DATE_ISOWEEKYEAR", ["2021-01-03"], { week: 53, year: 2020 }],
    ["DATE_LEAPYEAR", ["1900-01-01"], false],
    ["DATE_LOCALTOUTC", ["2020-03-15T00:00:00.000", "Europe/Berlin"], "2020-03-14T23:00:00.000Z"],
    ["DATE_LOCALTOUTC", ["2020-03-15T00:00:00.000", 1], null, [1542]],
    ["DATE_MILLISECOND", [1234567890], 890],
    ["DATE_MINUTE", ["2023-12-31T23:00:00.000Z", "Asia/Kathmandu"], 45],
    ["DATE_MONTH", ["2020-08-29"], 8],
    ["DATE_NOW", [], 1_700_000_000_000],
    ["DATE_QUARTER", ["2023-12-31T23:00:00.000Z", "Europe/Berlin"], 1],
    ["DATE_ROUND", ["2000-04-28T11:11:11.111Z", 15, "minutes"], "2000-04-28T11:00:00.000Z"],
    ["DATE_ROUND", ["2000-04-28", 1, "month"], null, [1542]],
    ["DATE_ROUND", ["2000-04-28", 1, "D"], null, [1542]],
    ["DATE_SECOND", [1234567890], 7],
    ["DATE_TIMESTAMP", ["2014-05-07T14:19:09.522"], 1399472349522],
    ["DATE_TIMESTAMP", [2014, 5, 7, 14, 19, 9, 522], 1399472349522],
    ["DATE_TIMESTAMP", [2016, 12, -1], null, [1572]],
    ["DATE_TIMESTAMP", [2016, 12, 1, 0, 0, -1], null, [1572]],
    ["DATE_TIMESTAMP", [2016, 2, 32], 1456963200000],
    ["DATE_TIMESTAMP", [1970, 1, 1, 26], 93600000],
    ["DATE_TIMESTAMP", [253402300800000], null, [1572]],
    ["DATE_TIMESTAMP", ["-0001-01-01"], null, [1572]],
    ["DATE_TRUNC", ["2017-02-03", "month"], "2017-02-01T00:00:00.000Z"],
    ["DATE_TRUNC", ["2017-02-03 04:05:06", "hours"], "2017-02-03T04:00:00.000Z"],
    ["DATE_TRUNC", ["2017-02-03", "week"], null, [1572]],
    ["DATE_UTCTOLOCAL", ["2020-03-15T00:00:00.000", "America/New_York"], "2020-03-14T20:00:00.000"],
    ["DATE_UTCTOLOCAL", ["2020-03-15T00:00:00.000", "UTC"], "2020-03-15T00:00:00.000Z"],
    ["DATE_UTCTOLOCAL", ["2020-03-15T00:00:00.000-02:00", "Asia/Shanghai"], "2020-03-15T10:00:00.000"],
    ["DATE_YEAR", ["0099-08-29"], 99],
  ],
  database: [
    ["CHECK_DOCUMENT", [{}], true],
    ["CHECK_DOCUMENT", [[]], false],
    ["DECODE_REV", ["_YU0HOEG---"], { date: "2019-03-11T16:15:05.314Z", count: 0 }],
    ["DECODE_REV", [1], null, [1542]],
    ["IS_SAME_COLLECTION", ["users", "users/my-user"], true],
    ["IS_SAME_COLLECTION", ["users", { _id: "foos/1" }], false],
    ["IS_SAME_COLLECTION", ["users", 5], null, [1542]],
    ["PARSE_COLLECTION", ["_users/my-user"], "_users"],
    ["PARSE_IDENTIFIER", [{ _id: "mycollection/mykey", value: 1 }], { collection: "mycollection", key: "mykey" }],
    ["PARSE_IDENTIFIER", ["a/b/c"], null, [1542]],
    ["PARSE_KEY", ["_users/my-user"], "my-user"],
    ["SCHEMA_VALIDATE", [{}, null], { valid: true }],
    ["SCHEMA_VALIDATE", [1, {}], null, [1542]],
  ],
  geometry: [
    ["DISTANCE", [52.5163, 13.3777, 50.9322, 6.94], 476918.89688380965],
    ["DISTANCE", ["x", 1, 2, 3], null, [1542]],
    ["GEO_DISTANCE", [[6.937, 50.932], { type: "Point", coordinates: [6.93, 50.94] }], 1015.8355739436823],
    ["GEO_DISTANCE", [[200, 0], [0, 0]], null, [10]],
    ["GEO_IN_RANGE", [[0, 0], [1, 0], 0, 200000], true],
    ["GEO_IN_RANGE", [[0, 0], [1, 0], "0", 200000], null, [10]],
    ["GEO_LINESTRING", [[[35, 10], [45, 45]]], { type: "LineString", coordinates: [[35, 10], [45, 45]] }],
    ["GEO_LINESTRING", [[[35, 10]]], null, [1542]],
    ["GEO_LINESTRING", [1], null, [1563]],
    [
      "GEO_MULTILINESTRING",
      [[[[100, 0], [101, 1]], [[102, 2], [101, 2.3]]]],
      { type: "MultiLineString", coordinates: [[[100, 0], [101, 1]], [[102, 2], [101, 2.3]]] },
    ],
    ["GEO_MULTIPOINT", [[[35, 10], [45, 45]]], { type: "MultiPoint", coordinates: [[35, 10], [45, 45]] }],
    ["GEO_MULTIPOLYGON", [[[[[40, 40], [20, 45], [45, 30], [40, 40]]]]], null, [1542]],
    ["GEO_POINT", [1, 2], { type: "Point", coordinates: [1, 2] }],
    ["GEO_POINT", ["1", 2], null, [1542]],
    [
      "GEO_POLYGON",
      [[[0, 0], [7.5, 2.5], [0, 5], [0, 0]]],
      { type: "Polygon", coordinates: [[[0, 0], [7.5, 2.5], [0, 5], [0, 0]]] },
    ],
    ["GEO_POLYGON", [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]], null, [1542]],
    ["GEO_POLYGON", [[[0, 0], [10, 10], [10, 0], [1, 1]]], null, [1542]],
  ],
  miscellaneous: [
    ["ANALYZER", [true, "text_en"], true],
    ["ASSERT", [1, "never"], true],
    ["ASSERT", [1, 1], null, [1542]],
    ["BOOST", [5, 2], 5],
    ["CALL", ["substring", "this is a test", 0, 7], "this is"],
    ["APPLY", ["UPPER", ["x"]], "X"],
    ["APPLY", ["PI", 1], null, [1542]],
    ["APPLY", ["_aql::upper", ["x"]], "X"],
    ["FIRST_DOCUMENT", [1, [], { a: 1 }, {}], { a: 1 }],
    ["FIRST_LIST", [1, {}], null],
    ["IN_RANGE", [5, 4, 5, false, true], true],
    ["IN_RANGE", ["fox", "fo", "fp", true, false], true],
    ["IN_RANGE", [5, 4, 5, 1, true], null, [1542]],
    ["MIN_MATCH", [true, false, 1, 2], true],
    ["MIN_MATCH", [true, false, 1, 3], false],
    ["MIN_MATCH", [true, "x"], null, [1542]],
    ["NOEVAL", [1], 1],
    ["NOOPT", [1], 1],
    ["NOT_NULL", [null, 0, 1], 0],
    ["NOT_NULL", [null], null],
    ["PASSTHRU", [[1]], [1]],
    ["SLEEP", [-1], null, [1542]],
    ["V8", ["x"], "x"],
    ["WARN", [1, "never"], true],
    ["WARN", [0, "take care"], false, [1594]],
  ],
};

for (const [family, rows] of Object.entries(TABLES)) {
  Deno.test(`functions on ${family} answer what the reference records`, async (t) => {
    for (const [name, args, value, warnings = []] of rows) {
      await t.step(
        `${name}(${args.map(jsonText).join(", ")})`.slice(0, 100),
        () => {
          const outcome = call(name, args);
          deepStrictEqual(outcome.value, value);
          deepStrictEqual(outcome.warnings, warnings);
        },
      );
    }
  });
}

Deno.test("every function has a row of its own or a test below", () => {
  const below = [
    ..."COLLECTIONS COLLECTION_COUNT CURRENT_DATABASE CURRENT_USER DOCUMENT SCHEMA_GET SHARD_ID VERSION".split(" "),
    ..."DATE_TIMEZONE DATE_TIMEZONES FAIL HASH RANDOM_TOKEN UUID".split(" "),
    ..."GEO_AREA GEO_CONTAINS GEO_EQUALS GEO_INTERSECTS IS_IN_POLYGON".split(" "),
    // index_lookups_test.ts
    ..."FULLTEXT NEAR WITHIN WITHIN_RECTANGLE".split(" "),
  ];
  const rows = new Set([...Object.values(TABLES).flatMap((table) => table.map(([name]) => name)), ...below]);
  const untested = [...AQL_FUNCTIONS.values()].filter((spec) => spec.unsupported === undefined && !rows.has(spec.name));
  deepStrictEqual(untested.map((spec) => spec.name), []);
});

/** Checks that a call ends the query with a number. */
function fails(name: string, args: readonly AqlValue[], errorNum: number, text: RegExp = /./): void {
  throws(() => call(name, args), (error) => {
    ok(error instanceof ArangoError);
    strictEqual(error.errorNum, errorNum);
    match(error.message, text);
    return true;
  });
}

Deno.test("some functions end the query instead of warning", () => {
  fails("ASSERT", [false, "must hold"], 1593, /^must hold$/);
  fails("FAIL", ["why"], 1569, /^FAIL\(why\) called$/);
  fails("FAIL", [], 1569, /^FAIL\(\) called$/);
  fails("CALL", [5], 1542);
  fails("CALL", ["nope"], 1540, /usage of unknown function 'NOPE\(\)'/);
  fails("CALL", ["PI", 1], 1541, /minimum: 0, maximum: 0/);
  fails("CALL", ["NEAR", "c", 1, 2], 1578);
  fails("APPLY", ["my::own", []], 1582);
  fails("RANDOM_TOKEN", [-1], 1542);
  fails("RANDOM_TOKEN", [65537], 1542);
  fails(
    "REPLACE_NTH",
    [["a", "b", "c"], 6, "z"],
    1542,
    /^invalid argument type in call to function 'REPLACE_NTH\(\)'$/,
  );
  fails("REPLACE_NTH", [["a"], null, "z"], 1542);
  fails("RANGE", [1, 1e9], 1504);
  fails("DATE_DAY", ["2020-01-01", "Mars/Olympus"], 4);
  fails("DATE_DAY", ["2020-01-01", "+01:00"], 4);
  fails("TOKENS", ["x", "nope"], 10);
  fails("SCHEMA_VALIDATE", [{}, { rule: 7 }], 1621);
  fails("EXISTS", ["x"], 9, /SEARCH/);
  fails("APPROX_NEAR_L2", [[1], [2]], 1554);
});

Deno.test("warnings carry ArangoDB's texts", () => {
  deepStrictEqual(call("MERGE", [1]).messages, ["invalid argument type in call to function 'MERGE()'"]);
  deepStrictEqual(call("FIRST", [1]).messages, ["in function 'FIRST()': array expected"]);
  deepStrictEqual(call("DATE_DAY", ["x"]).messages, ["in function 'DATE_DAY()': invalid date value"]);
  deepStrictEqual(call("WARN", [false, "careful"]).messages, ["careful"]);
});

Deno.test("functions on stored data ask the query's data", () => {
  const documents: Readonly<Record<string, AqlObject>> = {
    "users/a": { _id: "users/a" },
    "users/b": { _id: "users/b" },
  };
  const data: FunctionData = {
    geoIndex: () => undefined,
    fulltextIndex: () => undefined,
    document: (collection, key) => documents[`${collection}/${key}`] ?? null,
    collectionNames: () => ["users", "_apps"],
    collectionId: (name) => name === "users" ? "12" : "3",
    collectionCount: (name) => name === "users" ? 2 : undefined,
    collectionSchema: (name) => name === "users" ? null : undefined,
  };
  const a = documents["users/a"] ?? null;
  const b = documents["users/b"] ?? null;
  deepStrictEqual(call("DOCUMENT", ["users/a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "users/a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "others/a"], { data }).value, null);
  deepStrictEqual(call("DOCUMENT", [["users/b", "users/x", 5, "users/a"]], { data }).value, [b, a]);
  deepStrictEqual(call("DOCUMENT", ["users", ["b", "x"]], { data }).value, [b]);
  deepStrictEqual(call("DOCUMENT", [5], { data }), { value: null, warnings: [], messages: [] });
  deepStrictEqual(call("DOCUMENT", [5, "a"], { data }).warnings, [1542]);
  deepStrictEqual(call("COLLECTIONS", [], { data }).value, [{ _id: "3", name: "_apps" }, { _id: "12", name: "users" }]);
  deepStrictEqual(call("COLLECTION_COUNT", ["users"], { data }).value, 2);
  throws(() => call("COLLECTION_COUNT", ["none"], { data }), {
    errorNum: 1203,
    message: "collection or view not found: none",
  });
  deepStrictEqual(call("SCHEMA_GET", ["users"], { data }).value, null);
  throws(() => call("SCHEMA_GET", ["none"], { data }), { errorNum: 1203 });
  deepStrictEqual(call("SHARD_ID", ["users", {}], { data }).value, "users");
  throws(() => call("DOCUMENT", ["users/a"]), { errorNum: 9 });
});

Deno.test("functions on the query's surroundings ask its context", () => {
  deepStrictEqual(call("CURRENT_DATABASE", [], { database: () => "mine" }).value, "mine");
  deepStrictEqual(call("CURRENT_USER", [], { user: () => null }).value, null);
  deepStrictEqual(call("VERSION", [], { version: () => "3.12.0" }).value, "3.12.0");
  const waits: number[] = [];
  deepStrictEqual(call("SLEEP", [0.5], { sleep: (seconds) => void waits.push(seconds) }).value, null);
  deepStrictEqual(waits, [0.5]);
  deepStrictEqual(call("CALL", ["my::own", 1], { callUserFunction: (name, args) => [name, ...args] }).value, [
    "my::own",
    1,
  ]);
});

Deno.test("random values have the documented form", () => {
  match(String(call("UUID", []).value), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  match(String(call("RANDOM_TOKEN", [100]).value), /^[A-Za-z0-9]{100}$/);
  strictEqual(call("RANDOM_TOKEN", [0]).value, "");
});

Deno.test("HASH() is the same for equal values and fits 51 bits", () => {
  strictEqual(call("HASH", [{ a: 1, b: [null] }]).value, call("HASH", [{ b: [], a: 1 }]).value);
  ok(call("HASH", ["1"]).value !== call("HASH", [1]).value);
  for (let i = 0; i < 200; i++) {
    const hash = Number(call("HASH", [`text ${i}`]).value);
    ok(Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 51);
  }
});

Deno.test("time zones have names, transitions and summer time", () => {
  ok((call("DATE_TIMEZONES", []).value as AqlValue[]).includes("Europe/Berlin"));
  strictEqual(typeof call("DATE_TIMEZONE", []).value, "string");
  const lagos = call("DATE_LOCALTOUTC", ["2021-03-16T12:00:00.000", "Africa/Lagos", true]).value as AqlObject;
  strictEqual(lagos["utc"], "2021-03-16T11:00:00.000Z");
  deepStrictEqual(lagos["zoneInfo"], {
    name: "WAT",
    begin: "1919-08-31T23:30:00.000Z",
    end: null,
    dst: false,
    offset: 3600,
  });
  const berlin = call("DATE_UTCTOLOCAL", ["2020-07-01", "Europe/Berlin", true]).value as AqlObject;
  deepStrictEqual(berlin["zoneInfo"], {
    name: "CEST",
    begin: "2020-03-29T01:00:00.000Z",
    end: "2020-10-25T01:00:00.000Z",
    dst: true,
    offset: 7200,
  });
});

const SQUARE = { type: "Polygon", coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]] };
const HOLED = {
  type: "Polygon",
  coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]],
};

Deno.test("GEO_CONTAINS() knows insides, holes, and outer rings that enclose the rest of the world", () => {
  const inside = { type: "Point", coordinates: [5, 5] };
  strictEqual(call("GEO_CONTAINS", [SQUARE, inside]).value, true);
  strictEqual(call("GEO_CONTAINS", [SQUARE, [15, 5]]).value, false);
  strictEqual(call("GEO_CONTAINS", [HOLED, [3, 3]]).value, false);
  strictEqual(call("GEO_CONTAINS", [HOLED, inside]).value, true);
  const turned = { type: "Polygon", coordinates: SQUARE.coordinates.map((ring) => ring.toReversed()) };
  strictEqual(call("GEO_CONTAINS", [turned, inside]).value, false);
  strictEqual(call("GEO_CONTAINS", [turned, [15, 5]]).value, true);
  const line = { type: "LineString", coordinates: [[1, 1], [9, 9]] };
  strictEqual(call("GEO_CONTAINS", [SQUARE, line]).value, true);
  strictEqual(call("GEO_CONTAINS", [HOLED, line]).value, false);
  strictEqual(call("GEO_CONTAINS", [SQUARE, HOLED]).value, true);
  strictEqual(call("GEO_CONTAINS", [HOLED, SQUARE]).value, false);
  deepStrictEqual(call("GEO_CONTAINS", [line, inside]).warnings, [1542]);
  deepStrictEqual(call("GEO_CONTAINS", [SQUARE, "x"]).warnings, [10]);
});

Deno.test("GEO_INTERSECTS() works on all pairs of points, lines and polygons", () => {
  const through = { type: "LineString", coordinates: [[-5, 5], [15, 5]] };
  const across = { type: "LineString", coordinates: [[5, -5], [5, 15]] };
  const away = { type: "LineString", coordinates: [[20, 20], [30, 30]] };
  const point = { type: "Point", coordinates: [5, 5] };
  const beside = { type: "Polygon", coordinates: [[[9, 9], [12, 9], [12, 12], [9, 12], [9, 9]]] };
  strictEqual(call("GEO_INTERSECTS", [SQUARE, through]).value, true);
  strictEqual(call("GEO_INTERSECTS", [through, SQUARE]).value, true);
  strictEqual(call("GEO_INTERSECTS", [SQUARE, away]).value, false);
  strictEqual(call("GEO_INTERSECTS", [through, across]).value, true);
  strictEqual(call("GEO_INTERSECTS", [through, away]).value, false);
  strictEqual(call("GEO_INTERSECTS", [SQUARE, beside]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, SQUARE]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, [5, 5]]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, [6, 5]]).value, false);
  strictEqual(call("GEO_INTERSECTS", [across, [5, 0]]).value, true);
});

Deno.test("GEO_EQUALS() does not care where a ring starts", () => {
  const shifted = { type: "Polygon", coordinates: [[[10, 0], [10, 10], [0, 10], [0, 0], [10, 0]]] };
  strictEqual(call("GEO_EQUALS", [SQUARE, shifted]).value, true);
  strictEqual(call("GEO_EQUALS", [SQUARE, HOLED]).value, false);
  strictEqual(call("GEO_EQUALS", [SQUARE, { type: "Point", coordinates: [0, 0] }]).value, false);
  deepStrictEqual(call("GEO_EQUALS", [SQUARE, [0, 0]]).warnings, [1542]);
});

Deno.test("GEO_AREA() measures polygons on the sphere and on the ellipsoid", () => {
  const area = Number(call("GEO_AREA", [SQUARE]).value);
  ok(Math.abs(area / 1.2332e12 - 1) < 0.001);
  ok(Number(call("GEO_AREA", [HOLED]).value) < area);
  const onEllipsoid = Number(call("GEO_AREA", [SQUARE, "wgs84"]).value);
  ok(onEllipsoid !== area && Math.abs(onEllipsoid / area - 1) < 0.01);
  deepStrictEqual(call("GEO_AREA", [[0, 0]]).warnings, [10]);
  ok(Math.abs(Number(call("GEO_DISTANCE", [[0, 0], [1, 1], "wgs84"]).value) - 156899.56829134026) < 1e-6);
});

Deno.test("IS_IN_POLYGON() takes latitude first, unless told otherwise", () => {
  const polygon = [[0, 0], [0, 10], [10, 10], [10, 0]];
  strictEqual(call("IS_IN_POLYGON", [polygon, 4, 7]).value, true);
  strictEqual(call("IS_IN_POLYGON", [polygon, [4, 7]]).value, true);
  strictEqual(call("IS_IN_POLYGON", [polygon, [4, 17]]).value, false);
  strictEqual(call("IS_IN_POLYGON", [[[0, 80], [10, 80], [10, 90], [0, 90]], [5, 85], true]).value, true);
  deepStrictEqual(call("IS_IN_POLYGON", [5, 4, 7]).warnings, [1563]);
});

Deno.test("functions never change their arguments", () => {
  const array: AqlValue[] = [3, 1, 2];
  const object = { b: 1, a: { c: [1] } };
  const frozen = JSON.stringify([array, object]);
  for (const name of ["SORTED", "REVERSE", "UNIQUE", "MEDIAN", "SHIFT", "POP"]) call(name, [array]);
  call("PUSH", [array, 1]);
  call("REMOVE_VALUE", [array, 1]);
  call("MERGE_RECURSIVE", [object, { a: { d: 1 } }]);
  call("UNSET", [object, "a"]);
  strictEqual(JSON.stringify([array, object]), frozen);
});
