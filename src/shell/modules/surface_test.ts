/**
 * Everything that `arangosh.md` names must be there, or stand in the list of what denosh does not have.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EmbeddedConnection } from "../../connection/embedded.ts";
import { MEMORY } from "../../engine/engine.ts";
import { Shell } from "../shell.ts";

/** Support code of ArangoDB's own tests, whose interface the sheet does not tell. */
const TEST_UTILITIES: readonly string[] = [
  "collection-wrapper-util",
  "aql-profiler-test-helper",
  "aql-graph-traversal-generic-graphs",
  "aql-graph-traversal-generic-tests",
  "joinHelper",
  "block-cache-test-helper",
  "client-tools",
  "cluster-test-helper",
  "instance",
  "instance-manager",
  "process-utils",
  "replicated-logs-helper",
  "replicated-logs-predicates",
  "document-state-helper",
  "collection-groups-helper",
  "seededRandom",
  "vector-generator",
].map((name) => `require('@arangodb/testutils/${name}')`);

/** Names by the expression that has them; words separated by white space. The comment tells the section of the sheet. */
const DOCUMENTED: readonly [expression: string, names: string][] = [
  // 3.1
  [
    "global",
    `global GLOBAL root db arango fm aql aqlQuery ArangoStatement print printf print_plain start_pretty_print
    stop_pretty_print start_color_print stop_color_print start_pager stop_pager help tutorial clear exit quit require
    console process Buffer setTimeout setInterval clearTimeout clearInterval ARGUMENTS ARANGOSH_PATH
    ARANGODB_CLIENT_VERSION NORMALIZE_STRING COMPARE_STRING ArangoConnection SYS_EXIT_REPL SYS_IS_V8_BUILD
    SYS_SPLIT_WORDS_ICU SYS_DEBUG_CAN_USE_FAILAT V8_TO_VPACK VPACK_TO_V8 FISHBOWL_GET FISHBOWL_SET arangodump
    arangorestore arangoimport arangoimp arangoexport arangobench arangod arangodb arangosh arangoinspect arangobackup
    arangovpack`,
  ],
  [`global`, `arango-init-database arango-secure-installation`],
  // 3.2
  ["require", "cache resolve extensions aliases"],
  ["new (require('module'))('/x/y.js')", "id exports filename paths parent children loaded load require"],
  // 3.3
  [
    "require('assert')",
    `ok equal notEqual deepEqual notDeepEqual strictEqual notStrictEqual throws doesNotThrow ifError fail
    AssertionError`,
  ],
  ["require('buffer')", "Buffer SlowBuffer INSPECT_MAX_BYTES"],
  [
    "new Buffer('abc')",
    `toString slice copy fill hexSlice utf8Slice asciiSlice readUInt8 readInt8 writeUInt8 writeInt8 readUInt16LE
    readUInt16BE readInt16LE readInt16BE readUInt32LE readUInt32BE readInt32LE readInt32BE writeUInt16LE writeUInt16BE
    writeInt16LE writeInt16BE writeUInt32LE writeUInt32BE writeInt32LE writeInt32BE`,
  ],
  ["Buffer", "from alloc isBuffer byteLength concat"],
  ["require('events')", "EventEmitter"],
  [
    "require('path')",
    "join normalize resolve relative dirname basename extname sep delimiter isAbsolute parse format",
  ],
  ["process", "env argv stdout stderr cwd nextTick exit platform on emit"],
  ["require('querystring')", "parse stringify escape unescape"],
  ["require('url')", "parse format resolve"],
  ["require('util')", "inspect format inherits isArray"],
  ["require('string_decoder')", "StringDecoder"],
  ["require('punycode')", "encode decode toASCII toUnicode ucs2"],
  ["require('stream')", "Readable Writable Duplex Transform PassThrough Stream"],
  ...["readable", "writable", "duplex", "transform", "passthrough"].map((name): [string, string] => [
    `require('_stream_${name}').prototype`,
    name === "readable" ? "pipe on read push" : "pipe on write end",
  ]),
  ["require('timers')", "setTimeout setInterval clearTimeout clearInterval setImmediate"],
  ["require('vm')", "runInThisContext"],
  ["require('os')", "platform"],
  ["require('net')", "isIP isIPv4 isIPv6"],
  ["require('tty')", "isatty"],
  // 3.4
  [
    "require('internal')",
    `version platform startupPath quiet threadNumber developmentMode pathSeparator db arango ArangoConnection ArangoError
    errors exitCodes COLORS COLOR_OUTPUT SlowBuffer env options isArangod isCluster isEnterprise isATTy isStopping
    clusterHealth isAllowedDatabaseName errorNumberToHttpCode time sleep wait rand terminalSize exit getPid logLevel
    toArgv parseArgv pathForTesting unitTests unitTestFilter setUnitTestsResult flatten extend load executeScript parse
    parseFile base64Encode base64Decode md5 sha1 sha224 sha256 sha384 sha512 hmac pbkdf2 pbkdf2hs1 rsaprivsign
    genRandomNumbers genRandomAlphaNumbers genRandomSalt createNonce checkAndMarkNonce isIP print printf sprintf inspect
    output stdOutput printObject printRecursive startCaptureMode stopCaptureMode isCaptureMode download testPort
    executeExternal executeExternalAndWait statusExternal killExternal suspendExternal continueExternal
    setPriorityExternal getExternalSpawned statisticsExternal thisProcessStatistics SetGlobalExecutionDeadlineTo
    SetSignalToImmediateDeadline getDeadlineReasonString addPidToMonitor removePidFromMonitor pollStdin processCsvFile
    processJsonFile wal processStatistics serverStatistics ttlStatistics ttlProperties reloadRouting reloadAqlFunctions
    appendCurlRequest appendRawResponse appendPlainResponse appendJsonResponse appendJsonLResponse`,
  ],
  ["require('internal').wal", "flush properties transactions"],
  [
    "require('internal').COLORS",
    `COLOR_RED COLOR_GREEN COLOR_YELLOW COLOR_BLUE COLOR_MAGENTA COLOR_CYAN COLOR_WHITE COLOR_BLACK COLOR_BOLD_RED
    COLOR_BLINK COLOR_BRIGHT COLOR_RESET COLOR_PUNCTUATION COLOR_STRING COLOR_NUMBER COLOR_INDEX COLOR_TRUE COLOR_FALSE
    COLOR_NULL COLOR_UNDEFINED`,
  ],
  // 3.5
  [
    "require('fs')",
    `exists isFile isDirectory size mtime makeAbsolute normalize join safeJoin pathSeparator escapePath home getTempPath
    getTempFile list listTree makeDirectory makeDirectoryRecursive remove removeDirectory removeDirectoryRecursive move
    copyFile copyRecursive linkFile chmod read readFileSync read64 readBuffer readGzip readDecrypt write append
    writeFileSync adler32 zipFile unzipFile readPipe writePipe closePipe`,
  ],
  // 3.6
  [
    "console",
    `log info dir group groupCollapsed groupEnd time timeEnd trace warn error debug assert logLines infoLines warnLines
    errorLines debugLines errorStack warnStack infoStack debugStack levelStack topic getline`,
  ],
  // 3.7
  [
    "require('@arangodb')",
    `errors ArangoError ArangoCollection ArangoConnection ArangoDatabase ArangoStatement ArangoQueryCursor ArangoView db
    arango aql query isServer isClient time inspect output print printf sprintf printObject printTable stringPadding
    normalizeURL isValidDocumentKey defineModule throwFileNotFound throwBadParameter checkParameter
    checkAvailableVersions enterpriseLicenseVisibility plainServerVersion ERROR_FAILED ERROR_ARANGO_DOCUMENT_NOT_FOUND`,
  ],
  ["aql", "literal join"],
  // 3.8
  ["require('@arangodb/arango-collection')", "ArangoCollection"],
  ["require('@arangodb/arango-database')", "ArangoDatabase"],
  ["require('@arangodb/arango-view')", "ArangoView"],
  ["require('@arangodb/arango-transaction')", "ArangoTransaction"],
  ["require('@arangodb/arango-statement')", "ArangoStatement"],
  ["require('@arangodb/arango-statement-common')", "ArangoStatement"],
  ["require('@arangodb/arango-query-cursor')", "ArangoQueryCursor"],
  ["require('@arangodb/arango-cursor')", "GeneralArrayCursor"],
  ...["@arangodb/simple-query", "@arangodb/simple-query-common"].map((name): [string, string] => [
    `require('${name}')`,
    `GeneralArrayCursor SimpleQueryAll SimpleQueryArray SimpleQueryByExample SimpleQueryByCondition SimpleQueryRange
    SimpleQueryGeo SimpleQueryNear SimpleQueryWithin SimpleQueryWithinRectangle SimpleQueryFulltext`,
  ]),
  ["require('@arangodb/arangosh')", "checkRequestResult getIdString createHelpHeadline HELP helpExtended"],
  ["require('@arangodb/tutorial')", "_PRINT"],
  [
    "require('@arangodb/is')",
    `object array boolean date function number string regexp noObject noArray noBoolean noDate noFunction noNumber
    noString noRegexp existy notExisty truthy falsy`,
  ],
  ["require('@arangodb/extend')", "extend"],
  ["new (require('@arangodb/heap').BinaryHeap)(function (x) { return x; })", "push pop remove size"],
  [
    "require('@arangodb/util')",
    "union drain codeFrame inline redent dedent propertyKeys shallowCopy indentation jsonml2xml isZipBuffer",
  ],
  [
    "require('@arangodb/crypto')",
    `rand hmac pbkdf2 md5 sha1 sha224 sha256 sha384 sha512 genRandomNumbers genRandomAlphaNumbers genRandomSalt
    genRandomBytes createNonce checkAndMarkNonce uuidv4 constantEquals jwtAlgorithms jwtCanonicalAlgorithmName jwtEncode
    jwtDecode hotpGenerate hotpVerify totpGenerate totpVerify`,
  ],
  ["require('@arangodb/request')", "request get post put patch delete head Response"],
  ["require('@arangodb/request').Response.prototype", "throw"],
  ["require('@arangodb/inspector')", ""],
  // 3.9
  [
    "require('@arangodb/users')",
    `save replace update remove document exists isValid all reload grantDatabase revokeDatabase grantCollection
    revokeCollection permission permissionFull configData updateConfigData currentUser isAuthActive`,
  ],
  ["require('@arangodb/analyzers')", "analyzer save remove toArray"],
  ["require('@arangodb/tasks')", "register get unregister"],
  [
    "require('@arangodb/hotbackup')",
    "get create restore delete upload uploadProgress download downloadProgress",
  ],
  ["require('@arangodb/aql/cache')", "clear properties toArray"],
  ["require('@arangodb/aql/plan-cache')", "clear toArray"],
  ["require('@arangodb/aql/queries')", "current slow clearSlow properties kill"],
  ["require('@arangodb/aql/functions')", "register unregister unregisterGroup toArray"],
  ["require('@arangodb/aql/explainer')", "explain profileQuery explainRegisters debug debugDump inspectDump"],
  ["require('@arangodb/activities')", "get_snapshot get_snapshot_bare pretty_print createForest Forest DFS"],
  [
    "require('@arangodb/cluster-info')",
    `flush getCollectionInfo getCollectionInfoCurrent getAnalyzersRevision waitForPlanVersion getMaxNumberOfShards
    getMaxReplicationFactor getMinReplicationFactor getResponsibleServers getResponsibleShard`,
  ],
  ["require('@arangodb/configuration').notifications", "versions setVersions"],
  [
    "require('@arangodb/replication')",
    `logger applier globalApplier sync syncGlobal syncCollection setupReplication setupReplicationGlobal getSyncResult
    serverId compareTicks`,
  ],
  ["require('@arangodb/replication').logger", "state tickRanges firstTick"],
  ["require('@arangodb/replication').applier", "start stop state stateAll forget properties"],
  ["require('@arangodb/replication').globalApplier", "start stop state stateAll forget properties"],
  ["require('@arangodb/replication-common')", "compareTicks reconnectRetry"],
  ["require('@arangodb/replicated-logs')", "ArangoReplicatedLog"],
  [
    "require('@arangodb/foxx/manager')",
    `install replace upgrade uninstall development production configure configuration setDependencies dependencies tests
    runScript setup teardown list listDevelopment available search info update availableJson searchJson help run`,
  ],
  ["require('@arangodb/foxx/manager-utils')", "validateMount zipDirectory getReadableName buildGithubUrl pathRegex"],
  ["require('@arangodb/foxx/store')", ""],
  ["require('@arangodb/foxx/check-args')", ""],
  [
    "require('@arangodb/general-graph')",
    "_list _listObjects _exists _graph _create _drop _relation _edgeDefinitions _extendEdgeDefinitions",
  ],
  ["require('@arangodb/smart-graph')", "_create"],
  ["require('@arangodb/satellite-graph')", "_create"],
  ["require('@arangodb/enterprise-graph')", "_create"],
  ["require('@arangodb/graph-examples/example-graph')", "loadGraph dropGraph"],
  ["require('@arangodb/graph/helpers')", ""],
  ["require('@arangodb/graph/graphs-generation')", ""],
  ["require('@arangodb/graph/graph-in-database')", ""],
  ["require('@arangodb/examples/examples')", "Examples"],
  ["require('@arangodb/examples/example-users')", "createUsers createRegions createLocations"],
  ["require('@arangodb/pregel')", ""],
  [
    "require('@arangodb/graph/traversal')",
    `Traverser collectionDatasourceFactory generalGraphDatasourceFactory outboundExpander inboundExpander anyExpander
    trackingVisitor countingVisitor doNothingVisitor visitAllFilter`,
  ],
  // 4.1
  [
    "arango",
    `GET HEAD POST PUT PATCH OPTIONS DELETE GET_RAW HEAD_RAW POST_RAW PUT_RAW PATCH_RAW OPTIONS_RAW DELETE_RAW SEND_FILE
    getEndpoint getDatabaseName setDatabaseName connectedUser isConnected lastHttpReturnCode lastErrorMessage getVersion
    getRole getMode protocol timeout forceJson compressTransfer jwtRenewalThreshold reconnect getConnectionHandle
    connectHandle disconnectHandle setJwtSecret importCsv importJson toString`,
  ],
  // 5.3
  [
    "db",
    `_collections _collection _create _createDocumentCollection _createEdgeCollection _drop _truncate _document _exists
    _replace _update _remove _index _dropIndex _query _createStatement _explain _profileQuery _parse _createDatabase
    _dropDatabase _databases _useDatabase _name _id _isSystem _path _properties _engine _engineStats _version _endpoints
    _compact _getLicense _setLicense _executeTransaction _createTransaction _transactions _views _view _createView
    _dropView _createReplicatedLog _replicatedLog _flushCache _help toString _connection _collectionurl _documenturl
    _indexurl _viewurl`,
  ],
  // 5.4
  [
    "db.things",
    `name type status _id _database _name properties count figures checksum revision recalculateCount compact load unload
    loadIndexesIntoMemory truncate drop rename refresh shards getResponsibleShard documentId toArray document exists
    insert save replace update remove any all byExample firstExample removeByExample replaceByExample updateByExample
    documents lookupByKeys removeByKeys range closedRange near within withinRectangle geo fulltext iterate edges inEdges
    outEdges indexes getIndexes index ensureIndex dropIndex ensureHashIndex ensureUniqueConstraint ensureSkiplist
    ensureUniqueSkiplist ensureFulltextIndex ensureGeoIndex ensureGeoConstraint ensureVertexCentricIndex
    _revisionTreeVerification _revisionTreeRebuild _revisionTreePendingUpdates _CollectionRevisionTreeCorrupt
    isArangoCollection _help toString`,
  ],
  [
    "require('@arangodb').ArangoCollection",
    `STATUS_CORRUPTED STATUS_NEW_BORN STATUS_UNLOADED STATUS_LOADED STATUS_UNLOADING STATUS_DELETED STATUS_LOADING
    TYPE_DOCUMENT TYPE_EDGE`,
  ],
  // 5.7
  [
    "db._createStatement('RETURN 1')",
    `bind getBindVariables getQuery setQuery getCount setCount getBatchSize setBatchSize getCache setCache getOptions
    setOptions execute explain parse _help toString`,
  ],
  [
    "db._query('RETURN 1')",
    "hasNext next toArray count getExtra dispose cached stream retriable data _help toString",
  ],
  // 5.8
  [
    "db.things.all()",
    "limit skip setBatchSize getBatchSize execute hasNext next toArray count dispose clone",
  ],
  ["require('@arangodb/simple-query').SimpleQueryNear.prototype", "distance"],
  ["require('@arangodb/simple-query').SimpleQueryWithin.prototype", "distance"],
  // 5.9
  [
    "require('@arangodb/arango-transaction').ArangoTransaction.prototype",
    "id status commit abort running query collection",
  ],
  [
    "db._createTransaction({ collections: { read: ['things'] } }).collection('things')",
    "name document exists insert save replace update remove truncate count",
  ],
  // 5.10
  [
    "require('@arangodb').ArangoView.prototype",
    "drop properties rename name type _help isArangoView",
  ],
  // 5.11
  [
    "require('@arangodb/general-graph')._create('g', [require('@arangodb/general-graph')._relation('ge', 'gv', 'gv')])",
    `ge gv _edgeCollections _vertexCollections _orphanCollections _extendEdgeDefinitions _editEdgeDefinitions
    _deleteEdgeDefinition _addVertexCollection _removeVertexCollection _EDGES _INEDGES _OUTEDGES _fromVertex _toVertex
    _edges _vertices _neighbors _commonNeighbors _countCommonNeighbors _commonProperties _countCommonProperties _paths
    _shortestPath _distanceTo _absoluteEccentricity _farness _absoluteCloseness _absoluteBetweenness _eccentricity
    _closeness _betweenness _radius _diameter _getEdgeCollectionByName _getVertexCollectionByName _getConnectingEdges`,
  ],
  // 6.1
  ["new (require('internal').ArangoError)()", "error errorNum isArangoError name message toString"],
  // 7.2
  ["require('jsunity')", "run done writeDone runTest setTestFilter jsUnity"],
  ["require('jsunity').jsUnity", "assertions attachAssertions compile run TestSuite results env log tap"],
  [
    "require('jsunity').jsUnity.assertions",
    `assertTrue assertFalse assertEqual assertNotEqual assertIdentical assertNotIdentical assertMatch assertNotMatch
    assertTypeOf assertNotTypeOf assertInstanceOf assertNotInstanceOf assertNull assertNotNull assertUndefined
    assertNotUndefined assertNaN assertNotNaN assertException fail`,
  ],
  ["require('@arangodb/testrunner')", "runCommandLineTests"],
  ["require('@arangodb/mocha')", "run"],
  ["require('@arangodb/mocha-runner')", ""],
  // 7.4
  ...["@arangodb/test-helper", "@arangodb/test-helper-common"].map((name): [string, string] => [
    `require('${name}')`,
    `deriveTestSuite deriveTestSuiteWithnamespace isEnterprise versionHas getMetric getMetricSingle getRawMetric
    getAllMetric getCompleteMetricsValues getAllMetricsFromEndpoints getMetricsByNameFromEndpoints triggerMetrics
    checkIndexMetrics debugSetFailAt debugRemoveFailAt debugClearFailAt debugCanUseFailAt debugResetRaceControl
    clearAllFailurePoints activateFailure deactivateFailure getCoordinators getDBServers getAgents getServers
    getServerById getServersByType getEndpoints getEndpointById getEndpointsByType getUrlById getCoordinatorEndpoints
    getDBServerEndpoints getAgentEndpoints getSingleServerEndpoint getCtrlCoordinators getCtrlDBServers getCtrlAgents
    getControleableServers getInstanceInfo flushInstanceInfo waitForEstimatorSync waitForShardsInSync reconnectRetry
    AQL_EXPLAIN AQL_EXECUTE runWithRetry isEqual typeName compareStringIds endpointToURL findCollectionServers
    getChecksum insertManyDocumentsIntoCollection logServer runParallelArangoshTests runShell
    executeExternalAndWaitWithSanitizer helper dumpUtils transactionFailure truncateFailure`,
  ]),
  [
    "require('@arangodb/aql-helper')",
    `getQueryResults getRawQueryResults getModifyQueryResults getModifyQueryResultsRaw executeQuery assertQueryError
    assertQueryWarningAndNull assertParseError getParseResults getQueryExplanation executeJson executeAllJson
    getCompactPlan getLinearizedPlan findExecutionNodes findReferencedNodes getQueryMultiplePlansAndExecutions
    removeAlwaysOnClusterRules removeClusterNodes removeClusterNodesFromPlan removeCost unpackRawExpression
    sanitizeStats normalizeProjections isEqual`,
  ],
  [
    "require('@arangodb/testutils/user-helper')",
    `namePrefix dbName colName rightLevels userSet systemLevel dbLevel colLevel userCount switchUser generateAllUsers
    removeAllUsers`,
  ],
  ...TEST_UTILITIES.map((expression): [string, string] => [expression, ""]),
];

