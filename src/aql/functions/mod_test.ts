/** @module */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { AQL_FUNCTIONS } from "./mod.ts";
import { call } from "./test_context.ts";
import { INTERNAL_FUNCTION_NAMES } from "./unsupported.ts";

/** Name, least and largest number of arguments (`*`: any) and `!` for what is not deterministic, by the reference. */
const KNOWN = `
  ABS 1 1, ACOS 1 1, ANALYZER 2 2, APPEND 2 3, APPLY 1 2 !, APPROX_NEAR_COSINE 2 3,
  APPROX_NEAR_INNER_PRODUCT 2 3, APPROX_NEAR_L2 2 3, ASIN 1 1, ASSERT 2 2 !, ATAN 1 1, ATAN2 2 2, ATTRIBUTES 1 3,
  AVERAGE 1 1, AVG 1 1, BIT_AND 1 2, BIT_CONSTRUCT 1 1, BIT_DECONSTRUCT 1 1, BIT_FROM_STRING 1 1, BIT_NEGATE 2 2,
  BIT_OR 1 2, BIT_POPCOUNT 1 1, BIT_SHIFT_LEFT 3 3, BIT_SHIFT_RIGHT 3 3, BIT_TEST 2 2, BIT_TO_STRING 2 2,
  BIT_XOR 1 2, BM25 1 3, BOOST 2 2, CALL 1 * !, CEIL 1 1, CHAR_LENGTH 1 1, CHECK_DOCUMENT 1 1 !,
  COLLECTIONS 0 0 !, COLLECTION_COUNT 1 1 !, CONCAT 1 *, CONCAT_SEPARATOR 2 *, CONTAINS 2 3, CONTAINS_ARRAY 2 3,
  COS 1 1, COSINE_SIMILARITY 2 2, COUNT 1 1, COUNT_DISTINCT 1 1, COUNT_UNIQUE 1 1, CRC32 1 1,
  CURRENT_DATABASE 0 0, CURRENT_USER 0 0, DATE_ADD 2 4, DATE_COMPARE 3 6, DATE_DAY 1 2, DATE_DAYOFWEEK 1 2,
  DATE_DAYOFYEAR 1 2, DATE_DAYS_IN_MONTH 1 2, DATE_DIFF 3 6, DATE_FORMAT 2 3, DATE_HOUR 1 2, DATE_ISO8601 1 7,
  DATE_ISOWEEK 1 2, DATE_ISOWEEKYEAR 1 2, DATE_LEAPYEAR 1 2, DATE_LOCALTOUTC 2 3, DATE_MILLISECOND 1 1,
  DATE_MINUTE 1 2, DATE_MONTH 1 2, DATE_NOW 0 0, DATE_QUARTER 1 2, DATE_ROUND 3 4, DATE_SECOND 1 1,
  DATE_SUBTRACT 2 4, DATE_TIMESTAMP 1 7, DATE_TIMEZONE 0 0, DATE_TIMEZONES 0 0, DATE_TRUNC 2 3,
  DATE_UTCTOLOCAL 2 3, DATE_YEAR 1 2, DECAY_EXP 5 5, DECAY_GAUSS 5 5, DECAY_LINEAR 5 5, DECODE_REV 1 1,
  DEGREES 1 1, DISTANCE 4 4, DOCUMENT 1 2 !, ENCODE_URI_COMPONENT 1 1, ENTRIES 1 1, EXISTS 1 3, EXP 1 1,
  EXP2 1 1, FAIL 0 1 !, FIND_FIRST 2 4, FIND_LAST 2 4, FIRST 1 1, FIRST_DOCUMENT 1 *, FIRST_LIST 1 *,
  FLATTEN 1 2, FLOOR 1 1, FNV64 1 1, FULLTEXT 3 4 !, GEO_AREA 1 2, GEO_CONTAINS 2 2, GEO_DISTANCE 2 3,
  GEO_EQUALS 2 2, GEO_INTERSECTS 2 2, GEO_IN_RANGE 4 7, GEO_LINESTRING 1 1, GEO_MULTILINESTRING 1 1,
  GEO_MULTIPOINT 1 1, GEO_MULTIPOLYGON 1 1, GEO_POINT 2 3, GEO_POLYGON 1 1, HAS 2 2, HASH 1 1, INTERLEAVE 2 *,
  INTERNAL 0 0 !, INTERSECTION 2 *, IN_RANGE 5 5, IPV4_FROM_NUMBER 1 1, IPV4_TO_NUMBER 1 1, IS_ARRAY 1 1,
  IS_BOOL 1 1, IS_DATESTRING 1 1, IS_DOCUMENT 1 1, IS_IN_POLYGON 2 3, IS_IPV4 1 1, IS_KEY 1 1, IS_LIST 1 1,
  IS_NULL 1 1, IS_NUMBER 1 1, IS_OBJECT 1 1, IS_SAME_COLLECTION 2 2, IS_STRING 1 1, JACCARD 2 2, JSON_PARSE 1 1,
  JSON_STRINGIFY 1 1, KEEP 2 *, KEEP_RECURSIVE 2 *, KEYS 1 3, L1_DISTANCE 2 2, L2_DISTANCE 2 2, LAST 1 1,
  LEFT 2 2, LENGTH 1 1, LEVENSHTEIN_DISTANCE 2 2, LEVENSHTEIN_MATCH 3 6, LIKE 2 3, LOG 1 1, LOG10 1 1, LOG2 1 1,
  LOWER 1 1, LTRIM 1 2, MAKE_DISTRIBUTE_GRAPH_INPUT 1 1, MAKE_DISTRIBUTE_INPUT 2 2,
  MAKE_DISTRIBUTE_INPUT_WITH_KEY_CREATION 3 3 !, MATCHES 2 3, MAX 1 1, MD5 1 1, MEDIAN 1 1, MERGE 1 *,
  MERGE_RECURSIVE 1 *, MIN 1 1, MINHASH 2 2, MINHASH_COUNT 1 1, MINHASH_ERROR 1 1, MINHASH_MATCH 3 4, MINUS 2 *,
  MIN_MATCH 2 *, NEAR 3 5 !, NGRAM_MATCH 2 4, NGRAM_POSITIONAL_SIMILARITY 3 3, NGRAM_SIMILARITY 3 3, NOEVAL 1 1,
  NOOPT 1 1 !, NOT_NULL 1 *, NTH 2 2, OFFSET_INFO 2 2, OUTERSECTION 2 *, PARSE_COLLECTION 1 1,
  PARSE_IDENTIFIER 1 1, PARSE_KEY 1 1, PARTITION 2 3, PASSTHRU 1 1, PERCENTILE 2 3, PHRASE 2 *, PI 0 0, POP 1 1,
  POSITION 2 3, POW 2 2, PRODUCT 1 1, PUSH 2 3, RADIANS 1 1, RAND 0 0 !, RANDOM 0 0 !, RANDOM_TOKEN 1 1 !,
  RANGE 2 3, REGEX_MATCHES 2 3, REGEX_REPLACE 3 4, REGEX_SPLIT 2 4, REGEX_TEST 2 3, REMOVE_NTH 2 2,
  REMOVE_VALUE 2 3, REMOVE_VALUES 2 2, REPEAT 2 3, REPLACE_NTH 3 4, REVERSE 1 1, RIGHT 2 2, ROUND 1 1, RTRIM 1 2,
  SCHEMA_GET 1 1 !, SCHEMA_VALIDATE 2 2 !, SELECT_SMART_DISTRIBUTE_GRAPH_INPUT 2 2, SHA1 1 1, SHA256 1 1,
  SHA512 1 1, SHARD_ID 2 2 !, SHIFT 1 1, SIN 1 1, SLEEP 1 1 !, SLICE 2 3, SORTED 1 1, SORTED_UNIQUE 1 1,
  SOUNDEX 1 1, SPLIT 1 3, SQRT 1 1, STARTS_WITH 2 4, STDDEV 1 1, STDDEV_POPULATION 1 1, STDDEV_SAMPLE 1 1,
  SUBSTITUTE 2 4, SUBSTRING 2 3, SUBSTRING_BYTES 2 5, SUM 1 1, TAN 1 1, TFIDF 1 2, TOKENS 1 2, TO_ARRAY 1 1,
  TO_BASE64 1 1, TO_BOOL 1 1, TO_CHAR 1 1, TO_HEX 1 1, TO_LIST 1 1, TO_NUMBER 1 1, TO_STRING 1 1, TRANSLATE 2 3,
  TRIM 1 2, TYPENAME 1 1, UNION 2 *, UNION_DISTINCT 2 *, UNION_DISTINCT_STABLE 2 *, UNIQUE 1 1, UNSET 2 *,
  UNSET_RECURSIVE 2 *, UNSHIFT 2 3, UPPER 1 1, UUID 0 0 !, V8 1 1, VALUE 2 2, VALUES 1 2, VARIANCE 1 1,
  VARIANCE_POPULATION 1 1, VARIANCE_SAMPLE 1 1, VERSION 0 0, WARN 2 2 !, WITHIN 4 5 !, WITHIN_RECTANGLE 5 5 !,
  ZIP 2 2,
`;

