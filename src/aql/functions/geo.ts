/**
 * Geo functions.
 *
 * Source: section 12.3 of `aql.md`.
 *
 * @module
 */
import type { s2 as S2 } from "s2js";
import { type AqlArray, type AqlObject, type AqlValue, attributeOf, finite, isNumber, isObject } from "../values.ts";
import { argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType, warnIn } from "./function_spec.ts";
import {
  arcsCross,
  cross,
  dot,
  type Geometry,
  GeometryError,
  type Position,
  readPolygon,
  readPosition,
  readPositions,
  readShape,
  type UnitVector,
  unitVector,
} from "./geo_json.ts";
import { geodesic, s2 } from "./geo_library.ts";

/** The radius of the globe in metres. */
export const EARTH_RADIUS = 6371000;
/** Two points this near (about a centimetre, in radians) are one, as they are for S2's smallest cells. */
const SAME_PLACE = 2e-9;

function s2Point(position: Position): S2.Point {
  return s2().Point.fromLatLng(s2().LatLng.fromDegrees(position[1], position[0]));
}

/** The angle between two points of the unit sphere. */
function angle(a: UnitVector, b: UnitVector): number {
  const normal = cross(a, b);
  return Math.atan2(Math.sqrt(dot(normal, normal)), dot(a, b));
}

/** The distance of two places in metres, by their latitudes and longitudes in degrees. */
export function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = Math.PI / 180;
  const a = Math.sin((lat2 - lat1) * radians / 2) ** 2 +
    Math.cos(lat1 * radians) * Math.cos(lat2 * radians) * Math.sin((lon2 - lon1) * radians / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(a)));
}

/**
 * Reads one geometry argument.
 *
 * @returns undefined after a warning
 */
function shapeOf(context: FunctionContext, name: string, value: AqlValue): Geometry | undefined {
  try {
    return readShape(value);
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error;
    warnIn(context, name, 10, error.message);
    return undefined;
  }
}

/** The polygons of a geometry as one region: outer rings with their interior to the left, holes whatever way they go. */
function regionOf(geometry: Geometry): S2.Polygon {
  const loops: S2.Loop[] = [];
  for (const rings of geometry.polygons) {
    for (const [index, ring] of rings.entries()) {
      const loop = new (s2().Loop)(ring.slice(0, -1).map(s2Point));
      if (index > 0 && loop.isNormalized()) loop.invert();
      loops.push(loop);
    }
  }
  return s2().Polygon.fromOrientedLoops(loops);
}

function polylineOf(line: readonly Position[]): S2.Polyline {
  return new (s2().Polyline)(line.map(s2Point));
}

/** The arcs of lines and rings. */
function* arcsOf(lines: Iterable<readonly Position[]>): Generator<[UnitVector, UnitVector]> {
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const from = line[i - 1];
      const to = line[i];
      if (from !== undefined && to !== undefined) yield [unitVector(from), unitVector(to)];
    }
  }
}

function anyArcsCross(a: Iterable<readonly Position[]>, b: Iterable<readonly Position[]>): boolean {
  const others = [...arcsOf(b)];
  for (const [from, to] of arcsOf(a)) {
    if (others.some(([start, end]) => arcsCross(from, to, start, end))) return true;
  }
  return false;
}

function isOnLine(line: readonly Position[], position: Position): boolean {
  const [nearest] = polylineOf(line).project(s2Point(position));
  return nearest.distance(s2Point(position)) < SAME_PLACE;
}

/** Whether the polygons of `a` have all of `b` inside. */
function contains(a: Geometry, b: Geometry): boolean {
  const region = regionOf(a);
  const rings = a.polygons.flat();
  return b.points.every((point) => region.containsPoint(s2Point(point))) &&
    b.lines.every((line) =>
      line.every((point) => region.containsPoint(s2Point(point))) && !anyArcsCross([line], rings)
    ) &&
    (b.polygons.length === 0 || region.contains(regionOf(b)));
}

function intersects(a: Geometry, b: Geometry): boolean {
  return touches(a, b) || touches(b, a) || linesMeet(a, b) ||
    (a.polygons.length > 0 && b.polygons.length > 0 && regionOf(a).intersects(regionOf(b)));
}

/** Whether a point or a line of `b` has a place in common with `a`; lines on lines are left to {@linkcode linesMeet}. */
function touches(a: Geometry, b: Geometry): boolean {
  const rings = a.polygons.flat();
  const region = a.polygons.length > 0 ? regionOf(a) : undefined;
  return b.points.some((point) =>
    region?.containsPoint(s2Point(point)) || a.lines.some((line) => isOnLine(line, point)) ||
    a.points.some((other) => angle(unitVector(other), unitVector(point)) < SAME_PLACE)
  ) ||
    b.lines.some((line) =>
      region !== undefined &&
      (line.some((point) => region.containsPoint(s2Point(point))) || anyArcsCross([line], rings))
    );
}

