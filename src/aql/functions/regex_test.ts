/** @module */
import { REGEX_FUNCTIONS } from "./regex.ts";
import { testCalls } from "./test_context.ts";

testCalls("patterns", REGEX_FUNCTIONS, [
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
]);
