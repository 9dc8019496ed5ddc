import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { Engine, MEMORY } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, runQuery } from "../query.ts";
import type { AqlObject, AqlValue } from "../values.ts";

/** Runs queries on a collection `c` with some documents and one index. */
function withDocuments(
  documents: readonly Record<string, unknown>[],
  index: Record<string, unknown>,
  body: (
    query: (text: string, bindVars?: AqlObject) => AqlValue[],
    /** The rules about indexes that a plan names. */
    explain: (text: string) => string[],
    /** The types of its nodes. */
    nodes: (text: string) => string[],
  ) => void,
): void {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  collection.ensureIndex(index);
  for (const document of documents) collection.insert(JSON.stringify(document));
  body(
    (text, bindVars = {}) => {
      using query = runQuery(new EngineSource(database), text, bindVars);
      return [...query.nextBatch(Infinity)];
    },
    (text) => {
      const { plan } = explainQuery(new EngineSource(database), text);
      return (plan!.rules as string[]).filter((name) => name.includes("index"));
    },
    (text) =>
      (explainQuery(new EngineSource(database), text).plan!.nodes as AqlObject[]).map(({ type }) => String(type)),
  );
}

const place = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

Deno.test("NEAR(), WITHIN() and WITHIN_RECTANGLE() find what a look at all documents finds", () => {
  fc.assert(
    fc.property(
      fc.array(place, { maxLength: 40 }),
      place,
      place,
      fc.double({ min: 0, max: 2.1e7, noNaN: true }),
      fc.constantFrom("pair", "fields", "geoJson"),
      (places, at, other, radius, form) => {
        const documents = places.map(({ lat, lon }, i) => ({
          _key: `k${i}`,
          lat,
          lon,
          loc: form === "geoJson" ? [lon, lat] : [lat, lon],
        }));
        const fields = form === "fields" ? ["lat", "lon"] : ["loc"];
        withDocuments(documents, { type: "geo", fields, geoJson: form === "geoJson" }, (query) => {
          const bindVars = { lat: at.lat, lon: at.lon, lat2: other.lat, lon2: other.lon };
          const distances = "FOR d IN c LET x = DISTANCE(d.lat, d.lon, @lat, @lon)";
          equal(
            query("FOR d IN WITHIN(c, @lat, @lon, @radius, 'x') SORT d.x, d._key RETURN [d._key, d.x]", {
              lat: at.lat,
              lon: at.lon,
              radius,
            }),
            query(`${distances} FILTER x <= @radius SORT x, d._key RETURN [d._key, x]`, {
              lat: at.lat,
              lon: at.lon,
              radius,
            }),
          );
          equal(
            query("FOR d IN NEAR(c, @lat, @lon, 5, 'x') RETURN d.x", { lat: at.lat, lon: at.lon }),
            query(`${distances} SORT x LIMIT 5 RETURN x`, { lat: at.lat, lon: at.lon }),
          );
          equal(
            query("FOR d IN WITHIN_RECTANGLE(c, @lat, @lon, @lat2, @lon2) SORT d._key RETURN d._key", bindVars),
            query(
              `FOR d IN c FILTER d.lat >= MIN([@lat, @lat2]) && d.lat <= MAX([@lat, @lat2])
                 && d.lon >= MIN([@lon, @lon2]) && d.lon <= MAX([@lon, @lon2]) SORT d._key RETURN d._key`,
              bindVars,
            ),
          );
        });
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("FULLTEXT() combines words, beginnings of words, alternatives and exclusions", () => {
  const texts = ["The quick brown Fox", "quick foxes", "a brown bear", "Füchse sind schnell"];
  const documents = texts.map((text, i) => ({ _key: String(i), text }));
  withDocuments(documents, { type: "fulltext", fields: ["text"], minLength: 3 }, (query) => {
    const cases: readonly (readonly [query: string, keys: string])[] = [
      ["quick", "01"],
      ["QUICK,brown", "0"],
      ["prefix:fox", "01"],
      ["fox", "0"],
      ["complete:fox,|bear", "02"],
      ["brown,-fox", "2"],
      ["brown,+prefix:be", "2"],
      ["füchse", "3"],
      ["nothing", ""],
      ["", ""],
    ];
    for (const [text, keys] of cases) {
      const found = query("FOR d IN FULLTEXT(c, 'text', @text) SORT d._key RETURN d._key", { text });
      equal(found.join(""), keys, text);
    }
    equal(query("FOR most IN [0, 1] RETURN LENGTH(FULLTEXT(c, 'text', 'prefix:q', most))"), [0, 1]);
    equal(query("FOR d IN FULLTEXT(c, 'text', 'prefix:q', 0) RETURN d"), []);
  });
});

Deno.test("without a fitting index, or with arguments of other types, the query ends", () => {
  withDocuments([], { type: "fulltext", fields: ["text"] }, (query) => {
    for (
      const [call, errorNum] of [
        ["NEAR(c, 1, 2)", 1570],
        ["WITHIN(c, 1, 2, 3)", 1570],
        ["FULLTEXT(c, 'other', 'x')", 1571],
        ["FULLTEXT(c, 'text', 7)", 1542],
        ["FULLTEXT(c, 'text', '+')", 10],
        ["FULLTEXT(c, 'text', 'quick,|')", 10],
      ] as const
    ) throws(() => query(`RETURN ${call}`), { errorNum }, call);
  });
});

const GEO_FILTERS: Readonly<Record<"pair" | "fields" | "geoJson", readonly string[]>> = {
  pair: [
    "DISTANCE(d.loc[0], d.loc[1], @lat, @lon) < @radius",
    "@radius >= DISTANCE(@lat, @lon, d.loc[0], d.loc[1])",
  ],
  fields: [
    "DISTANCE(d.lat, d.lon, @lat, @lon) <= @radius AND DISTANCE(d.lat, d.lon, @lat, @lon) > @radius / 2",
    "DISTANCE(d.lat, d.lon, @lat, @lon) < @radius AND d._key != 'k1'",
  ],
  geoJson: [
    "GEO_DISTANCE([@lon, @lat], d.loc) < @radius",
    "GEO_DISTANCE(d.loc, GEO_POINT(@lon, @lat)) <= @radius",
    "GEO_CONTAINS(GEO_POLYGON([[@lon, @lat], [@lon + 9, @lat], [@lon + 9, @lat + 9], [@lon, @lat]]), d.loc)",
    "GEO_INTERSECTS(GEO_LINESTRING([[@lon, @lat], [@lon + 9, @lat + 9]]), d.loc)",
    "GEO_INTERSECTS(GEO_POLYGON([[@lon, @lat], [@lon + 50, @lat], [@lon + 50, @lat + 20], [@lon, @lat]]), d.loc)",
  ],
};

Deno.test("filters on distances and shapes find by a geo index what they find without it", () => {
  const near = fc.record({
    lat: fc.double({ min: -60, max: 60, noNaN: true }),
    lon: fc.double({ min: -120, max: 120, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(place, near), { minLength: 1, maxLength: 30 }),
      near,
      fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2.1e7, noNaN: true })),
      fc.constantFrom("pair", "fields", "geoJson"),
      (places, at, radius, form) => {
        const documents = [...places, at].map(({ lat, lon }, i) => ({
          _key: `k${i}`,
          lat,
          lon,
          loc: form === "pair"
            ? [lat, lon]
            : i % 3 === 0
            ? [lon, lat]
            : i % 3 === 1
            ? { type: "Point", coordinates: [lon, lat] }
            : { type: "Polygon", coordinates: [[[lon, lat], [lon + 1, lat], [lon + 1, lat + 1], [lon, lat]]] },
        })).filter(({ lon, lat }) => Math.abs(lon) < 179 && Math.abs(lat) < 89);
        const fields = form === "fields" ? ["lat", "lon"] : ["loc"];
        withDocuments(documents, { type: "geo", fields, geoJson: form === "geoJson" }, (query) => {
          for (const filter of GEO_FILTERS[form]) {
            const bindVars: AqlObject = { lat: at.lat, lon: at.lon };
            if (filter.includes("@radius")) bindVars.radius = radius;
            const found = (options: string) =>
              query(`FOR d IN c ${options} FILTER ${filter} SORT d._key RETURN d._key`, bindVars);
            equal(found(""), found("OPTIONS {disableIndex: true}"), filter);
          }
        });
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("a geo index gives documents by their distance, as a sort of all of them does", () => {
  fc.assert(
    fc.property(fc.array(place, { maxLength: 60 }), place, fc.constantFrom("pair", "geoJson"), (places, at, form) => {
      const documents = places.map(({ lat, lon }, i) => ({
        _key: `k${i}`,
        n: i,
        loc: form === "pair" ? [lat, lon] : [lon, lat],
      }));
      withDocuments(
        documents,
        { type: "geo", fields: ["loc"], geoJson: form === "geoJson" },
        (query, explain, nodes) => {
          const distance = form === "pair"
            ? `DISTANCE(d.loc[0], d.loc[1], ${at.lat}, ${at.lon})`
            : `GEO_DISTANCE(d.loc, [${at.lon}, ${at.lat}])`;
          for (
            const filter of ["d.n != 3", `${distance} < 1e7`, `d.n < 20 FILTER ${distance} <= 1e7 && ${distance} > 1e6`]
          ) {
            for (const rest of ["", "DESC", "LIMIT 5", "DESC LIMIT 2, 5"]) {
              const text = `FOR d IN c FILTER ${filter} SORT ${distance} ${rest} RETURN ${distance}`;
              equal(query(text), query(text.replace("FILTER", "OPTIONS {disableIndex: true} FILTER")), text);
              equal(explain(text), ["geo-index-optimizer"]);
              ok(!nodes(text).includes("SortNode"), text);
            }
          }
        },
      );
    }),
    { numRuns: 40 },
  );
});

Deno.test("a filter that a geo index answers is not tested again; what has no place drops out", () => {
  const documents = [{ _key: "a", loc: [1, 2] }, { _key: "b" }, { _key: "d", loc: [50, 60] }];
  withDocuments(documents, { type: "geo", fields: ["loc"], geoJson: true }, (query, explain) => {
    const text = "FOR d IN c FILTER GEO_DISTANCE([1, 2], d.loc) < 1000 RETURN d._key";
    equal(query(text), ["a"]);
    equal(query(text.replace("FILTER", "OPTIONS {disableIndex: true} FILTER")).sort(), ["a", "b"]);
    equal(explain(text), ["geo-index-optimizer"]);
  });
});

Deno.test("multi-dimensional indexes serve bounds in any of their dimensions, and give what a scan gives", () => {
  const documents = Array.from({ length: 200 }, (_, i) => ({
    _key: `k${i}`,
    p: i % 3,
    x: (i * 37) % 100,
    y: (i * 53) % 90,
  }));
  for (
    const [index, prefix] of [
      [{ type: "mdi", fields: ["x", "y"], fieldValueTypes: "double" }, ""],
      [{ type: "mdi-prefixed", fields: ["x", "y"], prefixFields: ["p"], fieldValueTypes: "double" }, "d.p == 1 AND "],
    ] as const
  ) {
    withDocuments(documents, index, (query, explain) => {
      for (
        const filter of ["d.x >= 10 AND d.x < 30 AND d.y > 40", "d.y <= 12", "d.x == 37 AND d.y >= 0", "d.x > 98.5"]
      ) {
        const text = `FOR d IN c FILTER ${prefix}${filter} SORT d._key RETURN d._key`;
        equal(query(text), query(text.replace("FILTER", "OPTIONS {disableIndex: true} FILTER")), text);
        equal(explain(text), ["use-indexes", "remove-filter-covered-by-index"]);
      }
      equal(explain("FOR d IN c FILTER d.z > 1 RETURN d._key"), []);
    });
  }
});
