/**
 * Requests to any server, and to the one that the shell is connected to.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/download`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalDownload({ exports, require, host }: ModuleScope): void {
  const { make, usage } = require("denosh/errors");
  const server = () => require("denosh/connection").arango;

  const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
  const REDIRECTIONS = [301, 302, 303, 307, 308];

  /** One exchange: relative addresses go to the connected server. */
  function exchange(method: string, url: string, headers: Record<string, string>, body: Loose, timeout: number): Loose {
    const { Buffer } = require("buffer");
    const content = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
    if (!/^\w+:\/\//.test(url)) {
      // unlike the shell's own requests, these do not ask for VelocyPack
      const sent = { accept: "*/*", ...headers };
      const reply = server()[`${method}_RAW`].apply(
        server(),
        method === "GET" || method === "HEAD" ? [url, sent] : [url, content, sent],
      );
      const bytes = reply.body === undefined ? Buffer.alloc(0) : Buffer.from(reply.body);
      const { "http/1.1": status = "", ...rest } = reply.headers ?? {};
      return { code: reply.code ?? 500, message: status.replace(/^\d+ /, ""), headers: rest, body: bytes };
    }
    const reply = JSON.parse(host.fetch(method, url, headers, content, timeout));
    return { ...reply, body: Buffer.from(reply.body, "base64") };
  }

  /** The headers that are sent, in lower case, with those that tell who asks. */
  function sentHeaders(options: Loose): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const name of Object.keys(options.headers ?? {})) headers[name.toLowerCase()] = String(options.headers[name]);
    if (options.jwt) headers.authorization ??= `bearer ${options.jwt}`;
    else if (options.username !== undefined) {
      const pair = require("buffer").Buffer.from(`${options.username}:${options.password ?? ""}`);
      headers.authorization ??= `Basic ${pair.toString("base64")}`;
    }
    return headers;
  }

  /** Goes where replies send it, so many times. */
  function followed(first: string, exchangeWith: (address: string) => Loose, most: number): Loose {
    let address = first;
    let reply = exchangeWith(address);
    for (let left = most; left > 0; left--) {
      const target = reply.headers.location;
      if (!REDIRECTIONS.includes(reply.code) || target === undefined) break;
      address = require("url").resolve(address, target);
      reply = exchangeWith(address);
    }
    return reply;
  }

  exports.download = function download(url: Loose, body?: Loose, given?: Loose, outfile?: Loose): Loose {
    if (typeof url !== "string") throw usage("download(<url>, <body>, <options>, <outfile>)");
    const options = given ?? {};
    if (outfile !== undefined && host.kindOf(outfile) !== "") throw make(16);
    const method = String(options.method ?? (body === undefined || body === "" ? "GET" : "POST")).toUpperCase();
    if (!METHODS.includes(method)) throw make(10, `invalid HTTP method: ${method}`);
    const headers = sentHeaders(options);
    // Node resolves addresses only below schemes that it knows; the embedded database's endpoint has none
    const address = url.replace(/^(http\+)?tcp:/, "http:").replace(/^(http\+)?ssl:/, "https:")
      .replace(/^embedded\//, "/");
    const reply = followed(
      address,
      (target) => exchange(method, target, headers, body ?? "", options.timeout ?? 10),
      options.followRedirects === false ? 0 : options.maxRedirects ?? 5,
    );
    const result: Loose = { code: reply.code, message: reply.message };
    // without a connection there are none
    if (Object.keys(reply.headers).length === 0) return result;
    result.headers = reply.headers;
    if (reply.code < 400 || options.returnBodyOnError) {
      if (outfile !== undefined) host.writeFile(outfile, reply.body, false);
      else result.body = options.returnBodyAsBuffer ? reply.body : reply.body.toString("utf8");
    }
    return result;
  };
}
