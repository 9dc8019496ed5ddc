/* How a careful script deals with errors. */
'use strict';
const arangodb = require("@arangodb"), db = arangodb.db, errors = arangodb.errors;
const c = db._create("careful");
c.insert({ _key: "one" });
const attempts = {
  missing: () => c.document("none"),
  twice: () => c.insert({ _key: "one" }),
  key: () => c.insert({ _key: "a b/c" }),
  noCollection: () => db._document("nowhere/1"),
  parse: () => db._query("FOR x IN"),
  bind: () => db._query("RETURN @missing"),
  stale: () => c.replace({ _key: "one", _rev: "_old" }, { v: 1 }),
  type: () => c.insert("text"),
  name: () => db._create("careful"),
  usage: () => require("fs").read(),
  javascript: () => undefined.x,
};
Object.keys(attempts).forEach((name) => {
  try {
    attempts[name]();
    print(name, "went well");
  } catch (e) {
    if (e.errorNum === errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code) print(name, "is not there");
    else print(name, e.isArangoError === true, e instanceof Error, e.errorNum, e.code);
  }
});
print(arangodb.ERROR_ARANGO_CONFLICT, errors.ERROR_ARANGO_CONFLICT.message);
/* prints
missing is not there
twice true true 1210 409
key true true 1221 400
noCollection true true 1203 404
parse true true 1501 400
bind true true 1551 400
stale true true 1200 412
type true true 1227 400
name true true 1207 409
usage true true 10 400
javascript false true undefined undefined
1200 conflict
*/
