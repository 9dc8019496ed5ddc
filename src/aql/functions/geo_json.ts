/**
 * GeoJSON geometries: reading and checking them.
 *
 * Source: section 12.3 of `aql.md`.
 *
 * @module
 */
import { type AqlObject, type AqlValue, attributeOf, isNumber, isObject } from "../values.ts";

/** Longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** A geometry, taken apart into points, lines and polygons; a polygon is its rings, the outer one first. */
export interface Geometry {
  readonly type: "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon";
  readonly points: readonly Position[];
  readonly lines: readonly (readonly Position[])[];
  readonly polygons: readonly (readonly (readonly Position[])[])[];
}

/** Why a value is no geometry. */
export class GeometryError extends Error {
  override readonly name: string = "GeometryError";
}

/** A point on the unit sphere. */
export type UnitVector = readonly [x: number, y: number, z: number];

const RADIANS = Math.PI / 180;

/** The point on the unit sphere at a position. */
export function unitVector([longitude, latitude]: Position): UnitVector {
  const phi = latitude * RADIANS;
  const theta = longitude * RADIANS;
  return [Math.cos(theta) * Math.cos(phi), Math.sin(theta) * Math.cos(phi), Math.sin(phi)];
}

/** The vector product. */
export function cross(a: UnitVector, b: UnitVector): UnitVector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The scalar product. */
export function dot(a: UnitVector, b: UnitVector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Whether the great circle arcs a-b and c-d cross at a point inside of both. */
export function arcsCross(a: UnitVector, b: UnitVector, c: UnitVector, d: UnitVector): boolean {
  const ab = cross(a, b);
  const acb = -dot(ab, c);
  const bda = dot(ab, d);
  if (acb * bda <= 0) return false;
  const cd = cross(c, d);
  return acb * -dot(cd, b) > 0 && acb * dot(cd, a) > 0;
}

/**
 * Reads a position: two or three numbers, of which the third is ignored.
 *
 * @throws GeometryError if it is none or lies off the globe
 */
export function readPosition(value: AqlValue): Position {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3 || !value.every(isNumber)) {
    throw new GeometryError("a position is an array of longitude and latitude");
  }
  const [longitude = 0, latitude = 0] = value.map(Number);
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) {
    throw new GeometryError("longitude has to be in -180..180 and latitude in -90..90");
  }
  return [longitude, latitude];
}

/**
 * Reads an array of positions.
 *
 * @throws GeometryError if it is none, or has fewer than `least` positions
 */
export function readPositions(value: AqlValue, least: number): Position[] {
  if (!Array.isArray(value)) throw new GeometryError("positions have to be an array");
  if (value.length < least) throw new GeometryError(`at least ${least} positions are needed`);
  return value.map(readPosition);
}

/**
 * Reads the ring of a polygon: closed, of at least four positions, touching itself nowhere.
 *
 * @throws GeometryError if it is none
 */
function readRing(value: AqlValue): Position[] {
  const ring = readPositions(value, 4);
  const [first] = ring;
  const last = ring.at(-1);
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) throw new GeometryError("the ring is not closed");
  const open = ring.slice(0, -1).filter((position, i) =>
    position[0] !== ring[i + 1]?.[0] || position[1] !== ring[i + 1]?.[1]
  );
  if (open.length < 3) throw new GeometryError("a ring needs three different positions");
  if (new Set(open.map(String)).size < open.length) throw new GeometryError("the ring touches itself");
  const corners = open.map(unitVector);
  for (let i = 0; i < corners.length; i++) {
    // The last side meets the first at the start of the ring.
    for (let j = i + 2; j < corners.length - (i === 0 ? 1 : 0); j++) {
      const [a, b, c, d] = [corners[i], corners[i + 1], corners[j], corners[(j + 1) % corners.length]];
      if (a && b && c && d && arcsCross(a, b, c, d)) throw new GeometryError("the ring crosses itself");
    }
  }
  return [...open, open[0] ?? [0, 0]];
}

/** @throws GeometryError if the value is no array, or `read` finds fault with a member */
function readAll<T>(value: AqlValue, read: (member: AqlValue) => T): T[] {
  if (!Array.isArray(value)) throw new GeometryError("coordinates have to be an array");
  return value.map(read);
}

/**
 * Reads the rings of a polygon.
 *
 * @throws GeometryError if one is none
 */
export function readPolygon(value: AqlValue): Position[][] {
  const rings = readAll(value, readRing);
  if (rings.length === 0) throw new GeometryError("a polygon needs an outer ring");
  return rings;
}

const NOTHING = { points: [], lines: [], polygons: [] };

const READERS: ReadonlyMap<AqlValue, (coordinates: AqlValue) => Geometry> = new Map<
  AqlValue,
  (coordinates: AqlValue) => Geometry
>([
  ["Point", (at) => ({ ...NOTHING, type: "Point", points: [readPosition(at)] })],
  ["MultiPoint", (at) => ({ ...NOTHING, type: "MultiPoint", points: readPositions(at, 1) })],
  ["LineString", (at) => ({ ...NOTHING, type: "LineString", lines: [readPositions(at, 2)] })],
  [
    "MultiLineString",
    (at) => ({ ...NOTHING, type: "MultiLineString", lines: readAll(at, (line) => readPositions(line, 2)) }),
  ],
  ["Polygon", (at) => ({ ...NOTHING, type: "Polygon", polygons: [readPolygon(at)] })],
  ["MultiPolygon", (at) => ({ ...NOTHING, type: "MultiPolygon", polygons: readAll(at, readPolygon) })],
]);

/**
 * Reads a GeoJSON object.
 *
 * @throws GeometryError if it is no geometry of a supported type
 */
function readGeometry(value: AqlObject): Geometry {
  const read = READERS.get(attributeOf(value, "type"));
  if (read === undefined) throw new GeometryError("the GeoJSON type is missing or not supported");
  return read(attributeOf(value, "coordinates"));
}

/**
 * Reads a GeoJSON object or an array of longitude and latitude.
 *
 * @throws GeometryError if it is neither
 */
export function readShape(value: AqlValue): Geometry {
  if (isObject(value)) return readGeometry(value);
  return { ...NOTHING, type: "Point", points: [readPosition(value)] };
}
