/* Talks to the HTTP API by hand, as scripts do that were ported from curl. */
var db = require("@arangodb").db;
var json = { accept: "application/json" };
var made = arango.POST_RAW("/_api/collection", JSON.stringify({ name: "raw" }), json);
print(made.code, made.parsedBody.name, made.parsedBody.type, made.headers["content-type"]);
var saved = arango.POST_RAW("/_api/document/raw?returnNew=true", { _key: "k", v: 1 }, json);
print(saved.code, saved.parsedBody._id, saved.parsedBody.new.v, saved.headers.etag === '"' + saved.parsedBody._rev + '"');
print(arango.POST_RAW("/_api/document/raw", { _key: "k" }, json).parsedBody.errorNum);
var stale = arango.PUT_RAW("/_api/document/raw/k", { v: 2 }, { accept: "application/json", "if-match": '"stale"' });
print(stale.code, stale.parsedBody.errorNum, stale.error);
print(arango.PATCH_RAW("/_api/document/raw/k?keepNull=false", { v: null, w: 3 }, json).code, Object.keys(db.raw.document("k")).join());
var rev = db.raw.document("k")._rev;
print(arango.GET_RAW("/_api/document/raw/k", { "if-none-match": '"' + rev + '"' }).code);
var head = arango.HEAD_RAW("/_api/document/raw/k");
print(head.code, head.body === undefined, head.headers.etag === '"' + rev + '"');
var many = arango.POST_RAW("/_api/document/raw", [{ _key: "k" }, { _key: "l" }, 5], json);
print(many.code, many.headers["x-arango-error-codes"], many.parsedBody.map(function (d) { return d.errorNum || d._key; }).join());
print(arango.PUT("/_api/document/raw?onlyget=true", [{ _key: "l" }, { _key: "none" }]).map(function (d) { return d.errorNum || d._key; }).join());
print(arango.POST_RAW("/_api/cursor", "{ broken", json).parsedBody.errorNum);
print(arango.DELETE_RAW("/_api/document/raw/l?silent=true", "", json).code, arango.DELETE("/_api/document/raw/l").errorNum);
print(arango.GET("/_api/nothing").code, arango.DELETE("/_api/collection/raw").error, db._collections().some(function (c) { return c.name() === "raw"; }));
/* prints
200 raw 2 application/json
202 raw/k 1 true
1210
412 1200 true
202 _key,_id,_rev,w
304
200 true true
202 {"1210":1,"1227":1} 1210,l,1227
l,1202
600
202 1202
404 false false
*/
