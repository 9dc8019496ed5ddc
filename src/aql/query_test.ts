/**
 * What queries answer: results, warnings and errors, a row for each promise.
 *
 * @module
 */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { ArangoError } from "../base/arango_error.ts";
import { MemorySource } from "./memory_source.ts";
import { explainQuery, runQuery } from "./query.ts";
import { jsonText } from "./values.ts";

/** Three documents, an edge between two of them, and an empty collection. */
function source(): MemorySource {
  const made = new MemorySource();
  made.create("c", [{ _key: "a", v: 1, g: "x" }, { _key: "b", v: 2, g: "y" }, { _key: "d", v: 3, g: "x" }]);
  made.create("e", [{ _key: "1", _from: "c/a", _to: "c/b" }], 3);
  made.create("o");
  return made;
}

type Binds = Record<string, unknown>;

const RESULTS: readonly (readonly [query: string, result: string, binds?: Binds])[] = [
  ["RETURN 1 + null", "[1]"],
  ["RETURN [5,6] + 1", "[1]"],
  ["RETURN 7/2", "[3.5]"],
  ["RETURN -5 % 3", "[-2]"],
  ["RETURN 5.5 % 2", "[1.5]"],
  ["RETURN NOT 1 == 1", "[false]"],
  ["RETURN 1 AND 'x'", '["x"]'],
  ["RETURN null OR 0", "[0]"],
  ["RETURN 1 IN [1]", "[true]"],
  ["RETURN 1 NOT IN 5", "[false]"],
  ["RETURN 2 IN 1..3", "[true]"],
  ["RETURN [1,2] ALL > 0", "[true]"],
  ["RETURN [1,2] AT LEAST (2) == 1", "[false]"],
  ["RETURN [] NONE == 1", "[true]"],
  ["RETURN [[] NONE IN null, [] ALL NOT IN 1, [] ALL IN [], [] ANY IN []]", "[[false,false,true,false]]"],
  ["RETURN 'a' LIKE '%'", "[true]"],
  ["RETURN 'a' NOT LIKE 'b%'", "[true]"],
  ["RETURN 'abc' =~ 'b'", "[true]"],
  ["RETURN 1 ? 2 : 3", "[2]"],
  ["RETURN 0 ? : 3", "[3]"],
  ["RETURN [1,2,3][-1]", "[3]"],
  ["RETURN {a:{b:1}}.a.b", "[1]"],
  ["RETURN [{a:1},{a:2}][*].a", "[[1,2]]"],
  ["RETURN [[1],[2,[3]]][**]", "[[1,2,[3]]]"],
  ["RETURN [{a:[{b:1},{b:2}]},{a:[{b:3}]}][*].a[*].b", "[[[1,2],[3]]]"],
  ["RETURN [{a:[{b:1},{b:2}]},{a:[{b:3}]}][*].a[**].b", "[[1,2,3]]"],
  ["RETURN [{a:[{b:[1,2]}]},{a:[{b:[3]}]}][*].a[*].b[***]", "[[1,2,3]]"],
  ["RETURN [{a:[1,2]},{a:[3]}][*].a[** FILTER CURRENT > 1 RETURN CURRENT * 2]", "[[4,6]]"],
  ["RETURN [1,2,3,4][* FILTER CURRENT > 1 LIMIT 1,2 RETURN CURRENT * 2]", "[[6,8]]"],
  ["RETURN [1,2,3][? 2 FILTER CURRENT > 1]", "[true]"],
  ["RETURN [1,2,3][? 1..2 FILTER CURRENT > 2]", "[true]"],
  ["RETURN [][?]", "[false]"],
  ["RETURN [1][?]", "[true]"],
  ["RETURN [1,2][? ALL FILTER CURRENT > 0]", "[true]"],
  ["RETURN [1,2][? AT LEAST (1) FILTER CURRENT > 1]", "[true]"],
  ["RETURN 9223372036854775807 + 1", "[9223372036854775808.0]"],
  ["RETURN 9007199254740993", "[9007199254740993]"],
  ["RETURN 9223372036854775808", "[9223372036854775808.0]"],
  ["RETURN -0", "[0]"],
  ["RETURN 0xff", "[255]"],
  ["RETURN 0b101", "[5]"],
  ["RETURN 1..3", "[[1,2,3]]"],
  ["RETURN [LENGTH(1..1000000000), COUNT(3..1)]", "[[1000000000,3]]"],
  ["FOR v IN OUTBOUND 'c/a' e RETURN v._key", '["b"]'],
  ["RETURN 3..1", "[[3,2,1]]"],
  ["FOR i IN 1..3 LET x = (FOR j IN 1..i RETURN j) RETURN x", "[[1],[1,2],[1,2,3]]"],
  ["FOR d IN c SORT d.v DESC RETURN d._key", '["d","b","a"]'],
  [
    "FOR d IN c COLLECT g = d.g INTO m RETURN {g, n: LENGTH(m), k: m[*].d._key}",
    '[{"g":"x","n":2,"k":["a","d"]},{"g":"y","n":1,"k":["b"]}]',
  ],
  ["FOR d IN c COLLECT g = d.g INTO m = d.v RETURN {g,m}", '[{"g":"x","m":[1,3]},{"g":"y","m":[2]}]'],
  [
    "FOR d IN c LET z = d.v*2 COLLECT g = d.g INTO m KEEP z RETURN {g,m}",
    '[{"g":"x","m":[{"z":2},{"z":6}]},{"g":"y","m":[{"z":4}]}]',
  ],
  ["FOR d IN c COLLECT AGGREGATE s = SUM(d.v), mx = MAX(d.v) RETURN {s,mx}", '[{"s":6,"mx":3}]'],
  ["FOR d IN [] COLLECT AGGREGATE n = COUNT(d), s = SUM(d), u = UNIQUE(d) RETURN [n, s, u]", "[[0,null,[]]]"],
  ["FOR d IN c FILTER d.v > 99 COLLECT AGGREGATE n = COUNT(d), m = MAX(d.v) RETURN [n, m]", "[[0,null]]"],
  ["FOR d IN c COLLECT g = d.g AGGREGATE s = SUM(d.v) RETURN {g,s}", '[{"g":"x","s":4},{"g":"y","s":2}]'],
  ["FOR d IN c FILTER d.v > 10 COLLECT WITH COUNT INTO n RETURN n", "[0]"],
  ["FOR d IN c RETURN DISTINCT d.g", '["x","y"]'],
  ["FOR i IN [3,1,2] COLLECT x = i RETURN x", "[1,2,3]"],
  ["FOR d IN c SORT d.v DESC COLLECT v = d.v RETURN v", "[3,2,1]"],
  ["FOR i IN [{v:1},{v:2}] SORT i.v DESC COLLECT v = i.v RETURN v", "[1,2]"],
  ["FOR i IN 1..5 WINDOW {preceding: 1, following: 1} AGGREGATE s = SUM(i) RETURN s", "[3,6,9,12,9]"],
  ["FOR i IN [1,2,5] WINDOW i WITH {preceding: 1} AGGREGATE s = SUM(i) RETURN [i,s]", "[[1,1],[2,3],[5,5]]"],
  [
    "FOR i IN 1..5 WINDOW {preceding: 'unbounded', following: 0} AGGREGATE s = SUM(i), p = PUSH(i) RETURN [s,p]",
    "[[1,[1]],[3,[1,2]],[6,[1,2,3]],[10,[1,2,3,4]],[15,[1,2,3,4,5]]]",
  ],
  ["FOR i IN 1..10 LIMIT 2,3 RETURN i", "[3,4,5]"],
  ["FOR i IN 1..10 LIMIT null RETURN i", "[1,2,3,4,5,6,7,8,9,10]"],
  ["LET [a,,b] = [1,2,3] RETURN [a,b]", "[[1,3]]"],
  ["LET {a, b: {c}} = {a:1,b:{c:2}} RETURN [a,c]", "[[1,2]]"],
  ["FOR [k, v] IN ENTRIES({x:1}) RETURN {k,v}", '[{"k":"x","v":1}]'],
  ["RETURN {a: 1, ['b' + 1]: 2}", '[{"1":2,"a":1}]'],
  ["RETURN {[CONCAT('a','b')]: 2}", '[{"ab":2}]'],
  ["RETURN {@k: 1}", '[{"z":1}]', { "k": "z" }],
  ["RETURN @x.@p", "[5]", { "x": { "a": { "b": 5 } }, "p": ["a", "b"] }],
  ["FOR d IN @@x RETURN d.v", "[1,2,3]", { "@x": "c" }],
  ["RETURN LENGTH(c)", "[3]"],
  ["INSERT {_key:'x',a:1} INTO o RETURN NEW.a", "[1]"],
  ["INSERT {_key:'a', z: 1} INTO c OPTIONS {overwriteMode:'update'} RETURN [OLD.v, NEW.v, NEW.z]", "[[1,1,1]]"],
  ["INSERT {_key:'a', z: 1} INTO c OPTIONS {overwriteMode:'replace'} RETURN [OLD.v, NEW.v, NEW.z]", "[[1,null,1]]"],
  ["INSERT {_key:'a', z: 1} INTO c OPTIONS {overwriteMode:'ignore'} RETURN NEW", "[null]"],
  ["UPDATE 'a' WITH {v: 5} IN c RETURN [OLD.v, NEW.v]", "[[1,5]]"],
  ["UPDATE {_key:'a', v: 7} IN c RETURN NEW.v", "[7]"],
  ["REPLACE 'a' WITH {w: 1} IN c RETURN [NEW.v, NEW.w]", "[[null,1]]"],
  ["REMOVE 'a' IN c RETURN OLD.v", "[1]"],
  ["FOR k IN ['a','zz'] REMOVE k IN c OPTIONS {ignoreErrors:true} RETURN OLD._key", '["a"]'],
  ["FOR d IN c REMOVE d IN c RETURN OLD.v", "[1,2,3]"],
  ["UPSERT {v: 1} INSERT {n:1} UPDATE {n: 2} IN c RETURN [OLD.v, NEW.n]", "[[1,2]]"],
  ["UPSERT {v: 99} INSERT {n:1} UPDATE {n: OLD.v} IN c RETURN [OLD, NEW.n]", "[[null,1]]"],
  ["UPSERT FILTER CURRENT.v > 2 INSERT {} UPDATE {hit: 1} IN c RETURN NEW.hit", "[1]"],
  ["UPSERT @s INSERT {} REPLACE {r:1} IN c RETURN [OLD.v,NEW.v,NEW.r]", "[[3,null,1]]", { "s": { "v": 3 } }],
  ["FOR d IN c INSERT {} INTO c", "[]"],
  ["INSERT {} INTO o INSERT {} INTO c RETURN 1", "[1]"],
  ["FOR d IN c UPDATE d WITH {v: d.v + 1} IN c RETURN NEW.v", "[2,3,4]"],
  ["LET x = (FOR i IN [] RETURN i) RETURN x", "[[]]"],
  ["RETURN FIRST(FOR i IN 1..3 RETURN i)", "[1]"],
  ["RETURN (RETURN 1)", "[[1]]"],
  ["RETURN 1 == 2 ? (FOR i IN 1..1 RETURN FAIL('x')) : 5", "[5]"],
  ["LET t = NOOPT(false) RETURN t AND (FOR i IN 1..1 RETURN FAIL('x'))", "[false]"],
  ["LET t = NOOPT(true) RETURN t ? 1 : (RETURN FAIL('x'))", "[1]"],
  ["FOR i IN [1,2,3] FOR j IN [1,2] FILTER i > 1 FILTER j < i RETURN [i,j]", "[[2,1],[3,1],[3,2]]"],
  ["LET z = 1 FOR x IN [{a: 1}, {a: 2}, {}] FILTER x.a == z RETURN x", '[{"a":1}]'],
  ["LET l = [{a: 1}, {a: 2}] FOR x IN l FILTER x IN l AND x.a > 1 RETURN x", '[{"a":2}]'],
  ["FOR x IN [null, 1, 'a', [1], {a:1}, true] SORT x RETURN x", '[null,true,1,"a",[1],{"a":1}]'],
  ["RETURN [] == [null]", "[true]"],
  ["RETURN {} == {a: null}", "[true]"],
  ["RETURN 'B' > 'a'", "[true]"],
  ["RETURN {a:1,a:2}", '[{"a":1}]'],
  ["RETURN [1, ...[2,3]]", "[[1,2,3]]"],
  ["RETURN {...{a:1}, a: 2}", '[{"a":2}]'],
  ["RETURN DATE_NOW() == DATE_NOW()", "[true]"],
  ["WITH c FOR d IN c LIMIT 1 RETURN d.v", "[1]"],
  ["LET `x y` = 1 RETURN 1", "[1]"],
  ["LET `$x y` = 1 RETURN `$x y`", "[1]"],
  ["RETURN {all: 1, any: 2}", '[{"all":1,"any":2}]'],
  ["LET at = 1 RETURN at", "[1]"],
  ["FOR current IN [1] RETURN current", "[1]"],
  ["RETURN 1 ! IN [2]", "[true]"],
  ["RETURN !1 IN [false]", "[true]"],
  ["RETURN 'a' ANY == 'a'", "[false]"],
  ["RETURN ['a','b'] ANY LIKE 'a%'", "[true]"],
  ["RETURN 1 .. 2 == [1,2]", "[true]"],
  ["LET a = 5 RETURN 1..a+1", "[[1,2,3,4,5,6]]"],
  ["FOR i IN 1..3 SORT i DESC LIMIT 1 RETURN i", "[3]", {}],
  ["FOR d IN c FILTER d._id == 'c/b' RETURN d.v", "[2]"],
  ["FOR d IN c FILTER d._key IN ['a','d','a'] RETURN d.v", "[1,3]"],
  ["FOR d IN e FILTER d._from == 'c/a' RETURN d._to", '["c/b"]'],
  ["FOR d IN c FILTER d._key == 5 RETURN d", "[]"],
  ["FOR i IN 1..3 SORT i @dir RETURN i", "[3,2,1]", { "dir": "DESC" }],
  ["FOR i IN 1..3 SORT null RETURN i", "[1,2,3]"],
  [
    "FOR i IN 1..2 FOR j IN 1..2 COLLECT s = i + j WITH COUNT INTO n SORT n DESC, s RETURN [s,n]",
    "[[3,2],[2,1],[4,1]]",
  ],
  ["LET x = 1 COLLECT y = x INTO g RETURN g", '[[{"x":1}]]'],
  [
    "LET t = 1 FOR i IN 1..2 LET q = i COLLECT a = i INTO g RETURN {t, g}",
    '[{"t":1,"g":[{"i":1,"q":1}]},{"t":1,"g":[{"i":2,"q":2}]}]',
  ],
  ["RETURN (FOR i IN 1..2 RETURN i)[*]", "[[1,2]]"],
  ["RETURN 5[*]", "[[]]"],
  ["RETURN (1..3)[1]", "[2]"],
  ["RETURN {a:1}[*]", "[[]]"],
  ["RETURN [{a:[{b:1}]}][*].a[*].b", "[[[1]]]"],
  ["RETURN ([{a:1},{a:2}][*].a)[0]", "[1]"],
  ["RETURN [{a:[7,8]}][*].a[0]", "[[7]]"],
  ["RETURN 'x'[0]", "[null]"],
  ["RETURN {'1':2}[1]", "[2]"],
  ["RETURN [1,2]['1']", "[2]"],
  ["RETURN null.a.b", "[null]"],
  ["RETURN LENGTH(1..5)", "[5]"],
  ["RETURN 1 < 2 == true", "[true]"],
  ["RETURN 10000000 * 10", "[100000000]"],
  ["RETURN 1e8", "[100000000]"],
  ["RETURN 0.1 + 0.2", "[0.30000000000000004]"],
  ["RETURN SUM(1..10)", "[55]"],
  ["RETURN _aql::V8(_AQL::sum([1, 2]))", "[3]"],
];

