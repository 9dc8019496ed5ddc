/* Books money between accounts inside of a stream transaction. */
const { db } = require("@arangodb");
const accounts = db._create("accounts");
accounts.insert([{ _key: "a", v: 100 }, { _key: "b", v: 0 }]);
function transfer(from, to, amount) {
  const trx = db._createTransaction({ collections: { write: ["accounts"] } });
  try {
    const c = trx.collection("accounts");
    const source = c.document(from);
    if (source.v < amount) throw new Error("not enough on " + from);
    c.update(from, { v: source.v - amount });
    trx.query("FOR a IN accounts FILTER a._key == @k UPDATE a WITH { v: a.v + @n } IN accounts", { k: to, n: amount });
    print("inside", c.document(to).v, "outside", accounts.document(to).v);
    print(trx.commit().status);
  } catch (e) {
    print(e.message, trx.abort().status);
  }
}
transfer("a", "b", 30);
transfer("a", "b", 300);
print(accounts.document("a").v, accounts.document("b").v, db._transactions().length);
const trx = db._createTransaction({ collections: { read: "accounts" } });
print(trx.running(), trx.status().status);
trx.abort();
try { trx.collection("accounts").count(); } catch (e) { print(e.errorNum); }
/* prints
inside 30 outside 0
committed
not enough on a aborted
70 30 0
true running
1650
*/
