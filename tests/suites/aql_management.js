/* What surrounds queries: functions of users, lists of queries, caches, analyzers. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const functions = require("@arangodb/aql/functions");
const queries = require("@arangodb/aql/queries");
const cache = require("@arangodb/aql/cache");
const analyzers = require("@arangodb/analyzers");
const { assertFails } = require("assertions");

const BAD_NAME = errors.ERROR_QUERY_FUNCTION_INVALID_NAME.code;
const BAD_CODE = errors.ERROR_QUERY_FUNCTION_INVALID_CODE.code;
const NO_FUNCTION = errors.ERROR_QUERY_FUNCTION_NOT_FOUND.code;

function functionSuite() {
  const value = (query) => db._query(query).toArray()[0];
  return {
    tearDown() {
      functions.unregisterGroup("suite");
    },

    testTheyAreRegisteredReplacedAndCalled() {
      assertFalse(functions.register("suite::f", (x) => x * 2));
      assertEqual(10, value("RETURN suite::f(5)"));
      assertTrue(functions.register("suite::f", (x) => x * 3));
      assertEqual([15, 15, 15], value("RETURN [suite::f(5), SUITE::F(5), `suite`::`f`(5)]"));
      assertTrue(functions.register("SUITE::F", "function (x) { return x * 4; }", true));
      assertEqual(20, value("RETURN suite::f(5)"));
      const listed = functions.toArray("suite");
      assertEqual([1, true, "function (x) { return x * 4; }"], [
        listed.length,
        listed[0].isDeterministic,
        listed[0].code,
      ]);
      assertEqual("suite::f", listed[0].name.toLowerCase());
    },
    testWhatIsNoFunction() {
      for (const bad of [undefined, "", "a", "suite::", "suite:f", "_aql::f", "suite::a b"]) {
        assertFails(BAD_NAME, () => functions.register(bad, () => 1));
      }
      for (const bad of ["foo(", "1 + 1", undefined]) assertFails(BAD_CODE, () => functions.register("suite::f", bad));
      assertEqual([], functions.toArray("suite"));
      assertFails(NO_FUNCTION, () => value("RETURN suite::missing()"));
    },
    testTheyAreUnregistered() {
      functions.register("suite::f", () => 1);
      assertUndefined(functions.unregister("suite::f"));
      assertFails(NO_FUNCTION, () => functions.unregister("suite::f"));
      assertFails(NO_FUNCTION, () => value("RETURN suite::f()"));
      for (const bad of [undefined, "x"]) assertFails(BAD_NAME, () => functions.unregister(bad));
    },
    testGroups() {
      for (const name of ["suite::f", "suite::inner::f", "suite::inner::g", "suites::f"]) {
        functions.register(name, () => 1);
      }
      assertEqual([3, 2, 0], ["suite", "suite::inner", "suite::none"].map((group) => functions.toArray(group).length));
      assertEqual(3, functions.toArray("suite::").length);
      assertEqual(2, functions.unregisterGroup("suite::inner"));
      assertEqual(["suite::f"], functions.toArray("suite").map(({ name }) => name));
      assertEqual([1, 0, 1], [
        functions.unregisterGroup("suite"),
        functions.unregisterGroup("suite"),
        functions.unregisterGroup("suites"),
      ]);
    },
    testTheyGetAndGiveValues() {
      functions.register("suite::kinds", (...args) => args.map((one) => one === null ? "null" : typeof one));
      assertEqual(
        ["null", "boolean", "number", "string", "object", "object"],
        value("RETURN suite::kinds(null, true, 1.5, 'x', [1], {a: 1})"),
      );
      functions.register("suite::nothing", () => {});
      assertIdentical(null, value("RETURN suite::nothing()"));
    },
  };
}

function listSuite() {
  const before = queries.properties();
  return {
    tearDownAll() {
      queries.properties(before);
      queries.clearSlow();
    },

    testTracking() {
      for (
        const name of ["enabled", "trackSlowQueries", "trackBindVars", "maxSlowQueries", "slowQueryThreshold"]
      ) {
        assertTrue(Object.hasOwn(before, name), name);
      }
      const changed = queries.properties({ slowQueryThreshold: 5, maxSlowQueries: 7, unknown: 1 });
      assertEqual([5, 7, undefined], [changed.slowQueryThreshold, changed.maxSlowQueries, changed.unknown]);
      assertEqual(changed, queries.properties());
      assertFails(errors.ERROR_BAD_PARAMETER.code, () => queries.properties({ slowQueryThreshold: "a" }));
    },
    testSlowQueries() {
      queries.properties({ slowQueryThreshold: 0.01, trackSlowQueries: true, trackBindVars: true });
      queries.clearSlow();
      db._query("/* suite */ RETURN SLEEP(@seconds)", { seconds: 0.05 }).toArray();
      for (const all of [undefined, true, { all: true }]) {
        const [slow] = queries.slow(all).filter(({ query }) => query.startsWith("/* suite */"));
        assertEqual([{ seconds: 0.05 }, "root", "_system", "finished", false], [
          slow.bindVars,
          slow.user,
          slow.database,
          slow.state,
          slow.stream,
        ]);
        assertTrue(slow.runTime >= 0.05);
      }
      queries.clearSlow();
      assertEqual([], queries.slow());
    },
    testQueriesThatAreNotThereCannotBeKilled() {
      for (const id of ["1", "abc", { id: "5" }]) {
        assertFails(errors.ERROR_QUERY_NOT_FOUND.code, () => queries.kill(id));
      }
      assertTrue(Array.isArray(queries.current()) && Array.isArray(queries.current({ all: true })));
    },
  };
}