const WARNINGS: readonly (readonly [query: string, result: string, warnings: number[], binds?: Binds])[] = [
  ["RETURN 1/0", "[null]", [1562]],
  ["RETURN 'abc' !~ '['", "[true]", [1543]],
  ["RETURN 1e400", "[null]", [1504]],
  ["FOR i IN 1..2 INSERT {} INTO o OPTIONS {foo:1} RETURN 1", "[1,1]", [1539]],
  ["RETURN [...5]", "[[]]", [1563]],
  ["RETURN NOOPT(1/0)", "[null]", [1562]],
  ["FOR i IN [0] RETURN 1/i", "[null]", [1562]],
  ["FOR d IN c OPTIONS {xx: 1} FILTER d.v == 1 RETURN d.v", "[1]", [1539]],
];

const ERRORS: readonly (readonly [errorNum: number, query: string, message: string, binds?: Binds])[] = [
  [
    1504,
    "FOR i IN 1..10 LIMIT -1 RETURN i",
    "AQL: LIMIT count value is not a number or out of range (while instantiating plan)",
  ],
  [
    1504,
    "FOR i IN 1..10 LIMIT i RETURN i",
    "AQL: LIMIT offset/count values must be constant numeric values (while instantiating plan)",
  ],
  [1551, "RETURN @x", "AQL: no value specified for declared bind parameter 'x' (while parsing)"],
  [1552, "RETURN 1", "AQL: bind parameter 'x' was not declared in the query (while parsing)", { "x": 1 }],
  [1568, "RETURN @@x", "AQL: collection 'c' used as expression operand (while optimizing ast)", { "@x": "c" }],
  [1203, "FOR d IN @@x RETURN d.v", "AQL: collection or view not found: nope (while parsing)", { "@x": "nope" }],
  [1568, "RETURN c", "AQL: collection 'c' used as expression operand (while optimizing ast)"],
  [1203, "RETURN nope", "AQL: collection or view not found: nope (while parsing)"],
  [1203, "FOR x IN nope RETURN x", "AQL: collection or view not found: nope (while parsing)"],
  [
    1563,
    "FOR x IN 5 RETURN x",
    "AQL: collection or array expected as operand to FOR loop; you specified type 'number' with content '5' (while optimizing ast)",
  ],
  [
    1563,
    "FOR x IN NOOPT(5) RETURN x",
    "AQL: collection or array expected as operand to FOR loop; you provided a value of type 'number' [node #3: EnumerateListNode] [node #4: ReturnNode] (while executing)",
  ],
  [1511, "LET a = 1 LET a = 2 RETURN a", "AQL: variable 'a' is assigned multiple times (while parsing)"],
  [1540, "RETURN FOO(1)", "AQL: usage of unknown function 'FOO()' (while parsing)"],
  [
    1541,
    "RETURN LENGTH()",
    "AQL: invalid number of arguments for function 'LENGTH()', expected number of arguments: minimum: 1, maximum: 1 (while parsing)",
  ],
  [1512, "RETURN {x}", "AQL: use of unknown variable 'x' in object literal (while parsing)"],
  [
    1512,
    "FOR i IN 1..2 COLLECT a = i, b = a RETURN b",
    "AQL: use of COLLECT variable 'a' inside same COLLECT (while parsing)",
  ],
  [1203, "FOR i IN 1..2 COLLECT a = i RETURN i", "AQL: collection or view not found: i (while parsing)"],
  [
    1501,
    "FOR i IN 1..100 FILTER i = 1 LIMIT 2 RETURN i * 3",
    "AQL: syntax error, unexpected assignment near '= 1 LIMIT 2 RETURN i * 3' at position 1:26 (while parsing)",
  ],
  [1502, "", "AQL: query is empty (while parsing)"],
  [1501, "   ", "AQL: syntax error, unexpected end of query string near '   ' at position 1:1 (while parsing)"],
  [1501, "RETURN", "AQL: syntax error, unexpected end of query string near 'RETURN' at position 1:1 (while parsing)"],
  [
    1501,
    "FOR i IN 1..2",
    "AQL: syntax error, unexpected end of query string near '2' at position 1:13 (while parsing)",
  ],
  [
    1501,
    "FOR d IN c FILTER d.a ==\u00a0@a RETURN d",
    "AQL: syntax error, unexpected end of query string near '\u00a0@a RETURN d' at position 1:25 (while parsing)",
  ],
  [1501, "RETURN 'abc", "AQL: unexpected unterminated string literal near ''abc' at position 1:8 (while parsing)"],
  [1501, "RETURN `a", "AQL: unexpected unterminated identifier near '`a' at position 1:8 (while parsing)"],
  [1501, "/* x", "AQL: unexpected unterminated multi-line comment near '/* x' at position 1:1 (while parsing)"],
  [1501, "RETURN 1;", "AQL: syntax error, unexpected character ';' near ';' at position 1:9 (while parsing)"],
  [
    1501,
    "RETURN DISTINCT 1",
    "AQL: cannot use DISTINCT modifier on top-level query element near 'RETURN DISTINCT 1' at position 1:1 (while parsing)",
  ],
  [1501, "RETURN 01", "AQL: syntax error, unexpected integer number near '1' at position 1:9 (while parsing)"],
  [1501, "RETURN @", "AQL: syntax error, unexpected character '@' near '@' at position 1:8 (while parsing)"],
  [
    1501,
    "FOR x IN 1..2 foo RETURN x",
    "AQL: unexpected qualifier 'foo', expecting 'SEARCH' or 'OPTIONS' near 'foo RETURN x' at position 1:15 (while parsing)",
  ],
  [1501, "INSERT {} INTO o OPTIONS 5", "AQL: 'OPTIONS' have to be an object near '5' at position 1:26 (while parsing)"],
  [1227, "INSERT 1 INTO o", "AQL: invalid document type [node #3: InsertNode] (while executing)"],
  [
    1210,
    "INSERT {_key:'a'} INTO c",
    "AQL: unique constraint violated - in index primary of type primary over '_key'; conflicting key: a [node #3: InsertNode] (while executing)",
  ],
  [
    1203,
    "INSERT {_key:'a', z: 1} INTO c OPTIONS {overwriteMode:'ignore'} RETURN OLD",
    "AQL: collection or view not found: OLD (while parsing)",
  ],
  [
    1226,
    "UPDATE {v: 7} IN c RETURN NEW.v",
    "AQL: Expected _key to be a string attribute in document. [node #3: UpdateNode] [node #5: ReturnNode] (while executing)",
  ],
  [
    1227,
    "UPDATE 5 WITH {v: 7} IN c RETURN NEW.v",
    "AQL: Expected object or string, but got number [node #4: UpdateNode] [node #6: ReturnNode] (while executing)",
  ],
  [
    1227,
    "UPDATE 'a' WITH 5 IN c RETURN NEW.v",
    "AQL: expecting 'Object', got: number while handling: UPDATE or REPLACE [node #4: UpdateNode] [node #6: ReturnNode] (while executing)",
  ],
  [1202, "UPDATE 'zz' WITH {} IN c", "AQL: document not found [node #4: UpdateNode] (while executing)"],
  [
    1579,
    "INSERT {} INTO c FOR d IN c RETURN d",
    "AQL: access after data-modification by collection 'c' (while optimizing ast)",
  ],
  [
    1579,
    "INSERT {} INTO c INSERT {} INTO c",
    "AQL: access after data-modification by collection 'c' (while optimizing ast)",
  ],
  [
    1579,
    "INSERT {} INTO c RETURN DOCUMENT('c/a')",
    "AQL: access after data-modification by function DOCUMENT (while optimizing ast)",
  ],
  [
    1501,
    "UPSERT {v: {[CONCAT('a', 'b')]: 1}} INSERT {} UPDATE {} IN c",
    "AQL: computed attribute names are not allowed in the example of an UPSERT near '{v: {[CONCAT('a', 'b')]: 1}} INS...' at position 1:8 (while parsing)",
  ],
  [
    1575,
    "FOR d IN c OPTIONS {indexHint: d.v} RETURN 1",
    "AQL: query options must be readable at query compile time (while instantiating plan)",
  ],
  [1573, "INSERT (INSERT {} INTO o) INTO c", "AQL: multi-modify query (while optimizing ast)"],
  [
    1595,
    "INSERT {} INTO c WINDOW {preceding:1} AGGREGATE x = SUM(1) RETURN x",
    "AQL: window operation after data-modification (while optimizing ast)",
  ],
  [
    1575,
    "FOR i IN 1..2 INSERT {} INTO o OPTIONS {waitForSync: i} RETURN 1",
    "AQL: query options must be readable at query compile time (while instantiating plan)",
  ],
  [
    1574,
    "FOR x IN 1..3 COLLECT AGGREGATE y = x RETURN y",
    "AQL: aggregate expression must be a function call (while parsing)",
  ],
  [1574, "FOR x IN 1..3 COLLECT AGGREGATE y = FOO(x) RETURN y", "AQL: unknown aggregate function used (while parsing)"],
  [
    1501,
    "FOR d IN c SEARCH d.v == 1 RETURN d",
    "AQL: SEARCH condition used on non-view near 'd.v == 1 RETURN d' at position 1:19 (while parsing)",
  ],
  [1203, "WITH nope RETURN 1", "AQL: collection or view not found: nope (while parsing)"],
  [1501, "LET `1x` = 1 RETURN 1", "AQL: variable name '1x' has an invalid format (while parsing)"],
  [1203, "RETURN ´a´", "AQL: collection or view not found: a (while parsing)"],
  [
    1501,
    "RETURN {all: 1, filter: 2}",
    "AQL: syntax error, unexpected FILTER declaration near 'filter: 2}' at position 1:17 (while parsing)",
  ],
  [
    1501,
    "RETURN AT LEAST",
    "AQL: syntax error, unexpected at least modifier near 'AT LEAST' at position 1:8 (while parsing)",
  ],
  [
    1582,
    "RETURN a::b(1)",
    "AQL: user function 'A::B()' not found [node #2: CalculationNode] [node #3: ReturnNode] (while executing)",
  ],
  [1542, "RETURN REPLACE_NTH([1], 6, 1)", "invalid argument type in call to function 'REPLACE_NTH()'"],
  [
    1542,
    "FOR i IN [6] RETURN REPLACE_NTH([1], i, 1)",
    "AQL: invalid argument type in call to function 'REPLACE_NTH()' [node #4: CalculationNode] [node #5: ReturnNode] (while executing)",
  ],
  [
    1577,
    "FOR d IN c OPTIONS {indexHint: 'foo', forceIndexHint: true} RETURN d",
    'AQL: could not use index hint to serve query; "foo" (while optimizing plan)',
  ],
  [
    1504,
    "FOR i IN 1..3 LIMIT @n RETURN i",
    "AQL: LIMIT count value is not a number or out of range (while instantiating plan)",
    { "n": "a" },
  ],
];

