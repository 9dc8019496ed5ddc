/* Exports a report as CSV. */
var db = require("@arangodb").db, fs = require("fs"), _ = require("lodash");
var c = db._create("sales");
_.range(12).forEach(function (i) { c.save({ month: i + 1, region: i % 2 ? "north" : "south", value: i * 10.5, who: 'a "b", c' }); });
var rows = db._query("FOR s IN sales COLLECT region = s.region AGGREGATE total = SUM(s.value), best = MAX(s.value) " +
  "SORT region RETURN { region, total, best, who: 'a \"b\", c' }").toArray();
var columns = ["region", "total", "best", "who"];
function cell(v) { return /[",\n]/.test(String(v)) ? '"' + String(v).replace(/"/g, '""') + '"' : String(v); }
var text = [columns.join(",")].concat(rows.map(function (r) { return columns.map(function (k) { return cell(r[k]); }).join(","); })).join("\n");
var file = fs.join(ARGUMENTS[0], "report.csv");
fs.write(file, text + "\n");
print(fs.read(file));
print(_.sumBy(rows, "total"), fs.exists(file));
/* prints
region,total,best,who
north,378,115.5,"a ""b"", c"
south,315,105,"a ""b"", c"

693 true
*/
