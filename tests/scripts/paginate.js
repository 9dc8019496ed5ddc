/* Walks a large collection page by page and with a cursor of small batches. */
var db = require("@arangodb").db;
var c = db._create("numbers");
db._query("FOR i IN 1..1200 INSERT { _key: CONCAT('n', i), i } INTO numbers");
var last = 0, pages = 0, sum = 0;
while (true) {
  var page = db._query("FOR n IN numbers FILTER n.i > @last SORT n.i LIMIT 500 RETURN n.i", { last: last }).toArray();
  if (page.length === 0) { break; }
  pages++;
  last = page[page.length - 1];
}
print("pages", pages, "last", last);
var cursor = db._query("FOR n IN numbers RETURN n.i", {}, { batchSize: 100, count: true });
print(cursor.count());
while (cursor.hasNext()) { sum += cursor.next(); }
print("sum", sum);
try { cursor.next(); } catch (e) { print(e); }
var full = db._query("FOR n IN numbers SORT n.i LIMIT 10, 3 RETURN n.i", {}, {}, { fullCount: true });
print(full.toArray(), full.getExtra().stats.fullCount);
var n = 0;
for (var row of db._query("FOR n IN numbers RETURN 1", {}, { batchSize: 50 })) { n += row; }
print(n);
print(c.all().skip(1195).toArray().length, c.all().limit(7).toArray().length);
/* prints
pages 3 last 1200
1200
sum 720600
No more results
[ 
  11, 
  12, 
  13 
] 1200
1200
5 7
*/
