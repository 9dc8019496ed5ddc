/** @module */
import { SIMILARITY_FUNCTIONS } from "./similarity.ts";
import { ends, testCalls } from "./test_context.ts";

testCalls("similarity", SIMILARITY_FUNCTIONS, [
  ["LEVENSHTEIN_DISTANCE", ["foobar", "bar"], 3],
  ["LEVENSHTEIN_DISTANCE", [" ", ""], 1],
  ["LEVENSHTEIN_DISTANCE", ["foobar", "fo0bra"], 2],
  ["LEVENSHTEIN_DISTANCE", ["ab", "ba"], 1],
  ["LEVENSHTEIN_MATCH", ["foobar", "foobra", 1], true],
  ["LEVENSHTEIN_MATCH", ["foobar", "foobra", 1, false], false],
  ["LEVENSHTEIN_MATCH", ["foobar", "foo", 5, false], null, [1542]],
  ["NGRAM_MATCH", ["abc", "abc", 0.5, "identity"], true],
  ["NGRAM_MATCH", ["abc", "abd", "identity"], false],
  ["NGRAM_MATCH", ["abc", "abd"], null, [1541]],
  ["NGRAM_POSITIONAL_SIMILARITY", ["quick fox", "quick foxx", 2], 0.8888888955116272],
  ["NGRAM_POSITIONAL_SIMILARITY", ["quick fox", "quirky fox", 3], 0.6666666865348816],
  ["NGRAM_SIMILARITY", ["quick fox", "quick foxx", 3], 0.875],
  ["NGRAM_SIMILARITY", ["a", "b", 0], null, [10]],
  ["TOKENS", ["Lörem", "identity"], ["Lörem"]],
  ["TOKENS", [["a", ["b"]]], [["a"], [["b"]]]],
  ["TOKENS", [[true, null]], [["/w=="], [""]]],
  ["TOKENS", [-1], ["oEAP////////", "sEAP/////w==", "wEAP//8=", "0EAP"]],
  ["TOKENS", ["x", "nope"], ends(10)],
]);
