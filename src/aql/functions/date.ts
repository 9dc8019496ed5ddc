/**
 * Date functions. Dates are milliseconds since 1970; a date in a time zone is the time that its clocks show, as if it
 * were UTC.
 *
 * Source: section 14 of `aql.md`.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type AqlValue, finite, isNumber, isTruthy, toNumber } from "../values.ts";
import { isDateInRange, parseDate, parseDuration, utcTime } from "./date_text.ts";
import { argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType, warnIn } from "./function_spec.ts";
import { zoneAbbreviation } from "./zone_names.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const YEAR = 365.2425 * DAY;
const MONTH = YEAR / 12;

/** The units from the largest to the smallest, which `DATE_COMPARE` and `DATE_TRUNC` go by. */
const UNIT_ORDER = ["year", "month", "day", "hour", "minute", "second", "millisecond"] as const;

type Unit = typeof UNIT_ORDER[number] | "week";

const UNITS: ReadonlyMap<string, Unit> = new Map(
  ([
    ["year", "y years"],
    ["month", "m months"],
    ["week", "w weeks"],
    ["day", "d days"],
    ["hour", "h hours"],
    ["minute", "i minutes"],
    ["second", "s seconds"],
    ["millisecond", "f milliseconds"],
  ] as const).flatMap(([unit, names]) => [unit, ...names.split(" ")].map((name) => [name, unit] as const)),
);

const UNIT_LENGTHS: Readonly<Record<Unit, number>> = {
  year: YEAR,
  month: MONTH,
  week: WEEK,
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
  millisecond: 1,
};

const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The unit that an argument names, in any letter case. */
function unitOf(value: AqlValue): Unit | undefined {
  return typeof value === "string" ? UNITS.get(value.toLowerCase()) : undefined;
}

/** The timestamp of an argument; undefined after a warning. */
function dateOf(context: FunctionContext, name: string, value: AqlValue): number | undefined {
  if (isNumber(value)) {
    const time = Math.trunc(Number(value));
    if (isDateInRange(time)) return time + 0;
  } else if (typeof value === "string") {
    const time = parseDate(value);
    if (time !== undefined) return time;
  } else {
    warnArgumentType(context, name);
    return undefined;
  }
  warnIn(context, name, 1572);
  return undefined;
}

/** @throws ArangoError 4 for an unknown time zone */
function zonedTime(time: number, zone: string): Temporal.ZonedDateTime {
  try {
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
    // Temporal also takes offsets such as +01:00, which are no names, and names in any letter case.
    if (/^[A-Za-z]/.test(zone) && zoned.timeZoneId === zone) return zoned;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new ArangoError(4, `'${zone}' not found in timezone database`);
}

function toLocal(time: number, zone: string): number {
  return time + zonedTime(time, zone).offsetNanoseconds / 1e6;
}

/** The moment at which the clocks of a zone show `local`: the first of two, or as far after a gap. */
function toUtc(local: number, zone: string): number {
  zonedTime(local, zone);
  const clock = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC").toPlainDateTime();
  return clock.toZonedDateTime(zone).epochMilliseconds;
}

/** A time zone argument: undefined where there is none, null after a warning. */
function zoneOf(context: FunctionContext, name: string, args: readonly AqlValue[], index: number) {
  if (index >= args.length) return undefined;
  const zone = argument(args, index);
  return typeof zone === "string" ? zone : warnArgumentType(context, name);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** The result of a computation as text, or a warning where it left the years 0 to 9999. */
function isoOrWarning(context: FunctionContext, name: string, time: number): AqlValue {
  return isDateInRange(time) ? iso(time) : warnIn(context, name, 1572);
}

function startOfYear(date: Date): number {
  return utcTime(date.getUTCFullYear());
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - startOfYear(date)) / DAY) + 1;
}

/** The ISO week and the year that it belongs to. */
function isoWeek(date: Date): { week: number; year: number } {
  // The week of a day is that of its Thursday.
  const thursday = new Date(date.getTime() + (3 - (date.getUTCDay() + 6) % 7) * DAY);
  return { week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, year: thursday.getUTCFullYear() };
}

function isLeapYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(date: Date): number {
  return new Date(utcTime(date.getUTCFullYear(), date.getUTCMonth() + 2, 0)).getUTCDate();
}

/** A function of a date, in UTC or in the time zone of the second argument. */
function component(name: string, compute: (date: Date) => AqlValue, zoned = true): FunctionSpec {
  return pure(name, [1, zoned ? 2 : 1], (context, args) => {
    const time = dateOf(context, name, argument(args, 0));
    if (time === undefined) return null;
    const zone = zoneOf(context, name, args, 1);
    if (zone === null) return null;
    return compute(new Date(zone === undefined ? time : toLocal(time, zone)));
  });
}