for (const [query, result, binds = {}] of RESULTS) {
  Deno.test(`${query} gives ${result}`, () => {
    const run = runQuery(source(), query, binds);
    equal(jsonText(run.nextBatch(1000)), result);
    deepEqual(run.extra().warnings, []);
  });
}

for (const [query, result, warnings, binds = {}] of WARNINGS) {
  Deno.test(`${query} gives ${result} and warns with ${warnings}`, () => {
    const run = runQuery(source(), query, binds);
    equal(jsonText(run.nextBatch(1000)), result);
    deepEqual(run.extra().warnings.map(({ code }) => code), warnings);
  });
}

for (const [errorNum, query, message, binds = {}] of ERRORS) {
  Deno.test(`${query || "the empty query"} fails with ${errorNum}`, () => {
    throws(() => runQuery(source(), query, binds), (error) => {
      equal((error as Error).message, message);
      return error instanceof ArangoError && error.errorNum === errorNum;
    });
  });
}

Deno.test("what a user-defined function throws is a warning, and its result null", () => {
  const query = runQuery(source(), "RETURN [MY::F(), 1]", {}, {}, {
    callUserFunction: () => {
      throw new ArangoError(1583, "user function runtime error: broken");
    },
  });
  equal(jsonText(query.nextBatch(1)), "[[null,1]]");
  deepEqual(query.extra().warnings, [{ code: 1583, message: "user function runtime error: broken" }]);
});

