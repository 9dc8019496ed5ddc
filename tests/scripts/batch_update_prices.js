#!/usr/bin/arangosh --javascript.execute 
/* Raises the prices of one supplier in batches, so that no transaction becomes large. */
'use strict';
var db = require("@arangodb").db;
var products = db._create("products");
for (var i = 0; i < 250; ++i) {
  products.save({ _key: "p" + i, supplier: i % 5 === 0 ? "acme" : "other", price: 100 + i });
}
var batch = 20, done = 0;
while (true) {
  var n = db._query(
    "FOR p IN products FILTER p.supplier == @s && p.raised != true LIMIT @n " +
    "UPDATE p WITH { price: p.price * 2, raised: true } IN products RETURN NEW._key",
    { s: "acme", n: batch }
  ).toArray().length;
  done += n;
  print("updated", n);
  if (n < batch) { break; }
}
print("total", done);
print("sum", db._query("RETURN SUM(FOR p IN products RETURN p.price)").next());
print("untouched", products.byExample({ supplier: "other", raised: true }).count());
/* prints
updated 20
updated 20
updated 10
total 50
sum 67250
untouched 0
*/
