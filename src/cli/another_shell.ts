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
/** The variables that secrets go by, by their options: command lines can be read by everybody. */
const SECRETS = { "server.password": "DENOSH_PASSWORD", "server.jwt-token": "DENOSH_JWT_TOKEN" };

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
  const secrets = Object.entries(SECRETS).filter(([name]) => options.has(name));
  const program = Deno.build.standalone
    ? []
    : ["run", "--allow-all", "--quiet", "--no-prompt", import.meta.resolve("../main.ts")];
  return {
    file: Deno.execPath(),
    args: [...program, ...shared, ...secrets.flatMap(([name, variable]) => [`--${name}`, `@${variable}@`]), ...args],
    usePipes: false,
    environment: Object.fromEntries(secrets.map(([name, variable]) => [variable, options.text(name) ?? ""])),
  };
}

/** A value in which nothing is substituted. */
function literal(value: string): string {
  return value.replaceAll("@", "@@");
}
