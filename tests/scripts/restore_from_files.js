/* Reads a dump of JSON lines back, a thousand documents at a time. */
var fs = require("fs"), internal = require("internal"), db = internal.db;
var file = fs.join(ARGUMENTS[0], "restore.jsonl");
var lines = [];
for (var i = 0; i < 2500; i++) { lines.push(JSON.stringify({ _key: "k" + i, n: i })); }
lines.push("", JSON.stringify({ _key: "k0", n: "again" }));
fs.write(file, lines.join("\n"));
var c = db._create("restored"), buffer = [], failed = 0;
function flush() {
  c.insert(buffer, { overwriteMode: "replace", returnOld: false }).forEach(function (r) { if (r.error) { failed++; } });
  buffer = [];
}
internal.processJsonFile(file, function (doc) {
  buffer.push(doc);
  if (buffer.length >= 1000) { flush(); }
});
flush();
print(c.count(), failed, c.document("k0").n, c.document("k2499").n);
/* prints
2500 0 again 2499
*/
