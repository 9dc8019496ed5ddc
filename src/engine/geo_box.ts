/**
 * Boxes around places on the globe, for geo indexes.
 *
 * A place is a point of the unit sphere, a shape the smallest box in space that is known to hold it: so neither the poles nor
 * the date line are special. Lines and edges of polygons are great circle arcs, which stay inside of every cap that holds
 * their ends and is smaller than a hemisphere.
 *
 * Source: ArangoDB's documentation of geo indexes; section 12.3 of `aql.md`.
 *
 * @module
 */

/** A point in space. */
type Vector = readonly [x: number, y: number, z: number];
/** Longitude and latitude in degrees. */
type Position = readonly [longitude: number, latitude: number];

/** The corners of a box in space: least and largest x, y and z. */
export type Box = readonly [x0: number, x1: number, y0: number, y1: number, z0: number, z1: number];

/** Metres. */
const EARTH_RADIUS = 6371000;
const RADIANS = Math.PI / 180;
/** The box of everything. */
const GLOBE: Box = [-1, 1, -1, 1, -1, 1];
/** What rounding may make of a point, far less than a millimetre. */
const SLACK = 1e-9;

function vector([longitude, latitude]: Position): Vector {
  const phi = latitude * RADIANS;
  const theta = longitude * RADIANS;
  return [Math.cos(theta) * Math.cos(phi), Math.sin(theta) * Math.cos(phi), Math.sin(phi)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function angleBetween(a: Vector, b: Vector): number {
  // exact for small angles, unlike the arc cosine
  return 2 * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2));
}

function boxOfPoints(points: readonly Vector[]): Box {
  const border = (axis: 0 | 1 | 2, end: 1 | -1): number =>
    points.reduce((most, point) => Math.max(most, end * point[axis]), -Infinity) * end + end * SLACK;
  return [border(0, -1), border(0, 1), border(1, -1), border(1, 1), border(2, -1), border(2, 1)];
}

/** The box of a cap: all points within an angle of a centre. */
function boxOfCap(center: Vector, angle: number): Box {
  if (angle >= Math.PI / 2) return GLOBE;
  // a cap is not farther from its centre than its rim, by the straight line
  const reach = 2 * Math.sin(angle / 2) + SLACK;
  return [
    center[0] - reach,
    center[0] + reach,
    center[1] - reach,
    center[1] + reach,
    center[2] - reach,
    center[2] + reach,
  ];
}

/** The least cap around the mean of some points that holds them all; undefined if it is no smaller than a hemisphere. */
function capOf(points: readonly Vector[]): { center: Vector; angle: number } | undefined {
  const sum = [0, 1, 2].map((axis) => points.reduce((total, point) => total + point[axis]!, 0));
  const length = Math.hypot(...sum);
  if (length < SLACK * points.length) return undefined;
  const center = sum.map((value) => value / length) as unknown as Vector;
  const angle = points.reduce((most, point) => Math.max(most, angleBetween(center, point)), 0);
  return angle < Math.PI / 2 - 0.01 ? { center, angle } : undefined;
}

