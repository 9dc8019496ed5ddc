/* What modifying queries with each of their options return, write and count. */
"use strict";
const jsunity = require("jsunity");
const { db, errors } = require("@arangodb");
const NAME = "UnitTestsModifications";
const DOCUMENT = { _key: "a", v: 1, o: { x: 1, y: { z: 2 } }, l: [1, 2] };

/** Documents without what the server sets. */
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  const { _id, _rev, ...rest } = value;
  return rest;
};

/**
 * Fails unless queries, each on the one document and with `c` as its collection, return what their rows say.
 *
 * Rows: query, results or the number of an error, `[written, ignored]` if it matters.
 */
function assertModifications(rows) {
  for (const [text, expected, counts] of rows) {
    db[NAME].remove(db[NAME].toArray());
    db[NAME].insert(DOCUMENT);
    const query = text.replace(/\bc\b/g, NAME);
    if (typeof expected === "number") {
      try {
        db._query(query);
        fail(query);
      } catch (error) {
        assertEqual(expected, error.errorNum, `${query}: ${error}`);
      }
      assertEqual([DOCUMENT], plain(db[NAME].toArray()), `${query} leaves everything as it was`);
      continue;
    }
    const cursor = db._query(query);
    assertEqual(expected, plain(cursor.toArray()), query);
    const { writesExecuted, writesIgnored } = cursor.getExtra().stats;
    if (counts) assertEqual(counts, [writesExecuted, writesIgnored], query);
  }
}

