/**
 * Documents of a geo index in the order of their distance from a place.
 *
 * @module
 */
import { EARTH_RADIUS } from "../functions/geo.ts";
import type { AqlObject, AqlValue } from "../values.ts";
import { compareValues } from "../value_order.ts";
import { Chain } from "./document_sources.ts";
import { ArrayValues, type Values } from "./loops.ts";
import { BATCH } from "./operator.ts";

/** A place on the globe, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** What is asked of an index. */
export interface PlaceSearch {
  /** The documents within so many metres of a place. */
  around(place: Position, meters: number): Iterable<AqlObject>;
  /** The distance of a document from the place that the order goes by, in metres; documents without one have no place in it. */
  distanceTo(document: AqlObject): AqlValue;
  /** Told how many documents were found. */
  onFound(count: number): void;
}

/** Metres: how far the first look for what is close goes, half way around the globe, and surely beyond that. */
const FIRST_RING = 1000;
const HALF_WAY_AROUND = Math.PI * EARTH_RADIUS;
const BEYOND = HALF_WAY_AROUND + FIRST_RING;

/** Documents by their distance, ring after ring: a LIMIT may need few of them. */
export function nearestFirst(place: Position, search: PlaceSearch): Values<AqlObject> {
  return ringByRing(place, search, true);
}

/** The same from the other end: what is far from a place is close to the other side of the globe. */
export function farthestFirst({ latitude, longitude }: Position, search: PlaceSearch): Values<AqlObject> {
  const antipode = { latitude: -latitude, longitude: longitude > 0 ? longitude - 180 : longitude + 180 };
  return ringByRing(antipode, search, false);
}

/** @param ascending whether the rings are around the place that distances are from, not around the other side */
function ringByRing(center: Position, search: PlaceSearch, ascending: boolean): Values<AqlObject> {
  return new Chain((function* () {
    let inner = -1;
    for (let radius = FIRST_RING; inner < BEYOND; radius *= 4) {
      const ring: { document: AqlObject; distance: number }[] = [];
      for (const document of search.around(center, Math.min(radius, BEYOND) + 1)) {
        const distance = search.distanceTo(document);
        if (typeof distance !== "number") continue;
        const away = ascending ? distance : HALF_WAY_AROUND - distance;
        if (away > inner && away <= radius) ring.push({ document, distance });
      }
      search.onFound(ring.length);
      ring.sort((a, b) => ascending ? a.distance - b.distance : b.distance - a.distance);
      yield new ArrayValues(ring.map(({ document }) => document)) as unknown as Values<AqlObject>;
      inner = radius;
    }
  })());
}

/** Documents that were found in any order, by their distance. */
export function sortedByDistance(
  found: Values<AqlObject>,
  distanceTo: PlaceSearch["distanceTo"],
  ascending: boolean,
): Values<AqlObject> {
  const all: { document: AqlObject; distance: AqlValue }[] = [];
  for (let page = found.next(BATCH); page.length > 0; page = found.next(BATCH)) {
    for (const document of page) all.push({ document, distance: distanceTo(document) });
  }
  const sign = ascending ? 1 : -1;
  all.sort((a, b) => sign * compareValues(a.distance, b.distance));
  return new ArrayValues(all.map(({ document }) => document)) as unknown as Values<AqlObject>;
}
