/** @module */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { AqlValue } from "../values.ts";
import { isDateInRange, parseDate, parseDuration, utcTime } from "./date_text.ts";
import { call } from "./test_context.ts";

const times = fc.integer({ min: -62167219200000, max: 253402300799999 });

Deno.test("a timestamp survives becoming text and being read", () => {
  fc.assert(fc.property(times, (time) => {
    const text = String(call("DATE_ISO8601", [time]).value);
    strictEqual(text.length, 24);
    strictEqual(call("DATE_TIMESTAMP", [text]).value, time);
  }));
});

Deno.test("dates are read in all the forms of the reference", () => {
  const rows: [string, number | undefined][] = [
    ["2000-04-29", 956966400000],
    ["2000-04-29Z", 956966400000],
    [" 2000-4-29 ", 956966400000],
    ["+2000-04-29", 956966400000],
    ["2000", 946684800000],
    ["2000-04", 954547200000],
    ["2000-04-29 13:24", 957014640000],
    ["2000-04-29T13:24:12", 957014652000],
    ["2000-04-29T13:24:12.1", 957014652100],
    ["2000-04-29T13:24:12.123999Z", 957014652123],
    ["2000-04-29T13:24:12+02:00", 957007452000],
    ["2000-04-29T13:24:12-02:30", 957023652000],
    ["2015-02-31", Date.UTC(2015, 2, 3)],
    ["0000-01-01", -62167219200000],
    ["0000-01-01T00:00+01:00", undefined],
    ["9999-12-31T23:59:59.999Z", 253402300799999],
    ["10000-01-01", undefined],
    ["-2000-01-01", undefined],
    ["2000-13-01", undefined],
    ["2000-00-01", undefined],
    ["2000-01-32", undefined],
    ["2000-01-01T24:00", undefined],
    ["2000-01-01T00:60", undefined],
    ["2000-01-01T12", undefined],
    ["", undefined],
    ["nonsense", undefined],
  ];
  for (const [text, time] of rows) strictEqual(parseDate(text), time, text);
});

Deno.test("durations are read, and anything else is not", () => {
  deepStrictEqual(parseDuration("P1Y2M"), { months: 14, milliseconds: 0 });
  deepStrictEqual(parseDuration("P1W2DT3H4M5.678S"), {
    months: 0,
    milliseconds: ((9 * 24 + 3) * 60 + 4) * 60_000 + 5678,
  });
  deepStrictEqual(parseDuration("PT1M"), { months: 0, milliseconds: 60_000 });
  for (const text of ["", "P", "PT", "1D", "P1", "P1H", "P-1D", "P1DT", "PT1.5M", "PT0.5H", "PT0.1234S"]) {
    strictEqual(parseDuration(text), undefined);
  }
});

Deno.test("years below 100 are years below 100", () => {
  strictEqual(new Date(utcTime(99)).getUTCFullYear(), 99);
  ok(!isDateInRange(utcTime(-1)));
});

Deno.test("adding and subtracting exact units are inverse", () => {
  const units = fc.constantFrom("week", "days", "h", "minutes", "s", "f");
  fc.assert(fc.property(times, fc.integer({ min: 0, max: 1000 }), units, (time, amount, unit) => {
    const later = call("DATE_ADD", [time, amount, unit]).value;
    if (later === null) return;
    strictEqual(call("DATE_SUBTRACT", [later, amount, unit]).value, new Date(time).toISOString());
    strictEqual(call("DATE_DIFF", [time, later, unit]).value, amount);
  }));
});

Deno.test("a negative amount turns the operation around", () => {
  fc.assert(
    fc.property(times, fc.integer({ min: -100, max: 100 }), fc.constantFrom("y", "m", "d"), (time, amount, unit) => {
      deepStrictEqual(call("DATE_ADD", [time, amount, unit]).value, call("DATE_SUBTRACT", [time, -amount, unit]).value);
    }),
  );
});

Deno.test("local time and UTC are inverse outside of clock changes", () => {
  const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC");
  fc.assert(fc.property(fc.integer({ min: 0, max: 2e12 }), zones, (time, zone) => {
    const local = String(call("DATE_UTCTOLOCAL", [time, zone]).value).replace("Z", "");
    const back = Date.parse(String(call("DATE_LOCALTOUTC", [local, zone]).value));
    // When clocks go back, one local time stands for two moments.
    ok(back === time || String(call("DATE_UTCTOLOCAL", [back, zone]).value).replace("Z", "") === local);
  }));
});

Deno.test("truncating to a unit leaves the parts above it and clears the rest", () => {
  const units = ["year", "month", "day", "hour", "minute", "second", "millisecond"];
  fc.assert(fc.property(times, fc.constantFrom(...units), (time, unit) => {
    const truncated = call("DATE_TRUNC", [time, unit]).value;
    strictEqual(call("DATE_COMPARE", [time, truncated, "years", unit]).value, true);
    strictEqual(call("DATE_TRUNC", [truncated, unit]).value, truncated);
    ok(Date.parse(String(truncated)) <= time);
  }));
});

Deno.test("ISO weeks agree with the format and lie in the year that they belong to", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
    const { week, year } = call("DATE_ISOWEEKYEAR", [time]).value as { week: number; year: number };
    strictEqual(call("DATE_ISOWEEK", [time]).value, week);
    strictEqual(call("DATE_FORMAT", [time, "%k"]).value, String(week));
    ok(week >= 1 && week <= 53);
    ok(Math.abs(year - new Date(time).getUTCFullYear()) <= 1);
  }));
});

Deno.test("values of wrong types and texts that are no dates warn with different numbers", () => {
  const rows: [AqlValue, number][] = [[null, 1542], [true, 1542], [[], 1542], [{}, 1542], ["x", 1572], [1e15, 1572]];
  for (const [value, errorNum] of rows) {
    deepStrictEqual(call("DATE_YEAR", [value]).warnings, [errorNum]);
    strictEqual(call("DATE_YEAR", [value]).value, null);
  }
});
