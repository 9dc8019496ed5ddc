/**
 * Date functions. Dates are milliseconds since 1970; a date in a time zone is the time that its clocks show, as if it
 * were UTC.
 *
 * Source: section 14 of `aql.md`.
 *
 * @module
 */
import { type AqlValue, finite, isNumber, isTruthy, toNumber } from "../values.ts";
import {
  amountOf,
  dayOfYear,
  daysInMonth,
  isLeapYear,
  isoWeek,
  orderOf,
  partsOf,
  shifted,
  UNIT_LENGTHS,
  unitOf,
  UNITS,
} from "./calendar.ts";
import { formatDate } from "./date_format.ts";
import { type Duration, isDateInRange, isoText, parseDate, parseDuration, utcTime } from "./date_text.ts";
import { argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType, warnIn } from "./function_spec.ts";
import { systemZone, toLocal, toUtc, zoneInfo } from "./time_zones.ts";

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

/** A time zone argument: undefined where there is none, null after a warning. */
function zoneOf(context: FunctionContext, name: string, args: readonly AqlValue[], index: number) {
  if (index >= args.length) return undefined;
  const zone = argument(args, index);
  return typeof zone === "string" ? zone : warnArgumentType(context, name);
}

/** The result of a computation as text, or a warning where it left the years 0 to 9999. */
function isoOrWarning(context: FunctionContext, name: string, time: number): AqlValue {
  return isDateInRange(time) ? isoText(time) : warnIn(context, name, 1572);
}

/** A function of a date, in UTC or in the time zone of the second argument. */
function component(name: string, compute: (date: Date) => AqlValue, zoned = true): FunctionSpec {
  return pure(name, [1, zoned ? 2 : 1], (context, args) => {
    const time = dateOf(context, name, argument(args, 0));
    if (time === undefined) return null;
    const zone = zoneOf(context, name, args, 1);
    if (zone === null) return null;
    return compute(new Date(toLocal(time, zone)));
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

/** `DATE_ADD` (`sign` 1) and `DATE_SUBTRACT` (-1): a duration, or an amount and a unit; the time zone is last. */
function moving(name: string, sign: 1 | -1): FunctionSpec {
  return pure(name, [2, 4], (context, args) => {
    const time = dateOf(context, name, argument(args, 0));
    if (time === undefined) return null;
    const by = argument(args, 1);
    const isDuration = typeof by === "string";
    const zone = zoneOf(context, name, args, isDuration ? 2 : 3);
    if (zone === null) return null;
    let delta: Duration | undefined;
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
    const start = toLocal(time, zone);
    const end = shifted(start, sign * delta.months, sign * delta.milliseconds);
    return isoOrWarning(context, name, isDateInRange(end) ? toUtc(end, zone) : end);
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
  const start = toLocal(from, zone);
  const end = toLocal(to, otherZone ?? zone);
  const difference = (end - start) / UNIT_LENGTHS[known];
  const rounded = Math.sign(difference) * Math.round(Math.abs(difference));
  return finite(hasFlag && isTruthy(argument(args, 3)) ? difference : rounded);
}

function dateCompare(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_COMPARE";
  const times: number[] = [];
  for (const [index, zoneIndex] of [[0, 4], [1, 5]] as const) {
    const time = dateOf(context, name, argument(args, index));
    if (time === undefined) return null;
    const zone = zoneOf(context, name, args, Math.min(zoneIndex, Math.max(args.length - 1, 4)));
    if (zone === null) return null;
    times.push(toLocal(time, zone));
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
  const [year, ...rest] = partsOf(toLocal(time, zone));
  const truncated = utcTime(year, ...rest.slice(0, order));
  return isoOrWarning(context, name, toUtc(truncated, zone));
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
  const start = toLocal(time, zone);
  const rounded = Math.trunc(start / bucket) * bucket + 0;
  return isoOrWarning(context, name, toUtc(rounded, zone));
}

function dateFormat(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "DATE_FORMAT";
  const time = dateOf(context, name, argument(args, 0));
  if (time === undefined) return null;
  const format = argument(args, 1);
  if (typeof format !== "string") return warnArgumentType(context, name);
  const zone = zoneOf(context, name, args, 2);
  if (zone === null) return null;
  const date = new Date(toLocal(time, zone));
  return formatDate(date, format);
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
      ? isoText(attribute === "utc" ? utc : local)
      : isoText(local).slice(0, -1);
    if (detail !== true) return text;
    return { [attribute]: text, tzdb: globalThis.process.versions["tz"] ?? null, zoneInfo: zoneInfo(utc, zone) };
  });
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
    return time === undefined ? null : isoText(time);
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
