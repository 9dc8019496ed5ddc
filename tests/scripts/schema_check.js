/* Adds a schema to a collection, after looking for documents that it would reject. */
'use strict';
const { db } = require("@arangodb");
const c = db._create("readings");
c.insert([{ _key: "ok", value: 1 }, { _key: "bad", value: "high" }]);
const schema = {
  rule: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
  level: "moderate",
  message: "a reading needs a number",
};
const bad = db._query("FOR r IN readings FILTER TYPENAME(r.value) != 'number' RETURN r._key").toArray();
print("bad", bad);
c.properties({ schema });
print(c.properties().schema.level);
[{ value: 2 }, { value: "x" }, {}].forEach((doc) => {
  try {
    print(c.insert(doc, { returnNew: true }).new.value);
  } catch (e) {
    print(e.errorNum, e.errorMessage);
  }
});
c.update("bad", { note: "moderate lets bad ones stay" });
bad.forEach((key) => c.update(key, { value: 3 }));
try { c.update("bad", { value: "low" }); } catch (e) { print(e.errorNum); }
c.properties({ schema: null });
print(c.properties().schema, c.insert({}) !== undefined);
/* prints
bad [ 
  "bad" 
]
moderate
2
1620 a reading needs a number
1620 a reading needs a number
1620
null true
*/