Deno.test("memoryLimit ends queries that keep much, also in what they aggregate", () => {
  const kept = [
    "FOR i IN 1..20000 COLLECT AGGREGATE u = UNIQUE(i) RETURN u",
    "FOR i IN 1..20000 COLLECT AGGREGATE u = PUSH(i) RETURN LENGTH(u)",
    "FOR i IN 1..20000 COLLECT AGGREGATE n = COUNT_DISTINCT(i) RETURN n",
    "FOR i IN 1..20000 SORT NOOPT(i) RETURN i",
    "FOR i IN 1..20000 RETURN DISTINCT i",
  ];
  for (const text of kept) {
    throws(() => runQuery(source(), text, {}, { memoryLimit: 100_000 }), { errorNum: 32 }, text);
  }
  const counted =
    "FOR i IN 1..20000 COLLECT AGGREGATE n = COUNT_DISTINCT(i % 10), s = SUM(i), m = MAX(i) RETURN [n, m]";
  deepEqual(runQuery(source(), counted, {}, { memoryLimit: 100_000 }).nextBatch(9), [[10, 20000]]);
  const passed = [
    "FOR i IN 1..20000 SORT -i LIMIT 2 RETURN i",
    "FOR i IN 1..20000 FILTER LENGTH((1..i % 100)[*]) < 0 RETURN i",
  ];
  for (const text of passed) ok(runQuery(source(), text, {}, { memoryLimit: 100_000 }).nextBatch(9).length < 3, text);
  const grouped = "FOR i IN 1..20000 COLLECT g = i % 2 WITH COUNT INTO n SORT n, g RETURN [g, n]";
  deepEqual(runQuery(source(), grouped, {}, { memoryLimit: 20_000 }).nextBatch(9), [[0, 10000], [1, 10000]]);
});

