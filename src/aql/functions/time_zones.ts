/**
 * Time zones: a time in one is the time that its clocks show, as if it were UTC.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { AqlValue } from "../values.ts";
import { isoText, utcTime } from "./date_text.ts";
import { zoneAbbreviation } from "./zone_names.ts";

/** @throws ArangoError 4 for an unknown time zone */
function zonedTime(time: number, zone: string): Temporal.ZonedDateTime {
  try {
    const zoned = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
    // Temporal also takes offsets such as +01:00, which are no names, and names in any letter case.
    if (/^[A-Za-z]/.test(zone) && zoned.timeZoneId === zone) return zoned;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new ArangoError("ERROR_INTERNAL", `'${zone}' not found in timezone database`);
}

/**
 * What the clocks of a zone show at a moment.
 *
 * @param zone UTC when undefined
 * @throws ArangoError 4 for an unknown time zone
 */
export function toLocal(time: number, zone: string | undefined): number {
  if (zone === undefined) return time;
  return time + zonedTime(time, zone).offsetNanoseconds / 1e6;
}

/**
 * The moment at which the clocks of a zone show `local`: the first of two, or as far after a gap.
 *
 * @param zone UTC when undefined
 * @throws ArangoError 4 for an unknown time zone
 */
export function toUtc(local: number, zone: string | undefined): number {
  if (zone === undefined) return local;
  zonedTime(local, zone);
  const clock = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO("UTC").toPlainDateTime();
  return clock.toZonedDateTime(zone).epochMilliseconds;
}

/**
 * Where a moment lies in its zone's history.
 *
 * @throws ArangoError 4 for an unknown time zone
 */
export function zoneInfo(time: number, zone: string): AqlValue {
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
    begin: begin === null ? null : isoText(begin.epochMilliseconds),
    end: end === null ? null : isoText(end.epochMilliseconds),
    dst: summer,
    offset,
  };
}

/** The name of the time zone that this machine is in. */
export function systemZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === "UTC" ? "Etc/UTC" : zone;
}
