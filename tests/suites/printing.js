/* What print and its relatives show: modes, kinds of values, references, colours, capturing. */
"use strict";
const jsunity = require("jsunity");
const internal = require("internal");
const { db } = require("@arangodb");

/** What a function prints. */
function printed(run) {
  const former = internal.startCaptureMode();
  let text = "";
  try {
    run();
  } finally {
    text = internal.stopCaptureMode(former);
  }
  return text;
}

/** What print shows of values, without the end of the line. */
function shown(...values) {
  const text = printed(() => print(...values));
  assertEqual("\n", text.slice(-1));
  return text.slice(0, -1);
}

/** Runs a function while values are printed on one line. */
function onOneLine(run) {
  stop_pretty_print(true);
  try {
    return run();
  } finally {
    start_pretty_print(true);
  }
}

function valuesSuite() {
  return {
    testTextsAreRawOutsideOfContainers: function () {
      assertEqual('a"b\\c\nd', shown('a"b\\c\nd'));
      assertEqual('a 1 [ \n  "b" \n]', shown("a", 1, ["b"]));
      assertEqual("", shown());
      assertEqual("x".repeat(1000), shown("x".repeat(1000)));
    },

    testTextsInContainersAreQuotedAndCut: function () {
      onOneLine(() => {
        assertEqual('[ "\\b\\t\\n\\f\\r\\"\\\\/\\u0001é\u2028" ]', shown(['\b\t\n\f\r"\\/\u0001é\u2028']));
        assertEqual(`[ "${"x".repeat(256)}" ]`, shown(["x".repeat(256)]));
        assertEqual(`{ "a" : "${"x".repeat(256)}..." }`, shown({ a: "x".repeat(257) }));
        assertEqual(`[ "${"x".repeat(1000)}" ]`, internal.inspect(["x".repeat(1000)], { prettyPrint: false }));
      });
    },

    testNumbersAndOtherScalars: function () {
      for (
        const [value, text] of [
          [0, "0"],
          [-0, "0"],
          [0.1, "0.1"],
          [1e21, "1e+21"],
          [NaN, "NaN"],
          [-Infinity, "-Infinity"],
          [10n ** 20n, "100000000000000000000"],
          [null, "null"],
          [undefined, "undefined"],
          [false, "false"],
          [Symbol("x"), "Symbol(x)"],
        ]
      ) {
        assertEqual(text, shown(value));
        assertEqual(`[ ${text} ]`, onOneLine(() => shown([value])));
      }
      assertEqual("[ 1, undefined, 3 ]", onOneLine(() => shown([1, , 3])));
    },

    testContainers: function () {
      assertEqual("[ ]", shown([]));
      assertEqual("{ \n}", shown({}));
      assertEqual(
        '{ \n  "a" : [ ], \n  "b" : { \n  }, \n  "c" : [ \n    { \n      "d" : 1 \n    } \n  ] \n}',
        shown({ a: [], b: {}, c: [{ d: 1 }] }),
      );
      assertEqual(
        '{ "a" : [ ], "b" : { }, "c" : [ { "d" : 1 } ] }',
        onOneLine(() => shown({ a: [], b: {}, c: [{ d: 1 }] })),
      );
      assertEqual('{ \n  "a" : 1 \n}', shown(Object.assign(Object.create(null), { a: 1 })));
    },

    testClasses: function () {
      class Point {
        constructor() {
          this.x = 1;
        }
      }
      class Named {
        toString() {
          return "its name";
        }
      }
      assertEqual('{[Point] \n  "x" : 1 \n}', shown(new Point()));
      assertEqual("its name", shown(new Named()));
      assertEqual("[ its name ]", onOneLine(() => shown([new Named()])));
      assertEqual("{[Promise] \n}", shown(Promise.resolve()));
      assertEqual("TypeError: no", shown(new TypeError("no")));
      assertEqual("/a/g 1,2,3", shown(/a/g, new Uint8Array([1, 2, 3])));
      assertEqual("[object Map] [object Set]", shown(new Map([[1, 2]]), new Set([1])));
      assertEqual("Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)", shown(new Date(0)));
      assertEqual("<Buffer 61 62>", shown(Buffer.from("ab")));
    },

    testFunctions: function () {
      const named = function twice(a, b) {
        return a * b;
      };
      assertEqual(String(named), shown(named));
      onOneLine(() => {
        assertMatch(/^\[ \[Function "twice\(.*" \.\.\.\] \]$/, shown([named]));
        assertEqual('{ "f" : (a, b) { ... } }', shown({ f: (a, b) => a + b }));
        assertEqual('{ "f" :  { ... } }', shown({ f: () => 1 }));
      });
    },

    testWhatWasMetBeforeIsAPath: function () {
      const shared = { a: 1 };
      onOneLine(() => {
        assertEqual('{ "x" : { "a" : 1 }, "y" : ~[x], "z" : [ ~[x] ] }', shown({ x: shared, y: shared, z: [shared] }));
        const loop = { inner: [{}] };
        loop.inner[0].back = loop;
        loop.inner.push(loop.inner[0]);
        assertEqual('{ "inner" : [ { "back" : ~ }, ~[inner][0] ] }', shown(loop));
      });
    },

    testObjectsThatPrintThemselves: function () {
      const own = { _PRINT: (context) => context.output += `level ${context.level}` };
      assertEqual("level 0", shown(own));
      assertEqual('{ \n  "a" : [ \n    level 2 \n  ] \n}', shown({ a: [own] }));
      assertEqual("level 0", internal.inspect(own, { customInspect: true }));
      assertNotMatch(/level 0/, internal.inspect(own));
    },

    testLongOutputIsComplete: function () {
      const list = Array.from({ length: 20000 }, (_, index) => index);
      assertEqual(list, JSON.parse(shown(list)));
    },
  };
}

