/* Reports slow queries, and leaves the settings as they were. */
const { db } = require("@arangodb");
const queries = require("@arangodb/aql/queries");
db._create("visits").insert(Array.from({ length: 50 }, (_, i) => ({ page: "p" + (i % 5), ms: i })));
const before = queries.properties();
print(before.enabled, before.trackSlowQueries, typeof before.slowQueryThreshold);
queries.properties({ slowQueryThreshold: 0, maxQueryStringLength: 64, trackBindVars: true });
queries.clearSlow();
db._query("FOR v IN visits COLLECT page = v.page AGGREGATE ms = SUM(v.ms) FILTER ms > @least RETURN page", { least: 1 });
db._query("FOR v IN visits SORT v.ms DESC LIMIT 1 RETURN v /* " + "x".repeat(100) + " */");
const report = queries.slow();
print(report.length);
report.forEach((q) => print(q.query, JSON.stringify(q.bindVars), q.state, q.runTime >= 0, typeof q.id, q.stream));
queries.clearSlow();
queries.properties({
  slowQueryThreshold: before.slowQueryThreshold,
  maxQueryStringLength: before.maxQueryStringLength,
});
print(queries.slow(), queries.properties().maxQueryStringLength === before.maxQueryStringLength);
try {
  queries.kill("4711");
} catch (e) {
  print(e.errorNum, e.errorMessage);
}
/* prints
true true number
2
FOR v IN visits COLLECT page = v.page AGGREGATE ms = SUM(v.ms) F... {"least":1} finished true string false
FOR v IN visits SORT v.ms DESC LIMIT 1 RETURN v /* xxxxxxxxxxxxx... {} finished true string false
[ ] true
1591 query ID not found
*/