function ModificationSuite() {
  return {
    setUpAll: () => db._create(NAME),
    tearDownAll: () => db._drop(NAME),

    testPatchesAreMergedUnlessToldOtherwise: function () {
      const { v, l } = DOCUMENT;
      assertModifications([
        ["UPDATE 'a' WITH {o: {x: null, n: 5}} IN c RETURN NEW.o", [{ x: null, y: { z: 2 }, n: 5 }], [1, 0]],
        ["UPDATE 'a' WITH {o: {x: null}, v: null} IN c OPTIONS {keepNull: false} RETURN NEW", [{
          _key: "a",
          o: { y: { z: 2 } },
          l,
        }]],
        ["UPDATE 'a' WITH {m: {p: null, q: [null, {r: null}]}} IN c OPTIONS {keepNull: false} RETURN NEW.m", [{
          q: [null, { r: null }],
        }]],
        ["UPDATE 'a' WITH {o: {n: 5}} IN c OPTIONS {mergeObjects: false} RETURN NEW", [{
          _key: "a",
          v,
          o: { n: 5 },
          l,
        }]],
        ["UPDATE 'a' WITH {o: {n: 5, m: null}} IN c OPTIONS {mergeObjects: false, keepNull: false} RETURN NEW.o", [{
          n: 5,
        }]],
        ["UPDATE 'a' WITH {l: [3]} IN c RETURN [OLD.l, NEW.l]", [[[1, 2], [3]]]],
        ["UPDATE 'a' WITH {_key: 'b', _id: 'c/b', _rev: '1', v: 2} IN c RETURN [NEW._key, NEW.v]", [["a", 2]]],
        ["UPDATE {_key: 'a', v: 9} IN c RETURN NEW.v", [9]],
        ["UPSERT {v: 1} INSERT {} UPDATE {o: null} INTO c OPTIONS {keepNull: false} RETURN NEW", [{ _key: "a", v, l }]],
        ["UPSERT {v: 1} INSERT {} UPDATE {o: {q: 1}} INTO c OPTIONS {mergeObjects: false} RETURN NEW.o", [{ q: 1 }]],
      ]);
    },

    testReplacementsKeepNothing: function () {
      assertModifications([
        ["REPLACE 'a' WITH {q: null} IN c RETURN NEW", [{ _key: "a", q: null }]],
        ["REPLACE {_key: 'a', v: 3} IN c RETURN [OLD.v, NEW]", [[1, { _key: "a", v: 3 }]]],
        ["REPLACE 'a' WITH {_key: 'b', v: 3} IN c RETURN NEW", [{ _key: "a", v: 3 }]],
        ["UPSERT {v: 1} INSERT {} REPLACE {w: OLD.v} INTO c RETURN [OLD.v, NEW]", [[1, { _key: "a", w: 1 }]]],
      ]);
    },

    testTakenKeys: function () {
      const insert = (options) => `INSERT {_key: 'a', o: {n: 1}, l: null} INTO c OPTIONS ${options}`;
      const taken = errors.ERROR_ARANGO_UNIQUE_CONSTRAINT_VIOLATED.code;
      assertModifications([
        [insert("{}"), taken],
        // modes are told apart by case
        [insert("{overwriteMode: 'Replace'}"), taken],
        [insert("{ignoreErrors: true}") + " RETURN NEW", [], [0, 1]],
        [insert("{overwriteMode: 'ignore'}") + " RETURN NEW", [null], [0, 1]],
        [insert("{overwriteMode: 'ignore'}") + " RETURN OLD", errors.ERROR_ARANGO_DATA_SOURCE_NOT_FOUND.code],
        [insert("{overwriteMode: 'update'}") + " RETURN [OLD.v, NEW.v, NEW.l, NEW.o]", [[1, 1, null, {
          ...DOCUMENT.o,
          n: 1,
        }]], [1, 0]],
        [insert("{overwriteMode: 'update', keepNull: false, mergeObjects: false}") + " RETURN NEW", [{
          _key: "a",
          v: 1,
          o: { n: 1 },
        }]],
        [insert("{overwriteMode: 'replace'}") + " RETURN [OLD.v, NEW]", [[1, { _key: "a", o: { n: 1 }, l: null }]]],
        [insert("{overwrite: true}") + " RETURN OLD.v", [1]],
        ["INSERT {_key: 'b'} INTO c OPTIONS {overwriteMode: 'replace'} RETURN [OLD, NEW]", [[null, { _key: "b" }]]],
        ["FOR i IN 1..3 INSERT {_key: 'n', i} INTO c OPTIONS {overwriteMode: 'replace'} RETURN [OLD.i, NEW.i]", [
          [null, 1],
          [1, 2],
          [2, 3],
        ], [3, 0]],
        ["FOR i IN 1..3 INSERT {_key: 'n', i} INTO c OPTIONS {ignoreErrors: true} RETURN NEW.i", [1], [1, 2]],
        ["FOR i IN 1..3 INSERT {_key: 'n', i} INTO c", taken],
      ]);
    },

    testRowsSeeWhatRowsBeforeThemWrote: function () {
      const upsert = (options) =>
        `FOR i IN 1..3 UPSERT {k: 'u'} INSERT {k: 'u', n: 1} UPDATE {n: OLD.n + 1} INTO c ${options}`;
      assertModifications([
        ["FOR i IN 2..4 UPDATE 'a' WITH {v: i} IN c RETURN [OLD.v, NEW.v]", [[1, 2], [2, 3], [3, 4]], [3, 0]],
        ["FOR i IN 1..3 REMOVE 'a' IN c", errors.ERROR_ARANGO_DOCUMENT_NOT_FOUND.code],
        ["FOR i IN 1..3 REMOVE 'a' IN c OPTIONS {ignoreErrors: true} RETURN OLD.v", [1], [1, 2]],
        [upsert("") + " RETURN [OLD.n, NEW.n]", [[null, 1], [1, 2], [2, 3]], [3, 0]],
        [upsert("OPTIONS {readOwnWrites: false}") + " RETURN NEW.n", [1, 1, 1], [3, 0]],
        ["FOR d IN c INSERT {v: d.v} INTO c RETURN NEW.v", [1]],
        ["FOR d IN c LET e = (UPDATE d WITH {v: 3} IN c RETURN NEW)[0] RETURN [d.v, e.v]", [[1, 3]]],
      ]);
    },

    testExamplesOfUpserts: function () {
      const hit = (example) => `UPSERT ${example} INSERT {hit: 0} UPDATE {hit: 1} INTO c RETURN NEW.hit`;
      assertModifications([
        [hit("{v: 1}"), [1]],
        [hit("{v: '1'}"), [0]],
        [hit("{o: {x: 1}}"), [1]],
        [hit("{o: {y: {z: 2}}}"), [1]],
        [hit("{'o.x': 1}"), [0]],
        [hit("{l: [1, 2]}"), [1]],
        [hit("{l: [1]}"), [0]],
        [hit("{nope: null}"), [1]],
        [hit("{}"), [1]],
        [hit("FILTER CURRENT.v == 1 OR CURRENT.v == 2"), [1]],
        [hit("FILTER CURRENT.v > 1"), [0]],
        [hit("{[CONCAT('v')]: 1}"), errors.ERROR_QUERY_PARSE.code],
        ["UPSERT {v: 2} INSERT null UPDATE {} INTO c", errors.ERROR_ARANGO_DOCUMENT_TYPE_INVALID.code],
      ]);
    },

    testRevisions: function () {
      const conflict = errors.ERROR_ARANGO_CONFLICT.code;
      const stale = "{_key: 'a', _rev: 'stale'}";
      assertModifications([
        [`UPDATE ${stale} WITH {v: 2} IN c RETURN NEW.v`, [2]],
        [`UPDATE ${stale} WITH {v: 2} IN c OPTIONS {ignoreRevs: false}`, conflict],
        [`REPLACE ${stale} WITH {v: 2} IN c OPTIONS {ignoreRevs: false}`, conflict],
        [`REMOVE ${stale} IN c OPTIONS {ignoreRevs: false}`, conflict],
        [`UPDATE ${stale} WITH {v: 2} IN c OPTIONS {ignoreRevs: false, ignoreErrors: true} RETURN 1`, [], [0, 1]],
        ["FOR d IN c UPDATE d WITH {v: 2} IN c OPTIONS {ignoreRevs: false} RETURN NEW.v", [2]],
        ["UPDATE 'a' WITH {v: 1} IN c RETURN OLD._rev == NEW._rev", [false], [1, 0]],
        // patches without attributes leave revisions as they are
        ["FOR d IN c UPDATE d WITH {} IN c RETURN OLD._rev == NEW._rev", [true], [1, 0]],
        ["UPDATE 'a' WITH {_key: 'a', _rev: 'x'} IN c RETURN OLD._rev == NEW._rev", [true]],
        ["INSERT {_key: 'a'} INTO c OPTIONS {overwriteMode: 'update'} RETURN OLD._rev == NEW._rev", [true]],
        ["UPSERT {v: 1} INSERT {} UPDATE {} IN c RETURN OLD._rev == NEW._rev", [true]],
        [`UPDATE ${stale} WITH {} IN c OPTIONS {ignoreRevs: false}`, conflict],
      ]);
    },

    testVersions: function () {
      const options = "OPTIONS {versionAttribute: 'v'}";
      assertModifications([
        [`UPDATE 'a' WITH {v: 0} IN c ${options} RETURN NEW.v`, [1], [1, 0]],
        [`UPDATE 'a' WITH {v: 2} IN c ${options} RETURN [OLD.v, NEW.v]`, [[1, 2]]],
        [`UPDATE 'a' WITH {v: 'x'} IN c ${options} RETURN NEW.v`, ["x"]],
        [`REPLACE 'a' WITH {v: 1} IN c ${options} RETURN NEW.l`, [[1, 2]]],
        [`REPLACE 'a' WITH {w: 1} IN c ${options} RETURN NEW`, [{ _key: "a", w: 1 }]],
        ["INSERT {_key: 'a', v: 0} INTO c OPTIONS {versionAttribute: 'v', overwriteMode: 'replace'} RETURN NEW.v", [1]],
      ]);
    },

    testWhatIsNoDocumentOrKey: function () {
      const [type, noKey, badKey, none] = [
        "DOCUMENT_TYPE_INVALID",
        "DOCUMENT_KEY_MISSING",
        "DOCUMENT_KEY_BAD",
        "DOCUMENT_NOT_FOUND",
      ]
        .map((name) => errors["ERROR_ARANGO_" + name].code);
      assertModifications([
        ...["null", "1", "'x'", "[]"].map((value) => [`INSERT ${value} INTO c`, type]),
        ...["null", "1", "''", "'x y'"].map((key) => [`INSERT {_key: ${key}} INTO c`, badKey]),
        ...["null", "1", "[]"].flatMap((key) => [
          [`UPDATE ${key} WITH {} IN c`, type],
          [`REPLACE ${key} WITH {} IN c`, type],
          [`REMOVE ${key} IN c`, type],
        ]),
        ...["{}", "{_key: null}", "{_key: 1}", "{_id: 'c/a'}"].flatMap((key) => [
          [`UPDATE ${key} WITH {} IN c`, noKey],
          [`REMOVE ${key} IN c`, noKey],
        ]),
        ...["null", "1", "[]", "'x'"].map((patch) => [`UPDATE 'a' WITH ${patch} IN c`, type]),
        ["UPDATE 'none' WITH {} IN c", none],
        ["REPLACE 'none' WITH {} IN c", none],
        ["REMOVE 'none' IN c", none],
      ]);
    },

    testRowsGoOnBehindWrites: function () {
      assertModifications([
        ["FOR i IN 1..5 INSERT {i} INTO c SORT NEW.i DESC LIMIT 2 RETURN NEW.i", [5, 4], [5, 0]],
        ["FOR i IN 1..5 LIMIT 2 INSERT {i} INTO c RETURN NEW.i", [1, 2], [2, 0]],
        ["FOR i IN 1..2 INSERT {i} INTO c COLLECT WITH COUNT INTO n RETURN n", [2], [2, 0]],
        ["FOR i IN 1..2 INSERT {i} INTO c LET n = NEW FOR j IN 1..2 RETURN [n.i, j]", [[1, 1], [1, 2], [2, 1], [2, 2]]],
        ["LET s = (FOR i IN 1..2 INSERT {i} INTO c) RETURN s", [[]], [2, 0]],
        ["FOR i IN 1..2 LET s = (INSERT {i} INTO c RETURN NEW.i) RETURN s", [[1], [2]], [2, 0]],
      ]);
    },
  };
}

jsunity.run(ModificationSuite);
return jsunity.done();
