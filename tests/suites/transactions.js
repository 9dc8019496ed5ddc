/* Transactions: functions that run in the server, and transactions over several requests. */
"use strict";
const jsunity = require("jsunity");
const { db, errors, ArangoError } = require("@arangodb");
const { assertFails, assertSays } = require("assertions");

const USAGE = errors.ERROR_BAD_PARAMETER.code;
const NOT_FOUND = errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code;
const UNREGISTERED = errors.ERROR_TRANSACTION_UNREGISTERED_COLLECTION.code;
const INTERNAL = errors.ERROR_TRANSACTION_INTERNAL.code;

const name = "SuiteTransactions";
const edges = "SuiteTransactionEdges";

function createCollections() {
  const c = db._create(name);
  db._createEdgeCollection(edges);
  c.insert({ _key: "a" });
  return c;
}

function dropCollections() {
  db._drop(name);
  db._drop(edges);
}

function functionSuite() {
  const run = (collections, action, more = {}) => db._executeTransaction({ collections, action, ...more });
  let c;
  return {
    setUp() {
      c = createCollections();
    },
    tearDown: dropCollections,

    testWhatAFunctionNeeds() {
      const collections = {};
      for (
        const [data, message] of [
          [undefined, "usage: _executeTransaction(<object>)"],
          [null, "usage: _executeTransaction(<object>)"],
          [1, "usage: _executeTransaction(<object>)"],
          [[], "usage: _executeTransaction(<object>)"],
          [{}, "missing/invalid collections definition for transaction"],
          [{ collections: 1, action: "1" }, "missing/invalid collections definition for transaction"],
          [{ collections }, "missing/invalid action definition for transaction"],
          [{ collections, action: 1 }, "missing/invalid action definition for transaction"],
          [{ collections, action: null }, "missing/invalid action definition for transaction"],
        ]
      ) {
        const error = assertFails(USAGE, () => db._executeTransaction(data));
        assertEqual([400, message], [error.code, error.errorMessage]);
      }
      for (const bad of [1, { a: 1 }, [1]]) assertFails(USAGE, () => run({ write: bad }, "function () {}"));
      for (const bad of [-1, "a"]) assertFails(USAGE, () => run({}, "function () {}", { lockTimeout: bad }));
    },
    testResultsAndParameters() {
      assertEqual(1, run({}, "function () { return 1; }"));
      assertEqual(2, run({}, () => 2));
      assertIdentical(null, run({}, () => {}));
      assertEqual(
        [[1, 2], 1],
        run({}, function (params) {
          return [params, arguments.length];
        }, { params: [1, 2] }),
      );
      assertEqual({ a: [{ b: null }] }, run({}, (params) => params, { params: { a: [{ b: null }] } }));
      assertEqual("_system", run({}, () => require("@arangodb").db._name()));
    },
    testCollectionsMayBeNamesOrObjects() {
      for (const write of [name, [name], c, [c]]) {
        const action = (params) => require("@arangodb").db[params.name].insert({})._key;
        const key = run({ write }, action, { params: { name } });
        assertEqual(key, c.document(key)._key);
      }
      assertFails(NOT_FOUND, () => run({ read: "SuiteNone" }, () => 1));
    },
    testCallersObjectsStayAsTheyWere() {
      const data = { collections: { write: c }, action: () => 1 };
      db._executeTransaction(data);
      assertIdentical(c, data.collections.write);
      assertEqual("function", typeof data.action);
    },
    testWhatFailsLeavesNothing() {
      const actions = [
        [INTERNAL, "foo", function (params) {
          require("@arangodb").db[params.name].insert({});
          throw "foo";
        }],
        [INTERNAL, /bar/, function (params) {
          require("@arangodb").db[params.name].insert({});
          throw new Error("bar");
        }],
        [1210, /unique constraint violated/, function (params) {
          const c = require("@arangodb").db[params.name];
          c.insert({});
          c.insert({ _key: "a" });
        }],
        [1234, "mine", function (params) {
          require("@arangodb").db[params.name].truncate();
          const error = new (require("@arangodb").ArangoError)();
          error.errorNum = 1234;
          error.errorMessage = "mine";
          throw error;
        }],
        [1234, "My error context", function () {
          const error = new Error("My error context");
          error.errorNum = 1234;
          throw error;
        }],
      ];
      for (const [number, message, action] of actions) {
        const error = assertFails(number, () => run({ write: name }, action, { params: { name } }));
        if (typeof message === "string") assertEqual(message, error.errorMessage);
        else assertMatch(message, error.errorMessage);
        assertEqual(["a"], c.toArray().map((document) => document._key));
      }
      const unsound = assertFails(USAGE, () => run({}, "function () { error error; }"));
      assertMatch(/^Uncaught SyntaxError: Unexpected identifier/, unsound.errorMessage);
    },
    testCaughtErrorsDoNotEndIt() {
      const count = run({ write: name }, function (params) {
        const c = require("@arangodb").db[params.name];
        try {
          c.insert({ _key: "a" });
        } catch {
          c.insert({ _key: "b" });
        }
        return c.count();
      }, { params: { name } });
      assertEqual([2, 2], [count, c.count()]);
    },
    testCollectionsThatWereNotAnnounced() {
      const insert = (params) => require("@arangodb").db[params.name].insert({});
      const count = (params) => require("@arangodb").db[params.name].count();
      const params = { name };
      for (const collections of [{}, { read: name }, { write: edges }]) {
        assertFails(UNREGISTERED, () => run(collections, insert, { params }));
      }
      assertEqual(1, run({}, count, { params }));
      assertEqual(1, run({ allowImplicit: true }, count, { params }));
      assertFails(UNREGISTERED, () => run({ allowImplicit: false }, count, { params }));
    },
    testOperationsThatAreNotAllowed() {
      for (
        const action of [
          function () {
            require("@arangodb").db._create("SuiteInner");
          },
          function (params) {
            require("@arangodb").db._drop(params.name);
          },
          function (params) {
            require("@arangodb").db[params.name].ensureIndex({ type: "persistent", fields: ["a"] });
          },
        ]
      ) {
        assertFails(1653, () => run({ write: name }, action, { params: { name } }));
      }
      assertEqual(null, db._collection("SuiteInner"));
    },
  };
}

