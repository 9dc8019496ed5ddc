/* Resolves references in bulk. */
var db = require("@arangodb").db;
var c = db._create("parts");
c.insert(["bolt", "nut", "gear"].map(function (k, i) { return { _key: k, weight: i + 0.5 }; }));
print(c.documents(["bolt", "none", "gear"]).documents.map(function (d) { return d._key; }).sort());
print(c.document(["bolt", "none"]).map(function (d) { return d._key || d.errorNum; }));
print(c.exists("nut") !== false, c.exists("none"), db._exists("parts/nut"), db._exists("parts/none"));
print(db._document("parts/gear").weight, c.firstExample("weight", 0.5)._key, c.byExample({ weight: 9 }).toArray());
print(db._query("FOR k IN ['nut', 'x', 'bolt'] RETURN DOCUMENT('parts', k).weight").toArray());
print(c.removeByKeys(["nut", "x"]), c.any() !== null, c.count());
print(c.documentId("bolt"), c.revision().length > 0);
/* prints
[ 
  "bolt", 
  "gear" 
]
[ 
  "bolt", 
  1202 
]
true false true false
2.5 bolt [ ]
[ 
  1.5, 
  null, 
  0.5 
]
{ 
  "removed" : 1, 
  "ignored" : 1 
} true 2
parts/bolt true
*/
