/* Databases and tasks. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const users = require("@arangodb/users");
const tasks = require("@arangodb/tasks");
const internal = require("internal");
const { assertFails } = require("assertions");

function databaseSuite() {
  const name = "SuiteDatabase";
  return {
    setUp() {
      db._createDatabase(name);
    },
    tearDown() {
      db._useDatabase("_system");
      if (db._databases().includes(name)) db._dropDatabase(name);
    },

    testNames() {
      for (
        const bad of [
          undefined,
          null,
          "",
          " ",
          " a",
          "a ",
          "a/b",
          "a:b",
          "1a",
          "_a",
          ".a",
          "n\u0303",
          "x".repeat(129),
          1,
          {},
          [],
        ]
      ) {
        assertFails(errors.ERROR_ARANGO_ILLEGAL_NAME.code, () => db._createDatabase(bad));
      }
      for (const good of ["a-b", "a b", "\u00f1", "日本", "x".repeat(128)]) {
        assertTrue(db._createDatabase(good));
        assertTrue(db._useDatabase(good) && db._name() === good);
        db._useDatabase("_system");
        assertTrue(db._dropDatabase(good));
      }
      assertFails(errors.ERROR_ARANGO_DUPLICATE_NAME.code, () => db._createDatabase(name));
    },
    testUse() {
      assertEqual([true, "_system", "1"], [db._isSystem(), db._name(), db._id()]);
      assertFails(errors.ERROR_ARANGO_DATABASE_NOT_FOUND.code, () => db._useDatabase("SuiteNone"));
      assertEqual("_system", db._name());
      assertTrue(db._useDatabase(name));
      assertEqual([false, name], [db._isSystem(), db._properties().name]);
      for (const run of [() => db._createDatabase("SuiteOther"), () => db._dropDatabase(name), () => db._databases()]) {
        assertFails(errors.ERROR_ARANGO_USE_SYSTEM_DATABASE.code, run);
      }
    },
    testTheEngineTellsOfItsDataAndItsDisk() {
      assertEqual("rocksdb", db._engine().name);
      const before = db._engineStats();
      db._create("SuiteCounted").insert([{}, {}, {}]);
      const after = db._engineStats();
      db._drop("SuiteCounted");
      assertEqual(3, after["rocksdb.estimate-num-keys"] - before["rocksdb.estimate-num-keys"]);
      assertTrue(after["rocksdb.live-sst-files-size"] > before["rocksdb.live-sst-files-size"]);
      assertTrue(after["rocksdb.total-disk-space"] >= after["rocksdb.free-disk-space"]);
      const { columnFamilies, ...figures } = after;
      assertEqual({}, columnFamilies);
      for (const value of Object.values(figures)) assertTrue(Number.isInteger(value) && value >= 0);
    },
    testCollectionsStayInTheirDatabase() {
      db._useDatabase(name);
      const c = db._create("SuiteInside");
      c.insert({ _key: "a" });
      db._useDatabase("_system");
      assertUndefined(db.SuiteInside);
      assertEqual([1, "a"], [c.count(), c.document("a")._key]);
      db._dropDatabase(name);
      assertFails(errors.ERROR_ARANGO_DATABASE_NOT_FOUND.code, () => c.count());
    },
    testUsersOfANewDatabase() {
      const other = `${name}2`;
      // the manual of 3.1 has [] where there are no options
      db._createDatabase(other, [], [{ username: "SuiteOne", passwd: "p" }, {
        username: "SuiteTwo",
        active: false,
        extra: { a: 1 },
      }]);
      try {
        assertEqual("rw", users.permission("SuiteOne", other));
        assertTrue(users.isValid("SuiteOne", "p"));
        assertEqual([false, { a: 1 }], [users.document("SuiteTwo").active, users.document("SuiteTwo").extra]);
      } finally {
        db._dropDatabase(other);
        ["SuiteOne", "SuiteTwo"].forEach((user) => users.remove(user));
      }
    },
    testNoDatabaseIsMadeForUsersThatCannotBe() {
      const other = `${name}3`;
      for (
        const [number, bad] of [
          [errors.ERROR_USER_INVALID_NAME.code, [{ username: "" }]],
          [errors.ERROR_HTTP_BAD_PARAMETER.code, [{}]],
          [errors.ERROR_HTTP_BAD_PARAMETER.code, "x"],
        ]
      ) {
        assertFails(number, () => db._createDatabase(other, {}, bad));
        assertFalse(db._databases().includes(other));
      }
    },
  };
}

function taskSuite() {
  const name = "SuiteTasks";
  let c;
  return {
    setUp() {
      c = db._create(name);
    },
    tearDown() {
      tasks.get().filter((task) => task.name === name).forEach((task) => tasks.unregister(task));
      db._drop(name);
    },

    testTheyRunWhileTheShellWaits() {
      tasks.register({
        name,
        offset: 0.1,
        params: { name },
        command: (params) => require("internal").db[params.name].insert({ v: 1 }),
      });
      const often = tasks.register({ name, period: 0.2, command: `require("internal").db.${name}.insert({ v: 2 });` });
      assertEqual(["periodic", 0.2, "_system"], [often.type, often.period, often.database]);
      for (let i = 0; i < 100 && c.byExample({ v: 2 }).count() < 3; i++) internal.wait(0.2);
      tasks.unregister(often);
      assertEqual(1, c.byExample({ v: 1 }).count());
      assertTrue(c.byExample({ v: 2 }).count() >= 3);
    },
    testDescriptions() {
      const later = 1000;
      const kinds = [
        [{ offset: later }, "timed", undefined, later],
        [{ period: later }, "periodic", later, 0],
        [{ period: later, offset: 2 * later }, "periodic", later, 2 * later],
      ];
      for (const [times, type, period, offset] of kinds) {
        const task = tasks.register({ name, command: "1", params: { a: [1] }, ...times });
        assertEqual([name, type, period, offset], [task.name, task.type, task.period, task.offset]);
        assertTrue(Math.abs(task.created - internal.time()) < 600);
        assertMatch(/^\(function \(params\) \{ 1 \} \)\(params\);$/, task.command);
        const { code: _code, ...found } = tasks.get(task);
        assertEqual(Object.keys(task).filter((key) => key !== "code").sort(), Object.keys(found).sort());
        assertTrue(tasks.get().some(({ id }) => id === task.id));
        assertUndefined(tasks.unregister(task.id));
      }
      const unnamed = tasks.register({ command: "1", offset: later });
      tasks.unregister(unnamed);
      assertEqual("user-defined task", unnamed.name);
    },
    testCommands() {
      const store = `require("internal").db.${name}.insert({ _key: params.key, params })`;
      const commands = [
        store,
        `(function (params) { ${store}; })(params)`,
        new Function("params", store),
        (params) => require("internal").db[params.name].insert({ _key: params.key, params }),
      ];
      commands.forEach((command, index) => {
        tasks.register({ name, offset: 0, command, params: { key: `k${index}`, name, list: [1, { a: null }] } });
      });
      for (let i = 0; i < 100 && c.count() < commands.length; i++) internal.wait(0.1);
      assertEqual(commands.map((_command, index) => `k${index}`), c.toArray().map(({ _key }) => _key).sort());
      assertEqual({ key: "k3", name, list: [1, { a: null }] }, c.document("k3").params);
    },
    testTasksOfOtherDatabasesAreNotSeen() {
      const other = `${name}Database`;
      const task = tasks.register({ name, command: "1", offset: 1000 });
      db._createDatabase(other);
      try {
        db._useDatabase(other);
        const own = tasks.register({ name, command: "1", offset: 1000 });
        assertEqual(other, own.database);
        tasks.unregister(own);
      } finally {
        db._useDatabase("_system");
        db._dropDatabase(other);
      }
      assertEqual("_system", tasks.get(task).database);
    },
    testIds() {
      const task = tasks.register({ id: "suite", name, command: "1", period: 1000 });
      assertEqual(["suite", "suite"], [task.id, tasks.get("suite").id]);
      assertFails(
        errors.ERROR_TASK_DUPLICATE_ID.code,
        () => tasks.register({ id: "suite", name, command: "1", period: 1000 }),
      );
      tasks.unregister(task);
      for (const run of [() => tasks.get("suite"), () => tasks.unregister("suite")]) {
        assertFails(errors.ERROR_TASK_NOT_FOUND.code, run);
      }
      for (
        const bad of [{}, { command: 1 }, { command: "1", period: 0 }, { command: "1", period: -1 }, {
          command: "1",
          offset: -1,
        }]
      ) {
        assertFails(errors.ERROR_BAD_PARAMETER.code, () => tasks.register(bad));
      }
    },
  };
}
jsunity.run(databaseSuite);
jsunity.run(taskSuite);
return jsunity.done();
