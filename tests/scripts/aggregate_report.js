/* The monthly report of a shop. */
'use strict';
const { db, aql, query } = require("@arangodb");
const orders = db._create("orders");
const days = ["2024-01-05", "2024-01-20", "2024-02-01", "2024-02-02", "2024-03-09"];
days.forEach((date, i) => orders.insert({ date, customer: "c" + (i % 2), items: [{ sku: "a", n: i + 1, price: 2 }, { sku: "b", n: 1, price: 10 }] }));
const month = aql`SUBSTRING(o.date, 0, 7)`;
print(db._query(aql`
  FOR o IN ${orders}
    LET value = SUM(o.items[* RETURN CURRENT.n * CURRENT.price])
    COLLECT month = ${month} AGGREGATE total = SUM(value), n = COUNT(1), customers = COUNT_DISTINCT(o.customer)
    SORT month
    RETURN { month, total, n, customers }`).toArray());
print(query`FOR o IN ${orders} FOR i IN o.items COLLECT sku = i.sku AGGREGATE n = SUM(i.n) SORT n DESC RETURN [sku, n]`.toArray());
const filters = [aql`FILTER o.customer == ${"c1"}`, aql`FILTER o.date >= ${"2024-02"}`];
print(db._query(aql`FOR o IN ${orders} ${aql.join(filters)} RETURN o.date`).toArray());
print(db._query("FOR o IN orders WINDOW { preceding: 'unbounded' } AGGREGATE s = SUM(o.items[0].n) LIMIT 0 RETURN s").toArray());
print(db._query("RETURN DATE_DIFF('2024-01-01', '2024-03-01', 'd')").next());
/* prints
[ 
  { 
    "month" : "2024-01", 
    "total" : 26, 
    "n" : 2, 
    "customers" : 2 
  }, 
  { 
    "month" : "2024-02", 
    "total" : 34, 
    "n" : 2, 
    "customers" : 2 
  }, 
  { 
    "month" : "2024-03", 
    "total" : 20, 
    "n" : 1, 
    "customers" : 1 
  } 
]
[ 
  [ 
    "a", 
    15 
  ], 
  [ 
    "b", 
    5 
  ] 
]
[ 
  "2024-02-02" 
]
[ ]
60
*/
