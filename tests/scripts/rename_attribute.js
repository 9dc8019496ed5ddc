/* Migration: the attribute "mail" becomes "contact.email". */
const { db, aql } = require("@arangodb");
const people = db._createDocumentCollection("people");
people.insert([
  { _key: "1", name: "Ann", mail: "ann@example.com" },
  { _key: "2", name: "Bob" },
  { _key: "3", name: "Cid", mail: null, contact: { phone: "1" } },
]);
const extra = db._query(aql`
  FOR p IN ${people} FILTER HAS(p, "mail")
    LET contact = MERGE(p.contact || {}, { email: p.mail })
    REPLACE UNSET(MERGE(p, { contact }), "mail") IN ${people}`).getExtra();
print(extra.stats.writesExecuted, extra.stats.writesIgnored);
people.all().toArray().sort((a, b) => a._key < b._key ? -1 : 1).forEach((p) => {
  delete p._rev;
  print(p);
});
/* prints
2 0
{ 
  "_key" : "1", 
  "_id" : "people/1", 
  "contact" : { 
    "email" : "ann@example.com" 
  }, 
  "name" : "Ann" 
}
{ 
  "_key" : "2", 
  "_id" : "people/2", 
  "name" : "Bob" 
}
{ 
  "_key" : "3", 
  "_id" : "people/3", 
  "contact" : { 
    "phone" : "1", 
    "email" : null 
  }, 
  "name" : "Cid" 
}
*/
