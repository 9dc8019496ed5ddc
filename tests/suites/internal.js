/* The module internal: code, texts, options, the process, and files of rows. */
"use strict";
const jsunity = require("jsunity");
const fs = require("fs");
const internal = require("internal");
const { errors } = require("@arangodb");
const { assertFails, thrownBy } = require("assertions");

const BAD_PARAMETER = errors.ERROR_BAD_PARAMETER.code;
const FORBIDDEN = errors.ERROR_FORBIDDEN.code;

/** Calls a function with the path of a file of this text. */
function withFile(text, run) {
  const file = fs.getTempFile("UnitTestsInternal", true);
  fs.write(file, text);
  try {
    return run(file);
  } finally {
    fs.remove(file);
  }
}

function CodeSuite() {
  return {
    testScriptsAreEvaluated: function () {
      assertIdentical(3, internal.executeScript("1; 2; 1 + 2"));
      assertIdentical(3, internal.executeScript("1 + 2", undefined, "name.js"));
      assertIdentical(7, internal.executeScript("x + y.z", { x: 3, y: { z: 4 } }, "name.js"));
      assertEqual("undefined", typeof global.x);
      assertInstanceOf(Array, internal.executeScript("[]"));
      for (const [code, Class] of [["1 +", SyntaxError], ["missing", ReferenceError], ["null.x", TypeError]]) {
        assertInstanceOf(Class, thrownBy(() => internal.executeScript(code)), code);
      }
    },

    testScriptsAreChecked: function () {
      assertTrue(internal.parse("let x = 1; function y() { return x; }"));
      assertTrue(internal.parse("missing.attribute"));
      for (const code of ["1 +", "function {", "let x; let x", "return 1"]) {
        assertInstanceOf(SyntaxError, thrownBy(() => internal.parse(code)), code);
      }
      withFile("#!/usr/bin/arangosh\nlet x = 1;", (file) => assertTrue(internal.parseFile(file)));
      withFile("let 1;", (file) => assertException(() => internal.parseFile(file)));
    },

    testFilesAreLoaded: function () {
      withFile("global.unitTestsLoaded = [__filename, __dirname]; 6 * 7", (file) => {
        assertIdentical(42, internal.load(file));
        assertEqual([file, file.slice(0, file.lastIndexOf("/"))], global.unitTestsLoaded);
        delete global.unitTestsLoaded;
      });
      withFile("throw new RangeError('from a file')", (file) => {
        const error = thrownBy(() => internal.load(file));
        assertInstanceOf(RangeError, error);
        assertEqual("from a file", error.message);
      });
      const missing = fs.join(fs.getTempPath(), "nothing.js");
      const { errorMessage } = assertFails(errors.ERROR_FILE_NOT_FOUND.code, () => internal.load(missing));
      assertMatch(/^cannot read file: .*nothing\.js/, errorMessage);
    },

    testCallsWithoutArgumentsTellTheUsage: function () {
      for (const name of ["executeScript", "load", "parse", "parseFile", "sleep", "wait", "download"]) {
        assertMatch(new RegExp(`^usage: ${name}\\(`), assertFails(BAD_PARAMETER, () => internal[name]()).message);
      }
    },
  };
}

function TextSuite() {
  const { sprintf } = internal;
  return {
    testPlaceholders: function () {
      assertEqual("a b", sprintf("%s %s", "a", "b"));
      assertEqual("1 2 0.500000", sprintf("%d %i %f", 1.9, "2.9", 0.5));
      assertEqual("-1", sprintf("%d", -1.9));
      assertEqual("100 %", sprintf("%d %%", 100));
      assertEqual("null undefined true 1,2", sprintf("%s %s %s %s", null, undefined, true, [1, 2]));
      assertEqual("NaN NaN", sprintf("%d %f", "x", {}));
    },

    testPlaceholdersAndValuesThatDoNotMatch: function () {
      assertEqual("", sprintf());
      assertEqual("a %s", sprintf("%s %s", "a"));
      assertEqual("a b c", sprintf("%s", "a", "b", "c"));
      assertEqual("%x 1", sprintf("%x", 1));
      assertEqual("%", sprintf("%"));
    },

    testWhatIsPrintedCanBeCaptured: function () {
      const capture = (run) => {
        const former = internal.startCaptureMode();
        assertTrue(internal.isCaptureMode());
        run();
        return internal.stopCaptureMode(former);
      };
      assertFalse(internal.isCaptureMode());
      assertEqual("1 two\n", capture(() => internal.print(1, "two")));
      assertEqual("\n", capture(() => internal.print()));
      assertEqual("1two", capture(() => internal.output(1, "two")));
      assertEqual("a-1", capture(() => internal.printf("%s-%d", "a", 1)));
      assertEqual('{ "a" : [ 1, 2 ] }\n', capture(() => internal.print_plain({ a: [1, 2] })));
      assertEqual('[ \n  1, \n  "two" \n]\n', capture(() => internal.print([1, "two"])));
    },

    testInspect: function () {
      const { inspect } = internal;
      assertEqual('"text"', inspect("text"));
      assertEqual('{ \n  "a" : { \n    "b" : [ ] \n  } \n}', inspect({ a: { b: [] } }));
      assertEqual('{ "a" : { "b" : [ ] } }', inspect({ a: { b: [] } }, { prettyPrint: false }));
      const custom = { _PRINT: (context) => context.output += "printed" };
      assertEqual("printed", inspect(custom, { customInspect: true }));
      assertMatch(/_PRINT/, inspect(custom));
    },
  };
}