function cacheSuite() {
  const before = cache.properties();
  return {
    tearDownAll() {
      cache.properties(before);
    },

    testPropertiesOfTheCache() {
      assertEqual(
        ["includeSystem", "maxEntrySize", "maxResults", "maxResultsSize", "mode"],
        Object.keys(before).sort(),
      );
      for (const mode of ["on", "demand", "off"]) assertEqual(mode, cache.properties({ mode }).mode);
      for (const bad of [{ mode: "x" }, { maxResults: "a" }]) {
        assertFails(errors.ERROR_BAD_PARAMETER.code, () => cache.properties(bad));
      }
      assertEqual("off", cache.properties().mode);
    },
    testOnDemand() {
      cache.properties({ mode: "demand" });
      cache.clear();
      const run = (options) => db._query("/* suite */ RETURN 1", {}, options).cached();
      assertEqual([false, false, false, true], [run({}), run({}), run({ cache: true }), run({ cache: true })]);
      const [entry] = cache.toArray();
      assertEqual(["/* suite */ RETURN 1", 1], [entry.query, entry.results]);
      cache.clear();
      assertEqual([], cache.toArray());
      assertFalse(run({ cache: true }));
    },
  };
}

function analyzerSuite() {
  const tokens = (text, name) => db._query("RETURN TOKENS(@text, @name)", { text, name }).toArray()[0];
  return {
    tearDown() {
      for (const analyzer of analyzers.toArray()) {
        if (/::suite/.test(analyzer.name())) analyzers.remove(analyzer.name(), true);
      }
    },

    testTheBuiltInOnes() {
      const english = analyzers.analyzer("text_en");
      assertEqual(["text_en", "text", ["frequency", "norm", "position"]], [
        english.name(),
        english.type(),
        english.features().sort(),
      ]);
      assertEqual([true, false, "lower"], [
        english.properties().stemming,
        english.properties().accent,
        english.properties().case,
      ]);
      assertEqual('[ArangoAnalyzer "text_en" (type text)]', String(english));
      const all = analyzers.toArray().map((analyzer) => analyzer.name());
      for (const name of ["identity", "text_de", "text_en", "text_zh"]) assertTrue(all.includes(name), name);
      assertIdentical(null, analyzers.analyzer("suite"));
      assertFails(errors.ERROR_FORBIDDEN.code, () => analyzers.remove("text_en"));
    },
    testTheyAreSavedAndUsed() {
      const saved = analyzers.save("suite", "delimiter", { delimiter: "," }, ["frequency"]);
      assertEqual(
        { name: "_system::suite", type: "delimiter", properties: { delimiter: "," }, features: ["frequency"] },
        saved,
      );
      assertEqual(saved, analyzers.save("suite", "delimiter", { delimiter: "," }, ["frequency"]));
      assertEqual([saved.name, saved.name], [
        analyzers.analyzer("suite").name(),
        analyzers.analyzer("_system::suite").name(),
      ]);
      assertEqual(["a", "b c"], tokens("a,b c", "suite"));
      assertFails(errors.ERROR_BAD_PARAMETER.code, () => analyzers.save("suite", "delimiter", { delimiter: ";" }));
      assertUndefined(analyzers.remove("suite"));
      assertIdentical(null, analyzers.analyzer("suite"));
      assertFails(errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code, () => analyzers.remove("suite"));
    },
    testPipelines() {
      analyzers.save("suite", "pipeline", {
        pipeline: [{ type: "norm", properties: { locale: "en", case: "upper" } }, {
          type: "ngram",
          properties: { min: 2, max: 2, preserveOriginal: false, streamType: "utf8" },
        }],
      });
      assertEqual(["AB", "BC"], tokens("abc", "suite"));
    },
    testWhatIsNoAnalyzer() {
      for (
        const [name, type, properties, features] of [
          ["", "identity"],
          ["suite b", "identity"],
          ["suite::x", "identity"],
          ["suite"],
          ["suite", "delimiter"],
          ["suite", "ngram", { min: 3, max: 2, preserveOriginal: true }],
          ["suite", "identity", {}, ["none"]],
        ]
      ) {
        assertFails(errors.ERROR_BAD_PARAMETER.code, () => analyzers.save(name, type, properties, features));
      }
    },
  };
}
jsunity.run(functionSuite);
jsunity.run(listSuite);
jsunity.run(cacheSuite);
jsunity.run(analyzerSuite);
return jsunity.done();
