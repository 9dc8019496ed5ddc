/* Talks to the HTTP API where the shell has no method. */
var name = require("@arangodb").db._name();
var made = arango.POST("/_api/collection", { name: "byHttp", type: 2 });
print(made.code, made.error, made.name, made.status);
print(arango.POST("/_api/document/byHttp?returnNew=true", JSON.stringify({ _key: "k", v: 1 })).new.v);
print(arango.PATCH("/_api/document/byHttp/k", { v: 2 })._key, arango.GET("/_api/document/byHttp/k").v);
var head = arango.HEAD_RAW("/_api/document/byHttp/k");
print(head.code, typeof head.headers.etag, head.body === undefined);
print(arango.PUT("/_api/document/byHttp/none", {}).errorNum, arango.lastHttpReturnCode());
var raw = arango.POST_RAW("/_api/cursor", { query: "FOR i IN 1..3 RETURN i * i", batchSize: 2 }, { accept: "application/json" });
print(raw.code, raw.parsedBody.result, raw.parsedBody.hasMore);
print(arango.POST("/_api/cursor/" + raw.parsedBody.id, "").result);
print(arango.DELETE("/_api/document/byHttp/k", null, { "if-match": '"_none"' }).errorNum);
print(arango.DELETE("/_api/document/byHttp/k").code, arango.GET("/_api/collection/byHttp/count").count);
print(arango.GET("/_db/" + encodeURIComponent(name) + "/_api/database/current").result.name === name);
print(arango.GET("/_api/nothing/here").code, arango.getDatabaseName() === name);
/* prints
200 false byHttp 3
1
k 2
200 string true
1202 404
201 [ 
  1, 
  4 
] true
[ 
  9 
]
1200
undefined 0
true
404 true
*/
