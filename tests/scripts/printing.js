/* Prints values in all the ways that reports use. */
var internal = require("internal"), arangodb = require("@arangodb");
print("text", 1, 1.5, true, null, undefined, [1, "a", { b: [] }], { c: {} });
internal.printf("%s is %d years and %f, %o\n", "Ann", 41.9, 1.25, [1, 2]);
internal.output("no", " ", "newline", "\n");
print(internal.sprintf("%5s|%%|%i", "x", "12"));
print(internal.inspect({ a: [1, { b: 2 }] }, { prettyPrint: false }));
arangodb.printTable([{ name: "a", n: 1 }, { name: "longer", n: 22 }]);
arangodb.printTable([], ["x"]);
arangodb.printTable([{ name: "framed" }], ["name"], { framed: true, hideTotal: true, prettyStrings: true });
stop_pretty_print(true);
print({ a: [1, 2, { b: "c" }], d: {} });
start_pretty_print(true);
print([new Date(0).toISOString(), -0, 1e21, NaN]);
internal.startCaptureMode();
print("hidden");
var text = internal.stopCaptureMode();
print(text.length);
/* prints
text 1 1.5 true null undefined [ 
  1, 
  "a", 
  { 
    "b" : [ ] 
  } 
] { 
  "c" : { 
  } 
}
Ann is 41 years and 1.250000, 1,2
no newline
%5s|%|NaN 12
{ "a" : [ 1, { "b" : 2 } ] }
name       n 
--------   --
"a"        1 
"longer"   22
--------   --
2 document(s)
no document(s)
+--------+
| name   |
+--------+
| framed |
+--------+
{ "a" : [ 1, 2, { "b" : "c" } ], "d" : { } }
[ 
  "1970-01-01T00:00:00.000Z", 
  0, 
  1e+21, 
  NaN 
]
7
*/
