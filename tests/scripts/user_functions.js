/* Registers functions for queries, uses them, and removes them. */
'use strict';
const fns = require("@arangodb/aql/functions"), db = require("@arangodb").db;
print(fns.register("SHOP::TAX::GROSS", function (net, rate) { return Math.round(net * (100 + rate)) / 100; }, true));
print(fns.register("SHOP::TAX::GROSS", "function (net) { return net * 2; }"));
print(fns.register("SHOP::HELLO", (name) => "hello " + name));
print(db._query("RETURN [SHOP::TAX::GROSS(10), shop::hello('you')]").next());
print(fns.toArray().map((f) => f.name).sort(), fns.toArray("SHOP::TAX").length);
try { fns.register("NONAMESPACE", "function () {}"); } catch (e) { print(e.errorNum); }
try { fns.register("A::B", "no function"); } catch (e) { print(e.errorNum); }
fns.unregister("SHOP::HELLO");
print(fns.unregisterGroup("SHOP"), fns.toArray().length);
try { db._query("RETURN SHOP::HELLO('x')"); } catch (e) { print(e.errorNum); }
/* prints
false
true
false
[ 
  20, 
  "hello you" 
]
[ 
  "SHOP::HELLO", 
  "SHOP::TAX::GROSS" 
] 1
1580
1581
1 0
1582
*/