/**
 * The timestamp of a date or of its parts; undefined after a warning.
 *
 * @param args a date, or year, month, day and so on as numbers or texts of numbers
 */
function timestampOf(context: FunctionContext, name: string, args: readonly AqlValue[]): number | undefined {
  if (args.length === 1) return dateOf(context, name, argument(args, 0));
  if (args.length === 2) {
    warnIn(context, name, 1541);
    return undefined;
  }
  const parts: number[] = [];
  for (const part of args) {
    if (!isNumber(part) && typeof part !== "string") {
      warnArgumentType(context, name);
      return undefined;
    }
    parts.push(Math.trunc(toNumber(part)));
  }
  const [year = 0, ...rest] = parts;
  const time = utcTime(year, ...rest);
  if (parts.every((part) => part >= 0) && isDateInRange(time)) return time;
  warnIn(context, name, 1572);
  return undefined;
}

/** The date that lies calendar months and exact milliseconds after `time`; overlong days carry into the next month. */
function shifted(time: number, months: number, milliseconds: number): number {
  const date = new Date(time);
  if (months !== 0) date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime() + milliseconds;
}

/** `amount` units as calendar months and milliseconds: the fraction of a year goes on as months, of those as days. */
function amountOf(amount: number, unit: Unit): { months: number; milliseconds: number } {
  if (unit !== "year" && unit !== "month") {
    return { months: 0, milliseconds: Math.trunc(amount * UNIT_LENGTHS[unit]) };
  }
  let months = Math.trunc(amount) * (unit === "year" ? 12 : 1);
  let rest = amount - Math.trunc(amount);
  if (unit === "year") {
    rest *= 12;
    months += Math.trunc(rest);
    rest -= Math.trunc(rest);
  }
  return { months, milliseconds: Math.trunc(rest * 30 * DAY) };
}

/** `DATE_ADD` (`sign` 1) and `DATE_SUBTRACT` (-1): a duration, or an amount and a unit; the time zone is last. */
function moving(name: string, sign: 1 | -1): FunctionSpec {
  return pure(name, [2, 4], (context, args) => {
    const time = dateOf(context, name, argument(args, 0));
    if (time === undefined) return null;
    const by = argument(args, 1);
    const isDuration = typeof by === "string";
    const zone = zoneOf(context, name, args, isDuration ? 2 : 3);
    if (zone === null) return null;
    let delta: { months: number; milliseconds: number } | undefined;
    if (isDuration) {
      if (args.length > 3) return warnArgumentType(context, name);
      delta = parseDuration(by);
    } else {
      const unit = argument(args, 2);
      if (!isNumber(by) || typeof unit !== "string") return warnArgumentType(context, name);
      const known = unitOf(unit);
      delta = known && amountOf(Number(by), known);
    }
    if (delta === undefined) return warnIn(context, name, 1572);
    const start = zone === undefined ? time : toLocal(time, zone);
    const end = shifted(start, sign * delta.months, sign * delta.milliseconds);
    return isoOrWarning(context, name, zone === undefined || !isDateInRange(end) ? end : toUtc(end, zone));
  });
}

function dateDiff(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_DIFF";
  const from = dateOf(context, name, argument(args, 0));
  if (from === undefined) return null;
  const to = dateOf(context, name, argument(args, 1));
  if (to === undefined) return null;
  const unit = argument(args, 2);
  if (typeof unit !== "string") return warnArgumentType(context, name);
  const known = unitOf(unit);
  if (known === undefined) return warnIn(context, name, 1572);
  // The time zones may follow the unit directly.
  const hasFlag = args.length > 3 && typeof args[3] !== "string";
  const zone = zoneOf(context, name, args, hasFlag ? 4 : 3);
  const otherZone = zoneOf(context, name, args, hasFlag ? 5 : 4);
  if (zone === null || otherZone === null) return null;
  const start = zone === undefined ? from : toLocal(from, zone);
  const secondZone = otherZone ?? zone;
  const end = secondZone === undefined ? to : toLocal(to, secondZone);
  const difference = (end - start) / UNIT_LENGTHS[known];
  const rounded = Math.sign(difference) * Math.round(Math.abs(difference));
  return finite(hasFlag && isTruthy(argument(args, 3)) ? difference : rounded);
}

/** The parts of a date in the order of {@linkcode UNIT_ORDER}. */
function partsOf(time: number): [number, number, number, number, number, number, number] {
  const date = new Date(time);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  ];
}

function orderOf(unit: Unit | undefined): number {
  return UNIT_ORDER.findIndex((candidate) => candidate === unit);
}

