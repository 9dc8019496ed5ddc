/* The manual's chapter on string functions, and regular expressions: borders, Unicode, other types, warnings. */
"use strict";
const jsunity = require("jsunity");
const { assertCalls, ends } = require("aql");
const AVOCADO = "\u{1f951}"; // one character, two units of UTF-16, four bytes of UTF-8

function StringSuite() {
  return {
    testLengths: function () {
      assertCalls([
        ["LENGTH", [AVOCADO + "é"], 2],
        ["CHAR_LENGTH", ["e\u0301"], 2],
        ["CHAR_LENGTH", [""], 0],
        ["CHAR_LENGTH", [null], 0],
        ["CHAR_LENGTH", [-1.5], 4],
        ["CHAR_LENGTH", [[1, "a"]], 7],
        ["CHAR_LENGTH", [{ a: null }], 10],
        ["COUNT", ["abc"], 3],
      ]);
    },

    testPutTogether: function () {
      assertCalls([
        ["CONCAT", ["a", null, 1, true, [1, { a: "b" }], {}], 'a1true[1,{"a":"b"}]{}'],
        ["CONCAT", [["a", null, ["b"]]], 'a["b"]'],
        ["CONCAT", [["a"], ["b"]], '["a"]["b"]'],
        ["CONCAT", [[]], ""],
        ["CONCAT", [null], ""],
        ["CONCAT_SEPARATOR", [", ", "a", null, "b"], "a, b"],
        ["CONCAT_SEPARATOR", [", ", ["a", null, "b", 3]], "a, b, 3"],
        ["CONCAT_SEPARATOR", [", ", ["a"], ["b"]], '["a"], ["b"]'],
        ["CONCAT_SEPARATOR", [", ", "", ""], ", "],
        ["CONCAT_SEPARATOR", [null, "a", "b"], "ab"],
        ["CONCAT_SEPARATOR", [0, "a", "b"], "a0b"],
        ["REPEAT", ["ab", 2, "-"], "ab-ab"],
        ["REPEAT", ["", 1000000], ""],
        ["REPEAT", ["a", 1], "a"],
        ["REPEAT", ["a", -0.5], ""],
        ["REPEAT", [1, "2"], "11"],
      ]);
    },

    testParts: function () {
      assertCalls([
        ["SUBSTRING", ["abc", 1], "bc"],
        ["SUBSTRING", ["abc", 1, 1], "b"],
        ["SUBSTRING", ["abc", -2, 1], "b"],
        ["SUBSTRING", ["abc", -9], "abc"],
        ["SUBSTRING", ["abc", 3], ""],
        ["SUBSTRING", ["abc", 0, 99], "abc"],
        ["SUBSTRING", ["abc", 0, -1], ""],
        ["SUBSTRING", ["abc", 1.9, 1.9], "b"],
        ["SUBSTRING", ["abc", "1"], "bc"],
        ["SUBSTRING", [AVOCADO + "bc", 1, 1], "b"],
        ["SUBSTRING", [null, 0], ""],
        ["SUBSTRING", [12345, 1, 2], "23"],
        ["LEFT", ["abc", 2], "ab"],
        ["LEFT", ["abc", 0], ""],
        ["LEFT", ["abc", -1], ""],
        ["LEFT", ["abc", 9], "abc"],
        ["LEFT", [true, 2], "tr"],
        ["RIGHT", ["abc", 2], "bc"],
        ["RIGHT", ["abc", -1], ""],
        ["RIGHT", ["a" + AVOCADO, 1], AVOCADO],
        ["SUBSTRING_BYTES", ["aéb", 1, 2], "é"],
        ["SUBSTRING_BYTES", ["aéb", 2], null, 10],
        ["SUBSTRING_BYTES", [1, 0], null, 10],
      ]);
    },

    testSearches: function () {
      assertCalls([
        ["CONTAINS", ["abc", "bc"], true],
        ["CONTAINS", ["abc", "BC"], false],
        ["CONTAINS", ["abc", ""], false],
        ["CONTAINS", ["abc", "c", true], 2],
        ["CONTAINS", ["éc", "c", true], 2],
        ["CONTAINS", ["abc", "d", true], -1],
        ["CONTAINS", [null, "a"], false],
        ["CONTAINS", [[1, 2], 2], true],
        ["FIND_FIRST", ["abcabc", "c"], 2],
        ["FIND_FIRST", ["abcabc", "c", 3], 5],
        ["FIND_FIRST", ["abcabc", "bc", 0, 1], -1],
        ["FIND_FIRST", ["abcabc", "bc", 0, 2], 1],
        ["FIND_FIRST", ["abcabc", "c", 3, 2], -1],
        ["FIND_FIRST", ["abcabc", "c", -1], -1],
        ["FIND_FIRST", ["éb", "b"], 1],
        ["FIND_LAST", ["abcabc", "c"], 5],
        ["FIND_LAST", ["abcabc", "c", 0, 4], 2],
        ["FIND_LAST", ["abcabc", "c", 3, 4], -1],
        ["FIND_LAST", ["abc", ""], 3],
        ["STARTS_WITH", ["abc", "ab"], true],
        ["STARTS_WITH", ["abc", ""], true],
        ["STARTS_WITH", ["abc", ["b", "a"]], true],
        ["STARTS_WITH", ["abc", ["b", "a"], 2], false],
        ["STARTS_WITH", ["abc", ["b"], 0], true],
        ["STARTS_WITH", ["abc", 1], null, 1542],
        ["STARTS_WITH", ["abc", ["a"], -1], null, 1542],
      ]);
    },

    testTrims: function () {
      assertCalls([
        ["TRIM", [" \t\r\n a b \n"], "a b"],
        ["TRIM", ["  a  ", 1], "a  "],
        ["TRIM", ["  a  ", 2], "  a"],
        ["TRIM", ["  a  ", 0], "a"],
        ["TRIM", ["xyaxy", "yx"], "a"],
        ["TRIM", ["éaé", "é"], "a"],
        ["TRIM", ["xxx", "x"], ""],
        ["TRIM", [null], ""],
        ["LTRIM", ["xyaxy", "xy"], "axy"],
        ["RTRIM", ["xyaxy", "xy"], "xya"],
        ["LTRIM", ["  a"], "a"],
        ["RTRIM", ["a\n"], "a"],
      ]);
    },

    testSplits: function () {
      assertCalls([
        ["SPLIT", ["a,b,,c,", ","], ["a", "b", "", "c", ""]],
        ["SPLIT", ["a, b&c", [", ", "&"]], ["a", "b", "c"]],
        ["SPLIT", ["a" + AVOCADO, ""], ["a", AVOCADO]],
        ["SPLIT", ["a.b*c", "."], ["a", "b*c"]],
        ["SPLIT", ["a,b,c", ",", 2], ["a", "b"]],
        ["SPLIT", ["a,b,c", ",", 0], []],
        ["SPLIT", ["a,b,c", ",", -1], null],
        ["SPLIT", ["a,b,c", ",", "1"], null, 1542],
        ["SPLIT", ["a,b", {}], null, 1542],
        ["SPLIT", ["", ","], [""]],
        ["SPLIT", [null, ","], [""]],
        ["SPLIT", ["a1b", 1], ["a", "b"]],
        ["SPLIT", ["a,b"], ["a,b"]],
      ]);
    },

    testSubstitutes: function () {
      assertCalls([
        ["SUBSTITUTE", ["aXbX", "X", "-"], "a-b-"],
        ["SUBSTITUTE", ["aXbX", "X", "-", 1], "a-bX"],
        ["SUBSTITUTE", ["aXbX", "X"], "ab"],
        ["SUBSTITUTE", ["aXbX", "x", "-"], "aXbX"],
        ["SUBSTITUTE", ["ab", ["a", "b"], ["b", "a"]], "ba"],
        ["SUBSTITUTE", ["ab", ["a", "b"], ["x"]], "x"],
        ["SUBSTITUTE", ["ab", ["a", "b"], "x"], "xx"],
        ["SUBSTITUTE", ["ab", { a: "b", b: "a" }], "ba"],
        ["SUBSTITUTE", ["ab", { a: null }], "b"],
        ["SUBSTITUTE", ["a.c", ".", "$1"], "a$1c"],
        ["SUBSTITUTE", ["ab", "a", "b", 0], "ab"],
        ["SUBSTITUTE", ["ab", 1, "b"], null, 1542],
        ["SUBSTITUTE", ["ab", { a: 1 }], null, 1542],
        ["SUBSTITUTE", ["ab", ["a", 1], "b"], null, 1542],
      ]);
    },

    testCase: function () {
      assertCalls([
        ["LOWER", ["ÄÖÜ É"], "äöü é"],
        ["UPPER", ["äöü ß"], "ÄÖÜ SS"],
        ["LOWER", [null], ""],
        ["UPPER", [[true, "a"]], '[TRUE,"A"]'],
        ["REVERSE", ["abc"], "cba"],
        ["REVERSE", [""], ""],
        ["REVERSE", [null], null, 1563],
      ]);
    },

    testEncodings: function () {
      assertCalls([
        ["TO_BASE64", ["fünf"], "ZsO8bmY="],
        ["TO_BASE64", [null], ""],
        ["TO_HEX", [AVOCADO], "f09fa591"],
        ["ENCODE_URI_COMPONENT", ["a b/é?"], "a%20b%2F%C3%A9%3F"],
        ["TO_CHAR", [233], "é"],
        ["TO_CHAR", ["233"], null, 1542],
        ["JSON_STRINGIFY", [{ a: [1.5, null, 'é"\n'] }], '{"a":[1.5,null,"é\\"\\n"]}'],
        ["JSON_PARSE", [' {"a": [1, "\\u00e9"]} '], { a: [1, "é"] }],
        ["JSON_PARSE", [""], null, 1542],
        ["JSON_PARSE", ["{a: 1}"], null, 1542],
        ["JSON_PARSE", [null], null, 1542],
        ["IPV4_TO_NUMBER", ["0.0.0.255"], 255],
        ["IPV4_TO_NUMBER", ["0.0.0.256"], null, 1542],
        ["IPV4_FROM_NUMBER", [4294967295], "255.255.255.255"],
        ["IPV4_FROM_NUMBER", [4294967296], null, 1542],
        ["IS_IPV4", ["1.2.3.4"], true],
        ["IS_IPV4", ["1.2.3"], false],
        ["IS_IPV4", ["01.2.3.4"], false],
        ["IS_IPV4", [1], false],
      ]);
    },

    testHashesOfTheEmptyText: function () {
      assertCalls([
        ["MD5", [""], "d41d8cd98f00b204e9800998ecf8427e"],
        ["SHA1", [null], "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
        ["SHA256", [""], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        ["CRC32", [""], "0"],
        ["FNV64", [""], "CBF29CE484222325"],
      ]);
    },

    testLikenesses: function () {
      assertCalls([
        ["LEVENSHTEIN_DISTANCE", ["kitten", "sitting"], 3],
        ["LEVENSHTEIN_DISTANCE", ["ca", "abc"], 3],
        ["LEVENSHTEIN_DISTANCE", [AVOCADO, "a"], 1],
        ["LEVENSHTEIN_DISTANCE", [null, "abc"], 3],
        ["LEVENSHTEIN_MATCH", ["kitten", "sitting", 3], true],
        ["LEVENSHTEIN_MATCH", ["kitten", "sitting", 2], false],
        ["LEVENSHTEIN_MATCH", ["ab", "ba", 1, false], false],
        ["LEVENSHTEIN_MATCH", ["ab", "ba", -1], null, 1542],
        ["SOUNDEX", ["Robert"], "R163"],
        ["SOUNDEX", ["Rupert"], "R163"],
        ["SOUNDEX", ["!"], ""],
        ["NGRAM_SIMILARITY", ["abcd", "abcd", 2], 1],
        ["NGRAM_SIMILARITY", ["abcd", "wxyz", 2], 0],
        ["NGRAM_SIMILARITY", ["a", "b", 0], null, 10],
        ["NGRAM_SIMILARITY", [1, "b", 1], null, 1542],
      ]);
    },

    testTokens: function () {
      assertCalls([
        ["TOKENS", ["Ab c"], ["Ab c"]],
        ["TOKENS", ["The quick Fox", "text_en"], ["the", "quick", "fox"]],
        ["TOKENS", [["a b", ["c"]], "text_en"], [["a", "b"], [["c"]]]],
        // what is no text has the tokens under which it is indexed
        ["TOKENS", [[true, false, null]], [["/w=="], ["AA=="], [""]]],
        ["TOKENS", [0], ["oIAAAAAAAAAA", "sIAAAAAAAA==", "wIAAAAA=", "0IAA"]],
        ["TOKENS", [{}], ends(10)],
        ["TOKENS", ["a", "none"], ends(10)],
      ]);
    },
  };
}

function PatternSuite() {
  return {
    testLike: function () {
      assertCalls([
        ["LIKE", ["abc", "a%"], true],
        ["LIKE", ["abc", "_b_"], true],
        ["LIKE", ["abc", "b"], false],
        ["LIKE", ["ABC", "a%"], false],
        ["LIKE", ["ABC", "a%", true], true],
        ["LIKE", ["ÄBC", "äb_", true], true],
        ["LIKE", ["a\nb", "a%b"], true],
        ["LIKE", [AVOCADO, "_"], true],
        ["LIKE", ["a.c", "a.c"], true],
        ["LIKE", ["abc", "a.c"], false],
        ["LIKE", ["(a)[b]{c}^$|?*+", "(a)[b]{c}^$|?*+"], true],
        ["LIKE", ["a%", "a\\%"], true],
        ["LIKE", ["ab", "a\\%"], false],
        ["LIKE", ["a_", "a\\_"], true],
        ["LIKE", ["a\\b", "a\\\\b"], true],
        ["LIKE", ["", ""], true],
        ["LIKE", ["", "%"], true],
        ["LIKE", [null, null], true],
        ["LIKE", [12.5, "1_.5"], true],
      ]);
    },

    testRegularExpressions: function () {
      assertCalls([
        ["REGEX_TEST", ["abc", "b"], true],
        ["REGEX_TEST", ["abc", "^b"], false],
        ["REGEX_TEST", ["ABC", "b", true], true],
        ["REGEX_TEST", ["a\nb", "a.b"], false],
        ["REGEX_TEST", ["a\nb", "^b$"], false],
        ["REGEX_TEST", ["ABC", "(?i)b"], true],
        ["REGEX_TEST", ["é", "^\\p{L}$"], true],
        ["REGEX_TEST", ["abc", ""], true],
        ["REGEX_TEST", [null, "^$"], true],
        ["REGEX_TEST", [123, "2"], true],
        ["REGEX_TEST", ["abc", "(b"], null, 1543],
        ["REGEX_MATCHES", ["ab-12", "([a-z]+)-([0-9]+)(x)?"], ["ab-12", "ab", "12", ""]],
        ["REGEX_MATCHES", ["abc", "x"], null],
        ["REGEX_MATCHES", ["ABC", "(b)", true], ["B", "B"]],
        ["REGEX_MATCHES", ["abc", "["], null, 1543],
        ["REGEX_SPLIT", ["a1b22c", "[0-9]+"], ["a", "b", "c"]],
        ["REGEX_SPLIT", ["a1b22c", "[0-9]+", false, 2], ["a", "b"]],
        ["REGEX_SPLIT", ["aXb", "x", true], ["a", "b"]],
        ["REGEX_SPLIT", ["a-b", "(-)"], ["a", "-", "b"]],
        ["REGEX_SPLIT", ["a1b", "[", false], null, 1543],
        ["REGEX_SPLIT", ["a1b", "1", false, "x"], null, 1542],
        ["REGEX_REPLACE", ["a1b22", "[0-9]+", "#"], "a#b#"],
        ["REGEX_REPLACE", ["ab", "(a)(b)", "$2$1"], "ba"],
        ["REGEX_REPLACE", ["AB", "b", "x", true], "Ax"],
        ["REGEX_REPLACE", ["abc", "x", "y"], "abc"],
        ["REGEX_REPLACE", ["abc", "b", ""], "ac"],
        ["REGEX_REPLACE", ["abc", "*", ""], null, 1543],
      ]);
    },
  };
}

jsunity.run(StringSuite);
jsunity.run(PatternSuite);
return jsunity.done();
