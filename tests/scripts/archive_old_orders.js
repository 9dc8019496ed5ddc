/* Moves closed orders to an archive collection, in one transaction for each year. */
var db = require("@arangodb").db;
var orders = db._create("orders"), archive = db._create("archive");
for (var i = 0; i < 30; ++i) { orders.save({ _key: "o" + i, year: 2018 + i % 3, closed: i % 2 === 0 }); }
[2018, 2019].forEach(function (year) {
  var moved = db._executeTransaction({
    collections: { write: ["orders", "archive"] },
    params: { year: year },
    action: function (params) {
      var db = require("@arangodb").db;
      var n = 0;
      db.orders.byExample({ year: params.year, closed: true }).toArray().forEach(function (o) {
        db.archive.insert({ _key: o._key, order: o });
        db.orders.remove(o);
        n++;
      });
      return n;
    }
  });
  print(year, moved);
});
print(orders.count(), archive.count());
try {
  db._executeTransaction({
    collections: { write: "orders" },
    action: function () {
      require("@arangodb").db.orders.truncate();
      throw new Error("no, rather not");
    }
  });
} catch (e) {
  print(e.isArangoError === true, String(e.errorMessage).indexOf("rather not") >= 0);
}
print(orders.count());
/* prints
2018 5
2019 5
20 10
true true
20
*/
