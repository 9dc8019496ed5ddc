/* What a monitoring script looks at. */
'use strict';
const internal = require("internal"), { db } = require("@arangodb");
const version = arango.GET("/_api/version");
print(version.server, version.license, typeof version.version);
print(arango.GET("/_admin/server/role").role, db._engine().name, internal.isCluster());
const reply = arango.GET_RAW("/_api/collection/missing");
print(reply.code, reply.error, reply.parsedBody.errorNum, reply.parsedBody.errorMessage);
print(arango.HEAD("/_api/version").code, arango.lastHttpReturnCode());
print(typeof internal.serverStatistics().uptime, typeof internal.processStatistics().residentSize);
print(Array.isArray(require("@arangodb/aql/queries").current()), Array.isArray(require("@arangodb/aql/queries").slow()));
print(Object.keys(require("@arangodb/aql/cache").properties()).sort());
print(db._collections().every((c) => c.status() === 3));
if (!arango.isConnected()) { process.exit(2); }
/* prints
arango community string
SINGLE rocksdb false
404 true 1203 collection or view not found
200 200
number number
true true
[ 
  "includeSystem", 
  "maxEntrySize", 
  "maxResults", 
  "maxResultsSize", 
  "mode" 
]
true
*/