function streamSuite() {
  let c;
  let begun = [];
  const begin = (collections, more = {}) => {
    const transaction = db._createTransaction({ collections, ...more });
    begun.push(transaction);
    return transaction;
  };
  return {
    setUp() {
      c = createCollections();
    },
    tearDown() {
      begun.filter((transaction) => transaction.running()).forEach((transaction) => transaction.abort());
      begun = [];
      dropCollections();
    },

    testWhatATransactionIsMadeOf() {
      for (
        const [data, message] of [
          [undefined, "usage: ArangoTransaction(<object>)"],
          [{}, "missing/invalid collections definition for transaction"],
          [{ collections: 1 }, "missing/invalid collections definition for transaction"],
          [{ collections: {}, action: "function () {}" }, "action definition is not supported"],
        ]
      ) {
        assertEqual(message, assertFails(USAGE, () => db._createTransaction(data)).errorMessage);
      }
      for (const bad of [-1, "a"]) assertFails(USAGE, () => begin({ write: name }, { lockTimeout: bad }));
      for (const mode of ["read", "write", "exclusive"]) {
        assertFails(NOT_FOUND, () => begin({ [mode]: "SuiteNone" }));
        assertTrue(begin({ [mode]: [name, db[edges]] }).running());
        begun.pop().abort();
      }
    },
    testItsLife() {
      const before = db._transactions().length;
      const transaction = begin({ write: name });
      const id = transaction.id();
      assertMatch(/^\d+$/, id);
      assertEqual(`[ArangoTransaction ${id}]`, String(transaction));
      assertEqual({ id, status: "running" }, transaction.status());
      assertEqual([{ id, state: "running" }], db._transactions().filter((one) => one.id === id));
      assertEqual({ id, status: "committed" }, transaction.commit());
      assertFalse(transaction.running());
      assertEqual({ id, status: "committed" }, transaction.status());
      assertEqual(before, db._transactions().length);
      assertFails(1653, () => transaction.abort());
      const other = begin({ write: name });
      assertEqual({ id: other.id(), status: "aborted" }, other.abort());
      assertEqual("aborted", other.status().status);
      assertFails(1653, () => other.commit());
    },
    testWritesAreSeenOutsideAfterTheCommit() {
      const transaction = begin({ write: name });
      const inside = transaction.collection(name);
      inside.insert({ _key: "b" });
      inside.remove("a");
      assertEqual([["b"], ["a"]], [
        transaction.query(`FOR d IN ${name} RETURN d._key`).toArray(),
        c.toArray().map((document) => document._key),
      ]);
      transaction.commit();
      assertEqual(["b"], c.toArray().map((document) => document._key));
      const aborted = begin({ write: name });
      aborted.collection(c).truncate();
      assertEqual([0, 1], [aborted.collection(name).count(), c.count()]);
      aborted.abort();
      assertEqual(1, c.count());
    },
    testKeysComeInOrder() {
      for (const key of ["B", "d", "e"]) c.insert({ _key: key });
      const transaction = begin({ write: name });
      const inside = transaction.collection(name);
      inside.remove("d");
      for (const key of ["c", "b"]) inside.insert({ _key: key });
      const keys = (clauses) => transaction.query(`FOR d IN ${name} ${clauses} RETURN d._key`).toArray();
      assertEqual(["a", "B", "b", "c", "e"], keys("SORT d._key"));
      assertEqual(["e", "c"], keys("SORT d._key DESC LIMIT 2"));
      assertEqual(["b", "c"], keys("FILTER d._key > 'B' && d._key < 'e' SORT d._key"));
      assertEqual(["B", "a", "b", "c", "e"], keys(""));
      transaction.query(`FOR i IN 1..2500 INSERT { _key: CONCAT('k', i) } INTO ${name}`);
      const all = keys("");
      assertEqual(2505, all.length);
      assertEqual([...all].sort(), all);
    },
    testCollectionsOfATransaction() {
      const inside = begin({ write: name }).collection(name);
      assertEqual(name, inside.name());
      assertEqual(["_id", "_key", "_rev"], Object.keys(inside.insert({ _key: "b", v: 1 })));
      assertEqual("c", inside.save({ _key: "c" })._key);
      assertEqual(1, inside.document("b").v);
      assertEqual("b", inside.exists("b")._key);
      assertFalse(inside.exists("none"));
      assertEqual({ v: 1, w: 2 }, (({ v, w }) => ({ v, w }))(inside.update("b", { w: 2 }, { returnNew: true }).new));
      assertEqual(1, inside.replace("b", { x: 1 }, { returnOld: true }).old.v);
      assertEqual("c", inside.remove("c")._key);
      assertEqual(["b", "a"], inside.document(["b", "a"]).map((document) => document._key));
      assertEqual([false, 1210], inside.insert([{}, { _key: "a" }]).map((one) => one.error ? one.errorNum : false));
      assertEqual(3, inside.count());
      assertFails(1210, () => inside.insert({ _key: "a" }));
      assertFails(1202, () => inside.document("none"));
      assertFails(1202, () => inside.update("none", {}));
      assertFails(NOT_FOUND, () => begin({ write: name }).collection("SuiteNone"));
    },
    testQueries() {
      const transaction = begin({ write: name });
      assertEqual([2], transaction.query("RETURN @x", { x: 2 }).toArray());
      assertEqual([3], transaction.query({ query: "RETURN @x", bindVars: { x: 3 } }).toArray());
      assertEqual(1, transaction.query(`FOR d IN ${name} RETURN d`, {}, { count: true }).count());
      for (const bad of ["", undefined, null, 1]) assertSays("need a valid query string", () => transaction.query(bad));
      assertFails(1501, () => transaction.query("RETURN 1 +"));
      assertFails(UNREGISTERED, () => transaction.query(`INSERT {} INTO ${edges}`));
      // its cursors are read to the end
      const rows = transaction.query("FOR i IN 1..10 RETURN i", {}, { batchSize: 3 });
      assertEqual(10, rows.toArray().length);
      assertTrue(transaction.running());
    },
    testAfterItsEnd() {
      for (const end of ["commit", "abort"]) {
        const transaction = begin({ write: name });
        const inside = transaction.collection(name);
        transaction[end]();
        for (
          const run of [
            () => inside.insert({}),
            () => inside.document("a"),
            () => inside.exists("a"),
            () => inside.update("a", {}),
            () => inside.replace("a", {}),
            () => inside.remove("a"),
            () => inside.count(),
            () => inside.truncate(),
            () => transaction.query("RETURN 1"),
          ]
        ) {
          assertFails(INTERNAL, run);
        }
      }
    },
    testAttaching() {
      const transaction = begin({ write: name });
      transaction.collection(name).insert({ _key: "b" });
      for (const handle of [transaction.id(), Number(transaction.id()), { _id: transaction.id() }]) {
        const same = db._createTransaction(handle);
        assertEqual([transaction.id(), true], [same.id(), same.running()]);
        assertEqual("b", same.collection(name).document("b")._key);
      }
      db._createTransaction(transaction.id()).commit();
      assertEqual("committed", transaction.status().status);
      assertFalse(transaction.running());
      for (const unknown of ["123456789", { _id: "123456789" }]) {
        assertFails(errors.ERROR_TRANSACTION_NOT_FOUND.code, () => db._createTransaction(unknown).status());
      }
    },
    testWhatIsAnnouncedIsWhatMayBeUsed() {
      const reader = begin({ read: name });
      assertEqual(1, reader.collection(name).count());
      assertFails(UNREGISTERED, () => reader.collection(name).insert({}));
      assertEqual([], begin({}).query(`FOR d IN ${edges} RETURN d`).toArray());
      const strict = begin({ allowImplicit: false });
      assertFails(UNREGISTERED, () => strict.query(`FOR d IN ${edges} RETURN d`));
    },
    testLimits() {
      const transaction = begin({ write: name }, { maxTransactionSize: 100 });
      const error = assertFails(errors.ERROR_RESOURCE_LIMIT.code, () => {
        transaction.collection(name).insert({ v: "x".repeat(1000) });
      });
      assertInstanceOf(ArangoError, error);
    },
    testRequestsMayNameATransaction() {
      const transaction = begin({ write: name });
      const transactionId = transaction.id();
      c.insert({ _key: "b" }, { transactionId });
      assertEqual("b", c.document("b", { transactionId })._key);
      assertTrue(c.exists("b", { transactionId }) !== false);
      c.update("b", { v: 1 }, { transactionId });
      c.replace("b", { v: 2 }, { transactionId });
      assertFalse(c.exists("b"));
      c.remove("b", { transactionId });
      assertFalse(c.exists("b", { transactionId }));
      c.truncate({ transactionId });
      assertEqual([0, 1], [transaction.collection(name).count(), c.count()]);
    },
  };
}
jsunity.run(functionSuite);
jsunity.run(streamSuite);
return jsunity.done();
