/**
 * The sample graphs of the documentation.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/graph-examples/example-graph`. Data: arangosh.md 5.11. */
export function exampleGraph({ exports, require }: ModuleScope): void {
  const { make } = require("denosh/errors");
  const graphs = require("@arangodb/general-graph");
  const { db } = require("@arangodb");

  /** How a sample is made. */
  interface Sample {
    /** Edge collection, from, to. */
    readonly relations: readonly [string, readonly string[], readonly string[]][];
    /** Whether it is only collections. */
    readonly isUnmanaged?: boolean;
    fill(): void;
  }

  /** Inserts vertices and, between them, edges. */
  function vertices(collection: string, documents: Loose[]): void {
    db[collection].insert(documents);
  }
  function edges(collection: string, documents: Loose[]): void {
    db[collection].insert(documents);
  }
  const words = (text: string) => text.trim().split(/\s+/);

  function fillRoutes(): void {
    const city = (_key: string, population: number, isCapital: boolean, coordinates: number[]) => ({
      _key,
      population,
      isCapital,
      geometry: { type: "Point", coordinates },
    });
    vertices("germanCity", [
      city("Berlin", 3000000, true, [13.3833, 52.5167]),
      city("Cologne", 1000000, false, [6.9528, 50.9364]),
      city("Hamburg", 1000000, false, [10.0014, 53.5653]),
    ]);
    vertices("frenchCity", [
      city("Lyon", 80000, false, [4.84, 45.76]),
      city("Paris", 4000000, true, [2.3508, 48.8567]),
    ]);
    for (const name of ["germanCity", "frenchCity"]) {
      db[name].ensureIndex({ type: "geo", fields: ["geometry"], geoJson: true });
    }
    const german = (key: string) => `germanCity/${key}`;
    const french = (key: string) => `frenchCity/${key}`;
    const road = (collection: string, _from: string, _to: string, distance: number) =>
      db[collection].insert({ _from, _to, distance });
    road("germanHighway", german("Berlin"), german("Cologne"), 850);
    road("germanHighway", german("Berlin"), german("Hamburg"), 400);
    road("germanHighway", german("Hamburg"), german("Cologne"), 500);
    road("frenchHighway", french("Paris"), french("Lyon"), 550);
    road("internationalHighway", german("Berlin"), french("Lyon"), 1100);
    road("internationalHighway", german("Berlin"), french("Paris"), 1200);
    road("internationalHighway", german("Hamburg"), french("Paris"), 900);
    road("internationalHighway", german("Hamburg"), french("Lyon"), 1300);
    road("internationalHighway", german("Cologne"), french("Lyon"), 700);
    road("internationalHighway", german("Cologne"), french("Paris"), 550);
  }

  function fillPlaces(): void {
    const pairs = words(`
      Inverness-Aberdeen-3/2.5 Aberdeen-Leuchars-1.5/1 Leuchars-Edinburgh-1.5/3 Edinburgh-Glasgow-1/1
      Edinburgh-York-3.5/4 Glasgow-Carlisle-1/1 Carlisle-York-2.5/3.5 Carlisle-Birmingham-2/1
      Birmingham-London-1.5/2.5 Leuchars-StAndrews-0.2/0.2 York-London-1.8/2 London-Brussels-2.5/3.5
      Brussels-Cologne-2/1.5 Toronto-Winnipeg-36/35 Winnipeg-Saskatoon-12/5 Saskatoon-Edmonton-12/17
      Edmonton-Jasper-6/5 Jasper-Vancouver-12/13`).map((text) => {
      const [from, to, times] = text.split("-") as [string, string, string];
      return { from, to, times: times.split("/").map(Number) };
    });
    const places = words(`Inverness Aberdeen Leuchars StAndrews Edinburgh Glasgow York Carlisle Birmingham London
      Brussels Cologne Toronto Winnipeg Saskatoon Edmonton Jasper Vancouver`);
    vertices("places", places.map((name) => ({ _key: name, label: name })));
    edges(
      "connections",
      pairs.flatMap(({ from, to, times }) => [
        { _from: `places/${from}`, _to: `places/${to}`, travelTime: times[0] },
        { _from: `places/${to}`, _to: `places/${from}`, travelTime: times[1] },
      ]),
    );
  }

  function fillComponents(): void {
    const pairs = words(`A1-A2 A2-A3 A3-A4 A4-A1 B1-B3 B2-B4 B3-B6 B4-B3 B4-B5 B6-B7 B7-B8 B7-B9 B7-B10 B7-B19 B11-B10
      B12-B11 B13-B12 B13-B20 B14-B13 B15-B14 B15-B16 B17-B15 B17-B18 B19-B17 B20-B21 B20-B22 C1-C2 C2-C3 C3-C4 C4-C5
      C4-C7 C5-C6 C5-C7 C7-C8 C8-C9 C8-C10`).map((text) => text.split("-") as [string, string]);
    const keys = new Set(pairs.flat());
    vertices("components", Array.from(keys, (_key) => ({ _key })));
    edges("connections", pairs.map(([from, to]) => ({ _from: `components/${from}`, _to: `components/${to}` })));
  }

  function fillTraversal(): void {
    vertices(
      "circles",
      [..."ABCDEFGHIJK"].map((_key, index) => ({ _key, label: String(index + 1) })),
    );
    const edge = (pair: string, label: string) => ({
      _from: `circles/${pair[0]}`,
      _to: `circles/${pair[1]}`,
      theFalse: false,
      theTruth: true,
      label,
    });
    edges("edges", [
      edge("AB", "left_bar"),
      edge("BC", "left_blarg"),
      edge("CD", "left_blorg"),
      edge("BE", "left_blub"),
      edge("EF", "left_schubi"),
      edge("AG", "right_foo"),
      edge("GH", "right_blob"),
      edge("HI", "right_blub"),
      edge("GJ", "right_zip"),
      edge("JK", "right_zup"),
    ]);
  }

  function fillSocial(): void {
    db.female.insert({ _key: "alice", name: "Alice" });
    db.male.insert({ _key: "bob", name: "Bob" });
    db.male.insert({ _key: "charly", name: "Charly" });
    db.female.insert({ _key: "diana", name: "Diana" });
    const edge = (_from: string, _to: string, type: string) =>
      db.relation.insert({ _from, _to, type, vertex: _from.split("/")[1] });
    edge("female/alice", "male/bob", "married");
    edge("female/alice", "male/charly", "friend");
    edge("male/charly", "female/diana", "married");
    edge("male/bob", "female/diana", "friend");
  }

  function fillKnows(): void {
    vertices(
      "persons",
      ["Alice", "Bob", "Charlie", "Dave", "Eve"].map((name) => ({ _key: name.toLowerCase(), name })),
    );
    const edge = (from: string, to: string) => ({ _from: `persons/${from}`, _to: `persons/${to}`, vertex: from });
    edges("knows", [
      edge("alice", "bob"),
      edge("bob", "charlie"),
      edge("bob", "dave"),
      edge("eve", "alice"),
      edge("eve", "bob"),
    ]);
  }

  function fillMps(): void {
    vertices("mps_verts", [..."ABCDEF"].map((_key) => ({ _key })));
    edges(
      "mps_edges",
      words("AB AE AD BC DC EF FC").map((pair) => ({
        _from: `mps_verts/${pair[0]}`,
        _to: `mps_verts/${pair[1]}`,
        vertex: pair[0],
      })),
    );
  }

  /** Continents with their countries: name, code, capital. */
  const WORLD: Record<string, string> = {
    "Africa": "Algeria DZA Algiers; Angola AGO Luanda; Botswana BWA Gaborone; Burkina Faso BFA Ouagadougou; " +
      "Burundi BDI Bujumbura; Cameroon CMR Yaounde; Chad TCD N'Djamena; Cote d'Ivoire CIV Yamoussoukro; " +
      "Egypt EGY Cairo; Eritrea ERI Asmara",
    "Asia": "Afghanistan AFG Kabul; Bahrain BHR Manama; Bangladesh BGD Dhaka; Bhutan BTN Thimphu; " +
      "Brunei BRN Bandar Seri Begawan; Cambodia KHM Phnom Penh; People's Republic of China CHN Beijing",
    "Australia": "Australia AUS Canberra",
    "Europe": "Albania ALB Tirana; Andorra AND Andorra la Vella; Austria AUT Vienna; Belgium BEL Brussels; " +
      "Bosnia and Herzegovina BIH Sarajevo; Bulgaria BGR Sofia; Croatia HRV Zagreb; Czech Republic CZE Prague; " +
      "Denmark DNK Copenhagen; Finland FIN Helsinki; France FRA Paris; Germany DEU Berlin",
    "North America": "Antigua and Barbuda ATG Saint John's; Bahamas BHS Nassau; Barbados BRB Bridgetown; " +
      "Canada CAN Ottawa",
    "South America": "Argentina ARG Buenos Aires; Bolivia BOL La Paz; Brazil BRA Brasilia; Chile CHL Santiago; " +
      "Colombia COL Bogota; Ecuador ECU Quito",
  };

  function fillWorld(): void {
    const keyOf = (type: string, name: string) => `${type}-${name.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    const countries = Object.entries(WORLD).flatMap(([continent, list]) =>
      list.split("; ").map((text) => {
        const [, name, code, capital] = /^(.*) ([A-Z]{3}) (.*)$/.exec(text) as unknown as [
          string,
          string,
          string,
          string,
        ];
        return { continent, name, code, capital };
      })
    );
    // by letters alone: "Nassau" comes before "N'Djamena"
    const letters = ({ _key }: { _key: string }) => _key.replace(/-/g, "");
    const byKey = (left: { _key: string }, right: { _key: string }) => letters(left) < letters(right) ? -1 : 1;
    const continents = Object.keys(WORLD)
      .map((name) => ({ _key: keyOf("continent", name), name, type: "continent", up: "world" }));
    const lands = countries.map(({ name, code, continent }) => ({
      _key: keyOf("country", name),
      name,
      type: "country",
      code,
      up: keyOf("continent", continent),
    })).sort(byKey);
    const capitals = countries.map(({ name, capital }) => ({
      _key: keyOf("capital", capital),
      name: capital,
      type: "capital",
      up: keyOf("country", name),
    })).sort(byKey);
    const all: Loose[] = [...continents, ...lands, ...capitals];
    vertices("worldVertices", [
      { _key: "world", name: "World", type: "root" },
      ...all.map(({ up: _up, ...document }) => document),
    ]);
    edges(
      "worldEdges",
      all.map(({ _key, up }) => ({ _from: `worldVertices/${_key}`, _to: `worldVertices/${up}`, type: "is-in" })),
    );
  }

  const WORLD_RELATIONS: Sample["relations"] = [["worldEdges", ["worldVertices"], ["worldVertices"]]];
  const SAMPLES: Record<string, Sample> = {
    knows_graph: { relations: [["knows", ["persons"], ["persons"]]], fill: fillKnows },
    mps_graph: { relations: [["mps_edges", ["mps_verts"], ["mps_verts"]]], fill: fillMps },
    social: { relations: [["relation", ["female", "male"], ["female", "male"]]], fill: fillSocial },
    routeplanner: {
      relations: [
        ["germanHighway", ["germanCity"], ["germanCity"]],
        ["frenchHighway", ["frenchCity"], ["frenchCity"]],
        ["internationalHighway", ["frenchCity", "germanCity"], ["frenchCity", "germanCity"]],
      ],
      fill: fillRoutes,
    },
    traversalGraph: { relations: [["edges", ["circles"], ["circles"]]], fill: fillTraversal },
    kShortestPathsGraph: { relations: [["connections", ["places"], ["places"]]], fill: fillPlaces },
    connectedComponentsGraph: { relations: [["connections", ["components"], ["components"]]], fill: fillComponents },
    worldCountry: { relations: WORLD_RELATIONS, fill: fillWorld },
    worldCountryUnManaged: { relations: WORLD_RELATIONS, isUnmanaged: true, fill: fillWorld },
  };

  function collectionsOf({ relations }: Sample): { edge: string[]; vertex: string[] } {
    return {
      edge: relations.map(([collection]) => collection),
      vertex: [...new Set(relations.flatMap(([, from, to]) => [...from, ...to]))],
    };
  }

  exports.loadGraph = function loadGraph(name: string): Loose {
    const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
    if (sample === undefined) return false;
    const { edge, vertex } = collectionsOf(sample);
    const present = [...edge, ...vertex].filter((each) => db._collection(each) !== null);
    if (present.length > 0) {
      throw make(1207, `the collection: ${JSON.stringify(present)} already exists. Please clean up and try again.`);
    }
    if (sample.isUnmanaged) {
      for (const each of vertex) db._create(each);
      for (const each of edge) db._createEdgeCollection(each);
      sample.fill();
      return true;
    }
    if (graphs._exists(name) !== false) graphs._drop(name, true);
    const relations = sample.relations.map(([collection, from, to]) =>
      graphs._relation(collection, [...from], [...to])
    );
    const graph = graphs._create(name, relations);
    sample.fill();
    return graph;
  };

  exports.dropGraph = function dropGraph(name: string): void {
    const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
    if (graphs._exists(name) !== false) graphs._drop(name, true);
    else if (sample !== undefined) {
      const { edge, vertex } = collectionsOf(sample);
      for (const each of [...edge, ...vertex]) db._drop(each);
    }
  };
}
