/* What containers run at their first start: everything is made unless it is there, in the words of many years. */
const db = require("@arangodb").db;
var _ = require("underscore");
var internal = require("internal");
var fs = require("fs");
function print(text) { internal.print("init: " + text); }

const name = db._name() + "_shop";
db._useDatabase("_system");
if (db._databases().indexOf(name) === -1) {
  db._createDatabase(name, [], [{ username: name, passwd: "secret", active: true }]);
}
db._useDatabase(name);

const wanted = {
  customers: { schema: { rule: { properties: { role: { enum: ["buyer", "seller"] } }, required: ["role"] } } },
  goods: {},
};
for (let round = 1; round <= 2; ++round) {
  const known = db._collections().reduce((names, c) => [...names, c.name()], []);
  _.each(wanted, function (properties, collection) {
    if (_.contains(known, collection)) return print(collection + " is there");
    db._create(collection, properties);
    print(collection + " made");
  });
  [["customers", "email", true], ["goods", "price", false]].forEach(([collection, field, unique]) => {
    const has = db[collection].getIndexes().some((i) => i.type === "persistent" && i.fields.includes(field));
    if (!has) print(db[collection].ensureIndex({ type: "persistent", unique, sparse: false, fields: [field] }).fields);
  });
}

fs.write(fs.join(ARGUMENTS[0], "goods.json"), '[{ "_key": "tea", "price": 3 }, { "_key": "cup", "price": 8 }]');
print(_.pluck(db.goods.save(internal.load(fs.join(ARGUMENTS[0], "goods.json"))), "_key"));
try {
  db.customers.save({ role: "thief" });
} catch (e) {
  print(e.errorNum);
}
db.customers.save({ _key: "ada", role: "buyer", email: "ada@example.org" });

var graph_module = require("org/arangodb/general-graph");
var graph = graph_module._create("shop");
graph._addVertexCollection("customers");
var rel = graph_module._relation("bought", ["customers"], ["goods"]);
graph._extendEdgeDefinitions(rel);
graph = graph_module._graph("shop");
graph.bought.save("customers/ada", "goods/tea", { pieces: 2 });
print(db._query("FOR g IN 1..1 OUTBOUND 'customers/ada' GRAPH 'shop' RETURN g._key").toArray());
print(require("@arangodb/users").isValid(name, "secret"));
db._useDatabase("_system");
db._dropDatabase(name);
require("@arangodb/users").remove(name);
/* prints
init: customers made
init: goods made
init: email
init: price
init: customers is there
init: goods is there
init: tea,cup
init: 1620
init: tea
init: true
*/