function dateCompare(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_COMPARE";
  const times: number[] = [];
  for (const [index, zoneIndex] of [[0, 4], [1, 5]] as const) {
    const time = dateOf(context, name, argument(args, index));
    if (time === undefined) return null;
    const zone = zoneOf(context, name, args, Math.min(zoneIndex, Math.max(args.length - 1, 4)));
    if (zone === null) return null;
    times.push(zone === undefined ? time : toLocal(time, zone));
  }
  const first = orderOf(unitOf(argument(args, 2)));
  const last = args.length > 3 ? orderOf(unitOf(argument(args, 3))) : first;
  if (first < 0 || last < 0) return warnArgumentType(context, name);
  const [a = [], b = []] = times.map(partsOf);
  for (let part = first; part <= last; part++) if (a[part] !== b[part]) return false;
  return true;
}

function dateTrunc(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_TRUNC";
  const time = dateOf(context, name, argument(args, 0));
  if (time === undefined) return null;
  const unit = argument(args, 1);
  if (typeof unit !== "string") return warnArgumentType(context, name);
  const order = orderOf(unitOf(unit));
  if (order < 0) return warnIn(context, name, 1572);
  const zone = zoneOf(context, name, args, 2);
  if (zone === null) return null;
  const [year, ...rest] = partsOf(zone === undefined ? time : toLocal(time, zone));
  const truncated = utcTime(year, ...rest.slice(0, order));
  return isoOrWarning(context, name, zone === undefined ? truncated : toUtc(truncated, zone));
}

