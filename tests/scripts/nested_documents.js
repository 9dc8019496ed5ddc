/* Updates deep inside of documents: merging, null values, arrays. */
const db = require("@arangodb").db;
const c = db._create("deep");
c.insert({ _key: "d", a: { b: { c: 1, d: [1, 2] } }, n: 1 });
const plain = (d) => { const { _id, _rev, _key, ...rest } = d; return rest; };
c.update("d", { a: { b: { c: 2 } } });
print(plain(c.document("d")));
c.update("d", { a: { b: { e: 3 } }, n: null }, { keepNull: false });
print(plain(c.document("d")));
c.update("d", { a: { x: 1 } }, { mergeObjects: false });
print(plain(c.document("d")));
const r = c.update("d", { n: 5 }, { returnNew: true, returnOld: true });
print(r.old.n, r.new.n, r._oldRev === r.old._rev);
print(c.replace("d", { only: true }, { silent: true }), plain(c.document("d")));
db._query("FOR d IN deep UPDATE d WITH { list: PUSH(d.list || [], 7) } IN deep");
db._query("FOR d IN deep UPDATE d WITH { list: APPEND(d.list, [8, 9]) } IN deep OPTIONS { keepNull: false }");
print(c.document("d").list);
print(c.updateByExample({ only: true }, { only: false }), c.replaceByExample({ only: false }, { z: 1 }), plain(c.firstExample({ z: 1 })));
/* prints
{ 
  "a" : { 
    "b" : { 
      "c" : 2, 
      "d" : [ 
        1, 
        2 
      ] 
    } 
  }, 
  "n" : 1 
}
{ 
  "a" : { 
    "b" : { 
      "c" : 2, 
      "d" : [ 
        1, 
        2 
      ], 
      "e" : 3 
    } 
  } 
}
{ 
  "a" : { 
    "x" : 1 
  } 
}
undefined 5 true
true { 
  "only" : true 
}
[ 
  7, 
  8, 
  9 
]
1 1 { 
  "z" : 1 
}
*/
