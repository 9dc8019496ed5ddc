/**
 * Dates as texts in the form that a format asks for.
 *
 * Source: section 14 of `aql.md`, `DATE_FORMAT`.
 *
 * @module
 */
import { dayOfYear, daysInMonth, isLeapYear, isoWeek } from "./calendar.ts";

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

/** A date in the form of a format of `DATE_FORMAT`. */
export function formatDate(date: Date, format: string): string {
  // The longest placeholder wins, whatever its letter case; an unknown one disappears, as does a % by itself.
  placeholder ??= new RegExp(
    `${Object.keys(PLACEHOLDERS).sort((a, b) => b.length - a.length).join("|")}|%[a-z]?`,
    "gi",
  );
  return format.replace(placeholder, (found) => String(PLACEHOLDERS[found.toLowerCase()]?.(date) ?? ""));
}
