/* Brings a collection to its next version: new attributes, computed values, a schema; in batches, and only once. */
"use strict";
const { db } = require("@arangodb");
const people = db._create("people");
people.insert(Array.from({ length: 25 }, (_, i) => ({ _key: "p" + i, name: "First" + i + " Last" + i })));
const settings = db._create("settings");
const migrations = {
  1() {
    let changed;
    do {
      changed = db._query(`FOR p IN people FILTER p.last == null LIMIT 10
        LET parts = SPLIT(p.name, " ")
        UPDATE p WITH { first: parts[0], last: parts[1], name: null } IN people OPTIONS { keepNull: false }`)
        .getExtra().stats.writesExecuted;
      print("  batch of", changed);
    } while (changed > 0);
  },
  2() {
    people.properties({
      computedValues: [{
        name: "full",
        expression: "RETURN CONCAT_SEPARATOR(' ', @doc.first, @doc.last)",
        overwrite: true,
        computeOn: ["insert", "update", "replace"],
      }],
    });
    db._query("FOR p IN people UPDATE p WITH { touched: true } IN people");
  },
  3() {
    people.properties({
      schema: {
        level: "strict",
        message: "a person has a first and a last name",
        rule: { type: "object", properties: { first: { type: "string" } }, required: ["first", "last"] },
      },
    });
  },
};
function migrate() {
  const version = settings.exists("schema") ? settings.document("schema").version : 0;
  for (let next = version + 1; migrations[next]; next++) {
    print("to version", next);
    migrations[next]();
    settings.insert({ _key: "schema", version: next }, { overwriteMode: "replace" });
  }
  print("at version", settings.document("schema").version);
}
migrate();
migrate();
const { first, last, full, touched, name } = people.document("p7");
print(first, last, full, touched, name);
print(people.insert({ first: "Ada", last: "Lovelace" }, { returnNew: true }).new.full);
for (const wrong of [{ last: "x" }, { first: 1, last: "x" }]) {
  try {
    people.insert(wrong);
  } catch (e) {
    print(e.errorNum, e.errorMessage);
  }
}
print(people.update("p7", { first: "New" }, { returnNew: true }).new.full);
print(people.properties().schema.level, people.properties().computedValues.length);
/* prints
to version 1
  batch of 10
  batch of 10
  batch of 5
  batch of 0
to version 2
to version 3
at version 3
at version 3
First7 Last7 First7 Last7 true undefined
Ada Lovelace
1620 a person has a first and a last name
1620 a person has a first and a last name
New Last7
strict 1
*/
