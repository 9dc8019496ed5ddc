import { deepStrictEqual as deepEqual, ok, strictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Collection } from "./collection.ts";
import { Engine, MEMORY } from "./engine.ts";
import { removeExpired, timeEntry, timeOf } from "./expiry.ts";
import { wordsOf } from "./fulltext_words.ts";
import { boxAround, boxOf, geoBox } from "./geo_box.ts";
import { afterPrefix } from "./index_key.ts";
import { wordEntry } from "./open_index.ts";

function withCollection(body: (collection: Collection) => void): void {
  using engine = Engine.open({ directory: MEMORY });
  body(engine.database("_system").createCollection({ name: "c" }));
}

function keysBetween(collection: Collection, id: string, from: Uint8Array, to?: Uint8Array): string[] {
  return collection.reading()!.byIndex(BigInt(id), from, to, 1000).map(({ key }) => key);
}

Deno.test("each index type answers with the attributes that it has, and no others", () => {
  withCollection((collection) => {
    const made = (description: Record<string, unknown>): Record<string, unknown> => {
      const { id: _id, name, ...rest } = collection.ensureIndex({ fields: ["a"], ...description }).definition;
      ok(/^idx_\d+$/.test(name));
      return rest;
    };
    const common = { fields: ["a"], unique: false, sparse: true };
    deepEqual(made({ type: "ttl", expireAfter: 3600, unique: true }), {
      ...common,
      type: "ttl",
      estimates: false,
      expireAfter: 3600,
    });
    const cells = { bestIndexedLevel: 17, worstIndexedLevel: 4, maxNumCoverCells: 8 };
    deepEqual(made({ type: "geo" }), { ...common, type: "geo", geoJson: false, legacyPolygons: false, ...cells });
    deepEqual(made({ type: "fulltext" }), { ...common, type: "fulltext", minLength: 2 });
    deepEqual(made({ type: "zkd", fieldValueTypes: "double" }), {
      ...common,
      sparse: false,
      type: "zkd",
      fieldValueTypes: "double",
    });
    const mdi = { fieldValueTypes: "double", fields: ["x", "y"], sparse: true };
    deepEqual(made({ type: "mdi", ...mdi }), { ...common, type: "mdi", ...mdi, estimates: false });
    deepEqual(made({ type: "mdi-prefixed", prefixFields: ["p"], ...mdi }), {
      ...common,
      type: "mdi-prefixed",
      ...mdi,
      prefixFields: ["p"],
      estimates: true,
    });
  });
});

Deno.test("index descriptions that cannot be are refused with ArangoDB's numbers", () => {
  withCollection((collection) => {
    const refused: readonly [errorNum: number, description: unknown][] = [
      [10, "persistent"],
      [10, {}],
      [10, { type: "nope", fields: ["a"] }],
      [11, { type: "primary", fields: ["_key"] }],
      [11, { type: "edge", fields: ["_from", "_to"] }],
      [9, { type: "inverted", fields: ["a"] }],
      [10, { type: "persistent" }],
      [10, { type: "persistent", fields: [] }],
      [10, { type: "persistent", fields: [7] }],
      [10, { type: "persistent", fields: ["a", "a"] }],
      [10, { type: "persistent", fields: ["_id"] }],
      [10, { type: "persistent", fields: ["a", "b._id"] }],
      [1220, { type: "persistent", fields: ["a[*"] }],
      [1220, { type: "persistent", fields: ["a..b"] }],
      [1208, { type: "persistent", fields: ["a"], name: "1st" }],
      [1208, { type: "persistent", fields: ["a"], name: "a/b" }],
      [10, { type: "persistent", fields: ["a"], storedValues: ["a"] }],
      [10, { type: "persistent", fields: ["a"], storedValues: Array.from({ length: 33 }, (_, i) => `v${i}`) }],
      [10, { type: "ttl", fields: ["a"] }],
      [10, { type: "ttl", fields: ["a"], expireAfter: -1 }],
      [10, { type: "ttl", fields: ["a", "b"], expireAfter: 1 }],
      [10, { type: "ttl", fields: ["a[*]"], expireAfter: 1 }],
      [10, { type: "geo", fields: ["a", "b", "c"] }],
      [10, { type: "geo", fields: ["a", "b"], geoJson: true }],
      [10, { type: "geo1", fields: ["a", "b"] }],
      [10, { type: "geo2", fields: ["a"] }],
      [10, { type: "fulltext", fields: ["a", "b"] }],
      [10, { type: "mdi", fields: ["a"] }],
      [10, { type: "mdi", fields: ["a"], fieldValueTypes: "double", prefixFields: ["b"] }],
      [10, { type: "mdi-prefixed", fields: ["a"], fieldValueTypes: "double" }],
      [10, { type: "mdi-prefixed", fields: ["a"], fieldValueTypes: "double", prefixFields: ["a"] }],
    ];
    for (const [errorNum, description] of refused) {
      throws(() => collection.ensureIndex(description), { errorNum }, JSON.stringify(description));
    }
    equal(collection.indexes().length, 0);
  });
});

