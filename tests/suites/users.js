/* Users, their passwords and data, and what they may do. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const users = require("@arangodb/users");
const { assertFails } = require("assertions");

const NO_USER = errors.ERROR_USER_NOT_FOUND.code;

function userSuite() {
  const user = "SuiteUser";
  return {
    setUp() {
      db._create("SuiteRights");
    },
    tearDown() {
      db._drop("SuiteRights");
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
      assertEqual({ a: 1, b: { c: 2 } }, users.update(user, "two", false, { b: { c: 2 } }).extra);
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
    },
    testLevelsOfCollections() {
      users.save(user);
      const level = () => users.permission(user, "_system", "SuiteRights");
      users.grantDatabase(user, "_system", "rw");
      assertEqual(
        { [`_system/SuiteRights`]: "ro", code: 200 },
        users.grantCollection(user, "_system", "SuiteRights", "ro"),
      );
      // a collection's own level goes before that of all collections, and that before the database's
      users.grantCollection(user, "_system", "*", "rw");
      assertEqual("ro", level());
      assertEqual({ code: 202 }, users.revokeCollection(user, "_system", "SuiteRights"));
      assertEqual("rw", level());
      // a lower one for all collections does not take away what the system database's level gives
      users.grantCollection(user, "_system", "*", "none");
      users.grantDatabase(user, "_system", "ro");
      assertEqual("ro", level());
      users.revokeDatabase(user, "_system");
      assertEqual("none", level());
    },
    testAllLevels() {
      users.save(user);
      users.grantDatabase(user, "_system", "ro");
      users.grantDatabase(user, "*", "none");
      users.grantCollection(user, "_system", "SuiteRights", "rw");
      const full = users.permissionFull(user);
      assertEqual(["*", "_system"], Object.keys(full).filter((name) => name === "*" || name === "_system").sort());
      assertEqual(["none", "ro", "rw", "undefined"], [
        full["*"].permission,
        full._system.permission,
        full._system.collections.SuiteRights,
        full._system.collections["*"],
      ]);
      assertEqual({ _system: "ro" }, users.permission(user));
      assertEqual("none", users.permission(user, "*"));
    },
    testOddUsers() {
      for (const name of ["a b/c:d", "Ünïcode", "x".repeat(300)]) {
        assertEqual(name, users.save(name, "p").user);
        assertEqual([name, true], [users.document(name).user, users.isValid(name, "p")]);
        users.grantDatabase(name, "_system", "ro");
        assertEqual("ro", users.permission(name, "_system"));
        users.remove(name);
      }
      for (const [passwd, active] of [[1], ["", 1], ["", "x"]]) {
        assertFails(errors.ERROR_HTTP_BAD_PARAMETER.code, () => users.save(user, passwd, active));
      }
      assertFails(errors.ERROR_FORBIDDEN.code, () => users.remove("root"));
    },
    testConfiguration() {
      users.save(user);
      assertEqual([{}, null], [users.configData(user), users.configData(user, "k")]);
      assertUndefined(users.updateConfigData(user, "k", { a: 1 }));
      users.updateConfigData(user, "l", [2]);
      assertEqual([{ k: { a: 1 }, l: [2] }, { a: 1 }], [users.configData(user), users.configData(user, "k")]);
      users.updateConfigData(user, "k");
      assertEqual({ l: [2] }, users.configData(user));
      users.updateConfigData(user);
      assertEqual({}, users.configData(user));
      for (const run of [() => users.configData("SuiteNone"), () => users.updateConfigData("SuiteNone", "k", 1)]) {
        assertFails(NO_USER, run);
      }
    },
    testTheShellsOwnUser() {
      assertEqual(arango.connectedUser(), users.currentUser());
      assertFalse(users.isAuthActive());
      users.reload();
    },
  };
}

function userHelperSuite() {
  const helper = require("@arangodb/testutils/user-helper");
  const { rightLevels, userSet, dbName, colName } = helper;
  return {
    setUpAll: helper.generateAllUsers,
    tearDownAll: helper.removeAllUsers,

    testEveryCombinationOfRightsHasAUser() {
      assertEqual(["rw", "ro", "none"], rightLevels);
      assertEqual([27, 27], [helper.userCount, userSet.size]);
      const combinations = new Set();
      for (const user of userSet) {
        assertTrue(user.startsWith(helper.namePrefix) && users.isValid(user, ""), user);
        const { _system, [dbName]: given } = users.permissionFull(user);
        const rights = [
          [_system.permission, helper.systemLevel],
          [given.permission, helper.dbLevel],
          [given.collections[colName], helper.colLevel],
        ];
        for (const [level, names] of rights) {
          for (const each of rightLevels) assertEqual(each === level, names[each].has(user), user);
        }
        combinations.add(rights.map(([level]) => level).join());
      }
      assertEqual(27, combinations.size);
    },

    testOneOfThemIsTheShellsUser() {
      const [user] = [...helper.dbLevel.rw].filter((name) => helper.colLevel.rw.has(name));
      helper.switchUser(user, dbName);
      assertEqual([user, dbName], [arango.connectedUser(), db._name()]);
      assertEqual(0, db._collection(colName).count());
      helper.switchUser("root");
      assertEqual(["root", "_system"], [arango.connectedUser(), db._name()]);
    },
  };
}
jsunity.run(userSuite);
jsunity.run(userHelperSuite);
return jsunity.done();
