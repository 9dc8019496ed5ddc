/**
 * For the tests of the shell.
 *
 * @module
 */
import { EmbeddedConnection } from "../connection/embedded.ts";
import { MEMORY } from "../engine/engine.ts";
import { Shell } from "./shell.ts";

/**
 * Runs a script against an empty embedded database; what it asserts with `assert` is checked in its own realm.
 *
 * @returns what the script printed
 */
export function run(script: string): string {
  let text = "";
  using shell = new Shell({
    connection: new EmbeddedConnection({ directory: MEMORY }),
    output: (part) => text += part,
  });
  shell.run(`var assert = require("assert");
    var errorOf = function (run) { try { run(); } catch (e) { return e.errorNum; } return 0; };`);
  shell.run(script);
  return text;
}
