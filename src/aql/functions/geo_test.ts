/** @module */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { GEO_FUNCTIONS } from "./geo.ts";
import { call, testCalls } from "./test_context.ts";

testCalls("geometry", GEO_FUNCTIONS, [
  ["DISTANCE", [52.5163, 13.3777, 50.9322, 6.94], 476918.89688380965],
  ["DISTANCE", ["x", 1, 2, 3], null, [1542]],
  ["GEO_DISTANCE", [[6.937, 50.932], { type: "Point", coordinates: [6.93, 50.94] }], 1015.8355739436823],
  ["GEO_DISTANCE", [[200, 0], [0, 0]], null, [10]],
  ["GEO_IN_RANGE", [[0, 0], [1, 0], 0, 200000], true],
  ["GEO_IN_RANGE", [[0, 0], [1, 0], "0", 200000], null, [10]],
  ["GEO_LINESTRING", [[[35, 10], [45, 45]]], { type: "LineString", coordinates: [[35, 10], [45, 45]] }],
  ["GEO_LINESTRING", [[[35, 10]]], null, [1542]],
  ["GEO_LINESTRING", [1], null, [1563]],
  [
    "GEO_MULTILINESTRING",
    [[[[100, 0], [101, 1]], [[102, 2], [101, 2.3]]]],
    { type: "MultiLineString", coordinates: [[[100, 0], [101, 1]], [[102, 2], [101, 2.3]]] },
  ],
  ["GEO_MULTIPOINT", [[[35, 10], [45, 45]]], { type: "MultiPoint", coordinates: [[35, 10], [45, 45]] }],
  ["GEO_MULTIPOLYGON", [[[[[40, 40], [20, 45], [45, 30], [40, 40]]]]], null, [1542]],
  ["GEO_POINT", [1, 2], { type: "Point", coordinates: [1, 2] }],
  ["GEO_POINT", ["1", 2], null, [1542]],
  [
    "GEO_POLYGON",
    [[[0, 0], [7.5, 2.5], [0, 5], [0, 0]]],
    { type: "Polygon", coordinates: [[[0, 0], [7.5, 2.5], [0, 5], [0, 0]]] },
  ],
  ["GEO_POLYGON", [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]], null, [1542]],
  ["GEO_POLYGON", [[[0, 0], [10, 10], [10, 0], [1, 1]]], null, [1542]],
], "GEO_AREA GEO_CONTAINS GEO_EQUALS GEO_INTERSECTS IS_IN_POLYGON");

const SQUARE = { type: "Polygon", coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]] };
const HOLED = {
  type: "Polygon",
  coordinates: [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]],
};

Deno.test("GEO_CONTAINS() knows insides, holes, and outer rings that enclose the rest of the world", () => {
  const inside = { type: "Point", coordinates: [5, 5] };
  strictEqual(call("GEO_CONTAINS", [SQUARE, inside]).value, true);
  strictEqual(call("GEO_CONTAINS", [SQUARE, [15, 5]]).value, false);
  strictEqual(call("GEO_CONTAINS", [HOLED, [3, 3]]).value, false);
  strictEqual(call("GEO_CONTAINS", [HOLED, inside]).value, true);
  const turned = { type: "Polygon", coordinates: SQUARE.coordinates.map((ring) => ring.toReversed()) };
  strictEqual(call("GEO_CONTAINS", [turned, inside]).value, false);
  strictEqual(call("GEO_CONTAINS", [turned, [15, 5]]).value, true);
  const line = { type: "LineString", coordinates: [[1, 1], [9, 9]] };
  strictEqual(call("GEO_CONTAINS", [SQUARE, line]).value, true);
  strictEqual(call("GEO_CONTAINS", [HOLED, line]).value, false);
  strictEqual(call("GEO_CONTAINS", [SQUARE, HOLED]).value, true);
  strictEqual(call("GEO_CONTAINS", [HOLED, SQUARE]).value, false);
  deepStrictEqual(call("GEO_CONTAINS", [line, inside]).warnings, [1542]);
  deepStrictEqual(call("GEO_CONTAINS", [SQUARE, "x"]).warnings, [10]);
});

Deno.test("GEO_INTERSECTS() works on all pairs of points, lines and polygons", () => {
  const through = { type: "LineString", coordinates: [[-5, 5], [15, 5]] };
  const across = { type: "LineString", coordinates: [[5, -5], [5, 15]] };
  const away = { type: "LineString", coordinates: [[20, 20], [30, 30]] };
  const point = { type: "Point", coordinates: [5, 5] };
  const beside = { type: "Polygon", coordinates: [[[9, 9], [12, 9], [12, 12], [9, 12], [9, 9]]] };
  strictEqual(call("GEO_INTERSECTS", [SQUARE, through]).value, true);
  strictEqual(call("GEO_INTERSECTS", [through, SQUARE]).value, true);
  strictEqual(call("GEO_INTERSECTS", [SQUARE, away]).value, false);
  strictEqual(call("GEO_INTERSECTS", [through, across]).value, true);
  strictEqual(call("GEO_INTERSECTS", [through, away]).value, false);
  strictEqual(call("GEO_INTERSECTS", [SQUARE, beside]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, SQUARE]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, [5, 5]]).value, true);
  strictEqual(call("GEO_INTERSECTS", [point, [6, 5]]).value, false);
  strictEqual(call("GEO_INTERSECTS", [across, [5, 0]]).value, true);
});

Deno.test("GEO_EQUALS() does not care where a ring starts", () => {
  const shifted = { type: "Polygon", coordinates: [[[10, 0], [10, 10], [0, 10], [0, 0], [10, 0]]] };
  strictEqual(call("GEO_EQUALS", [SQUARE, shifted]).value, true);
  strictEqual(call("GEO_EQUALS", [SQUARE, HOLED]).value, false);
  strictEqual(call("GEO_EQUALS", [SQUARE, { type: "Point", coordinates: [0, 0] }]).value, false);
  deepStrictEqual(call("GEO_EQUALS", [SQUARE, [0, 0]]).warnings, [1542]);
});

Deno.test("GEO_AREA() measures polygons on the sphere and on the ellipsoid", () => {
  const area = Number(call("GEO_AREA", [SQUARE]).value);
  ok(Math.abs(area / 1.2332e12 - 1) < 0.001);
  ok(Number(call("GEO_AREA", [HOLED]).value) < area);
  const onEllipsoid = Number(call("GEO_AREA", [SQUARE, "wgs84"]).value);
  ok(onEllipsoid !== area && Math.abs(onEllipsoid / area - 1) < 0.01);
  deepStrictEqual(call("GEO_AREA", [[0, 0]]).warnings, [10]);
  ok(Math.abs(Number(call("GEO_DISTANCE", [[0, 0], [1, 1], "wgs84"]).value) - 156899.56829134026) < 1e-6);
});

Deno.test("IS_IN_POLYGON() takes latitude first, unless told otherwise", () => {
  const polygon = [[0, 0], [0, 10], [10, 10], [10, 0]];
  strictEqual(call("IS_IN_POLYGON", [polygon, 4, 7]).value, true);
  strictEqual(call("IS_IN_POLYGON", [polygon, [4, 7]]).value, true);
  strictEqual(call("IS_IN_POLYGON", [polygon, [4, 17]]).value, false);
  strictEqual(call("IS_IN_POLYGON", [[[0, 80], [10, 80], [10, 90], [0, 90]], [5, 85], true]).value, true);
  deepStrictEqual(call("IS_IN_POLYGON", [5, 4, 7]).warnings, [1563]);
});
