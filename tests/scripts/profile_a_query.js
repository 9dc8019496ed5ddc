/* Finds out what a query costs. */
const { db } = require("@arangodb"), internal = require("internal");
db._create("logs").insert(Array.from({ length: 300 }, (_, i) => ({ level: i % 3, at: i })));
internal.startCaptureMode();
db._profileQuery("FOR l IN logs FILTER l.level == @level SORT l.at DESC LIMIT 5 RETURN l.at", { level: 1 }, { colors: false });
const text = internal.stopCaptureMode();
for (const part of ["Query String", "Execution plan:", "Calls", "Optimization rules applied:", "Query Statistics:", "Query Profile:"]) {
  print(part, text.includes(part));
}
const result = db._query("FOR l IN logs FILTER l.level == 2 RETURN l", {}, { profile: 2 });
const { stats, profile, plan } = result.getExtra();
print(result.toArray().length, stats.scannedFull, stats.filtered, stats.nodes.length === plan.nodes.length);
print(Object.keys(profile).filter((stage) => stage !== "instantiating executors").join(","));
db.logs.ensureIndex({ type: "persistent", fields: ["level"] });
const indexed = db._query("FOR l IN logs FILTER l.level == 2 RETURN l", {}, { profile: 1 }).getExtra();
print(indexed.stats.scannedFull, indexed.stats.scannedIndex, indexed.plan === undefined);
print(db._query("FOR i IN 1..3 INSERT { i } INTO logs").getExtra().stats.writesExecuted);
/* prints
Query String true
Execution plan: true
Calls true
Optimization rules applied: true
Query Statistics: true
Query Profile: true
100 300 200 true
initializing,parsing,optimizing ast,loading collections,instantiating plan,optimizing plan,executing,finalizing
0 100 true
3
*/
