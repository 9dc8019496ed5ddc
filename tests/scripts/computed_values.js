/* A collection that fills attributes itself. */
const db = require("@arangodb").db;
const c = db._create("users", {
  computedValues: [
    { name: "slug", expression: "RETURN LOWER(SUBSTITUTE(@doc.name, ' ', '-'))", computeOn: ["insert", "update", "replace"], overwrite: true },
    { name: "created", expression: "RETURN 'once'", computeOn: ["insert"], overwrite: false },
  ],
});
c.insert({ _key: "1", name: "Ann Bee" });
c.insert({ _key: "2", name: "Cid", created: "given" });
c.update("1", { name: "Ann Dee" });
["1", "2"].forEach((k) => { const d = c.document(k); print(d.slug, d.created); });
print(c.properties().computedValues.length);
/* prints
ann-dee once
cid given
2
*/
