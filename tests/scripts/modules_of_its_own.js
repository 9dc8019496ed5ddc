/* Uses a module and a data file that lie beside it. */
'use strict';
const fs = require("fs"), dir = fs.join(ARGUMENTS[0], "lib");
fs.makeDirectoryRecursive(fs.join(dir, "package", "inner"));
fs.write(fs.join(dir, "settings.json"), '{"limit": 2}');
fs.write(fs.join(dir, "tool.js"), "exports.limit = require('./settings').limit; exports.file = __filename.split('/').pop();");
fs.write(fs.join(dir, "package", "package.json"), '{"main": "inner/start"}');
fs.write(fs.join(dir, "package", "inner", "start.js"), "module.exports = function () { return require('../../tool').limit + 1; };");
fs.write(fs.join(dir, "broken.js"), "throw new TypeError('no good');");
const tool = require(fs.join(dir, "tool.js"));
print(tool.limit, tool.file, require(fs.join(dir, "package"))());
print(require(fs.join(dir, "tool")) === tool);
[fs.join(dir, "broken"), "./does/not/exist", "fs-extra"].forEach((name) => {
  try { require(name); } catch (e) { print(e.errorNum, e.message.split("\n")[0], e.cause ? String(e.cause) : ""); }
});
fs.write(fs.join(dir, "value.js"), "var loadedValue = 40; loadedValue + 2");
print(require("internal").load(fs.join(dir, "value.js")), global.loadedValue);
/* prints
2 tool.js 3
true
3103 failed to invoke module TypeError: no good
3100 cannot locate module 
3100 cannot locate module 
42 40
*/
