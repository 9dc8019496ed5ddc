/* What suites require besides jsunity: @arangodb/test-helper and @arangodb/aql-helper. */
"use strict";
const jsunity = require("jsunity");
const helper = require("@arangodb/test-helper");
const aqlHelper = require("@arangodb/aql-helper");
const { db, errors } = require("@arangodb");
const { thrownBy } = require("assertions");

function derivedSuites() {
  const from = () => ({ setUp: () => 1, tearDownAll: () => 2, testOne: () => 3, testTwo: () => 4 });
  return {
    testTestsGetTheNamespaceAndFixturesKeepTheirNames: function () {
      const to = { testOwn: () => 5 };
      helper.deriveTestSuite(from(), to, "_x");
      assertEqual(["setUp", "tearDownAll", "testOne_x", "testOwn", "testTwo_x"], Object.keys(to).sort());
      assertEqual([1, 3], [to.setUp(), to.testOne_x()]);
      const some = {};
      helper.deriveTestSuite(from(), some, "_x", ["testOne", "setUp"]);
      assertEqual(["tearDownAll", "testTwo_x"], Object.keys(some).sort());
      assertTypeOf("string", thrownBy(() => helper.deriveTestSuite(from(), { testOne_x: () => 1 }, "_x")));
    },

    testTwoSuitesBecomeOne: function () {
      const both = helper.deriveTestSuiteWithnamespace(
        { testOne: () => 1 },
        { setUpAll: () => 2, testTwo: () => 3 },
        "_y",
      );
      assertEqual(["setUpAll", "testOne_y", "testTwo_y"], Object.keys(both).sort());
    },
  };
}

function valuesSuite() {
  return {
    testEquality: function () {
      for (
        const [left, right] of [[1, 1], ["a", "a"], [NaN, NaN], [0.1 + 0.2, 0.3], [[1, [2]], [1, [2]]], [null, null]]
      ) {
        assertTrue(helper.isEqual(left, right), JSON.stringify([left, right]));
      }
      assertTrue(helper.isEqual({ a: 1, b: [{}] }, { b: [{}], a: 1 }));
      for (
        const [left, right] of [[1, "1"], [null, undefined], [[], {}], [[1], [1, 2]], [{ a: 1 }, { a: 2 }], [0, 1e-9]]
      ) {
        assertFalse(helper.isEqual(left, right), JSON.stringify([left, right]));
      }
      assertIdentical(aqlHelper.isEqual, helper.isEqual);
    },

    testNamesOfTypes: function () {
      const values = [null, undefined, [], {}, "", 0, true, () => 1];
      const names = ["null", "undefined", "array", "object", "string", "number", "boolean", "function"];
      assertEqual(names, values.map((value) => helper.typeName(value)));
    },

    testRevisionsAreCompared: function () {
      // the digits of clock texts begin with - and _, and end with 9
      for (const [less, more] of [["9", "10"], ["_a0-", "_a0_"], ["_aZ", "_aa"], ["_az", "_a0"], ["-9", "_-"]]) {
        assertTrue(helper.compareStringIds(less, more) < 0, `${less} ${more}`);
        assertTrue(helper.compareStringIds(more, less) > 0, `${less} ${more}`);
      }
      assertEqual(0, helper.compareStringIds("_abc", "_abc"));
    },

    testEndpoints: function () {
      assertEqual(["http://a:1", "https://a:1"], ["tcp://a:1", "ssl://a:1"].map(helper.endpointToURL));
      assertEqual(["http://a:1", "https://a:1"], ["http+tcp://a:1", "http+ssl://a:1"].map(helper.endpointToURL));
    },

    testRetries: function () {
      let calls = 0;
      const failures = [];
      const run = (lasting) => () => {
        if (++calls <= lasting) throw new Error(`no ${calls}`);
        return calls;
      };
      assertEqual(3, helper.runWithRetry(run(2), (error) => failures.push(error.message)));
      assertEqual(["no 1", "no 2"], failures);
      calls = 0;
      assertEqual("no 2", thrownBy(() => helper.runWithRetry(run(9), () => {}, 2)).message);
    },
  };
}

