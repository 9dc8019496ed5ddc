/* The manual's chapter on date functions: forms of dates, units, borders, other types, warnings. */
"use strict";
const jsunity = require("jsunity");
const { assertCalls, ends } = require("aql");

const DATE = "2000-05-06T07:08:09.123Z"; // a Saturday
const INVALID = ["", "x", "2000-13-01", "2000-01-32", "2000-01-01T24:00", "20000101", "-0001-01-01", "10000-01-01"];
const ofAll = (names, args, ...rest) => names.split(" ").map((name) => ["DATE_" + name, args, ...rest]);

function DateSuite() {
  return {
    testForms: function () {
      const first = Date.UTC(2000, 0, 1);
      assertCalls([
        ...["2000", "2000-1", "2000-01-01", " 2000-01-01 ", "2000-01-01T00:00", "2000-01-01 0:0:0.0009Z", "+2000-01-01"]
          .map((
            text,
          ) => ["DATE_TIMESTAMP", [text], first]),
        ["DATE_TIMESTAMP", ["2000-01-01T02:30:00+02:30"], first],
        ["DATE_TIMESTAMP", ["2000-02-30"], Date.UTC(2000, 2, 1)],
        ["DATE_TIMESTAMP", [first + 0.9], first],
        ["DATE_TIMESTAMP", [2000, 1, 1], first],
        ["DATE_TIMESTAMP", ["2000", "1", "1", 0, 0, 0, 7], first + 7],
        ["DATE_TIMESTAMP", [1999, 13, 1], first],
        ["DATE_ISO8601", [first], "2000-01-01T00:00:00.000Z"],
        ["DATE_ISO8601", [-62167219200000], "0000-01-01T00:00:00.000Z"],
        ["DATE_ISO8601", [253402300799999], "9999-12-31T23:59:59.999Z"],
        ["DATE_ISO8601", [253402300800000], null, 1572],
        ["DATE_ISO8601", [-62167219200001], null, 1572],
      ]);
    },

    testWhatIsNoDate: function () {
      const functions = "TIMESTAMP ISO8601 YEAR MONTH DAY HOUR MINUTE SECOND MILLISECOND DAYOFWEEK DAYOFYEAR ISOWEEK " +
        "ISOWEEKYEAR LEAPYEAR QUARTER DAYS_IN_MONTH";
      assertCalls([
        ...ofAll(functions, ["x"], null, 1572),
        ...[null, true, [], {}].flatMap((value) => ofAll("TIMESTAMP YEAR", [value], null, 1542)),
        ...INVALID.map((text) => ["DATE_TIMESTAMP", [text], null, 1572]),
        ...INVALID.map((text) => ["IS_DATESTRING", [text], false]),
      ]);
    },

    testParts: function () {
      const parts = {
        ...{ YEAR: 2000, MONTH: 5, DAY: 6, HOUR: 7, MINUTE: 8, SECOND: 9, MILLISECOND: 123, DAYOFWEEK: 6 },
        ...{ DAYOFYEAR: 127, ISOWEEK: 18, LEAPYEAR: true, QUARTER: 2, DAYS_IN_MONTH: 31 },
      };
      assertCalls([
        ...Object.entries(parts).map(([name, part]) => ["DATE_" + name, [DATE], part]),
        ["DATE_ISOWEEKYEAR", ["2021-01-01"], { week: 53, year: 2020 }],
        ["DATE_LEAPYEAR", ["1900"], false],
        ["DATE_DAYS_IN_MONTH", ["1900-02"], 28],
        ["DATE_HOUR", [DATE, "America/New_York"], 3],
        ["DATE_DAY", ["2000-01-01", "America/New_York"], 31],
        ["DATE_HOUR", [DATE, 1], null, 1542],
        ["DATE_HOUR", [DATE, "No/Where"], ends(4)],
      ]);
    },

    testArithmetic: function () {
      const plus = (args, text) => ["DATE_ADD", [DATE, ...args], text];
      assertCalls([
        plus([1, "year"], "2001-05-06T07:08:09.123Z"),
        plus([-2, "months"], "2000-03-06T07:08:09.123Z"),
        plus([1, "w"], "2000-05-13T07:08:09.123Z"),
        plus([1.5, "d"], "2000-05-07T19:08:09.123Z"),
        plus([1, "i"], "2000-05-06T07:09:09.123Z"),
        plus([877, "f"], "2000-05-06T07:08:10.000Z"),
        plus(["P1Y1M1DT1H1M1.1S"], "2001-06-07T08:09:10.223Z"),
        ["DATE_ADD", ["2000-01-31", 1, "month"], "2000-03-02T00:00:00.000Z"],
        ["DATE_SUBTRACT", ["2000-03-01", "P1D"], "2000-02-29T00:00:00.000Z"],
        ["DATE_SUBTRACT", ["2000-01-01", 1, "second"], "1999-12-31T23:59:59.000Z"],
        ["DATE_SUBTRACT", ["0000-01-01", 1, "day"], null, 1572],
        ...[[1, "parsec"], ["P"], ["1D"], [""]].map((rest) => ["DATE_ADD", [DATE, ...rest], null, 1572]),
        ["DATE_ADD", [DATE, null, "day"], null, 1542],
        ["DATE_DIFF", ["2000-01-01", "2000-03-01", "d"], 60],
        ["DATE_DIFF", ["2000-03-01", "2000-01-01", "days"], -60],
        ["DATE_DIFF", ["2000-01-01", "2000-01-02T12:00", "day", true], 1.5],
        ["DATE_DIFF", ["2000-01-01", "2000-01-15", "w"], 2],
        ["DATE_DIFF", ["2000-01-01", "2000-01-02", "parsec"], null, 1572],
        ["DATE_DIFF", ["2000-01-01", null, "d"], null, 1542],
      ]);
    },

    testComparisonsAndRoundings: function () {
      const compared = (units, result) => ["DATE_COMPARE", [DATE, "1999-05-06T07:00", ...units], result];
      assertCalls([
        compared(["months", "days"], true),
        compared(["years"], false),
        compared(["h"], true),
        compared(["hours", "minutes"], false),
        ["DATE_COMPARE", [DATE, DATE, "weeks"], null, 1542],
        ["DATE_TRUNC", [DATE, "y"], "2000-01-01T00:00:00.000Z"],
        ["DATE_TRUNC", [DATE, "months"], "2000-05-01T00:00:00.000Z"],
        ["DATE_TRUNC", [DATE, "day"], "2000-05-06T00:00:00.000Z"],
        ["DATE_TRUNC", [DATE, "i"], "2000-05-06T07:08:00.000Z"],
        ["DATE_TRUNC", [DATE, "week"], null, 1572],
        ["DATE_ROUND", [DATE, 15, "minutes"], "2000-05-06T07:00:00.000Z"],
        ["DATE_ROUND", [DATE, 100, "f"], "2000-05-06T07:08:09.100Z"],
        ...[[0, "s"], [-1, "s"], [1, "month"]].map((rest) => ["DATE_ROUND", [DATE, ...rest], null, 1542]),
      ]);
    },

    testTexts: function () {
      assertCalls([
        ["DATE_FORMAT", [DATE, "%yyyy-%mm-%dd %hh:%ii:%ss.%fff"], "2000-05-06 07:08:09.123"],
        ["DATE_FORMAT", [DATE, "%y %yy %m %mmm %mmmm %d %h %i %s %f"], "2000 00 5 May May 6 7 8 9 123"],
        ["DATE_FORMAT", [DATE, "%w %www %wwww %x %xxx %k %kk %q %l %a"], "6 Sat Saturday 127 127 18 18 2 1 31"],
        ["DATE_FORMAT", [DATE, "%%yyyy %&yyyy"], "%yyyy yyyy"],
        ["DATE_FORMAT", [0, "%t %z"], "0 1970-01-01T00:00:00.000Z"],
        ["DATE_FORMAT", [DATE, ""], ""],
        ["DATE_FORMAT", [DATE, 1], null, 1542],
        ["DATE_UTCTOLOCAL", ["2000-07-01T00:00:00.000Z", "Europe/Berlin"], "2000-07-01T02:00:00.000"],
        ["DATE_UTCTOLOCAL", ["2000-01-01", "Europe/Berlin"], "2000-01-01T01:00:00.000"],
        ["DATE_LOCALTOUTC", ["2000-07-01T02:00:00.000", "Europe/Berlin"], "2000-07-01T00:00:00.000Z"],
        ["DATE_UTCTOLOCAL", ["x", "Europe/Berlin"], null, 1572],
        ["DATE_UTCTOLOCAL", [DATE, "No/Where"], ends(4)],
      ]);
    },
  };
}

jsunity.run(DateSuite);
return jsunity.done();
