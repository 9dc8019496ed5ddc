/* Two programs change the same counter: who comes too late begins anew. */
"use strict";
const { db, errors } = require("@arangodb");
const counters = db._create("counters");
counters.insert({ _key: "tickets", next: 1 });
const begin = () => db._createTransaction({ collections: { write: counters.name() } });
function take(before = () => {}) {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const trx = begin();
    try {
      const own = trx.collection("counters");
      const { next } = own.document("tickets");
      before(attempt);
      own.update("tickets", { next: next + 1 });
      trx.commit();
      return `ticket ${next} at attempt ${attempt}`;
    } catch (e) {
      trx.abort();
      if (e.errorNum !== errors.ERROR_ARANGO_CONFLICT.code) throw e;
    }
  }
  return "gave up";
}
print(take());
print(take((attempt) => { if (attempt === 1) counters.update("tickets", { next: 100 }); }));
print(take((attempt) => counters.update("tickets", { next: attempt })));
print(counters.document("tickets").next, db._transactions().length);
const [first, second] = [begin(), begin()];
first.collection("counters").update("tickets", { by: "first" });
try {
  second.collection("counters").update("tickets", { by: "second" });
} catch (e) {
  print(e.errorNum === errors.ERROR_ARANGO_CONFLICT.code);
}
second.abort();
first.commit();
print(counters.document("tickets").by, first.status().status, second.status().status);
/* prints
ticket 1 at attempt 1
ticket 100 at attempt 2
gave up
3 0
true
first committed aborted
*/
