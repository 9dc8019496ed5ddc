/* Finds documents with equal e-mail addresses, keeps the oldest, and makes the attribute unique. */
'use strict';
const db = require("@arangodb").db;
const c = db._create("customers");
["a@x", "b@x", "A@x", "c@x", "b@x", null].forEach((mail, i) => c.insert({ _key: "c" + i, mail, since: 2000 + i }));
const groups = db._query(`
  FOR c IN customers FILTER c.mail != null
    COLLECT mail = LOWER(c.mail) INTO members = c
    FILTER LENGTH(members) > 1
    SORT mail
    RETURN { mail, keys: (FOR m IN members SORT m.since RETURN m._key) }`).toArray();
print(groups);
groups.forEach((g) => {
  const gone = c.removeByKeys(g.keys.slice(1));
  print(g.mail, gone);
});
const idx = c.ensureIndex({ type: "persistent", fields: ["mail"], unique: true, sparse: true, name: "uniqueMail" });
print(idx.isNewlyCreated, idx.unique, c.count());
const r = c.insert([{ mail: "c@x" }, { _key: "new", mail: "d@x" }, { mail: null }]);
print(r.map((x) => x.error ? x.errorNum : "ok"));
/* prints
[ 
  { 
    "mail" : "a@x", 
    "keys" : [ 
      "c0", 
      "c2" 
    ] 
  }, 
  { 
    "mail" : "b@x", 
    "keys" : [ 
      "c1", 
      "c4" 
    ] 
  } 
]
a@x { 
  "removed" : 1, 
  "ignored" : 0 
}
b@x { 
  "removed" : 1, 
  "ignored" : 0 
}
true true 4
[ 
  1210, 
  "ok", 
  "ok" 
]
*/
