/* Makes a sample of a production collection for tests: every tenth document, without personal data. */
const db = require("@arangodb").db, crypto = require("@arangodb/crypto");
const c = db._create("production"), sample = db._create("sample");
for (let i = 0; i < 100; i++) c.insert({ _key: String(1000 + i), name: "Person " + i, card: String(4000 + i), age: i });
let taken = 0;
c.all().toArray().sort((a, b) => Number(a._key) - Number(b._key)).forEach((d, i) => {
  if (i % 10 !== 0) return;
  sample.insert({ _key: d._key, name: crypto.md5(d.name), card: "****" + d.card.slice(-2), age: d.age });
  taken++;
});
print(taken, sample.count());
const first = sample.document("1010");
print(first.name, first.card, first.age);
print(crypto.sha256("a").length, crypto.hmac("k", "m", "sha1"), crypto.uuidv4().length);
/* prints
10 10
0ac02d4cf33363c492567f19aa5d3abf ****10 10
64 772b71c8a2997e768be01d9711e4a4f34a24ef33 36
*/
