/**
 * Documents that expire: the times that ttl indexes look at, and what happens when they have come.
 *
 * Source: ArangoDB's documentation of TTL indexes.
 *
 * @module
 */
import type { StoredDocument } from "../storage/document_table.ts";
import type { Collection } from "./collection.ts";
import type { Engine } from "./engine.ts";
import { encodeIndexKey } from "./index_key.ts";

/** Comes before all entries. */
const FIRST = new Uint8Array();

const DATE =
  /^\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d?)(?::(\d\d?)(\.\d+)?)?\s*(?:(Z)|([+-])(\d\d?)(?::?(\d\d))?)?)?\s*$/i;

/**
 * The time that a value stands for.
 *
 * @param value seconds since 1970, or a date text; without offset it is UTC
 * @returns seconds since 1970; undefined if the value is no time
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return undefined;
  const parts = DATE.exec(value);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sound = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 59;
  if (!sound) return undefined;
  const sign = parts[9] === "-" ? -1 : 1;
  const offset = sign * (Number(parts[10] ?? 0) * 3600 + Number(parts[11] ?? 0) * 60);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + Number(parts[7] ?? 0) - offset;
}

/** The entry of a time in a ttl index. */
export function timeEntry(seconds: number): Uint8Array {
  return encodeIndexKey([seconds]);
}

/**
 * Removes documents whose time has come from a collection with a ttl index.
 *
 * @param now seconds since 1970
 * @param most how many documents at most
 * @returns how many were removed
 */
export function removeExpired(engine: Engine, collection: Collection, now: number, most: number): number {
  const index = collection.indexes().find(({ type }) => type === "ttl");
  if (!index) return 0;
  const expired = (): StoredDocument[] =>
    collection.reading()?.byIndex(BigInt(index.id), FIRST, timeEntry(now - index.expireAfter!), most) ?? [];
  // no lock for nothing
  if (expired().length === 0) return 0;
  return engine.write([collection], () => {
    const due = expired();
    for (const { key } of due) collection.remove(key);
    return due.length;
  });
}