Deno.test("no range is made whole for the loop that goes through it, wherever that stands", () => {
  const huge = [
    "FOR i IN 1..100000000 LIMIT 2 RETURN i",
    "FOR d IN c LIMIT 1 FOR i IN 1..100000000 LIMIT 2 RETURN i",
    "LET n = NOOPT(100000000) FOR d IN c FOR i IN 1..n LIMIT 2 RETURN i",
    "FOR d IN c SORT d.v FOR i IN d.v..100000000 LIMIT 2 RETURN i",
    "LET r = 1..100000000 LET l = (FOR d IN c SORT d.v RETURN d) FILTER LENGTH(l) > 1 FOR i IN r LIMIT 2 RETURN i",
  ];
  for (const profile of [0, 2]) {
    for (const text of huge) deepEqual(runQuery(source(), text, {}, { profile }).nextBatch(9), [1, 2], text);
  }
  const both = "LET r = 1..2 FOR i IN r FOR j IN r FILTER j IN r RETURN [i, j]";
  deepEqual(runQuery(source(), both, {}, { profile: 2 }).nextBatch(9), [[1, 1], [1, 2], [2, 1], [2, 2]]);
});

Deno.test("a query cannot hold more than a thousand values at once, however many it declares", () => {
  const list = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
  const lets = (count: number): string => list(count, (i) => `LET x${i} = d.n + ${i}`).join(" ");
  // what is read once is computed where it is read
  const names = (count: number): string => list(count, (i) => `x${i}`).join();
  const used = (count: number): string => `FOR d IN c ${lets(count)} RETURN [${names(count)},${names(count)}]`;
  throws(() => runQuery(source(), used(1100)), {
    errorNum: 32,
    message: /too many registers \(\d+\) needed for AQL query/,
  });
  equal(runQuery(source(), used(900)).count, 3);
  equal(runQuery(source(), `FOR d IN c ${lets(1100)} RETURN d`).count, 3);
  const chain = list(1100, (i) => `LET x${i + 1} = NOOPT(x${i}) + 1`).join(" ");
  deepEqual(runQuery(source(), `FOR x0 IN [0] ${chain} RETURN x1100`).nextBatch(1), [1100]);
});

Deno.test("what was warned of is not cacheable, also where nobody wanted to hear of it", () => {
  const rows: [query: string, expected: boolean][] = [
    ["FOR d IN c RETURN d.v", true],
    ["FOR d IN c RETURN d.v / 0", false],
    ["RETURN 1 / 0", false],
  ];
  for (const [text, expected] of rows) {
    for (const maxWarningCount of [0, 10]) {
      equal(runQuery(source(), text, {}, { maxWarningCount }).isCacheable, expected, text);
    }
  }
  equal(explainQuery(source(), "RETURN 1 / 0", {}, { maxWarningCount: 0 }).cacheable, false);
});