Deno.test("ensureIndex() knows its indexes again, by what they are and not by their names", () => {
  withCollection((collection) => {
    const first = collection.ensureIndex({ type: "persistent", fields: ["a", "b"], name: "one" }).definition;
    const again = (description: Record<string, unknown>): boolean =>
      !collection.ensureIndex({ type: "persistent", fields: ["a", "b"], ...description }).created;
    ok(again({ name: "two" }));
    ok(again({ storedValues: ["z"], cacheEnabled: true, inBackground: true }));
    ok(!again({ type: "skiplist" }));
    ok(!again({ type: "hash" }));
    ok(again({ type: "hash" }));
    ok(!again({ fields: ["b", "a"] }));
    ok(!again({ sparse: true }));
    ok(!again({ unique: true }));
    throws(() => collection.ensureIndex({ type: "persistent", fields: ["c"], name: "one" }), {
      errorNum: 1005,
      code: 409,
    });
    throws(() => collection.ensureIndex({ type: "persistent", fields: ["c"], name: "primary" }), { errorNum: 1005 });
    throws(() => collection.ensureIndex({ type: "persistent", fields: ["c"], id: first.id }), { errorNum: 1005 });
    collection.ensureIndex({ type: "ttl", fields: ["t"], expireAfter: 5 });
    ok(again({ type: "ttl", fields: ["t"], expireAfter: 5 }));
    throws(() => collection.ensureIndex({ type: "ttl", fields: ["t"], expireAfter: 6 }), { errorNum: 10 });
    collection.ensureIndex({ type: "mdi", fields: ["x", "y"], fieldValueTypes: "double" });
    ok(again({ type: "mdi", fields: ["y", "x"], fieldValueTypes: "double", storedValues: ["s"] }));
  });
});

Deno.test("an array index holds the members of arrays, explicit nulls too, and sparsity is a matter of the other fields", () => {
  const entries = (description: Record<string, unknown>, document: unknown): number => {
    let count = 0;
    withCollection((collection) => {
      const { id } = collection.ensureIndex({ type: "persistent", ...description }).definition;
      collection.insert(JSON.stringify(document));
      count = collection.reading()!.indexCount(BigInt(id));
    });
    return count;
  };
  for (const sparse of [false, true]) {
    const tags = { fields: ["tags[*]"], sparse };
    for (const nothing of [{}, { tags: null }, { tags: "text" }, { tags: { content: [1] } }, { tags: [] }]) {
      equal(entries(tags, nothing), 0);
    }
    equal(entries(tags, { tags: [null] }), 1);
    equal(entries(tags, { tags: [null, 1, 2, 1] }), 3);
    equal(entries({ fields: ["tags[*].name"], sparse }, { tags: [{ name: "a" }, {}, 7] }), 2);
  }
  const combined = { fields: ["tags[*]", "name"], sparse: true };
  equal(entries(combined, { tags: [1, 2, 3] }), 0);
  equal(entries(combined, { tags: [1, 2, 3], name: null }), 0);
  equal(entries(combined, { tags: [1, 2, 3], name: "alice" }), 3);
  equal(entries(combined, { tags: [null], name: "bob" }), 1);
});

Deno.test("a ttl index holds documents in the order of their times, and leaves out what is no time", () => {
  withCollection((collection) => {
    const { id } = collection.ensureIndex({ type: "ttl", fields: ["at"], expireAfter: 0 }).definition;
    const times: readonly [key: string, at: unknown][] = [
      ["late", "2030-01-01T00:00:00.5+01:30"],
      ["early", 1550165973],
      ["none", null],
      ["text", "soon"],
      ["middle", "2019-02-14T17:39:33.5Z"],
    ];
    for (const [_key, at] of times) collection.insert(JSON.stringify({ _key, at }));
    deepEqual(keysBetween(collection, id, new Uint8Array()), ["early", "middle", "late"]);
    deepEqual(keysBetween(collection, id, new Uint8Array(), timeEntry(1550165973.5)), ["early"]);
    collection.update("early", `{"at":"never"}`);
    deepEqual(keysBetween(collection, id, new Uint8Array()), ["middle", "late"]);
  });
});