function serverSuite() {
  const name = "SuiteTestHelper";
  return {
    setUpAll: function () {
      db._create(name);
    },
    tearDownAll: function () {
      db._drop(name);
    },

    testWhatTheServerIs: function () {
      assertFalse(helper.isEnterprise());
      assertFalse(helper.versionHas("asan"));
      for (const list of ["getCoordinators", "getDBServers", "getAgents", "getCoordinatorEndpoints"]) {
        assertEqual([], helper[list]());
      }
      assertFalse(helper.debugCanUseFailAt(helper.getSingleServerEndpoint()));
    },

    testMetrics: function () {
      const databases = "arangodb_metadata_number_of_databases";
      assertEqual(db._databases().length, helper.getMetricSingle(databases));
      assertEqual(db._databases().length, helper.getMetric(helper.getSingleServerEndpoint(), databases));
      assertEqual([db._databases().length], helper.getCompleteMetricsValues([databases]));
      assertEqual("Metric suite_none not found", thrownBy(() => helper.getMetricSingle("suite_none")));
    },

    testTheServersLog: function () {
      helper.logServer("suite: begins");
      helper.logServer("suite: ends", "error", "suite", "general");
      const { messages } = arango.GET("/_admin/log/entries?search=suite:");
      assertEqual(
        [["suite: begins", "INFO"], ["suite: ends", "ERROR"]],
        messages.slice(-2).map((one) => [one.message, one.level]),
      );
    },

    testManyDocuments: function () {
      helper.insertManyDocumentsIntoCollection("_system", name, (index) => ({ index }), 25, 10);
      assertEqual([25, 300], [
        db[name].count(),
        db._query("RETURN SUM(FOR d IN @@c RETURN d.index)", { "@c": name }).next(),
      ]);
      db[name].truncate();
    },

    testQueries: function () {
      const { json, stats, warnings, cached } = helper.AQL_EXECUTE("FOR i IN @list RETURN 1 / i", { list: [1, 0] });
      assertEqual([[1, null], [1562], false], [json, warnings.map(({ code }) => code), cached]);
      assertEqual(0, stats.writesExecuted);
      assertEqual(
        ["SingletonNode", "CalculationNode", "ReturnNode"],
        helper.AQL_EXPLAIN("RETURN NOOPT(1)").plan.nodes.map(({ type }) => type),
      );
    },

    testTransactionsThatFail: function () {
      const collections = { write: name };
      const action = () => {
        require("internal").db.SuiteTestHelper.insert({ _key: "x" });
        require("internal").db.SuiteTestHelper.insert({ _key: "x" });
      };
      const number = errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code;
      assertUndefined(helper.transactionFailure({ collections, action }, number));
      assertTypeOf("string", helper.transactionFailure({ collections, action }, number + 1));
      assertTypeOf("string", helper.transactionFailure({ collections, action: () => 1 }, number));
      assertEqual(0, db[name].count());
    },
  };
}

