/* Goes through a result page by page, by cursors and by LIMIT with bind parameters. */
'use strict';
const db = require("internal").db;
const items = db._create("items");
items.save(Array.from({ length: 11 }, (_, i) => ({ _key: String(i + 10), group: i % 2 })));
const statement = db._createStatement({ query: "FOR i IN @@items SORT i._key RETURN i._key", count: true, batchSize: 4 });
statement.bind("@items", "items");
const cursor = statement.execute();
print(cursor.count(), cursor.hasNext(), cursor.next());
let seen = 1;
while (cursor.hasNext()) {
  cursor.next();
  seen++;
}
print(seen, cursor.hasNext());
try {
  cursor.next();
} catch (err) {
  print(err);
}
const page = (number, size) => {
  const result = db._query(
    "FOR i IN items FILTER i.group == @group SORT i._key LIMIT @offset, @size RETURN i._key",
    { group: 0, offset: number * size, size },
    { fullCount: true },
  );
  return [result.toArray().join(), result.getExtra().stats.fullCount];
};
for (let number = 0; number < 4; number++) print(number, ...page(number, 2));
const half = db._createStatement({ query: "FOR i IN items RETURN 1", batchSize: 2 }).execute();
half.next();
const { id } = half.data;
half.dispose();
print(arango.PUT("/_api/cursor/" + id, {}).errorNum);
try {
  db._query("FOR i IN items LIMIT @offset, 1 RETURN i", {});
} catch (err) {
  print(err.errorNum, err.errorMessage);
}
const wrong = db._createStatement({ query: "RETURN @a" });
try {
  wrong.bind("b", 1);
  wrong.execute();
} catch (err) {
  print(err.errorNum);
}
/* prints
11 true 10
11 false
No more results
0 10,12 6
1 14,16 6
2 18,20 6
3  6
1600
1551 AQL: no value specified for declared bind parameter 'offset' (while parsing)
1551
*/
