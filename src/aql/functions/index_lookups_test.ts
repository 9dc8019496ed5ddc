import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { Engine, MEMORY } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { runQuery } from "../query.ts";
import type { AqlObject, AqlValue } from "../values.ts";

/** Runs queries on a collection `c` with some documents and one index. */
function withDocuments(
  documents: readonly Record<string, unknown>[],
  index: Record<string, unknown>,
  body: (query: (text: string, bindVars?: AqlObject) => AqlValue[]) => void,
): void {
  using engine = Engine.open({ directory: MEMORY });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "c" });
  collection.ensureIndex(index);
  for (const document of documents) collection.insert(JSON.stringify(document));
  body((text, bindVars = {}) => {
    using query = runQuery(new EngineSource(database), text, bindVars);
    return [...query.nextBatch(Infinity)];
  });
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
    equal(query("RETURN LENGTH(FULLTEXT(c, 'text', 'prefix:q', 1))"), [1]);
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
      ] as const
    ) throws(() => query(`RETURN ${call}`), { errorNum }, call);
  });
});
