/* Imports a CSV file with a header line; numbers become numbers. */
const fs = require("fs"), internal = require("internal");
const { db } = require("@arangodb");
const file = fs.join(ARGUMENTS[0], "cities.csv");
fs.write(file, 'name;inhabitants;note\n"Köln";1085664;"say ""Alaaf"""\nBonn;330579;\n"two\nlines";1;x\n');
const cities = db._create("cities");
let header;
internal.processCsvFile(file, (row, index) => {
  if (index === 0) {
    header = row;
    return;
  }
  const doc = {};
  header.forEach((name, i) => {
    if (row[i] !== "") doc[name] = /^\d+$/.test(row[i]) ? Number(row[i]) : row[i];
  });
  cities.insert(doc);
}, { separator: ";" });
print(db._query("FOR c IN cities SORT c.inhabitants DESC RETURN UNSET(c, '_key', '_id', '_rev')").toArray());
print(db._query("FOR c IN cities COLLECT AGGREGATE s = SUM(c.inhabitants), n = LENGTH(1) RETURN { s, n }").next());
/* prints
[ 
  { 
    "inhabitants" : 1085664, 
    "name" : "Köln", 
    "note" : "say \"Alaaf\"" 
  }, 
  { 
    "inhabitants" : 330579, 
    "name" : "Bonn" 
  }, 
  { 
    "inhabitants" : 1, 
    "name" : "two\nlines", 
    "note" : "x" 
  } 
]
{ 
  "s" : 1416244, 
  "n" : 3 
}
*/
