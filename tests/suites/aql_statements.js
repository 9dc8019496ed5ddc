/* What queries tell besides results, what ends them, and the modules about them. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const { getQueryResults, getModifyQueryResults, getQueryExplanation } = require("@arangodb/aql-helper");
const { assertFails } = require("assertions");
const NAME = "UnitTestsStatements";

function StatementSuite() {
  return {
    setUpAll: function () {
      db._create(NAME);
      db[NAME].insert(Array.from({ length: 100 }, (_, i) => ({ _key: "k" + i, value: i, group: "g" + i % 10 })));
      db[NAME].ensureIndex({ type: "persistent", fields: ["value"] });
    },
    tearDownAll: function () {
      db._drop(NAME);
    },

    testFullCountsAreThoseOfTheLastLimitOfTheMainQuery: function () {
      const count = (text) => db._query(text, {}, { fullCount: true }).getExtra().stats.fullCount;
      assertEqual(100, count(`FOR d IN ${NAME} SORT d.value LIMIT 3 RETURN d`));
      assertEqual(100, count(`FOR d IN ${NAME} LIMIT 1000, 1 RETURN d`));
      assertEqual(6, count(`FOR d IN ${NAME} LIMIT 2 FOR x IN 1..3 LIMIT 1 RETURN x`));
      assertEqual(undefined, db._query("FOR i IN 1..9 LIMIT 1 RETURN i").getExtra().stats.fullCount);
    },

    testLimitsOfARun: function () {
      const assertEnds = ({ code }, text, options) => {
        assertFails(code, () => db._query(text, {}, options).toArray());
      };
      assertEnds(errors.ERROR_QUERY_DIVISION_BY_ZERO, "RETURN 1 / 0", { failOnWarning: true });
      const sorted = "FOR i IN 1..100000 SORT CONCAT('x', i) RETURN i";
      assertEnds(errors.ERROR_RESOURCE_LIMIT, sorted, { memoryLimit: 10000 });
      assertEnds(errors.ERROR_QUERY_KILLED, "FOR i IN 1..1000 RETURN SLEEP(0.01)", { maxRuntime: 0.05 });
      const { warnings } = db._query("FOR i IN 1..9 RETURN 1 / (i - i)", {}, { maxWarningCount: 4 }).getExtra();
      assertEqual([1562, 1562, 1562, 1562], warnings.map(({ code }) => code));
    },

    testWritesAreCounted: function () {
      let stats = getModifyQueryResults(`FOR d IN ${NAME} UPDATE d WITH {seen: true} IN ${NAME}`);
      assertEqual([100, 0], [stats.writesExecuted, stats.writesIgnored]);
      stats = getModifyQueryResults(`FOR i IN 1..3 REMOVE 'none' IN ${NAME} OPTIONS {ignoreErrors: true}`);
      assertEqual([0, 3], [stats.writesExecuted, stats.writesIgnored]);
      assertFails(errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code, () => db._query(`REMOVE 'none' IN ${NAME}`));
      const row = getQueryResults(`FOR d IN ${NAME} FILTER d._key == 'k3' RETURN d`)[0];
      assertEqual({ group: "g3", seen: true, value: 3 }, row);
    },

    testTransactionsSeeTheirOwnWrites: function () {
      const transaction = db._createTransaction({ collections: { write: NAME } });
      transaction.query(`FOR i IN 1..10 INSERT {inside: i} INTO ${NAME}`);
      const find = `FOR d IN ${NAME} FILTER d.inside != null RETURN d`;
      assertEqual(10, transaction.query(find).toArray().length);
      assertEqual(0, db._query(find).toArray().length);
      transaction.abort();
      assertEqual(100, db[NAME].count());
    },

    testExplanations: function () {
      const explained = getQueryExplanation(`FOR d IN ${NAME} FILTER d.value == 1 RETURN d`);
      assertTrue(explained.plan.rules.includes("use-indexes"));
      assertEqual("SingletonNode", explained.plan.nodes[0].type);
      assertTrue(explained.cacheable);
      for (const query of ["RETURN 1 / 0", "RETURN RAND()", "RETURN date_now()"]) {
        assertFalse(getQueryExplanation(query).cacheable, query);
      }
      const statement = db._createStatement(`FOR d IN ${NAME} FILTER d.value == 1 RETURN d`);
      assertEqual([], statement.explain({ optimizer: { rules: ["-all"] } }).plan.rules);
      assertTrue(Array.isArray(statement.explain({ allPlans: true }).plans));
    },

    testProfiles: function () {
      const { stats, profile, plan } = db._query(`FOR d IN ${NAME} RETURN d`, {}, { profile: 2 }).getExtra();
      assertEqual(plan.nodes.map(({ id }) => id), stats.nodes.map(({ id }) => id));
      assertEqual("number", typeof profile.executing);
    },

    testResultsAreCachedUntilACollectionChanges: function () {
      const cache = require("@arangodb/aql/cache");
      const query = () => db._query(`FOR d IN ${NAME} FILTER d.value == 3 RETURN d.value`);
      cache.properties({ mode: "on" });
      cache.clear();
      try {
        assertEqual([false, true], [query().cached(), query().cached()]);
        assertEqual([[NAME]], cache.toArray().map(({ dataSources }) => dataSources));
        db[NAME].remove(db[NAME].insert({}));
        assertFalse(query().cached());
      } finally {
        cache.properties({ mode: "off" });
      }
    },

    testSlowQueriesAreListed: function () {
      const queries = require("@arangodb/aql/queries");
      queries.clearSlow();
      queries.properties({ slowQueryThreshold: 0.1 });
      try {
        db._query("RETURN SLEEP(@s)", { s: 0.2 });
        const [{ query, bindVars, runTime, state, stream }] = queries.slow();
        assertEqual(["RETURN SLEEP(@s)", { s: 0.2 }, "finished", false], [query, bindVars, state, stream]);
        assertTrue(runTime >= 0.2);
      } finally {
        queries.properties({ slowQueryThreshold: 10 });
        queries.clearSlow();
      }
      assertFails(errors.ERROR_QUERY_NOT_FOUND.code, () => queries.kill("123456"));
    },

    testStreamsRunUntilTheyAreRead: function () {
      const queries = require("@arangodb/aql/queries");
      const text = "FOR i IN 1..10000 RETURN CONCAT('stream', i)";
      const running = () => queries.current().filter(({ query }) => query === text);
      const open = () => db._query(text, {}, { stream: true, batchSize: 10 });
      const read = open();
      assertEqual([[true, "executing"]], running().map(({ stream, state }) => [stream, state]));
      assertEqual(10000, read.toArray().length);
      assertEqual([], running());
      open().dispose();
      assertEqual([], running());
      const killed = open();
      queries.kill(running()[0].id);
      assertFails(errors.ERROR_QUERY_KILLED.code, () => killed.toArray());
      assertEqual([], running());
    },

    testUserFunctions: function () {
      const functions = require("@arangodb/aql/functions");
      assertFalse(functions.register("UnitTests::twice", (x) => x * 2, true));
      assertTrue(functions.register("UnitTests::twice", "function (x) { return x + x; }", true));
      assertEqual([14, "aa"], getQueryResults("FOR x IN [7, 'a'] RETURN unittests::TWICE(x)"));
      assertEqual(["UnitTests::twice"], functions.toArray("UnitTests").map(({ name }) => name));
      assertEqual(1, functions.unregisterGroup("UnitTests"));
      const { code } = errors.ERROR_QUERY_FUNCTION_NOT_FOUND;
      assertFails(code, () => db._query("RETURN UnitTests::twice(7)"));
      assertFails(code, () => functions.unregister("UnitTests::twice"));
    },
  };
}

jsunity.run(StatementSuite);
return jsunity.done();
