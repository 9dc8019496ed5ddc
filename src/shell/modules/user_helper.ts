/**
 * Users with every combination of rights, as suites about permissions want them.
 *
 * @module
 */

import type { ModuleScope } from "./scope.ts";

/** The module `@arangodb/testutils/user-helper`. Source: named in arangosh.md 7.4; what it exports is from memory. */
export function userHelper({ exports, require }: ModuleScope): void {
  const { db } = require("@arangodb");
  const { arango } = require("denosh/connection");
  const users = require("@arangodb/users");

  const rightLevels = ["rw", "ro", "none"];
  const namePrefix = "UnitTest";
  const dbName = `${namePrefix}DB`;
  const colName = `${namePrefix}Collection`;
  /** The names of all users, and by level those who have it for `_system`, for the database and for its collection. */
  const userSet = new Set<string>();
  const noUsers = () => Object.fromEntries(rightLevels.map((level) => [level, new Set<string>()]));
  const [systemLevel, dbLevel, colLevel] = [noUsers(), noUsers(), noUsers()];

  function switchUser(user: string, database = "_system"): void {
    arango.reconnect(arango.getEndpoint(), database, user, "");
  }

  function addUser(system: string, database: string, collection: string): void {
    const name = `${namePrefix}_${system}_${database}_${collection}`;
    users.save(name, "", true);
    users.grantDatabase(name, "_system", system);
    users.grantDatabase(name, dbName, database);
    users.grantCollection(name, dbName, colName, collection);
    userSet.add(name);
    systemLevel[system]!.add(name);
    dbLevel[database]!.add(name);
    colLevel[collection]!.add(name);
  }

  function removeAllUsers(): void {
    switchUser("root");
    for (const { user } of users.all()) if (user.startsWith(`${namePrefix}_`)) users.remove(user);
    if (db._databases().includes(dbName)) db._dropDatabase(dbName);
    for (const names of [userSet, ...[systemLevel, dbLevel, colLevel].flatMap(Object.values)]) names.clear();
  }

  /** Makes the database, its collection, and a user for each combination of rights. */
  function generateAllUsers(): void {
    removeAllUsers();
    db._createDatabase(dbName);
    db._useDatabase(dbName);
    db._create(colName);
    db._useDatabase("_system");
    for (const system of rightLevels) {
      for (const database of rightLevels) {
        for (const collection of rightLevels) addUser(system, database, collection);
      }
    }
  }

  Object.assign(exports, {
    namePrefix,
    dbName,
    colName,
    rightLevels,
    userSet,
    systemLevel,
    dbLevel,
    colLevel,
    userCount: rightLevels.length ** 3,
    switchUser,
    generateAllUsers,
    removeAllUsers,
  });
}