function functionsSuite() {
  return {
    testPrintPlain: function () {
      assertEqual('{ "a" : [ 1, "b" ] } text 1\n', printed(() => print_plain({ a: [1, "b"] }, "text", 1)));
      assertEqual("[ [Object {[Date] }] ]\n", printed(() => print_plain([new Date(0)])));
    },

    testPrintf: function () {
      assertEqual("a:1:2.500000:%:x", printed(() => printf("%s:%d:%f:%%:%s", "a", 1.9, 2.5, "x")));
      assertEqual("no end", printed(() => printf("no end")));
      assertEqual("[object Object] NaN 1", printed(() => printf("%o %d", {}, "x", 1)));
    },

    testOutput: function () {
      assertEqual("a1null[object Object]1,2", printed(() => internal.output("a", 1, null, {}, [1, 2])));
    },

    testInspectShowsAll: function () {
      assertEqual('{ \n  "a" : [ \n    1 \n  ] \n}', internal.inspect({ a: [1] }));
      assertMatch(/^\[Object \{\[Date\] /, internal.inspect(new Date(0), { prettyPrint: false }));
      assertMatch(
        /return 1 \+ 1/,
        internal.inspect({
          f: function () {
            return 1 + 1;
          },
        }),
      );
    },

    testThePrintersEntryWritesToItsContext: function () {
      const context = {
        customInspect: true,
        emit: false,
        level: 0,
        limitString: false,
        names: [],
        output: "before ",
        path: "~",
        prettyPrint: false,
        seen: new Map(),
        useColor: false,
        useToString: true,
      };
      internal.printRecursive({ a: [1, "b"] }, context);
      assertEqual('before { "a" : [ 1, "b" ] }', context.output);
    },

    testSwitchingTheMode: function () {
      assertEqual("", printed(() => start_pretty_print()));
      assertEqual("disabled pretty printing\n[ 1 ]\n", printed(() => (stop_pretty_print(), print([1]))));
      assertEqual("", printed(() => stop_pretty_print()));
      assertEqual("using pretty printing\n[ \n  1 \n]\n", printed(() => (start_pretty_print(), print([1]))));
      assertEqual("", printed(() => (stop_pretty_print(true), start_pretty_print(true))));
    },

    testSwitchingColors: function () {
      assertEqual("starting color printing\n", printed(() => start_color_print()));
      assertEqual("", printed(() => start_color_print("red")));
      assertEqual("disabled color printing\n", printed(() => stop_color_print()));
      assertEqual("", printed(() => stop_color_print()));
      assertEqual("", printed(() => (start_color_print("bold_green", true), stop_color_print(true))));
    },

    testColorsAreEmptyWhereThereIsNoTerminal: function () {
      const { COLORS } = internal;
      for (const name of ["RED", "BOLD_BLUE", "BLINK", "BRIGHT", "RESET", "PUNCTUATION", "STRING", "NUMBER", "INDEX"]) {
        assertEqual(internal.isATTy(), COLORS[`COLOR_${name}`] !== "", name);
      }
      for (const name of ["TRUE", "FALSE", "NULL", "UNDEFINED"]) assertTypeOf("string", COLORS[`COLOR_${name}`]);
    },

    testCapturesAreNested: function () {
      assertFalse(internal.isCaptureMode());
      const outer = internal.startCaptureMode();
      print("outer");
      assertEqual("inner\n", printed(() => print("inner")));
      assertTrue(internal.isCaptureMode());
      print("again");
      assertEqual("outer\nagain\n", internal.stopCaptureMode(outer));
      assertFalse(internal.isCaptureMode());
    },
  };
}

function objectsOfTheDatabaseSuite() {
  const name = "SuitePrinting";
  let c;
  return {
    setUpAll: function () {
      c = db._create(name);
      db._createEdgeCollection(`${name}Edges`);
      c.insert([{ _key: "a", v: 1 }]);
    },
    tearDownAll: function () {
      db._drop(name);
      db._drop(`${name}Edges`);
    },

    testCollections: function () {
      assertEqual(`[ArangoCollection ${c._id}, "${name}" (type document, status loaded)]`, shown(c));
      assertMatch(
        /^\[ArangoCollection \d+, "SuitePrintingEdges" \(type edge, status loaded\)\]$/,
        shown(db[`${name}Edges`]),
      );
      assertEqual(`[ArangoCollection: ${c._id}]`, String(c));
      const gone = db._create(`${name}Gone`);
      gone.drop();
      assertMatch(/^\[ArangoCollection \d+, "SuitePrintingGone" \(type document, status deleted\)\]$/, shown(gone));
    },

    testOthers: function () {
      assertEqual('[object ArangoDatabase "_system"]', shown(db));
      assertEqual("[object ArangoStatement]", shown(db._createStatement("RETURN 1")));
      assertMatch(/^\[object ArangoConnection:.*(connected|embedded).*\]$/, shown(arango));
      assertEqual(`SimpleQueryByExample(${name}).skip(2).limit(1)`, shown(c.byExample({ v: 1 }).skip(2).limit(1)));
      assertEqual('[ArangoAnalyzer "text_en" (type text)]', shown(require("@arangodb/analyzers").analyzer("text_en")));
      const trx = db._createTransaction({ collections: { read: name } });
      assertEqual(`[ArangoTransaction ${trx.id()}]`, shown(trx));
      trx.abort();
    },

    testErrors: function () {
      try {
        db._query("FOR d IN SuiteNowhere RETURN d");
        fail();
      } catch (err) {
        assertMatch(/^\[ArangoError 1203: .*SuiteNowhere.*\]$/, shown(err));
        assertMatch(/^ArangoError 1203: /, String(err));
      }
    },

    testCursors: function () {
      const text = shown(db._query("FOR i IN 1..12 RETURN i"));
      assertMatch(/^\[ \n {2}1, [^]*\n {2}10 \n\]\n/m, text);
      assertNotMatch(/^ {2}11/m, text);
      assertMatch(/^\[object ArangoQueryCursor, count: 12, results cached: false, hasMore: true\]$/m, text);
      assertMatch(/^type 'more' to show more documents$/m, text);
      assertEqual("[ \n  11, \n  12 \n]", /\[ \n[^]*\]/.exec(shown(more).replace(/^\[object .*\n/m, ""))[0]);
      assertMatch(/, hasMore: false, warning\(s\): "1562 division by zero"\]$/m, shown(db._query("RETURN 1/0")));
      assertMatch(
        /^\[object ArangoQueryCursor, count: 0, results cached: false, hasMore: false\]$/m,
        shown(db._query("FOR i IN [] RETURN i")),
      );
    },
  };
}

jsunity.run(valuesSuite);
jsunity.run(functionsSuite);
jsunity.run(objectsOfTheDatabaseSuite);

return jsunity.done();