Deno.test("removeExpired() removes documents that are past their time, no more than it may, and no others", () => {
  using engine = Engine.open({ directory: MEMORY });
  const collection = engine.database("_system").createCollection({ name: "c" });
  for (const at of [100, 200, 300, 400]) collection.insert(JSON.stringify({ _key: `${at}`, at }));
  collection.insert(`{"_key":"never","at":"some day"}`);
  equal(removeExpired(engine, collection, 1000, 10), 0);
  collection.ensureIndex({ type: "ttl", fields: ["at"], expireAfter: 50 });
  equal(removeExpired(engine, collection, 150, 10), 0);
  equal(removeExpired(engine, collection, 400, 2), 2);
  deepEqual([...collection.pages()].flat().map(({ key }) => key), ["300", "400", "never"]);
  equal(removeExpired(engine, collection, 1e12, 10), 2);
  equal(collection.count(), 1);
});

Deno.test("date texts are read as ArangoDB's TTL documentation lists them", () => {
  const utc = Date.UTC(2019, 4, 27, 21, 20) / 1000;
  equal(timeOf("2019-05-27"), Date.UTC(2019, 4, 27) / 1000);
  equal(timeOf("2019-05-27T21:20:00"), utc);
  equal(timeOf("2019-05-27T21:20:00Z"), utc);
  equal(timeOf("2019-05-27T21:20:00.123Z"), utc + 0.123);
  equal(timeOf("2019-05-27T21:20:00.123+01:30"), utc + 0.123 - 5400);
  equal(timeOf("2019-05-27T21:20:00.123-02:00"), utc + 0.123 + 7200);
  for (const wrong of ["", "2019", "2019-13-01", "2019-05-27T25:00:00", "yesterday", true, [1]]) {
    equal(timeOf(wrong), undefined);
  }
});

Deno.test("a fulltext index finds words and beginnings of words of texts, arrays and objects, not of deeper ones", () => {
  withCollection((collection) => {
    const { id } = collection.ensureIndex({ type: "fulltext", fields: ["translations"], minLength: 3 }).definition;
    collection.insert(`{"_key":"1","translations":{"en":"fox","de":"Fuchs","ru":"лиса","deep":{"x":"hidden"}}}`);
    collection.insert(`{"_key":"2","translations":"Fox is the English word; FOX!"}`);
    collection.insert(`{"_key":"3","translations":["ArangoDB","Foxx",7]}`);
    const word = (text: string): string[] =>
      keysBetween(collection, id, wordEntry(text), new Uint8Array([...wordEntry(text), 0]));
    const prefix = (text: string): string[] =>
      keysBetween(collection, id, wordEntry(text), afterPrefix(wordEntry(text)));
    deepEqual(word("fox"), ["1", "2"]);
    deepEqual(prefix("fox"), ["1", "2", "3"]);
    deepEqual(word("лиса"), ["1"]);
    deepEqual(word("hidden"), []);
    deepEqual(word("is"), []);
    collection.remove("2");
    deepEqual(word("fox"), ["1"]);
  });
  deepEqual([...wordsOf("don't Panic, panic", 2)], ["don't", "panic"]);
});

Deno.test("dimensions of an mdi index are numbers, and unique ones are unique", () => {
  withCollection((collection) => {
    const description = { type: "mdi", fields: ["x", "y"], fieldValueTypes: "double", unique: true };
    collection.ensureIndex(description);
    collection.insert(`{"_key":"a","x":1,"y":2}`);
    throws(() => collection.insert(`{"x":1.0,"y":2}`), { errorNum: 1210, message: /of type mdi over 'x, y'/ });
    throws(() => collection.insert(`{"x":1,"y":"2"}`), { errorNum: 1561 });
    throws(() => collection.insert(`{"x":1}`), { errorNum: 1561 });
    equal(collection.count(), 1);
  });
  using engine = Engine.open({ directory: MEMORY });
  const many = engine.database("_system").createCollection({ name: "many" });
  many.ensureIndex({ type: "mdi", fields: ["x"], fieldValueTypes: "double" });
  engine.write([many], () => {
    many.insert(`{"_key":"a","x":1}`);
    throws(() => many.insert(`{"_key":"b","x":"1"}`), { errorNum: 1561 });
    throws(() => many.update("a", `{"x":"1"}`), { errorNum: 1561 });
  });
  deepEqual([...many.pages()].flat().map(({ text }) => JSON.parse(text).x), [1]);
  withCollection((collection) => {
    const { id } = collection.ensureIndex({
      type: "mdi-prefixed",
      prefixFields: ["p"],
      fields: ["x"],
      fieldValueTypes: "double",
      sparse: true,
    }).definition;
    for (const text of [`{"p":1,"x":2}`, `{"x":2}`, `{"p":1}`, `{"p":"q","x":-1}`]) collection.insert(text);
    throws(() => collection.insert(`{"p":1,"x":"2"}`), { errorNum: 1561 });
    equal(collection.reading()!.indexCount(BigInt(id)), 2);
  });
});

