/**
 * The globals for people at the prompt: help, leaving, versions, and names that are no commands here.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/commands`. Source: arangosh.md 2.5, 3.1. */
export function commands({ exports, require, host }: ModuleScope): void {
  const { programs } = require("denosh/core");
  const { print, output } = require("denosh/printer");

  function leave(code?: Loose): void {
    host.exit(code === undefined ? 0 : Number(code) | 0);
  }
  for (const name of ["exit", "quit"]) {
    const command: Loose = { [name]: (code?: Loose) => leave(code) }[name];
    // the bare name leaves as well: printing it is the command
    Object.defineProperty(command, "_PRINT", { value: () => leave() });
    exports[name] = command;
  }

  function help(): void {
    const { HELP, helpExtended } = require("@arangodb/arangosh");
    const { ArangoDatabase } = require("@arangodb/arango-database");
    const { ArangoCollection } = require("@arangodb/arango-collection");
    const { ArangoStatement } = require("@arangodb/arango-statement");
    const { ArangoQueryCursor } = require("@arangodb/arango-query-cursor");
    print(HELP);
    for (const type of [ArangoDatabase, ArangoCollection, ArangoStatement, ArangoQueryCursor]) {
      type.prototype._help.call(undefined);
    }
    print(helpExtended);
  }
  Object.defineProperty(help, "_PRINT", { value: () => help() });
  exports.help = help;

  exports.clear = function clear(): void {
    output("\n".repeat(99));
  };
  Object.defineProperty(exports, "tutorial", {
    configurable: true,
    enumerable: true,
    get: () => require("@arangodb/tutorial"),
  });

  exports.ARANGODB_CLIENT_VERSION = function ARANGODB_CLIENT_VERSION(details?: Loose): Loose {
    if (!details) return host.version();
    return {
      "architecture": "64bit",
      "asan": "false",
      "build-repository": "denosh",
      "compiler": "v8",
      "debug": "false",
      "failure-tests": "false",
      "full-version-string": `denosh (ArangoDB ${host.version()} compatible)`,
      "license": "community",
      "maintainer-mode": "false",
      "platform": host.platform(),
      "server-version": host.version(),
      "version": host.version(),
    };
  };
  exports.ARANGOSH_PATH = host.programDirectory();
  exports.NORMALIZE_STRING = (text: Loose) => String(text).normalize("NFC");
  exports.COMPARE_STRING = (left: Loose, right: Loose) => host.compareText(String(left), String(right));
  exports.SYS_SPLIT_WORDS_ICU = function SYS_SPLIT_WORDS_ICU(text: Loose, minLength: Loose = 1): string[] {
    const words = new Intl.Segmenter("en", { granularity: "word" }).segment(String(text).toLowerCase());
    return Array.from(words).filter((part) => part.isWordLike && part.segment.length >= minLength)
      .map((part) => part.segment);
  };
  exports.SYS_DEBUG_CAN_USE_FAILAT = () => false;
  exports.SYS_EXIT_REPL = () => leave();
  exports.V8_TO_VPACK = (value: Loose) =>
    require("buffer").Buffer.from(host.jsonToVelocyPack(JSON.stringify(value) ?? "null"));
  exports.VPACK_TO_V8 = (bytes: Loose) => {
    if (!(bytes instanceof Uint8Array)) throw require("denosh/errors").usage("VPACK_TO_V8(<buffer>)");
    return JSON.parse(host.velocyPackToJson(bytes));
  };

  for (const name of programs) {
    const text = `This command must be executed in a system shell and cannot be used inside of arangosh: '${name}'`;
    exports[name] = {
      _PRINT: (context: Loose) => context.output += text,
    };
  }

  exports.exitCodes = {
    EXIT_SUCCESS: { code: 0, message: "success" },
    EXIT_FAILED: { code: 1, message: "exit with error" },
    EXIT_CODE_RESOLVING_FAILED: { code: 2, message: "exit code resolving failed" },
    EXIT_INVALID_OPTION_NAME: { code: 3, message: "invalid startup option name" },
    EXIT_INVALID_OPTION_VALUE: { code: 4, message: "invalid startup option value" },
    EXIT_BINARY_NOT_FOUND: { code: 5, message: "binary not found" },
    EXIT_CONFIG_NOT_FOUND: { code: 6, message: "config not found or invalid" },
    EXIT_UPGRADE_FAILED: { code: 10, message: "upgrade failed" },
    EXIT_UPGRADE_REQUIRED: { code: 11, message: "db upgrade required" },
    EXIT_DOWNGRADE_REQUIRED: { code: 12, message: "db downgrade required" },
    EXIT_VERSION_CHECK_FAILED: { code: 13, message: "version check failed" },
    EXIT_ALREADY_RUNNING: { code: 20, message: "already running" },
    EXIT_COULD_NOT_BIND_PORT: { code: 21, message: "port blocked" },
    EXIT_COULD_NOT_LOCK: { code: 22, message: "could not lock - another process could be running" },
    EXIT_RECOVERY: { code: 23, message: "recovery failed" },
    EXIT_DB_NOT_EMPTY: { code: 24, message: "database not empty" },
    EXIT_UNSUPPORTED_STORAGE_ENGINE: { code: 25, message: "unsupported storage engine" },
    EXIT_ICU_INITIALIZATION_FAILED: { code: 26, message: "failed to initialize ICU library" },
    EXIT_TZDATA_INITIALIZATION_FAILED: { code: 27, message: "failed to locate tzdata" },
    EXIT_RESOURCES_TOO_LOW: {
      code: 28,
      message: "the system restricts resources below what is required to start arangod",
    },
    EXIT_SST_FILE_CHECK: { code: 29, message: "sst file check unsuccessful" },
    EXIT_FULL_COMPACTION_FAILED: { code: 30, message: "Full RocksDB compaction failed." },
  };
}
