/* Deletes what is older than a limit, as a nightly job does, and logs to a collection. */
'use strict';
var db = require("@arangodb").db;
var now = Date.parse("2024-03-01T00:00:00Z"), day = 86400 * 1000;
var sessions = db._create("sessions"), log = db._create("job_log");
for (var i = 0; i < 60; i++) {
  sessions.insert({ _key: "s" + i, created: now - i * day, keep: i % 10 === 0 });
}
sessions.ensureIndex({ type: "persistent", fields: ["created"] });
var removed = db._query(
  "FOR s IN sessions FILTER s.created < @limit && !s.keep REMOVE s IN sessions OPTIONS { ignoreErrors: true } COLLECT WITH COUNT INTO n RETURN n",
  { limit: now - 30 * day }
).next();
log.insert({ _key: "last", job: "cleanup", removed: removed, at: new Date(now).toISOString() }, { overwriteMode: "replace" });
print("removed", removed, "left", sessions.count());
print(sessions.toArray().filter(function (s) { return s.created < now - 30 * day; }).map(function (s) { return s._key; }).sort());
var entry = log.document("last");
print(entry.job, entry.removed, entry.at);
sessions.removeByExample({ keep: true });
print(sessions.count());
/* prints
removed 27 left 33
[ 
  "s40", 
  "s50" 
]
cleanup 27 2024-03-01T00:00:00.000Z
27
*/