Deno.test("a geo index holds places only, in the order of coordinates that it was made for", () => {
  const around = (collection: Collection, id: string): string[] =>
    collection.reading()!.byBox(BigInt(id), boxAround(10, 20, 1000)).map(({ key }) => key);
  withCollection((collection) => {
    const { id } = collection.ensureIndex({ type: "geo", fields: ["loc"] }).definition;
    collection.insert(`{"_key":"here","loc":[10,20]}`);
    collection.insert(`{"_key":"swapped","loc":[20,10]}`);
    collection.insert(`{"_key":"json","loc":{"type":"Point","coordinates":[20,10]}}`);
    collection.insert(`{"_key":"far","loc":[10,200]}`);
    deepEqual(around(collection, id), ["here"]);
    equal(collection.reading()!.indexCount(BigInt(id)), 2);
    collection.update("here", `{"loc":null}`);
    deepEqual(around(collection, id), []);
  });
  withCollection((collection) => {
    const { id } = collection.ensureIndex({ type: "geo", fields: ["lat", "lon"] }).definition;
    collection.insert(`{"_key":"here","lat":10,"lon":20}`);
    collection.insert(`{"_key":"half","lat":10}`);
    deepEqual(around(collection, id), ["here"]);
  });
  withCollection((collection) => {
    collection.insert(`{"_key":"pair","loc":[20,10]}`);
    collection.insert(`{"_key":"point","loc":{"type":"Point","coordinates":[20,10]}}`);
    const square = [[19, 9], [21, 9], [21, 11], [19, 11], [19, 9]];
    collection.insert(JSON.stringify({ _key: "around", loc: { type: "Polygon", coordinates: [square] } }));
    const elsewhere = square.map(([x, y]) => [x! + 100, y!]);
    collection.insert(JSON.stringify({ _key: "elsewhere", loc: { type: "Polygon", coordinates: [elsewhere] } }));
    const outside = { type: "Polygon", coordinates: [elsewhere.toReversed()] };
    collection.insert(JSON.stringify({ _key: "everything else", loc: outside }).replace(" else", "-else"));
    collection.insert(`{"_key":"open","loc":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6]]]}}`);
    collection.insert(`{"_key":"line","loc":{"type":"LineString","coordinates":[[0,10],[40,10.5]]}}`);
    const { id } = collection.ensureIndex({ type: "geo", fields: ["loc"], geoJson: true }).definition;
    deepEqual(around(collection, id).sort(), ["around", "everything-else", "line", "pair", "point"]);
  });
});

const place = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }));
const RADIANS = Math.PI / 180;

function distance([lon1, lat1]: readonly number[], [lon2, lat2]: readonly number[]): number {
  const a = Math.sin((lat2! - lat1!) * RADIANS / 2) ** 2 +
    Math.cos(lat1! * RADIANS) * Math.cos(lat2! * RADIANS) * Math.sin((lon2! - lon1!) * RADIANS / 2) ** 2;
  return 2 * 6371000 * Math.asin(Math.min(1, Math.sqrt(a)));
}

function touch(a: readonly number[], b: readonly number[]): boolean {
  return [0, 2, 4].every((i) => a[i + 1]! >= b[i]! && a[i]! <= b[i + 1]!);
}

Deno.test("the box around a place touches the box of every place within the distance, poles and date line included", () => {
  fc.assert(fc.property(place, place, fc.double({ min: 1, max: 2, noNaN: true }), (center, other, factor) => {
    const box = boxAround(center[1], center[0], distance(center, other) * factor + 0.001);
    ok(touch(box, geoBox([other], true)!));
  }));
});

