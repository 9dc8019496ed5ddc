/**
 * Requests and replies written down as the examples of a manual.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/http-examples`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalHttpExamples({ exports, require }: ModuleScope): void {
  const { inspect } = require("denosh/printer");
  const server = () => require("denosh/connection").arango;

  exports.appendCurlRequest = function (shell: Loose, json: Loose, raw: Loose) {
    return function (method: string, url: string, body?: Loose, headers: Loose = {}) {
      const sent: Loose = { ...headers };
      sent.accept ??= "application/json";
      const hasBody = body !== undefined && body !== null && body !== "";
      const text = !hasBody || typeof body === "string" ? body : inspect(body);
      const call = server()[`${method}_RAW`];
      const response = ["GET", "HEAD"].includes(method)
        ? call.call(server(), url, sent)
        : call.call(server(), url, text ?? "", sent);
      let curl = "curl ";
      if (method !== "GET") curl += `-X ${method} `;
      for (const name of Object.keys(sent)) curl += `--header '${name}: ${sent[name]}' `;
      if (hasBody) curl += "--data-binary @- ";
      curl += `--dump - 'http://localhost:8529${url}'`;
      shell(curl + (hasBody ? " <<'EOF'\n" : "\n"));
      if (hasBody) {
        (typeof body === "string" ? raw : json)(`${text}\n`);
        shell("EOF\n");
      }
      return response;
    };
  };
  function appendHead(append: Loose, response: Loose): void {
    append(`HTTP/1.1 ${response.headers["http/1.1"] ?? response.code}\n`);
    for (const name of Object.keys(response.headers)) {
      if (name !== "http/1.1") append(`${name}: ${response.headers[name]}\n`);
    }
    append("\n");
  }
  function appender(body: (response: Loose, append: Loose) => void) {
    return (append: Loose, appendBody?: Loose) => (response: Loose) => {
      appendHead(append, response);
      if (response.body !== undefined) body(response, appendBody ?? append);
    };
  }
  exports.appendRawResponse = appender((response, append) => append(inspect(response.body)));
  exports.appendPlainResponse = appender((response, append) => {
    for (const line of String(response.body).split("\n")) append(`${line}\n`);
  });
  exports.appendJsonResponse = appender((response, append) =>
    append(inspect(response.parsedBody ?? JSON.parse(String(response.body))))
  );
  exports.appendJsonLResponse = appender((response, append) => {
    for (const line of String(response.body).split("\n")) {
      if (line !== "") append(`${inspect(JSON.parse(line))}\n`);
    }
  });
}
