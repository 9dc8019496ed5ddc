/* Writes every collection of the database as JSON lines, with one file of structure. */
'use strict';
const fs = require("fs"), db = require("@arangodb").db;
const dir = fs.join(ARGUMENTS[0], "dump");
db._create("a").insert([{ _key: "1", v: 1.5, t: "ä\n" }, { _key: "2", v: [1, { x: null }] }]);
db._createEdgeCollection("b").insert({ _key: "e", _from: "a/1", _to: "a/2" });
fs.makeDirectoryRecursive(dir);
const structure = [];
db._collections().filter((c) => c.name()[0] !== "_").forEach((c) => {
  structure.push({ name: c.name(), type: c.type(), count: c.count() });
  const file = fs.join(dir, c.name() + ".jsonl");
  fs.write(file, "");
  c.toArray().sort((x, y) => x._key < y._key ? -1 : 1).forEach((doc) => {
    delete doc._rev;
    fs.append(file, JSON.stringify(doc) + "\n");
  });
});
fs.write(fs.join(dir, "structure.json"), JSON.stringify(structure));
print(fs.list(dir).sort());
print(fs.read(fs.join(dir, "a.jsonl")));
print(fs.read(fs.join(dir, "b.jsonl")));
print(JSON.parse(fs.read(fs.join(dir, "structure.json"))));
print(fs.size(fs.join(dir, "a.jsonl")), fs.isFile(dir), fs.isDirectory(dir));
/* prints
[ 
  "a.jsonl", 
  "b.jsonl", 
  "structure.json" 
]
{"_key":"1","_id":"a/1","v":1.5,"t":"ä\n"}
{"_key":"2","_id":"a/2","v":[1,{"x":null}]}

{"_key":"e","_id":"b/e","_from":"a/1","_to":"a/2"}

[ 
  { 
    "name" : "a", 
    "type" : 2, 
    "count" : 2 
  }, 
  { 
    "name" : "b", 
    "type" : 3, 
    "count" : 1 
  } 
]
88 false true
*/
