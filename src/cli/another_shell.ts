/**
 * How a shell starts another one on the same database, for test suites that need several clients.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { StartOrder } from "../shell/programs_protocol.ts";
import type { Options } from "./options.ts";

/** Options that both shells have in common. */
const SHARED = [
  "connect-to",
  "database.directory",
  "javascript.module-directory",
  "javascript.startup-directory",
  "server.authentication",
  "server.endpoint",
  "server.jwt-secret-keyfile",
  "server.username",
  "ssl.ca-file",
  "temp.path",
];
/** The variable that the password goes by: command lines can be read by everybody. */
const PASSWORD_VARIABLE = "DENOSH_PASSWORD";

/**
 * The order for a program: another shell.
 *
 * @param options of this shell
 * @param directory of the embedded database
 * @param args further arguments
 * @throws ArangoError 9 for a database in memory, which one shell alone can have
 */
export function anotherShell(options: Options, directory: string, args: readonly string[]): StartOrder {
  if (!options.has("server.endpoint") && directory === ":memory:") {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", "an embedded database in memory belongs to one shell alone");
  }
  const shared = SHARED.flatMap((name) => options.list(name).flatMap((value) => [`--${name}`, literal(value)]));
  const program = Deno.build.standalone
    ? []
    : ["run", "--allow-all", "--quiet", "--no-prompt", import.meta.resolve("../main.ts")];
  return {
    file: Deno.execPath(),
    args: [...program, ...shared, "--server.password", `@${PASSWORD_VARIABLE}@`, ...args],
    usePipes: false,
    environment: { [PASSWORD_VARIABLE]: options.text("server.password") ?? "" },
  };
}

/** A value in which nothing is substituted. */
function literal(value: string): string {
  return value.replaceAll("@", "@@");
}