/** What denosh does not have, with the reason: an expression of {@linkcode DOCUMENTED}, or `expression name`. */
const NOT_SUPPORTED: Readonly<Record<string, string>> = {
  "global FISHBOWL_GET": "Foxx",
  "global FISHBOWL_SET": "Foxx",
  "global fm": "Foxx",
  "require('@arangodb/activities')": "the server has no activities",
  "require('@arangodb/enterprise-graph')": "Enterprise",
  "require('@arangodb/examples/example-users')": "sample data that no documentation shows",
  "require('@arangodb/examples/examples')": "sample data that no documentation shows",
  "require('@arangodb/foxx/check-args')": "Foxx",
  "require('@arangodb/foxx/manager')": "Foxx",
  "require('@arangodb/foxx/manager-utils')": "Foxx",
  "require('@arangodb/foxx/store')": "Foxx",
  "require('@arangodb/graph/graph-in-database')": "generators for ArangoDB's own tests",
  "require('@arangodb/graph/graphs-generation')": "generators for ArangoDB's own tests",
  "require('@arangodb/graph/helpers')": "generators for ArangoDB's own tests",
  "require('@arangodb/inspector')": "support code of ArangoDB's own tests",
  "require('@arangodb/pregel')": "removed in ArangoDB 3.12",
  "require('@arangodb/replicated-logs')": "cluster",
  "require('@arangodb/satellite-graph')": "Enterprise",
  "require('@arangodb/smart-graph')": "Enterprise",
  "require('@arangodb/test-helper') dumpUtils": "support code of ArangoDB's own tests",
  "require('@arangodb/test-helper-common') dumpUtils": "support code of ArangoDB's own tests",
  "require('node-netstat')": "processes",
  ...Object.fromEntries(TEST_UTILITIES.map((expression) => [expression, "support code of ArangoDB's own tests"])),
};