Deno.test("the box of a line holds every place on its arcs", () => {
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 2, maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (line, at) => {
        const vectors = line.slice(0, 2).map(([lon, lat]) => [
          Math.cos(lon * RADIANS) * Math.cos(lat * RADIANS),
          Math.sin(lon * RADIANS) * Math.cos(lat * RADIANS),
          Math.sin(lat * RADIANS),
        ]);
        const mixed = [0, 1, 2].map((i) => vectors[0]![i]! * (1 - at) + vectors[1]![i]! * at);
        const length = Math.hypot(...mixed);
        // opposite ends have no arc of their own
        fc.pre(length > 1e-3);
        const on = mixed.map((value) => value / length);
        const box = boxOf({ type: "LineString", coordinates: line })!;
        ok(touch(box, [on[0]!, on[0]!, on[1]!, on[1]!, on[2]!, on[2]!]));
      },
    ),
  );
});

Deno.test("an index that is built afterwards equals one that was there, whatever the fields and values", () => {
  const inner = [
    `1`,
    `-0.0`,
    `1e400`,
    `9007199254740993`,
    `"\\u0000\\ud83d"`,
    `null`,
    `[1,{"b":2}]`,
    `{"c":{"d":1}}`,
    `true`,
  ];
  const texts = inner.flatMap((a, i) => [
    `{"a":${a},"x y":{"z":${i}},"q\\"":${a},"__proto__":{"a":${a}}}`,
    `{"a":{"b":${a},"c":${i}}}`,
    `{"a":[${a},${a}]}`,
  ]);
  const fields = [["a"], ["a.b"], ["a", "a.b"], ["a.b", "a"], ["a.b.c.d"], ["x y.z", "a"], [`q"`], ["__proto__.a"], [
    "a[*]",
  ], [
    "a[*].b",
    "x y.z",
  ]];
  const contents = (early: boolean): unknown[] => {
    const found: unknown[] = [];
    withCollection((collection) => {
      const make = (): void => fields.forEach((one) => collection.ensureIndex({ type: "persistent", fields: one }));
      if (early) make();
      for (const [i, text] of texts.entries()) collection.insert(text.replace("{", `{"_key":"${i}",`));
      if (!early) make();
      for (const { id } of collection.indexes()) {
        const rows = collection.reading()!.file.wide(
          `SELECT hex(k), key FROM index_${id} i JOIN doc d ON d.rev = i.rev ORDER BY k, key`,
        ).all();
        found.push(rows);
      }
    });
    return found;
  };
  deepEqual(contents(false), contents(true));
});

const values = fc.record({
  kind: fc.constantFrom("insert", "update", "remove"),
  key: fc.integer({ min: 0, max: 5 }).map(String),
  at: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom("2020-01-01", "x", null)),
  loc: fc.oneof(place, fc.constant(null)),
  text: fc.constantFrom("one two", "two three", "", "three"),
});

Deno.test("random changes leave every kind of index as if it had been built afterwards", () => {
  const descriptions = [
    { type: "ttl", fields: ["at"], expireAfter: 1 },
    { type: "geo", fields: ["loc"], geoJson: true },
    { type: "fulltext", fields: ["text"] },
    { type: "mdi", fields: ["n"], fieldValueTypes: "double" },
    { type: "persistent", fields: ["text", "at"] },
  ];
  fc.assert(
    fc.property(fc.array(values, { maxLength: 25 }), (changes) => {
      withCollection((collection) => {
        const ids = descriptions.map((one) => collection.ensureIndex(one).definition.id);
        const present = new Set<string>();
        for (const { kind, key, ...rest } of changes) {
          const text = JSON.stringify({ _key: key, n: 1, ...rest });
          if (kind === "remove" ? present.delete(key) : kind === "update" && present.has(key)) {
            if (kind === "remove") collection.remove(key);
            else collection.update(key, text);
          } else if (kind !== "remove") {
            collection.insert(text, { overwriteMode: "replace" });
            present.add(key);
          }
        }
        const contents = (): unknown[] =>
          ids.map((id) =>
            collection.reading()?.file.wide(`SELECT * FROM index_${id} ORDER BY 1, 2`).all().map((row) => row.join())
          );
        if (present.size === 0) return;
        const before = contents();
        for (const id of ids) collection.dropIndex(id);
        for (const [i, one] of descriptions.entries()) collection.ensureIndex({ ...one, id: ids[i] });
        deepEqual(contents(), before);
      });
    }),
    { numRuns: 30 },
  );
});
