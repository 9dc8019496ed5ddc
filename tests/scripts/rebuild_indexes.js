/* Drops all secondary indexes and creates them again with the same definition. */
var db = require("internal").db;
var c = db._create("events");
c.ensureIndex({ type: "persistent", fields: ["at"], name: "byTime" });
c.ensureIndex({ type: "persistent", fields: ["kind", "user"], unique: false, sparse: true, name: "byKind" });
c.ensureIndex({ type: "hash", fields: ["code"], unique: true, name: "byCode" });
for (var i = 0; i < 50; i++) { c.insert({ at: i, kind: "k" + i % 3, user: i, code: i }); }
var definitions = c.getIndexes().filter(function (idx) { return idx.type !== "primary" && idx.type !== "edge"; });
definitions.forEach(function (idx) { print("drop", idx.name, c.dropIndex(idx.id)); });
print("left", c.getIndexes().length);
definitions.forEach(function (idx) {
  var made = c.ensureIndex({ type: idx.type, fields: idx.fields, unique: idx.unique, sparse: idx.sparse, name: idx.name });
  print("made", made.name, made.isNewlyCreated, made.unique, made.sparse, JSON.stringify(made.fields));
});
print("again", c.ensureIndex({ type: "persistent", fields: ["at"], name: "byTime" }).isNewlyCreated);
try { c.insert({ code: 7 }); } catch (e) { print(e.errorNum, e.errorMessage.replace(/key: \d+$/, "key: N")); }
print(c.count());
/* prints
drop byTime true
drop byKind true
drop byCode true
left 1
made byTime true false false ["at"]
made byKind true false true ["kind","user"]
made byCode true true false ["code"]
again false
1210 unique constraint violated - in index byCode of type hash over 'code'; conflicting key: N
50
*/
