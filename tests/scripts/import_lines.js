/* Imports files of lines: JSON by the server's import, text by hand. */
const fs = require("fs"), { db } = require("@arangodb");
const directory = fs.join(ARGUMENTS[0], "incoming");
fs.makeDirectoryRecursive(directory);
fs.write(fs.join(directory, "1.jsonl"), [{ _key: "a", n: 1 }, { _key: "b", n: 2 }].map((d) => JSON.stringify(d)).join("\n") + "\n");
fs.write(fs.join(directory, "2.jsonl"), '{"_key":"b","n":20}\n{"_key":"c","n":3}\nnot json\n');
fs.write(fs.join(directory, "3.txt"), "d=4\n\n# a comment\ne=5\n");
fs.write(fs.join(directory, "ignored.bak"), "");
db._create("numbers");
for (const name of fs.list(directory).sort()) {
  const path = fs.join(directory, name);
  if (name.endsWith(".jsonl")) {
    const url = "/_api/import?type=documents&collection=numbers&onDuplicate=update&details=true";
    const result = arango.POST(url, fs.read(path));
    print(name, result.created, result.updated, result.errors, result.empty, result.details.length);
  } else if (name.endsWith(".txt")) {
    const lines = fs.read(path).split("\n").filter((line) => /^\w+=\d+$/.test(line));
    const documents = lines.map((line) => line.split("=")).map(([_key, n]) => ({ _key, n: Number(n) }));
    print(name, db.numbers.insert(documents, { silent: true }), documents.length);
  } else {
    print(name, "left alone", fs.size(path));
    continue;
  }
  fs.move(path, path + ".done");
}
print(fs.list(directory).sort().join());
print(db._query("FOR n IN numbers SORT n._key RETURN CONCAT(n._key, n.n)").toArray().join());
fs.list(directory).forEach((name) => fs.remove(fs.join(directory, name)));
fs.removeDirectory(directory);
print(fs.exists(directory), fs.isDirectory(ARGUMENTS[0]));
/* prints
1.jsonl 2 0 0 0 0
2.jsonl 1 1 1 0 1
3.txt true 2
ignored.bak left alone 0
1.jsonl.done,2.jsonl.done,3.txt.done,ignored.bak
a1,b20,c3,d4,e5
false true
*/
