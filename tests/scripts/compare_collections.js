/* Compares two collections and prints what differs. */
const db = require("@arangodb").db, isEqual = require("lodash").isEqual;
const left = db._create("left"), right = db._create("right");
for (let i = 0; i < 20; i++) {
  left.insert({ _key: "k" + i, v: { n: i, l: [i] } });
  if (i !== 3) right.insert({ _key: "k" + i, v: { n: i === 7 ? -1 : i, l: [i] } });
}
right.insert({ _key: "x" });
const strip = (d) => { const { _id, _rev, ...rest } = d; return rest; };
const seen = {};
left.toArray().forEach((d) => { seen[d._key] = strip(d); });
const differences = [];
right.toArray().forEach((d) => {
  if (!seen[d._key]) differences.push("only right: " + d._key);
  else if (!isEqual(seen[d._key], strip(d))) differences.push("different: " + d._key);
  delete seen[d._key];
});
Object.keys(seen).forEach((k) => differences.push("only left: " + k));
differences.sort().forEach((d) => print(d));
print(left.checksum(false, true).checksum === right.checksum(false, true).checksum);
print(left.count() - right.count());
/* prints
different: k7
only left: k3
only right: x
false
0
*/
