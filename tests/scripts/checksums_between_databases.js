/* Copies a collection to another database and proves by checksums that it has arrived. */
var db = require("@arangodb").db;
var home = db._name(), other = home + "_copy";
db._create("stock").insert([{ _key: "a", n: 1 }, { _key: "b", n: 2.5 }, { _key: "c", tags: ["x", null] }]);
function sums(collection) {
  var plain = collection.checksum(), data = collection.checksum(false, true), both = collection.checksum(true, true);
  return { keys: plain.checksum, data: data.checksum, both: both.checksum, revision: plain.revision };
}
var source = sums(db.stock), documents = db.stock.toArray();
db._useDatabase("_system");
db._createDatabase(other);
db._useDatabase(other);
var copy = db._create("stock");
copy.insert(documents.map(function (d) { return require("lodash").omit(d, ["_id", "_rev"]); }));
var target = sums(copy);
print("keys", source.keys === target.keys, "data", source.data === target.data, "revisions", source.both === target.both);
copy.update("b", { n: 3 });
print("after a change:", sums(copy).keys === source.keys, sums(copy).data === source.data);
copy.update("b", { n: 2.5 });
print("and back:", sums(copy).data === source.data, sums(copy).both === target.both);
copy.remove("c");
print("after a removal:", sums(copy).keys === source.keys, copy.count());
print(typeof source.keys, typeof source.revision, source.revision === target.revision);
db._useDatabase("_system");
print(db._dropDatabase(other));
db._useDatabase(home);
print(db.stock.count(), sums(db.stock).both === source.both);
/* prints
keys true data true revisions false
after a change: true false
and back: true false
after a removal: false 2
string string false
true
3 true
*/
