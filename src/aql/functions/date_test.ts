/** @module */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { AqlObject, AqlValue } from "../values.ts";
import { DATE_FUNCTIONS } from "./date.ts";
import { call, ends, testCalls } from "./test_context.ts";

testCalls("dates", DATE_FUNCTIONS, [
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
  ["DATE_DAY", ["2020-01-01", "Mars/Olympus"], ends(4)],
  ["DATE_DAY", ["2020-01-01", "+01:00"], ends(4)],
  ["DATE_DAY", ["2020-01-01", "europe/berlin"], ends(4)],
  ["DATE_HOUR", ["2020-01-01", "Asia/Calcutta"], 5],
], "DATE_TIMEZONE DATE_TIMEZONES");

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