function dateRound(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_ROUND";
  const [value = null, amount = null, unit = null] = args;
  const time = dateOf(context, name, value);
  if (time === undefined) return null;
  // Unlike elsewhere, the letter case counts.
  const known = typeof unit === "string" ? UNITS.get(unit) : undefined;
  const count = isNumber(amount) ? Math.trunc(Number(amount)) : 0;
  if (known === undefined || ["year", "month", "week"].includes(known) || !(count > 0)) {
    return warnArgumentType(context, name);
  }
  const zone = zoneOf(context, name, args, 3);
  if (zone === null) return null;
  const bucket = count * UNIT_LENGTHS[known];
  const start = zone === undefined ? time : toLocal(time, zone);
  const rounded = Math.trunc(start / bucket) * bucket + 0;
  return isoOrWarning(context, name, zone === undefined ? rounded : toUtc(rounded, zone));
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** What each placeholder of `DATE_FORMAT` stands for. */
const PLACEHOLDERS: Readonly<Record<string, (date: Date) => string | number>> = {
  "%t": (date) => date.getTime(),
  "%z": (date) => date.toISOString(),
  "%w": (date) => date.getUTCDay(),
  "%y": (date) => date.getUTCFullYear(),
  "%yy": (date) => pad(date.getUTCFullYear() % 100, 2),
  "%yyyy": (date) => pad(date.getUTCFullYear(), 4),
  "%yyyyyy": (date) => `+${pad(date.getUTCFullYear(), 6)}`,
  "%m": (date) => date.getUTCMonth() + 1,
  "%mm": (date) => pad(date.getUTCMonth() + 1, 2),
  "%mmm": (date) => (MONTH_NAMES[date.getUTCMonth()] ?? "").slice(0, 3),
  "%mmmm": (date) => MONTH_NAMES[date.getUTCMonth()] ?? "",
  "%d": (date) => date.getUTCDate(),
  "%dd": (date) => pad(date.getUTCDate(), 2),
  "%h": (date) => date.getUTCHours(),
  "%hh": (date) => pad(date.getUTCHours(), 2),
  "%i": (date) => date.getUTCMinutes(),
  "%ii": (date) => pad(date.getUTCMinutes(), 2),
  "%s": (date) => date.getUTCSeconds(),
  "%ss": (date) => pad(date.getUTCSeconds(), 2),
  "%f": (date) => date.getUTCMilliseconds(),
  "%fff": (date) => pad(date.getUTCMilliseconds(), 3),
  "%x": dayOfYear,
  "%xxx": (date) => pad(dayOfYear(date), 3),
  "%k": (date) => isoWeek(date).week,
  "%kk": (date) => pad(isoWeek(date).week, 2),
  "%l": (date) => isLeapYear(date) ? 1 : 0,
  "%q": (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  "%a": daysInMonth,
  "%www": (date) => (DAY_NAMES[date.getUTCDay()] ?? "").slice(0, 3),
  "%wwww": (date) => DAY_NAMES[date.getUTCDay()] ?? "",
  "%%": () => "%",
  "%&": () => "",
};

let placeholder: RegExp | undefined;

function dateFormat(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_FORMAT";
  const time = dateOf(context, name, argument(args, 0));
  if (time === undefined) return null;
  const format = argument(args, 1);
  if (typeof format !== "string") return warnArgumentType(context, name);
  const zone = zoneOf(context, name, args, 2);
  if (zone === null) return null;
  const date = new Date(zone === undefined ? time : toLocal(time, zone));
  // The longest placeholder wins, whatever its letter case; an unknown one disappears, as does a % by itself.
  placeholder ??= new RegExp(
    `${Object.keys(PLACEHOLDERS).sort((a, b) => b.length - a.length).join("|")}|%[a-z]?`,
    "gi",
  );
  return format.replace(placeholder, (found) => String(PLACEHOLDERS[found.toLowerCase()]?.(date) ?? ""));
}

/** Where a moment lies in its zone's history. */
function zoneInfo(time: number, zone: string): AqlValue {
  const zoned = zonedTime(time, zone);
  const offset = zoned.offsetNanoseconds / 1e9;
  const year = new Date(time).getUTCFullYear();
  const standard = Math.min(
    ...[0, 6].map((month) => zonedTime(utcTime(year, month + 1), zone).offsetNanoseconds / 1e9),
  );
  const summer = offset > standard;
  // The transition before the next moment is the one at or before this moment.
  const begin = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition("previous");
  const end = zoned.getTimeZoneTransition("next");
  return {
    name: zoneAbbreviation(zone, summer, offset),
    begin: begin === null ? null : iso(begin.epochMilliseconds),
    end: end === null ? null : iso(end.epochMilliseconds),
    dst: summer,
    offset,
  };
}

/** `DATE_UTCTOLOCAL` and `DATE_LOCALTOUTC`. */
function converting(name: string, attribute: "local" | "utc"): FunctionSpec {
  return pure(name, [2, 3], (context, args) => {
    const time = dateOf(context, name, argument(args, 0));
    if (time === undefined) return null;
    const [, zone = null, detail = null] = args;
    if (typeof zone !== "string") return warnArgumentType(context, name);
    if (args.length > 2 && typeof detail !== "boolean") return warnArgumentType(context, name);
    const utc = attribute === "utc" ? toUtc(time, zone) : time;
    const local = attribute === "local" ? toLocal(time, zone) : time;
    if (!isDateInRange(utc) || !isDateInRange(local)) return warnIn(context, name, 1572);
    // Local times go without the Z of UTC, unless the zone is at UTC.
    const text = attribute === "utc" || utc === local
      ? iso(attribute === "utc" ? utc : local)
      : iso(local).slice(0, -1);
    if (detail !== true) return text;
    return { [attribute]: text, tzdb: globalThis.process.versions["tz"] ?? null, zoneInfo: zoneInfo(utc, zone) };
  });
}

function systemZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === "UTC" ? "Etc/UTC" : zone;
}

/** Date functions. */
export const DATE_FUNCTIONS: readonly FunctionSpec[] = [
  moving("DATE_ADD", 1),
  pure("DATE_COMPARE", [3, 6], dateCompare),
  component("DATE_DAY", (date) => date.getUTCDate()),
  component("DATE_DAYOFWEEK", (date) => date.getUTCDay()),
  component("DATE_DAYOFYEAR", dayOfYear),
  component("DATE_DAYS_IN_MONTH", daysInMonth),
  pure("DATE_DIFF", [3, 6], dateDiff),
  pure("DATE_FORMAT", [2, 3], dateFormat),
  component("DATE_HOUR", (date) => date.getUTCHours()),
  pure("DATE_ISO8601", [1, 7], (context, args) => {
    const time = timestampOf(context, "DATE_ISO8601", args);
    return time === undefined ? null : iso(time);
  }),
  component("DATE_ISOWEEK", (date) => isoWeek(date).week),
  component("DATE_ISOWEEKYEAR", isoWeek),
  component("DATE_LEAPYEAR", isLeapYear),
  converting("DATE_LOCALTOUTC", "utc"),
  component("DATE_MILLISECOND", (date) => date.getUTCMilliseconds(), false),
  component("DATE_MINUTE", (date) => date.getUTCMinutes()),
  component("DATE_MONTH", (date) => date.getUTCMonth() + 1),
  pure("DATE_NOW", [0, 0], (context) => context.now()),
  component("DATE_QUARTER", (date) => Math.floor(date.getUTCMonth() / 3) + 1),
  pure("DATE_ROUND", [3, 4], dateRound),
  component("DATE_SECOND", (date) => date.getUTCSeconds(), false),
  moving("DATE_SUBTRACT", -1),
  pure("DATE_TIMESTAMP", [1, 7], (context, args) => timestampOf(context, "DATE_TIMESTAMP", args) ?? null),
  pure("DATE_TIMEZONE", [0, 0], systemZone),
  pure("DATE_TIMEZONES", [0, 0], () => [...new Set([...Intl.supportedValuesOf("timeZone"), "Etc/UTC", "UTC"])].sort()),
  pure("DATE_TRUNC", [2, 3], dateTrunc),
  converting("DATE_UTCTOLOCAL", "local"),
  component("DATE_YEAR", (date) => date.getUTCFullYear()),
];
