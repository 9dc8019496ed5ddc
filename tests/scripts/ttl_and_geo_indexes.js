/* Sets up the special indexes of an application. */
'use strict';
const { db } = require("@arangodb");
const c = db._create("places");
c.insert([
  { _key: "cologne", loc: [50.9364, 6.9528], at: 0 },
  { _key: "bonn", loc: [50.7323, 7.1847], at: 0 },
  { _key: "hamburg", loc: [53.5653, 10.0014], at: 0 },
]);
const show = (i) => print(i.type, i.name, i.fields, i.unique, i.sparse, i.expireAfter, i.geoJson);
show(c.ensureIndex({ type: "geo", fields: ["loc"], name: "byPlace" }));
show(c.ensureIndex({ type: "ttl", fields: ["expires"], expireAfter: 3600, name: "byExpiry" }));
show(c.ensureIndex({ type: "fulltext", fields: ["text"], minLength: 3, name: "words" }));
print(db._query("FOR p IN places SORT DISTANCE(p.loc[0], p.loc[1], 50.9, 7) RETURN p._key").toArray());
print(c.near(50.9, 7).limit(2).toArray().map((d) => d._key));
print(c.within(50.9, 7, 50000).toArray().map((d) => d._key));
try { c.ensureIndex({ type: "ttl", fields: ["other"], expireAfter: 1 }); } catch (e) { print(e.errorNum); }
try { c.ensureIndex({ type: "nothing", fields: ["a"] }); } catch (e) { print(e.errorNum); }
print(c.getIndexes().map((i) => i.name));
/* prints
geo byPlace [ 
  "loc" 
] false true undefined false
ttl byExpiry [ 
  "expires" 
] false true 3600 undefined
fulltext words [ 
  "text" 
] false true undefined undefined
[ 
  "cologne", 
  "bonn", 
  "hamburg" 
]
[ 
  "cologne", 
  "bonn" 
]
[ 
  "cologne", 
  "bonn" 
]
10
10
[ 
  "primary", 
  "byPlace", 
  "byExpiry", 
  "words" 
]
*/
