/* Imports an organisation chart as a graph and asks it questions. */
var gm = require("@arangodb/general-graph");
var db = require("@arangodb").db;
if (gm._exists("org")) { gm._drop("org", true); }
var g = gm._create("org", [gm._relation("reports", ["staff"], ["staff"]), gm._relation("sits", "staff", "rooms")]);
["boss", "eve", "tom", "pia"].forEach(function (k) { g.staff.save({ _key: k, name: k.toUpperCase() }); });
g.rooms.save({ _key: "r1" });
g.reports.save("staff/eve", "staff/boss", { since: 2001 });
g.reports.save("staff/tom", "staff/boss", { since: 2005 });
g.reports.save({ _from: "staff/pia", _to: "staff/tom", since: 2010 });
g.sits.save("staff/boss", "rooms/r1", {});
try { g.sits.save("rooms/r1", "staff/boss", {}); } catch (e) { print(e.errorNum); }
print(gm._list());
print(g._vertexCollections().map(function (c) { return c.name(); }).sort());
print(db._query("FOR v IN 1..3 OUTBOUND 'staff/pia' GRAPH 'org' RETURN v._key").toArray());
print(db._query("FOR v, e, p IN 1..1 INBOUND 'staff/boss' reports SORT e.since RETURN [v.name, e.since]").toArray());
print(db._query("RETURN LENGTH(FOR v IN OUTBOUND SHORTEST_PATH 'staff/pia' TO 'rooms/r1' GRAPH 'org' RETURN 1)").next());
print(db.reports.count());
g.staff.remove("staff/tom");
print(db.reports.count(), db.staff.count());
gm._drop("org", true);
print(gm._list(), db._collection("staff"));
/* prints
1906
[ 
  "org" 
]
[ 
  "rooms", 
  "staff" 
]
[ 
  "tom", 
  "boss", 
  "r1" 
]
[ 
  [ 
    "EVE", 
    2001 
  ], 
  [ 
    "TOM", 
    2005 
  ] 
]
4
3
1 3
[ ] null
*/
