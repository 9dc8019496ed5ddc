/**
 * Units of time, and the calendar: dates are milliseconds since 1970.
 *
 * @module
 */
import type { AqlValue } from "../values.ts";
import { type Duration, utcTime } from "./date_text.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const YEAR = 365.2425 * DAY;
const MONTH = YEAR / 12;

/** The units from the largest to the smallest, which `DATE_COMPARE` and `DATE_TRUNC` go by. */
const UNIT_ORDER = ["year", "month", "day", "hour", "minute", "second", "millisecond"] as const;

/** A unit of time. */
export type Unit = typeof UNIT_ORDER[number] | "week";

/** The units by all their names. */
export const UNITS: ReadonlyMap<string, Unit> = new Map(
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

/** The lengths of units in milliseconds; of years and months the mean. */
export const UNIT_LENGTHS: Readonly<Record<Unit, number>> = {
  year: YEAR,
  month: MONTH,
  week: WEEK,
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
  millisecond: 1,
};

/** The unit that an argument names, in any letter case. */
export function unitOf(value: AqlValue): Unit | undefined {
  return typeof value === "string" ? UNITS.get(value.toLowerCase()) : undefined;
}

/** The day of the year, from 1 on. */
export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - utcTime(date.getUTCFullYear())) / DAY) + 1;
}

/** The ISO week and the year that it belongs to. */
export function isoWeek(date: Date): { week: number; year: number } {
  // The week of a day is that of its Thursday.
  const thursday = new Date(date.getTime() + (3 - (date.getUTCDay() + 6) % 7) * DAY);
  return { week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, year: thursday.getUTCFullYear() };
}

/** Whether the date lies in a leap year. */
export function isLeapYear(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How many days the month of the date has. */
export function daysInMonth(date: Date): number {
  return new Date(utcTime(date.getUTCFullYear(), date.getUTCMonth() + 2, 0)).getUTCDate();
}

/** The date that lies calendar months and exact milliseconds after `time`; overlong days carry into the next month. */
export function shifted(time: number, months: number, milliseconds: number): number {
  const date = new Date(time);
  if (months !== 0) date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime() + milliseconds;
}

/** `amount` units as calendar months and milliseconds: the fraction of a year goes on as months, of those as days. */
export function amountOf(amount: number, unit: Unit): Duration {
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

/** The parts of a date in the order of {@linkcode orderOf}. */
export function partsOf(time: number): [number, number, number, number, number, number, number] {
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

/** The place of a unit among the units from years to milliseconds; -1 for weeks and what is no unit. */
export function orderOf(unit: Unit | undefined): number {
  return UNIT_ORDER.findIndex((candidate) => candidate === unit);
}
