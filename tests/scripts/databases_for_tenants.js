/* One database for each tenant, with the same collections. */
var db = require("@arangodb").db;
var home = db._name();
db._useDatabase("_system");
["t1", "t2"].forEach(function (tenant) {
  var name = home + "_" + tenant;
  if (db._databases().indexOf(name) < 0) { db._createDatabase(name, {}, [{ username: "root", passwd: "", active: true }]); }
  db._useDatabase(name);
  ["items", "settings"].forEach(function (c) { if (!db._collection(c)) { db._create(c); } });
  db.settings.insert({ _key: "tenant", name: tenant });
  print(db._name().slice(-2), db._isSystem(), db._collections().map(function (c) { return c.name(); }).filter(function (n) { return n[0] !== "_"; }));
  db._useDatabase("_system");
});
try { db._createDatabase(home + "_t1"); } catch (e) { print(e.errorNum); }
db._useDatabase(home + "_t2");
print(db.settings.document("tenant").name);
try { db._createDatabase("inside"); } catch (e) { print(e.errorNum); }
db._useDatabase("_system");
["t1", "t2"].forEach(function (tenant) { print(db._dropDatabase(home + "_" + tenant)); });
try { db._useDatabase(home + "_t1"); } catch (e) { print(e.errorNum, db._name()); }
/* prints
t1 false [ 
  "items", 
  "settings" 
]
t2 false [ 
  "items", 
  "settings" 
]
1207
t2
1230
true
true
1228 _system
*/
