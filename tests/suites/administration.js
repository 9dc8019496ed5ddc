/* Databases, users and their rights, tasks. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const users = require("@arangodb/users");
const tasks = require("@arangodb/tasks");
const internal = require("internal");
const { assertFails } = require("assertions");

const NO_USER = errors.ERROR_USER_NOT_FOUND.code;

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
      db._createDatabase(other, {}, [{ username: "SuiteOne", passwd: "p" }, {
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
  };
}

function userSuite() {
  const user = "SuiteUser";
  return {
    tearDown() {
      if (users.exists(user)) users.remove(user);
    },

    testSaveAndChange() {
      assertEqual({ user, active: true, extra: {}, code: 201 }, users.save(user));
      assertFails(errors.ERROR_USER_DUPLICATE.code, () => users.save(user));
      for (const bad of [undefined, null, "", 1]) {
        assertFails(errors.ERROR_USER_INVALID_NAME.code, () => users.save(bad));
      }
      assertTrue(users.isValid(user, ""));
      assertEqual({ a: 1 }, users.update(user, "one", true, { a: 1 }).extra);
      users.update(user, "two");
      assertEqual({ user, active: true, extra: { a: 1 }, code: 200 }, users.document(user));
      assertEqual([true, false], [users.isValid(user, "two"), users.isValid(user, "one")]);
      users.update(user, undefined, false);
      assertFalse(users.isValid(user, "two"));
      assertEqual({ user, active: true, extra: {}, code: 200 }, users.replace(user, "three", true));
      assertTrue(users.all().some((one) => one.user === user));
      assertUndefined(users.remove(user));
      for (
        const run of [
          () => users.remove(user),
          () => users.document(user),
          () => users.update(user, "x"),
          () => users.replace(user, "x"),
          () => users.permission(user),
          () => users.grantDatabase(user, "_system"),
        ]
      ) {
        assertFails(NO_USER, run);
      }
      assertFalse(users.exists(user) || users.isValid(user, ""));
    },
    testRights() {
      users.save(user);
      const c = db._create("SuiteRights");
      try {
        users.grantDatabase(user, "_system", "ro");
        users.grantCollection(user, "_system", "SuiteRights");
        assertEqual(["ro", "rw"], [
          users.permission(user, "_system"),
          users.permission(user, "_system", "SuiteRights"),
        ]);
        assertEqual({ _system: "ro" }, users.permission(user));
        for (const bad of ["", "read", null, 1]) {
          assertFails(errors.ERROR_BAD_PARAMETER.code, () => users.grantDatabase(user, "_system", bad));
        }
        assertFails(
          errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code,
          () => users.grantCollection(user, "_system", "SuiteNone", "rw"),
        );
        users.revokeCollection(user, "_system", "SuiteRights");
        users.revokeDatabase(user, "_system");
        assertEqual("none", users.permission(user, "_system"));
        users.grantDatabase(user, "*", "rw");
        assertEqual("rw", users.permission(user, "_system"));
      } finally {
        c.drop();
      }
    },
    testConfiguration() {
      users.save(user);
      assertEqual({}, users.configData(user));
      users.updateConfigData(user, "k", { a: 1 });
      assertEqual([{ k: { a: 1 } }, { a: 1 }], [users.configData(user), users.configData(user, "k")]);
      users.updateConfigData(user);
      assertEqual({}, users.configData(user));
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
        assertFails(errors.ERROR_HTTP_BAD_PARAMETER.code, () => tasks.register(bad));
      }
    },
  };
}
jsunity.run(databaseSuite);
jsunity.run(userSuite);
jsunity.run(taskSuite);
return jsunity.done();
