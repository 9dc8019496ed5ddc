/**
 * Users and their permissions.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/users`. Source: arangosh.md 3.9. */
export function users({ exports, require, host }: ModuleScope): void {
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { arango } = require("denosh/connection");
  const url = (...parts: Loose[]) => ["/_api/user", ...parts.map((part) => encodeURIComponent(String(part)))].join("/");
  const check = (reply: Loose) => checkRequestResult(reply);

  /** The members that are set. */
  function defined(values: Loose): Loose {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  }
  function body(passwd: Loose, active: Loose, extra: Loose, changePassword: Loose): Loose {
    return defined({ passwd, active, extra, changePassword });
  }
  /** Runs a call; `false` when there is no such user. */
  function falseWithoutUser(run: () => Loose): Loose {
    try {
      return run();
    } catch (error) {
      if ((error as Loose).errorNum === 1703) return false;
      throw error;
    }
  }

  Object.assign(exports, {
    save: (user: Loose, passwd?: Loose, active?: Loose, extra?: Loose, changePassword?: Loose) =>
      check(arango.POST("/_api/user/", { user, ...body(passwd, active, extra, changePassword) })),
    replace: (user: Loose, passwd?: Loose, active?: Loose, extra?: Loose, changePassword?: Loose) =>
      check(arango.PUT(url(user), body(passwd, active, extra, changePassword))),
    update: (user: Loose, passwd?: Loose, active?: Loose, extra?: Loose, changePassword?: Loose) =>
      check(arango.PATCH(url(user), body(passwd, active, extra, changePassword))),
    remove(user: Loose) {
      check(arango.DELETE(url(user)));
    },
    document: (user: Loose) => check(arango.GET(url(user))),
    exists: (user: Loose) => falseWithoutUser(() => exports.document(user)),
    isValid: (user: Loose, passwd: Loose) =>
      falseWithoutUser(() => check(arango.POST(url(user), { passwd: passwd ?? "" })).result),
    all: () => check(arango.GET("/_api/user")).result,
    reload: () => check(arango.GET("/_admin/auth/reload")),
    grantDatabase: (user: Loose, database: Loose, grant = "rw") =>
      check(arango.PUT(url(user, "database", database), { grant })),
    revokeDatabase: (user: Loose, database: Loose) => check(arango.DELETE(url(user, "database", database))),
    grantCollection: (user: Loose, database: Loose, collection: Loose, grant = "rw") =>
      check(arango.PUT(url(user, "database", database, collection), { grant })),
    revokeCollection: (user: Loose, database: Loose, collection: Loose) =>
      check(arango.DELETE(url(user, "database", database, collection))),
    permission(user: Loose, database?: Loose, collection?: Loose) {
      const parts = [database, collection].filter((part) => part !== undefined);
      return check(arango.GET(url(user, "database", ...parts))).result;
    },
    permissionFull: (user: Loose) => check(arango.GET(`${url(user, "database")}?full=true`)).result,
    configData(user: Loose, key?: Loose) {
      return check(arango.GET(key === undefined ? url(user, "config") : url(user, "config", key))).result;
    },
    updateConfigData(user: Loose, key?: Loose, value?: Loose) {
      if (key === undefined) check(arango.DELETE(url(user, "config")));
      else if (value === undefined) check(arango.DELETE(url(user, "config", key)));
      else check(arango.PUT(url(user, "config", key), { value }));
    },
    currentUser: () => host.username(),
    isAuthActive() {
      return arango.GET("/_api/collection/_users/properties")?.error === true;
    },
  });
}