interface Failure {
  readonly isArangoError?: boolean;
}

/** A shell on an empty database with one collection. */
function newShell(): Shell {
  const shell = new Shell({ connection: new EmbeddedConnection({ directory: MEMORY }), output: () => {} });
  shell.run("db._create('things'); void 0");
  return shell;
}

Deno.test("every documented name is there, or listed as not supported", async (t) => {
  using shell = newShell();
  for (const [expression, names] of DOCUMENTED) {
    if (NOT_SUPPORTED[expression] !== undefined) continue;
    await t.step(expression, () => {
      const wanted = names.split(/\s+/).filter((name) =>
        name !== "" && NOT_SUPPORTED[`${expression} ${name}`] === undefined
      );
      const missing = shell.run(
        `JSON.stringify((function (value, names) {
          var owner = Object(value);
          return names.filter(function (name) { return !(name in owner); });
        })(${expression}, ${JSON.stringify(wanted)}))`,
      );
      assert.deepEqual(JSON.parse(missing as string), []);
    });
  }
});

Deno.test("what is listed as not supported is not there, or says so by an ArangoError when it is called", async (t) => {
  using shell = newShell();
  for (const entry of Object.keys(NOT_SUPPORTED)) {
    await t.step(entry, () => {
      const [expression, name] = entry.split(" ");
      if (name === undefined || name === "fm") {
        const called = `${name ?? expression}.call_of_it()`;
        assert.throws(() => shell.run(called), (error: Failure) => error.isArangoError === true);
      } else assert.equal(shell.run(`${JSON.stringify(name)} in ${expression}`), false);
    });
  }
});
