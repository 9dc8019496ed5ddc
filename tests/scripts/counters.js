/* Counts hits with UPSERT. */
var db = require("@arangodb").db;
db._create("hits");
["/", "/a", "/", "/b", "/", "/a"].forEach(function (url) {
  db._query("UPSERT { url: @url } INSERT { url: @url, n: 1 } UPDATE { n: OLD.n + 1 } IN hits", { url: url });
});
db._query("FOR h IN hits SORT h.n DESC, h.url RETURN CONCAT(h.url, ' ', h.n)").toArray().forEach(function (l) { print(l); });
var s = db._createStatement({ query: "FOR h IN hits FILTER h.n >= @min RETURN h.url", count: true });
s.bind("min", 2);
var cursor = s.execute();
print(cursor.count(), cursor.toArray().sort());
/* prints
/ 3
/a 2
/b 1
2 [ 
  "/", 
  "/a" 
]
*/
