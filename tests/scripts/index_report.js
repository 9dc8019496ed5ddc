/* Looks at all indexes: what there is, which one a query takes, which ones say the same twice. */
"use strict";
const { db } = require("@arangodb");
const orders = db._create("orders");
orders.insert(Array.from({ length: 200 }, (_, i) => ({ customer: i % 20, total: i, state: i % 2 ? "open" : "done" })));
orders.ensureIndex({ type: "persistent", fields: ["customer"], name: "by_customer" });
orders.ensureIndex({ type: "persistent", fields: ["customer", "total"], name: "by_customer_total", unique: true });
orders.ensureIndex({ type: "persistent", fields: ["state"], name: "by_state", sparse: true, estimates: false });
db._createEdgeCollection("links");
for (const c of db._collections().filter((each) => each.name()[0] !== "_")) {
  for (const index of c.getIndexes()) {
    const flags = ["unique", "sparse"].filter((flag) => index[flag]).join("+") || "plain";
    const selectivity = index.selectivityEstimate === undefined ? "unknown" : index.selectivityEstimate.toFixed(2);
    print(c.name(), index.name, index.type, index.fields.join(), flags, selectivity);
  }
}
const used = (query) => {
  const { plan } = db._createStatement({ query }).explain();
  return plan.nodes.flatMap((node) => (node.indexes || []).map((index) => index.name)).join() || "none";
};
print(used("FOR o IN orders FILTER o.state == 'open' RETURN o.total"));
print(used("FOR o IN orders FILTER o.customer == 3 AND o.total == 3 RETURN o"));
print(used("FOR o IN orders FILTER o.total == 3 RETURN o"));
const all = orders.getIndexes().filter((index) => index.type === "persistent");
const prefixes = all.filter((one) => all.some((other) =>
  other.id !== one.id && one.fields.every((field, place) => other.fields[place] === field)
));
prefixes.forEach((index) => print("superfluous", index.name, orders.dropIndex(index.id)));
print(used("FOR o IN orders FILTER o.customer == 3 RETURN o"), orders.indexes().length);
/* prints
links primary primary _key unique 1.00
links edge edge _from,_to plain 1.00
orders primary primary _key unique 1.00
orders by_customer persistent customer plain 0.10
orders by_customer_total persistent customer,total unique 1.00
orders by_state persistent state sparse unknown
by_state
by_customer_total
none
superfluous by_customer true
by_customer_total 3
*/