function OptionsSuite() {
  return {
    testOptionsAreToldWithoutSecrets: function () {
      for (const name of Object.keys(internal.options())) assertNotMatch(/password|secret/, name);
      internal.options()["temp.path"] = "changed";
      assertNotEqual("changed", internal.options()["temp.path"]);
    },

    testArgumentsAreMadeOfOptionsAndBack: function () {
      const { toArgv, parseArgv } = internal;
      assertEqual(["--a", "1", "--b", "true"], toArgv({ a: 1, b: true }));
      assertEqual(["--x", "1", "--x", "2", "file"], toArgv({ x: [1, 2], flatcommands: ["file"] }));
      assertEqual({ a: "1", b: true, c: false }, parseArgv(["--a", "1", "--b", "--c", "false"], 0));
      assertEqual({ x: ["1", "2"] }, parseArgv(["skipped", "--x", "1", "--x", "2"], 1));
    },

    testVariables: function () {
      const { env } = internal;
      assertUndefined(env.UNIT_TESTS_VARIABLE);
      env.UNIT_TESTS_VARIABLE = 5;
      assertIdentical("5", env.UNIT_TESTS_VARIABLE);
      assertIdentical("5", process.env.UNIT_TESTS_VARIABLE);
      assertTrue("UNIT_TESTS_VARIABLE" in env);
      delete env.UNIT_TESTS_VARIABLE;
      assertFalse("UNIT_TESTS_VARIABLE" in env);
      assertEqual(Object.keys(env).sort(), Object.keys(process.env).sort());
    },

    testWhatThisShellIs: function () {
      assertFalse(internal.isArangod());
      assertFalse(internal.isCluster());
      assertFalse(internal.isEnterprise());
      assertFalse(internal.isStopping());
      assertFalse(internal.debugCanUseFailAt());
      assertIdentical(0, internal.threadNumber);
      assertIdentical("/", internal.pathSeparator);
      assertMatch(/^\d+\.\d+\.\d+/, internal.version);
      assertTrue(internal.getPid() > 0);
      assertIdentical(internal.errors, require("@arangodb").errors);
      assertEqual({ code: 0, message: "success" }, internal.exitCodes.EXIT_SUCCESS);
      assertEqual([2, true], [internal.terminalSize().length, internal.terminalSize().every((size) => size >= 0)]);
    },

    testNumbersOfErrors: function () {
      const statuses = { 10: 400, 11: 403, 1202: 404, 1203: 404, 1210: 409, 1200: 412, 4: 500 };
      for (const [number, status] of Object.entries(statuses)) {
        assertIdentical(status, internal.errorNumberToHttpCode(Number(number)), number);
      }
      for (const [name, { code, message }] of Object.entries(internal.errors)) {
        assertMatch(/^ERROR_[A-Z0-9_]+$/, name);
        assertEqual(["number", "string"], [typeof code, typeof message]);
        assertIdentical(code, require("@arangodb")[name]);
      }
    },

    testNamesOfDatabases: function () {
      for (const name of ["d", "d-1_2", "D"]) assertTrue(internal.isAllowedDatabaseName(name), name);
      for (const name of ["", "_d", "1", "a/b", "x".repeat(200)]) {
        assertFalse(internal.isAllowedDatabaseName(name), name);
      }
    },
  };
}

function TimeSuite() {
  return {
    testTime: function () {
      const before = Date.now() / 1000;
      const now = internal.time();
      assertTrue(now >= before - 1 && now <= Date.now() / 1000 + 1);
    },

    testWaits: function () {
      for (const wait of [internal.sleep, internal.wait]) {
        const start = internal.time();
        wait(0.05);
        assertTrue(internal.time() - start >= 0.04);
        for (const seconds of [0, -1, NaN, "text"]) wait(seconds);
      }
      assertTrue(internal.wait(0, false));
      assertUndefined(internal.sleep(0));
    },

    testDeadline: function () {
      assertFalse(internal.SetGlobalExecutionDeadlineTo(0));
      internal.SetGlobalExecutionDeadlineTo(0.05);
      try {
        assertFails(errors.ERROR_DISABLED.code, () => internal.sleep(60));
      } finally {
        internal.SetGlobalExecutionDeadlineTo(0);
      }
      internal.sleep(0.1);
    },
  };
}

