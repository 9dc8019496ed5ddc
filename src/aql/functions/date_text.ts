/**
 * Dates and durations as texts.
 *
 * Source: sections 14.1 to 14.4 of `aql.md`; the manual's page on `WINDOW`, for the decimals of durations.
 *
 * @module
 */

/** The first millisecond of year 0. */
const FIRST = -62167219200000;
/** The last millisecond of year 9999. */
const LAST = 253402300799999;

const DATE_TEXT =
  /^\+?(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?(Z|z|[+-]\d{2}:\d{2})?$/;
const DURATION_TEXT =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;

/** Whether a timestamp in milliseconds lies in the years 0 to 9999. */
export function isDateInRange(ms: number): boolean {
  return ms >= FIRST && ms <= LAST;
}

/** Milliseconds since 1970 of a date in UTC. Months count from 1; parts that are too large or too small carry over. */
export function utcTime(year: number, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0): number {
  const date = new Date(0);
  // Date.UTC() takes years below 100 for years after 1900.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  return date.getTime();
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, "0"));
}

/** A timestamp in milliseconds as text, in UTC. */
export function isoText(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Reads a date text.
 *
 * @returns milliseconds since 1970, undefined if the text is no date or out of the years 0 to 9999
 */
export function parseDate(text: string): number | undefined {
  const match = DATE_TEXT.exec(text.trim());
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map((part) => part === undefined ? undefined : Number(part));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = zoneOffset(match[8]);
  if (offset === undefined) return undefined;
  const time = utcTime(year, month, day, hour, minute, second, milliseconds(match[7])) - offset;
  return isDateInRange(time) ? time : undefined;
}

/** The milliseconds that a zone is ahead of UTC; undefined for hours and minutes that no clock shows. */
function zoneOffset(zone = "Z"): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** A duration: calendar months, and the rest as exact milliseconds. */
export interface Duration {
  readonly months: number;
  readonly milliseconds: number;
}

/** Reads an ISO 8601 duration such as `P1Y2M3DT4H5M6.789S`; undefined if the text is none. */
export function parseDuration(text: string): Duration | undefined {
  const match = DURATION_TEXT.exec(text);
  if (match === null) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 8)
    .map((part) => part === undefined ? undefined : Number(part));
  const inSeconds = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds;
  return { months: years * 12 + months, milliseconds: inSeconds * 1000 + milliseconds(match[8]) };
}