function linesMeet(a: Geometry, b: Geometry): boolean {
  if (a.lines.length === 0 || b.lines.length === 0) return false;
  return anyArcsCross(a.lines, b.lines) ||
    a.lines.some((line) => b.lines.flat().some((point) => isOnLine(line, point))) ||
    b.lines.some((line) => a.lines.flat().some((point) => isOnLine(line, point)));
}

function centroid(geometry: Geometry): UnitVector {
  const [only] = geometry.points;
  if (geometry.points.length === 1 && only !== undefined) return unitVector(only);
  const parts = [
    ...geometry.points.map(unitVector),
    ...geometry.lines.map((line) => vectorOf(polylineOf(line).centroid())),
    ...geometry.polygons.length > 0 ? [vectorOf(regionOf(geometry).centroid())] : [],
  ];
  const [x, y, z] = [0, 1, 2].map((axis) => parts.reduce((sum, part) => sum + (part[axis] ?? 0), 0));
  const length = Math.hypot(x ?? 0, y ?? 0, z ?? 0);
  return length === 0 ? parts[0] ?? [1, 0, 0] : [(x ?? 0) / length, (y ?? 0) / length, (z ?? 0) / length];
}

function vectorOf(point: S2.Point): UnitVector {
  return [point.x, point.y, point.z];
}

function positionOf([x, y, z]: UnitVector): Position {
  return [Math.atan2(y, x) * 180 / Math.PI, Math.atan2(z, Math.hypot(x, y)) * 180 / Math.PI];
}

/** Whether an ellipsoid argument names WGS84; the sphere otherwise, with a warning where it names nothing known. */
function isWgs84(context: FunctionContext, name: string, args: readonly AqlValue[], index: number): boolean {
  const ellipsoid = args[index];
  if (ellipsoid === undefined || ellipsoid === "sphere") return false;
  if (ellipsoid === "wgs84") return true;
  warnIn(context, name, 10, "the ellipsoid has to be 'sphere' or 'wgs84'");
  return false;
}

function centroidDistance(a: Geometry, b: Geometry, wgs84: boolean): number {
  if (!wgs84) return angle(centroid(a), centroid(b)) * EARTH_RADIUS;
  const from = a.type === "Point" ? a.points[0] : positionOf(centroid(a));
  const to = b.type === "Point" ? b.points[0] : positionOf(centroid(b));
  const [lon1 = 0, lat1 = 0] = from ?? [];
  const [lon2 = 0, lat2 = 0] = to ?? [];
  return geodesic().Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2).s12 ?? NaN;
}

/** Square metres on the ellipsoid: outer rings less holes. */
function ellipsoidArea(geometry: Geometry): number {
  let area = 0;
  for (const rings of geometry.polygons) {
    for (const [index, ring] of rings.entries()) {
      const polygon = geodesic().Geodesic.WGS84.Polygon(false);
      for (const [longitude, latitude] of ring.slice(0, -1)) polygon.AddPoint(latitude, longitude);
      // A hole counts the smaller side, an outer ring what lies to its left.
      const size = polygon.Compute(false, index > 0).area ?? 0;
      area += index > 0 ? -Math.abs(size) : size;
    }
  }
  return area;
}

function geoDistance(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "GEO_DISTANCE";
  const a = shapeOf(context, name, argument(args, 0));
  if (a === undefined) return null;
  const b = shapeOf(context, name, argument(args, 1));
  if (b === undefined) return null;
  return finite(centroidDistance(a, b, isWgs84(context, name, args, 2)));
}

function geoInRange(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "GEO_IN_RANGE";
  const [first = null, second = null, low = null, high = null, includeLow = true, includeHigh = true] = args;
  if (!isNumber(low) || !isNumber(high)) return warnIn(context, name, 10, "the bounds have to be numbers");
  if (typeof includeLow !== "boolean" || typeof includeHigh !== "boolean") {
    return warnIn(context, name, 10, "whether to include a bound has to be a bool");
  }
  const a = shapeOf(context, name, first);
  if (a === undefined) return null;
  const b = shapeOf(context, name, second);
  if (b === undefined) return null;
  const distance = centroidDistance(a, b, isWgs84(context, name, args, 6));
  return (includeLow ? distance >= low : distance > low) && (includeHigh ? distance <= high : distance < high);
}

/** A relation of two geometries, of which `accepts` checks the first: null and 1542 where it is not met. */
function relation(
  name: string,
  accepts: (value: AqlObject) => boolean,
  holds: (a: Geometry, b: Geometry) => boolean,
  bothObjects = false,
): FunctionSpec {
  return pure(name, [2, 2], (context, [first = null, second = null]) => {
    if (!isObject(first) || !accepts(first) || (bothObjects && !isObject(second))) {
      return warnArgumentType(context, name);
    }
    const a = shapeOf(context, name, first);
    if (a === undefined) return null;
    const b = shapeOf(context, name, second);
    return b === undefined ? null : holds(a, b);
  });
}

/** Whether two geometries are the same; where a ring starts does not matter. */
function sameShape(a: Geometry, b: Geometry): boolean {
  if (a.type !== b.type) return false;
  return a.points.join(" ") === b.points.join(" ") && a.lines.join(";") === b.lines.join(";") &&
    a.polygons.map(polygonText).join(";") === b.polygons.map(polygonText).join(";");
}

