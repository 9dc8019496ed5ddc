/* The HTTP API of databases, collections and indexes. Source: the manual's pages about them. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertDone, assertRefused, names, send } = require("requests");

const DATABASE = "SuiteHttpDatabase";
const NAME = "SuiteHttpDefinitions";
const COLLECTION = `/_api/collection/${NAME}`;
const PROPERTIES =
  "cacheEnabled,code,computedValues,error,globallyUniqueId,id,internalValidatorType,isSmartChild,isSystem,keyOptions,name,objectId,schema,status,statusString,supportsRBAC,syncByRevision,type,usesRevisionsAsDocumentIds,waitForSync,writeConcern";
const SUMMARY = "code,error,globallyUniqueId,id,isSystem,name,status,type";

function databaseSuite() {
  return {
    testADatabaseFromItsCreationToItsEnd() {
      assertEqual(
        { error: false, code: 201, result: true },
        assertDone(201, "POST", "/_api/database", { name: DATABASE }),
      );
      assertRefused(409, 1207, "POST", "/_api/database", { name: DATABASE });
      const { result } = assertDone(200, "GET", `/_db/${DATABASE}/_api/database/current`);
      assertEqual("id,isSystem,name,path", names(result));
      assertEqual([DATABASE, false], [result.name, result.isSystem]);
      for (const url of ["/_api/database", "/_api/database/user"]) {
        assertTrue(assertDone(200, "GET", url).result.includes(DATABASE));
      }
      // databases are made and listed in _system only
      assertRefused(403, 1230, "GET", `/_db/${DATABASE}/_api/database`);
      assertRefused(403, 1230, "POST", `/_db/${DATABASE}/_api/database`, { name: "x" });
      assertRefused(403, 1230, "DELETE", `/_db/${DATABASE}/_api/database/${DATABASE}`, "");
      assertEqual(
        { error: false, code: 200, result: true },
        assertDone(200, "DELETE", `/_api/database/${DATABASE}`, ""),
      );
      assertRefused(404, 1228, "DELETE", `/_api/database/${DATABASE}`, "");
      assertRefused(404, 1228, "GET", `/_db/${DATABASE}/_api/version`);
      assertRefused(403, 11, "DELETE", "/_api/database/_system", "");
    },
    testNamesAndPathsThatCannotBe() {
      for (const name of ["", "1x", "_x", "a/b", " x", "x ", "a\u0000b", null, 5, undefined]) {
        assertRefused(400, 1208, "POST", "/_api/database", { name });
      }
      assertRefused(400, 600, "POST", "/_api/database", "{");
      assertRefused(400, 400, "POST", "/_api/database", []);
      assertRefused(400, 400, "POST", `/_api/database/${DATABASE}`, { name: DATABASE });
      assertRefused(400, 400, "GET", "/_api/database/current/x");
      assertRefused(400, 400, "DELETE", "/_api/database", "");
      assertRefused(405, 405, "PUT", "/_api/database", {});
    },
    testNamesMayHaveLettersOfAllLanguages() {
      const name = "Ünï 狗";
      const encoded = encodeURIComponent(name.normalize("NFC"));
      assertDone(201, "POST", "/_api/database", { name: name.normalize("NFC") });
      assertEqual(name.normalize("NFC"), assertDone(200, "GET", `/_db/${encoded}/_api/database/current`).result.name);
      assertRefused(404, 1228, "GET", `/_db/${encodeURIComponent(name.normalize("NFD"))}/_api/database/current`);
      assertDone(200, "DELETE", `/_api/database/${encoded}`, "");
      for (const kind of ["database", "collection"]) {
        const { errorMessage } = assertRefused(400, 1208, "POST", `/_api/${kind}`, { name: name.normalize("NFD") });
        assertEqual(`${kind} name is not properly UTF-8 NFC-normalized`, errorMessage);
      }
    },
  };
}

function collectionSuite() {
  return {
    setUp() {
      db._create(NAME);
    },
    tearDown() {
      for (const name of [NAME, `${NAME}2`]) if (db._collection(name)) db._drop(name);
    },

    testWhatEachPartOfACollectionTells() {
      const id = db[NAME]._id;
      for (
        const [part, more] of [
          ["/properties", []],
          ["/count", ["count"]],
          ["/figures", ["count", "figures"]],
          ["/revision", ["revision"]],
        ]
      ) {
        const told = assertDone(200, "GET", COLLECTION + part);
        assertEqual([...PROPERTIES.split(","), ...more].sort().join(), names(told), part);
        assertEqual([id, NAME, 2, 3], [told.id, told.name, told.type, told.status]);
      }
      for (const [url, more] of [[COLLECTION, []], [`${COLLECTION}/checksum`, ["checksum", "revision"]]]) {
        assertEqual([...SUMMARY.split(","), ...more].sort().join(), names(assertDone(200, "GET", url)), url);
      }
      // collections are found by their id too
      assertEqual(NAME, assertDone(200, "GET", `/_api/collection/${id}`).name);
      const listed = assertDone(200, "GET", "/_api/collection").result.find(({ name }) => name === NAME);
      assertEqual("globallyUniqueId,id,isSystem,name,status,type", names(listed));
      const own = assertDone(200, "GET", "/_api/collection?excludeSystem=true").result;
      assertTrue(own.length > 0 && own.every(({ isSystem }) => !isSystem));
    },
    testWhatCanBeDoneToACollection() {
      db[NAME].insert([{}, {}]);
      for (
        const [part, body, more] of [
          ["load", {}, ["count"]],
          ["load", { count: false }, []],
          ["unload", "", []],
          ["compact", "", []],
          ["truncate", "", []],
        ]
      ) {
        const told = assertDone(200, "PUT", `${COLLECTION}/${part}`, body);
        assertEqual([...SUMMARY.split(","), ...more].sort().join(), names(told), part);
      }
      assertEqual(0, assertDone(200, "GET", `${COLLECTION}/count`).count);
      assertEqual(
        { error: false, code: 200, result: true },
        assertDone(200, "PUT", `${COLLECTION}/loadIndexesIntoMemory`, ""),
      );
      assertEqual(true, assertDone(200, "PUT", `${COLLECTION}/recalculateCount`, "").result);
      const changed = assertDone(200, "PUT", `${COLLECTION}/properties`, {
        waitForSync: true,
        cacheEnabled: true,
        x: 1,
      });
      assertEqual(PROPERTIES, names(changed));
      assertEqual([true, true], [changed.waitForSync, changed.cacheEnabled]);
    },
    testRenaming() {
      assertEqual(`${NAME}2`, assertDone(200, "PUT", `${COLLECTION}/rename`, { name: `${NAME}2` }).name);
      assertRefused(404, 1203, "GET", COLLECTION);
      db._create(NAME);
      assertRefused(409, 1207, "PUT", `${COLLECTION}/rename`, { name: `${NAME}2` });
      for (const name of ["", "1", "_x", null, undefined]) {
        assertRefused(400, 1208, "PUT", `${COLLECTION}/rename`, { name });
      }
    },
    testCreatingWithWhatCannotBe() {
      const create = (errorNum, body) =>
        assertRefused(errorNum === 1207 ? 409 : 400, errorNum, "POST", "/_api/collection", body);
      create(1207, { name: NAME });
      for (const name of ["", "1", "_x", "a/b", null, 5, undefined]) create(1208, { name });
      for (const body of ["null", "[]", "1"]) create(1208, body);
      for (const text of ["{", "{ name : world }"]) create(600, text);
      assertEqual("VPackError error: Expecting '\"' or '}'", create(600, "{ name : world }").errorMessage);
      const with_ = (properties) => ({ name: `${NAME}2`, ...properties });
      create(1218, with_({ type: "vertex" }));
      for (
        const keyOptions of [{ type: "mine" }, { type: "autoincrement", increment: 0 }, {
          type: "autoincrement",
          offset: -1,
        }]
      ) {
        create(1232, with_({ keyOptions }));
      }
      for (const schema of [5, { rule: 5 }, { rule: {}, level: "hard" }]) create(1621, with_({ schema }));
      for (const computedValues of [5, [5], [{ name: "_key", expression: "RETURN 1" }], [{ name: "a" }]]) {
        create(10, with_({ computedValues }));
      }
    },
    testCreatingWithOptions() {
      const made = assertDone(200, "POST", "/_api/collection", {
        name: `${NAME}2`,
        type: 3,
        waitForSync: true,
        cacheEnabled: true,
        keyOptions: { type: "autoincrement", increment: 5, offset: 2, allowUserKeys: false },
        schema: { rule: { type: "object" }, level: "moderate", message: "no" },
        computedValues: [{ name: "a", expression: "RETURN 1", overwrite: true }],
      });
      assertEqual(PROPERTIES, names(made));
      assertEqual([3, true, true], [made.type, made.waitForSync, made.cacheEnabled]);
      const { type, increment, offset, allowUserKeys } = made.keyOptions;
      assertEqual(["autoincrement", 5, 2, false], [type, increment, offset, allowUserKeys]);
      assertEqual(["moderate", "no"], [made.schema.level, made.schema.message]);
      assertEqual(["insert", "update", "replace"], made.computedValues[0].computeOn);
      assertRefused(400, 1222, "POST", `/_api/document/${NAME}2`, { _key: "own", _from: "v/a", _to: "v/b" });
      const key = () => Number(assertDone(201, "POST", `/_api/document/${NAME}2`, { _from: "v/a", _to: "v/b" })._key);
      const first = key();
      assertEqual(first + 5, key());
    },
    testCollectionsThatAreNotThere() {
      for (const part of ["", "/properties", "/count", "/figures", "/revision", "/checksum"]) {
        assertRefused(404, 1203, "GET", `/_api/collection/SuiteNothing${part}`);
      }
      for (const part of ["load", "unload", "truncate", "properties", "rename", "recalculateCount"]) {
        assertRefused(404, 1203, "PUT", `/_api/collection/SuiteNothing/${part}`, { name: "x" });
      }
      assertRefused(404, 1203, "DELETE", "/_api/collection/SuiteNothing", "");
      assertRefused(404, 404, "GET", `${COLLECTION}/nothing`);
      assertRefused(404, 404, "PUT", `${COLLECTION}/nothing`, {});
      assertRefused(400, 400, "PUT", COLLECTION, {});
      assertRefused(400, 400, "DELETE", "/_api/collection", "");
      assertRefused(405, 405, "PATCH", COLLECTION, {});
      assertRefused(403, 11, "DELETE", "/_api/collection/_users", "");
      const id = db[NAME]._id;
      assertEqual({ error: false, code: 200, id }, assertDone(200, "DELETE", COLLECTION, ""));
    },
  };
}

function indexSuite() {
  const url = `/_api/index?collection=${NAME}`;
  return {
    setUp() {
      db._create(NAME);
    },
    tearDown() {
      db._drop(NAME);
    },

    testAnIndexIsMadeOnce() {
      for (
        const [definition, attributes] of [
          [{ type: "persistent", fields: ["a", "b"] }, {
            unique: false,
            sparse: false,
            deduplicate: true,
            estimates: true,
            cacheEnabled: false,
          }],
          [{ type: "persistent", fields: ["u"], unique: true, sparse: true }, { unique: true, sparse: true }],
          [{ type: "persistent", fields: ["s"], storedValues: ["t"] }, { storedValues: ["t"] }],
          [{ type: "persistent", fields: ["l[*].m"], deduplicate: false }, { deduplicate: false }],
          [{ type: "hash", fields: ["h"] }, { unique: false }],
          [{ type: "skiplist", fields: ["k"] }, { unique: false }],
          [{ type: "ttl", fields: ["e"], expireAfter: 60 }, { expireAfter: 60 }],
          [{ type: "geo", fields: ["g"], geoJson: true }, { geoJson: true, sparse: true, unique: false }],
          [{ type: "geo", fields: ["lat", "lon"] }, { geoJson: false }],
          [{ type: "fulltext", fields: ["f"], minLength: 4 }, { minLength: 4, unique: false }],
          [{ type: "mdi", fields: ["x", "y"], fieldValueTypes: "double" }, { unique: false }],
          [{ type: "mdi-prefixed", fields: ["x", "y"], fieldValueTypes: "double", prefixFields: ["p"] }, {
            prefixFields: ["p"],
          }],
        ]
      ) {
        const made = assertDone(201, "POST", url, definition);
        assertEqual([true, definition.type, definition.fields], [made.isNewlyCreated, made.type, made.fields]);
        assertTrue(made.id.startsWith(`${NAME}/`) && made.name.startsWith("idx_"), made.id);
        for (const [name, value] of Object.entries(attributes)) {
          assertEqual(value, made[name], `${definition.type} ${name}`);
        }
        const again = assertDone(200, "POST", url, definition);
        assertEqual([false, made.id], [again.isNewlyCreated, again.id]);
        assertEqual(made.name, assertDone(200, "GET", `/_api/index/${made.id}`).name);
      }
      const { indexes, identifiers } = assertDone(200, "GET", url);
      assertEqual(13, indexes.length);
      assertEqual(indexes.map(({ id }) => id).sort(), Object.keys(identifiers).sort());
      assertEqual(["primary", `${NAME}/0`], [indexes[0].type, indexes[0].id]);
      assertEqual(indexes[1], identifiers[indexes[1].id]);
      assertTrue(
        assertDone(200, "GET", `${url}&withStats=true`).indexes.every(({ figures }) => typeof figures === "object"),
      );
    },
    testNamesOfIndexes() {
      const { id } = assertDone(201, "POST", url, { type: "persistent", fields: ["a"], name: "mine" });
      assertEqual(id, assertDone(200, "GET", `/_api/index/${NAME}/mine`).id);
      assertRefused(400, 1005, "POST", url, { type: "persistent", fields: ["b"], name: "mine" });
      for (const name of ["1x", "a/b"]) {
        assertRefused(400, 1208, "POST", url, { type: "persistent", fields: ["b"], name });
      }
      assertEqual({ id, error: false, code: 200 }, assertDone(200, "DELETE", `/_api/index/${NAME}/mine`, ""));
      assertRefused(404, 1212, "GET", `/_api/index/${NAME}/mine`);
    },
    testDefinitionsThatCannotBe() {
      for (
        const definition of [
          {},
          { type: "btree", fields: ["a"] },
          { fields: ["a"] },
          { type: "persistent" },
          ...[[], "a", [1], [""], ["a", "a"], ["_id"]].map((fields) => ({ type: "persistent", fields })),
          { type: "geo", fields: ["a", "b", "c"] },
          { type: "fulltext", fields: ["a", "b"] },
          { type: "ttl", fields: ["a"] },
          { type: "ttl", fields: ["a", "b"], expireAfter: 1 },
          { type: "ttl", fields: ["a"], expireAfter: -1 },
          { type: "mdi", fields: ["a"] },
          { type: "persistent", fields: ["a"], storedValues: "b" },
        ]
      ) {
        assertRefused(400, 10, "POST", url, definition);
      }
      for (const type of ["primary", "edge"]) assertRefused(403, 11, "POST", url, { type, fields: ["_key"] });
      assertRefused(400, 1220, "POST", url, { type: "persistent", fields: ["a[*].b[*]"] });
      assertRefused(400, 600, "POST", url, "{");
      assertEqual(1, db[NAME].indexes().length);
      db[NAME].insert([{ a: 1 }, { a: 1 }]);
      assertRefused(400, 1210, "POST", url, { type: "persistent", fields: ["a"], unique: true });
      assertEqual(1, db[NAME].indexes().length);
    },
    testIndexesThatAreNotThere() {
      assertRefused(404, 1203, "GET", "/_api/index");
      assertRefused(404, 1203, "GET", "/_api/index?collection=SuiteNothing");
      assertRefused(404, 1203, "POST", "/_api/index?collection=SuiteNothing", { type: "persistent", fields: ["a"] });
      for (const method of ["GET", "DELETE"]) {
        const body = method === "DELETE" ? "" : undefined;
        assertRefused(404, 1203, method, "/_api/index/SuiteNothing/0", body);
        assertRefused(404, 1212, method, `/_api/index/${NAME}/99`, body);
        assertRefused(400, 400, method, `/_api/index/${NAME}`, body);
      }
      assertRefused(403, 11, "DELETE", `/_api/index/${NAME}/0`, "");
      assertEqual(405, send("PATCH", url, {}).code);
    },
  };
}

jsunity.run(databaseSuite);
jsunity.run(collectionSuite);
jsunity.run(indexSuite);
return jsunity.done();