/** Whether a ring runs counter-clockwise around its inside as seen from above its centre. */
function runsLeft(ring: readonly Vector[], center: Vector): boolean {
  const axis: Vector = Math.abs(center[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const east = cross(axis, center);
  const north = cross(center, east);
  let area = 0;
  // arcs are straight lines in the gnomonic projection, which keeps the sense of a ring
  const flat = ring.map((point) => {
    const height = dot(point, center);
    return [dot(point, east) / height, dot(point, north) / height] as const;
  });
  for (let i = 0; i < flat.length; i++) {
    const [a, b] = [flat[i]!, flat[(i + 1) % flat.length]!];
    area += a[0] * b[1] - b[0] * a[1];
  }
  return area >= 0;
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function boxOfLine(line: readonly Vector[]): Box {
  const cap = capOf(line);
  return cap ? boxOfCap(cap.center, cap.angle) : GLOBE;
}

function boxOfPolygon([outer = []]: readonly (readonly Vector[])[]): Box {
  const cap = capOf(outer);
  return cap && runsLeft(outer, cap.center) ? boxOfCap(cap.center, cap.angle) : GLOBE;
}

function union(boxes: readonly Box[]): Box {
  return boxes.reduce((a, b) =>
    a.map((value, i) => (i % 2 === 0 ? Math.min : Math.max)(value, b[i]!)) as unknown as Box
  );
}

/** Thrown inside of this module where a value is no place. */
class NoPlace extends Error {}

function position(value: unknown): Position {
  const [longitude, latitude] = Array.isArray(value) ? value : [];
  const sound = typeof longitude === "number" && typeof latitude === "number" &&
    Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  if (!sound) throw new NoPlace();
  return [longitude, latitude];
}

function list<T>(value: unknown, least: number, read: (one: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length < least) throw new NoPlace();
  return value.map(read);
}

const point = (value: unknown): Vector => vector(position(value));
const line = (value: unknown): Vector[] => list(value, 2, point);

function ring(value: unknown): Vector[] {
  const points = list(value, 4, point);
  const [first, last] = [points[0]!, points.at(-1)!];
  if (first.some((coordinate, axis) => coordinate !== last[axis])) throw new NoPlace();
  return points.slice(0, -1);
}

const polygon = (value: unknown): Vector[][] => list(value, 1, ring);

/** How each type of GeoJSON gives a box. */
const SHAPES: Readonly<Record<string, (coordinates: unknown) => Box>> = {
  point: (coordinates) => boxOfPoints([point(coordinates)]),
  multipoint: (coordinates) => boxOfPoints(list(coordinates, 1, point)),
  linestring: (coordinates) => boxOfLine(line(coordinates)),
  multilinestring: (coordinates) => union(list(coordinates, 1, line).map(boxOfLine)),
  polygon: (coordinates) => boxOfPolygon(polygon(coordinates)),
  multipolygon: (coordinates) => union(list(coordinates, 1, polygon).map(boxOfPolygon)),
};

function boxOfShape(value: unknown): Box {
  if (Array.isArray(value)) return boxOfPoints([point(value)]);
  const { type, coordinates } = (value ?? {}) as { type?: unknown; coordinates?: unknown };
  const shape = typeof type === "string" ? SHAPES[type.toLowerCase()] : undefined;
  if (!shape) throw new NoPlace();
  return shape(coordinates);
}

/**
 * The box of the values that a geo index has of a document.
 *
 * @param values the values of the index's fields
 * @param geoJson whether the field is GeoJSON or `[longitude, latitude]`, instead of `[latitude, longitude]`
 * @returns undefined if they are no place, so that the document is not in the index
 */
export function geoBox(values: readonly unknown[], geoJson: boolean): Box | undefined {
  try {
    if (values.length === 2) return boxOfPoints([point([values[1], values[0]])]);
    const [value] = values;
    if (geoJson) return boxOfShape(value);
    if (!Array.isArray(value)) return undefined;
    return boxOfPoints([point([value[1], value[0]])]);
  } catch (error) {
    if (error instanceof NoPlace) return undefined;
    throw error;
  }
}

/**
 * The box of everything within a distance of a place: what to look for in a geo index.
 *
 * @param latitude degrees
 * @param longitude degrees
 * @param meters along the surface
 */
export function boxAround(latitude: number, longitude: number, meters: number): Box {
  return boxOfCap(vector([longitude, latitude]), meters / EARTH_RADIUS);
}

/**
 * The box of a shape: what to look for in a geo index of what lies in it or meets it.
 *
 * @param shape GeoJSON or `[longitude, latitude]`
 * @returns undefined if it is no shape
 */
export function boxOf(shape: unknown): Box | undefined {
  return geoBox([shape], true);
}