function polygonText(rings: readonly (readonly Position[])[]): string {
  return rings.map((ring) => {
    const corners = ring.slice(0, -1).map(String);
    const start = corners.indexOf(corners.toSorted()[0] ?? "");
    return [...corners.slice(start), ...corners.slice(0, start)].join(" ");
  }).join("/");
}

function geoArea(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const geometry = shapeOf(context, "GEO_AREA", argument(args, 0));
  if (geometry === undefined) return null;
  if (geometry.polygons.length === 0) return warnIn(context, "GEO_AREA", 10, "only polygons have an area");
  if (isWgs84(context, "GEO_AREA", args, 1)) return finite(ellipsoidArea(geometry));
  return finite(regionOf(geometry).area() * EARTH_RADIUS ** 2);
}

/**
 * A constructor of a GeoJSON object from an array.
 *
 * @param check reads the coordinates for what is wrong with them
 * @param wrap makes the coordinates of the argument
 */
function constructor(
  name: string,
  type: Geometry["type"],
  check: (coordinates: AqlArray) => void,
  wrap: (value: AqlArray) => AqlArray = (value) => value,
): FunctionSpec {
  return pure(name, [1, 1], (context, args) => {
    const value = argument(args, 0);
    if (!Array.isArray(value)) return warnIn(context, name, 1563);
    const coordinates = wrap(value);
    try {
      check(coordinates);
    } catch (error) {
      if (!(error instanceof GeometryError)) throw error;
      return warnArgumentType(context, name);
    }
    return { type, coordinates };
  });
}

function geoPoint(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  if (!args.every(isNumber)) return warnArgumentType(context, "GEO_POINT");
  return { type: "Point", coordinates: [...args] };
}

/** @throws GeometryError for fewer than `least` members */
function atLeast(least: number, members: AqlArray): void {
  if (members.length < least) throw new GeometryError(`at least ${least} are needed`);
}

/** The rings of a polygon, where a single one may come bare. */
function ringsFrom(value: AqlArray): AqlArray {
  const [first = null] = value;
  return Array.isArray(first) && Array.isArray(first[0]) ? value : [value];
}

function distance(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  if (!args.every(isNumber)) return warnArgumentType(context, "DISTANCE");
  const [lat1 = 0, lon1 = 0, lat2 = 0, lon2 = 0] = args.map(Number);
  return finite(haversine(lat1, lon1, lat2, lon2));
}

function isInPolygon(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "IS_IN_POLYGON";
  const [polygon = null, place = null, third = null] = args;
  if (!Array.isArray(polygon)) return warnIn(context, name, 1563);
  const lonLat = Array.isArray(place) && third === true;
  // Positions are latitude and longitude, unless the third argument says the opposite.
  function read(value: AqlValue): Position {
    return readPosition(Array.isArray(value) && !lonLat ? value.toReversed() : value);
  }
  try {
    const corners = polygon.map(read);
    const point = Array.isArray(place) ? read(place) : read([place, third]);
    const [first] = corners;
    const last = corners.at(-1);
    if (corners.length > 1 && first?.[0] === last?.[0] && first?.[1] === last?.[1]) corners.pop();
    if (corners.length < 3) return warnArgumentType(context, name);
    const loop = new (s2().Loop)(corners.map(s2Point));
    if (!loop.isNormalized()) loop.invert();
    return loop.containsPoint(s2Point(point));
  } catch (error) {
    if (!(error instanceof GeometryError)) throw error;
    return warnArgumentType(context, name);
  }
}

function isPolygonType(value: AqlObject): boolean {
  const type = attributeOf(value, "type");
  return type === "Polygon" || type === "MultiPolygon";
}

/** Geo functions. */
export const GEO_FUNCTIONS: readonly FunctionSpec[] = [
  pure("DISTANCE", [4, 4], distance),
  pure("GEO_AREA", [1, 2], geoArea),
  relation("GEO_CONTAINS", isPolygonType, contains),
  pure("GEO_DISTANCE", [2, 3], geoDistance),
  relation("GEO_EQUALS", () => true, sameShape, true),
  relation("GEO_INTERSECTS", () => true, intersects),
  pure("GEO_IN_RANGE", [4, 7], geoInRange),
  constructor("GEO_LINESTRING", "LineString", (at) => readPositions(at, 2)),
  constructor("GEO_MULTILINESTRING", "MultiLineString", (at) => at.forEach((line) => readPositions(line, 2))),
  constructor("GEO_MULTIPOINT", "MultiPoint", (at) => readPositions(at, 2)),
  constructor("GEO_MULTIPOLYGON", "MultiPolygon", (at) => {
    atLeast(2, at);
    at.forEach(readPolygon);
  }),
  pure("GEO_POINT", [2, 3], geoPoint),
  constructor("GEO_POLYGON", "Polygon", readPolygon, ringsFrom),
  pure("IS_IN_POLYGON", [2, 3], isInPolygon),
];