interface Known {
  readonly name: string;
  readonly args: readonly [number, number];
  readonly deterministic: boolean;
}

const known: readonly Known[] = KNOWN.split(",").map((row) => row.trim()).filter(Boolean).map((row) => {
  const [name = "", min, max, mark] = row.split(" ");
  return { name, args: [Number(min), max === "*" ? Infinity : Number(max)], deterministic: mark === undefined };
});

Deno.test("every function of the reference is there, or is internal to ArangoDB", () => {
  strictEqual(known.length, 264);
  const missing = known.filter(({ name }) => !AQL_FUNCTIONS.has(name) && !INTERNAL_FUNCTION_NAMES.has(name));
  deepStrictEqual(missing, []);
});

Deno.test("there is no function that the reference does not know", () => {
  const names = new Set(known.map(({ name }) => name));
  deepStrictEqual([...AQL_FUNCTIONS.keys()].filter((name) => !names.has(name)), []);
});

Deno.test("functions take as many arguments as the reference says", () => {
  const different = known.filter(({ name, args }) => {
    const spec = AQL_FUNCTIONS.get(name);
    return spec !== undefined && String(spec.args) !== String(args);
  });
  deepStrictEqual(different, []);
});

Deno.test("functions are as deterministic as the reference says, unless they cannot be called at all", () => {
  const different = known.filter(({ name, deterministic }) => {
    const spec = AQL_FUNCTIONS.get(name);
    return spec !== undefined && spec.unsupported === undefined && spec.deterministic !== deterministic;
  });
  deepStrictEqual(different, []);
});

Deno.test("what is not supported says why", () => {
  const silent = [...AQL_FUNCTIONS.values()].filter((spec) => spec.unsupported === "");
  deepStrictEqual(silent, []);
  ok(AQL_FUNCTIONS.get("PHRASE")?.unsupported);
  throws(() => call("EXISTS", ["x"]), { errorNum: 9, message: /SEARCH/ });
  throws(() => call("APPROX_NEAR_L2", [[1], [2]]), { errorNum: 1554 });
});