function ObjectsSuite() {
  return {
    testExtendCopiesProperties: function () {
      const target = { a: 1 };
      assertIdentical(
        target,
        internal.extend(target, { b: 2 }, {
          get c() {
            return this.a + this.b;
          },
        }),
      );
      assertEqual({ a: 1, b: 2, c: 3 }, target);
      target.a = 5;
      assertEqual(7, target.c);
    },

    testFlattenCopiesWhatIsInherited: function () {
      const value = Object.create({ inherited: 1 });
      value.own = { list: [1, { deep: true }] };
      assertEqual({ inherited: 1, own: { list: [1, { deep: true }] } }, internal.flatten(value));
      const { name, message, stack } = internal.flatten(new TypeError("text"));
      assertEqual(["TypeError", "text", "string"], [name, message, typeof stack]);
    },
  };
}

function RowsSuite() {
  const rowsOf = (text, options) => {
    const rows = [];
    withFile(text, (file) => internal.processCsvFile(file, (row, index) => rows.push([index, ...row]), options));
    return rows;
  };
  return {
    testCsv: function () {
      assertEqual([[0, "a", "b"], [1, "1", "2"]], rowsOf("a,b\n1,2\n"));
      assertEqual([[0, "a", "b"], [1, "1", "2"]], rowsOf("a,b\r\n1,2"));
      assertEqual([[0, "a,b", 'say "x"', "two\nlines"]], rowsOf('"a,b","say ""x""","two\nlines"\n'));
      assertEqual([[0, "", "", ""]], rowsOf(",,\n"));
      assertEqual([[0, "a", "b,c"]], rowsOf("a;'b,c'\n", { separator: ";", quote: "'" }));
      assertEqual([[0, "a", "b"]], rowsOf("a\tb\n", { separator: "\t" }));
      assertEqual([], rowsOf(""));
    },

    testLinesOfJson: function () {
      const values = [];
      withFile(
        '{"a":1}\n\n[2]\n"x"',
        (file) => internal.processJsonFile(file, (value, index) => values.push([index, value])),
      );
      assertEqual([[0, { a: 1 }], [1, [2]], [2, "x"]], values);
      withFile("{bad", (file) => assertException(() => internal.processJsonFile(file, () => {})));
      assertFails(BAD_PARAMETER, () => internal.processJsonFile("file"));
      assertFails(BAD_PARAMETER, () => internal.processCsvFile("file"));
    },
  };
}

function ServerSuite() {
  return {
    testStatistics: function () {
      const { processStatistics, serverStatistics, thisProcessStatistics } = internal;
      for (const statistics of [processStatistics(), thisProcessStatistics()]) {
        for (const name of ["residentSize", "virtualSize", "userTime", "systemTime", "numberOfThreads"]) {
          assertTypeOf("number", statistics[name], name);
        }
      }
      assertTrue(serverStatistics().uptime >= 0);
      assertTrue(serverStatistics().physicalMemory > 0);
    },

    testWriteAheadLog: function () {
      const { wal } = internal;
      for (const run of [() => wal.flush(), () => wal.flush(true, true), () => wal.flush({ waitForSync: true })]) {
        assertFalse("error" in run());
      }
      assertEqual("number", typeof wal.transactions().runningTransactions);
    },

    testTimesToLive: function () {
      const { ttlProperties, ttlStatistics } = internal;
      for (const name of ["runs", "documentsRemoved", "limitReached"]) assertTypeOf("number", ttlStatistics()[name]);
      const former = ttlProperties();
      assertTrue(former.active);
      try {
        assertFalse(ttlProperties({ active: false }).active);
        assertFalse(ttlProperties().active);
        assertFails(BAD_PARAMETER, () => ttlProperties({ active: "no" }));
      } finally {
        ttlProperties({ active: true });
      }
      assertEqual(former, ttlProperties());
    },

    testOtherProgramsAndPortsAreForbiddenUnlessAllowed: function () {
      for (
        const run of [
          () => internal.executeExternal("/bin/true", []),
          () => internal.executeExternalAndWait("/bin/true", []),
          () => internal.killExternal(1),
          () => internal.statusExternal(1),
          () => internal.testPort("tcp://127.0.0.1:1"),
        ]
      ) assertEqual(403, assertFails(FORBIDDEN, run).code);
    },
  };
}

[CodeSuite, TextSuite, OptionsSuite, TimeSuite, ObjectsSuite, RowsSuite, ServerSuite].forEach((suite) =>
  jsunity.run(suite)
);
return jsunity.done();
