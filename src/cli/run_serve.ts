/**
 * `denosh serve`: a database directory behind ArangoDB's HTTP API.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { hostServer } from "../embedding/host_server.ts";
import type { Options } from "./options.ts";

/** Serves until a signal ends it. */
export async function runServe(
  options: Options,
  directory: string,
  environment: (name: string) => string | undefined,
  write: (text: string) => void,
): Promise<number> {
  const endpoints = options.list("server.endpoint");
  const rootPassword = options.text("server.root-password") ?? options.text("server.password") ??
    environment("DENOSH_ROOT_PASSWORD");
  const workers = options.number(
    "server.workers",
    options.number("server.query-threads", navigator.hardwareConcurrency),
  );
  const secretFile = options.text("server.jwt-secret-keyfile");
  const keyFile = options.text("ssl.keyfile");
  const server = await hostServer({
    directory,
    readOnly: options.flag("database.read-only", false),
    endpoints: endpoints.length > 0 ? endpoints : ["tcp://127.0.0.1:8529"],
    authentication: options.flag("server.authentication", rootPassword !== undefined),
    signals: true,
    queryThreads: workers,
    trustedOrigins: options.list("http.trusted-origin"),
    allowAdminExecute: options.flag("javascript.allow-admin-execute", false),
    compressAbove: options.number("http.compress-response-threshold", 0),
    writeLine: write,
    connectTo: options.list("connect-to"),
    ...(rootPassword === undefined ? {} : { rootPassword }),
    ...(secretFile === undefined ? {} : { jwtSecret: readFileSync(secretFile, "utf8").trim() }),
    ...(keyFile === undefined ? {} : { certificateAndKey: readFileSync(keyFile, "utf8") }),
  });
  await server.running.finished;
  await server[Symbol.asyncDispose]();
  return 0;
}
