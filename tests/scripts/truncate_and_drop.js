/* Empties the test data of an environment: by prefix, views and system collections left alone. */
var db = require("@arangodb").db;
["test_a", "test_b", "prod_a"].forEach(function (n) { db._create(n).insert({}); });
db._createEdgeCollection("test_edges").insert({ _from: "test_a/1", _to: "test_b/1" });
db._collections().forEach(function (c) {
  var name = c.name();
  if (!/^test_/.test(name)) { return; }
  if (name === "test_a") { c.truncate(); print("truncated", name, c.count()); }
  else { db._drop(name); print("dropped", name, db._collection(name)); }
});
db._drop("never_was");
try { db._create("_private"); } catch (e) { print(e.errorNum); }
db._create("_private", { isSystem: true });
try { db._drop("_private"); } catch (e) { print(e.errorNum); }
db._drop("_private", { isSystem: true });
print(db._collection("_private"), db.prod_a.count(), db.test_b === undefined);
db.test_a.rename("kept");
print(db._collections().map(function (c) { return c.name(); }).filter(function (n) { return n[0] !== "_"; }));
/* prints
truncated test_a 0
dropped test_b null
dropped test_edges null
1208
11
null 1 true
[ 
  "kept", 
  "prod_a" 
]
*/
