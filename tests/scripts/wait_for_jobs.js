/* Starts work in the server without waiting for it, and looks again and again whether it is done. */
"use strict";
const internal = require("internal"), { db } = require("@arangodb");
db._create("results");
function later(query) {
  const reply = arango.POST_RAW("/_api/cursor", { query }, { "x-arango-async": "store", accept: "application/json" });
  return { code: reply.code, id: reply.headers["x-arango-async-id"] };
}
function waitFor(id) {
  for (let round = 0; round < 6000; round++) {
    const reply = arango.PUT_RAW("/_api/job/" + id, "", { accept: "application/json" });
    if (reply.code !== 204) return reply;
    internal.wait(0.05);
  }
  throw new Error("too slow");
}
const jobs = [1, 2, 3].map((n) => later(`FOR i IN 1..${n * 10} INSERT { job: ${n}, i } INTO results`));
print(jobs.map(({ code }) => code).join(), new Set(jobs.map(({ id }) => id)).size);
jobs.forEach(({ id }) => {
  const { code, headers, parsedBody } = waitFor(id);
  print(code, headers["x-arango-async-id"] === id, parsedBody.extra.stats.writesExecuted);
});
print(db._query("FOR r IN results COLLECT job = r.job WITH COUNT INTO n SORT job RETURN [job, n]").toArray().join(" "));
print(arango.PUT_RAW("/_api/job/" + jobs[0].id, "").code);
const broken = later("FOR r IN nowhere RETURN r");
const failed = waitFor(broken.id);
print(failed.code, failed.parsedBody.errorNum);
const start = internal.time();
while (internal.time() - start < 0.2) internal.sleep(0.05);
print(internal.time() - start >= 0.2, internal.wait(0), internal.sleep(0));
/* prints
202,202,202 3
201 true 10
201 true 20
201 true 30
1,10 2,20 3,30
404
404 1203
true true undefined
*/
