/* Collections with keys of their own. */
var db = require("@arangodb").db;
var auto = db._create("auto", { keyOptions: { type: "autoincrement", offset: 10, increment: 5 } });
print(auto.insert({})._key, auto.insert({})._key, auto.insert({ _key: "100" })._key, auto.insert({})._key);
var strict = db._create("strict", { keyOptions: { type: "traditional", allowUserKeys: false } });
try { strict.insert({ _key: "mine" }); } catch (e) { print(e.errorNum); }
var uuid = db._create("uuid", { keyOptions: { type: "uuid" } });
print(uuid.insert({})._key.length);
var padded = db._create("padded", { keyOptions: { type: "padded" } });
var a = padded.insert({})._key, b = padded.insert({})._key;
print(a.length, a < b);
try { db._create("wrong", { keyOptions: { type: "bogus" } }); } catch (e) { print(e.errorNum); }
print(auto.properties().keyOptions.type, auto.properties().keyOptions.increment);
/* prints
10 15 100 105
1222
36
16 true
1232
autoincrement 5
*/
