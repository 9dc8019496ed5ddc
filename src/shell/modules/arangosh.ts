/**
 * What all parts of the client library share: the check of a reply, ids, and the headlines of help texts.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/arangosh`. Source: arangosh.md 5.1, 2.5. */
export function arangosh({ exports, require }: ModuleScope): void {
  const { ArangoError, make } = require("denosh/errors");

  /** Throws what a reply says went wrong; otherwise returns the reply without its `error` attribute. */
  exports.checkRequestResult = function checkRequestResult(reply: Loose): Loose {
    if (reply === undefined || reply === null) {
      throw new ArangoError({
        error: true,
        code: 500,
        errorNum: 4,
        errorMessage: "Unknown error. Request result is empty",
      });
    }
    if (reply.error === true) {
      if (reply.parsedBody?.error === true) throw new ArangoError(reply.parsedBody);
      if (reply.errorNum === 17) throw new TypeError(reply.errorMessage);
      throw new ArangoError(reply);
    }
    if (reply.error === false) delete reply.error;
    return reply;
  };

  /** The check for document operations: a bare 412 is a conflict of revisions. */
  exports.checkDocumentResult = function checkDocumentResult(reply: Loose): Loose {
    if (reply?.error === true && reply.errorNum === 412) {
      reply.errorNum = 1200;
      reply.errorMessage = make(1200).errorMessage;
    }
    return exports.checkRequestResult(reply);
  };

  exports.getIdString = function getIdString(object: Loose, type: string): string {
    return `[object ${type}${object._id ? ` ${object._id}` : ""}]`;
  };

  exports.createHelpHeadline = function createHelpHeadline(text: string): string {
    const dashes = "-".repeat(Math.floor(Math.abs(78 - text.length) / 2));
    return `\n${dashes} ${text} ${dashes}\n`;
  };

  /** A block of help: rows of a call and its description, which begins in column 41. */
  exports.helpBlock = function helpBlock(title: string, rows: [string, string][]): string {
    return exports.createHelpHeadline(title) +
      rows.map(([call, text]) => text === "" ? call : `  ${call.padEnd(38)}${text}`).join("\n") + "\n";
  };

  exports.helpExtended = exports.helpBlock("More help", [
    ["start_pager()", "sends the output of each command through the pager"],
    ["stop_pager()", "prints directly again"],
    ["start_pretty_print()", "prints values over several lines"],
    ["stop_pretty_print()", "prints values on one line"],
    ["start_color_print(['COLOR'])", "prints values in colours"],
    ["stop_color_print()", "prints values without colours"],
    ["print(VALUE, ...)", "prints values in the current mode"],
    ["print_plain(VALUE, ...)", "prints values on one line and without colours"],
    ["clear()", "clears the screen"],
  ]);

  exports.HELP = exports.helpBlock("Help", [
    ["Objects of the shell:", ""],
    ["arango", "the connection to the server"],
    ["db", "the current database"],
    ["db.NAME", "the collection or view NAME"],
    ["db._collections()", "all collections"],
    ["Functions of the shell:", ""],
    ["help", "shows these pages"],
    ["tutorial", "shows the next lesson of the tutorial"],
    ["print(VALUE, ...)", "prints values"],
    ["require(NAME)", "loads a module"],
    ["exit", "leaves the shell"],
  ]);
}