function queriesSuite() {
  return {
    testRowsAreSortedByNameAndWithoutSystemAttributes: function () {
      const query = "RETURN { b: 1, _key: 'x', a: { d: 1, _id: 2, c: 3 } }";
      assertEqual('[{"a":{"d":1,"_id":2,"c":3},"b":1}]', JSON.stringify(aqlHelper.getQueryResults(query)));
      assertEqual('[{"a":{"c":3,"d":1},"b":1}]', JSON.stringify(aqlHelper.getQueryResults(query, {}, true)));
      assertEqual("x", aqlHelper.getRawQueryResults(query)[0]._key);
      assertEqual([2], aqlHelper.executeQuery("RETURN @a", { a: 2 }).toArray());
    },

    testErrorsAndWarnings: function () {
      const parse = errors.ERROR_QUERY_PARSE.code;
      aqlHelper.assertQueryError(parse, "RETURN");
      aqlHelper.assertParseError(parse, "FOR");
      aqlHelper.assertQueryWarningAndNull(errors.ERROR_QUERY_DIVISION_BY_ZERO.code, "RETURN 1 / 0");
      assertException(() => aqlHelper.assertQueryError(parse, "RETURN 1"));
      assertException(() => aqlHelper.assertQueryError(parse, "RETURN @missing"));
      assertException(() => aqlHelper.assertQueryWarningAndNull(1, "RETURN 1 / 0"));
      assertEqual(["a"], aqlHelper.getParseResults("RETURN @a").bindVars);
    },

    testPlans: function () {
      const explained = aqlHelper.getQueryExplanation("FOR i IN 1..3 FILTER i > @a SORT i RETURN i", { a: 1 });
      const types = aqlHelper.getLinearizedPlan(explained);
      assertEqual(["SingletonNode", "ReturnNode"], [types[0], types[types.length - 1]]);
      assertEqual(types, aqlHelper.getCompactPlan(explained).map(({ type }) => type));
      assertEqual(1, aqlHelper.findExecutionNodes(explained, "SortNode").length);
      assertEqual(types.length, aqlHelper.findExecutionNodes(explained).length);
      assertNotMatch(/estimatedCost/, JSON.stringify(aqlHelper.removeCost(explained)));
      assertEqual(["FilterNode"], aqlHelper.removeClusterNodes(["RemoteNode", "FilterNode", "GatherNode"]));
      assertEqual(
        { writesExecuted: 1, writesIgnored: 0 },
        aqlHelper.sanitizeStats({ writesExecuted: 1, writesIgnored: 0, peakMemoryUsage: 1 }),
      );
    },

    testEveryPlanOfAQueryIsRun: function () {
      const collection = db._create("SuitePlans");
      try {
        const fixtures = [];
        const suite = {
          setUp: () => fixtures.push("setUp") && collection.insert({ _key: "a", v: { w: 1 } }),
          tearDown: () => fixtures.push("tearDown") && collection.truncate(),
        };
        suite.setUp();
        const query = "FOR one IN SuitePlans FOR two IN SuitePlans REMOVE one IN SuitePlans RETURN [one.v.w, two.v.w]";
        const { plans, results } = aqlHelper.getQueryMultiplePlansAndExecutions(query, {}, suite);
        // the first one is that without rules
        assertEqual([0, true], [plans[0].plan.rules.length, plans.length > 2]);
        assertEqual(plans.map(() => [[1, 1]]), results);
        assertEqual(plans.length * 2 - 1, fixtures.length);
        plans.forEach((plan) => assertEqual(2, aqlHelper.findExecutionNodes(plan, "EnumerateCollectionNode").length));
        suite.tearDown();
        suite.setUp();
        const { json, result } = aqlHelper.executeJson(plans[1].plan);
        assertEqual([[[1, 1]], json], [json, result]);
      } finally {
        collection.drop();
      }
    },

    testProjectionsAreComparedAsPaths: function () {
      const { plan } = helper.AQL_EXPLAIN("FOR u IN _graphs FILTER u.a RETURN [u.b, u.c.d]");
      const [{ projections }] = aqlHelper.findExecutionNodes(plan, "EnumerateCollectionNode");
      const paths = aqlHelper.normalizeProjections(projections);
      assertEqual([["b"], ["c", "d"]], paths);
      assertEqual(paths, aqlHelper.normalizeProjections([["c", "d"], "b"]));
      assertEqual([], aqlHelper.normalizeProjections(undefined));
    },
  };
}

jsunity.run(derivedSuites);
jsunity.run(valuesSuite);
jsunity.run(serverSuite);
jsunity.run(queriesSuite);

return jsunity.done();
