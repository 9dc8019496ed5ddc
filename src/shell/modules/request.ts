/**
 * A blocking HTTP client.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/request`. Source: arangosh.md 3.8. */
export function request({ module, require, global }: ModuleScope): void {
  const { Buffer } = require("buffer");
  const internal = require("internal");
  const querystring = require("querystring");

  class IncomingResponse {
    [name: string]: Loose;

    constructor(reply: Loose, encoding: Loose, json: Loose) {
      this.status = reply.code;
      this.statusCode = reply.code;
      this.message = reply.message;
      this.headers = reply.headers ?? {};
      this.rawBody = reply.body;
      this.body = encoding === null || reply.body === undefined
        ? reply.body
        : reply.body.toString(encoding === undefined ? "utf8" : encoding);
      if (json !== false && typeof this.body === "string" && this.body !== "") {
        try {
          this.json = JSON.parse(this.body);
        } catch {
          // the body is no JSON: then there is no `json`
        }
      }
    }
    throw(message?: string): void {
      if (this.status < 400) return;
      const error: Loose = new Error(message ?? this.message);
      // named as the package http-errors names them: `NotFoundError`, `InternalServerError`
      const name = this.message.split(/[^A-Za-z]+/).map((word: string) => word.charAt(0).toUpperCase() + word.slice(1));
      const value = `${name.join("").replace(/Error$/, "")}Error`;
      Object.defineProperty(error, "name", { value, configurable: true, writable: true });
      error.status = error.statusCode = this.status;
      error.expose = this.status < 500;
      error.details = { request: undefined, response: this };
      throw error;
    }
    _PRINT(context: Loose): void {
      const size = this.rawBody?.length ?? 0;
      const body = typeof this.body === "string" && this.body !== "" ? ` ${JSON.stringify(this.body)}` : "";
      context.output += `[IncomingResponse ${this.status} ${this.message} ${size} bytes${body}]`;
    }
  }

  /** The text of a query or a form: `qs` writes nested values as `a[b]=1`, `querystring` has none. */
  function encoded(values: Loose, options: Loose): string {
    if (typeof values === "string") return values;
    return (options.useQuerystring ? querystring : global.require("qs")).stringify(values);
  }

  function send(given: Loose): Loose {
    const options = typeof given === "string" ? { url: given } : { ...given };
    for (const name of ["formData", "multipart"]) {
      if (options[name] !== undefined) throw new Error(`${name} is not supported`);
    }
    const target = options.url ?? options.uri ?? "";
    let url: string = typeof target === "object" ? require("url").format(target) : String(target);
    if (url === "") throw new Error("Request URL must not be empty.");
    const headers: Record<string, string> = {};
    for (const name of Object.keys(options.headers ?? {})) headers[name.toLowerCase()] = String(options.headers[name]);
    let auth = options.auth;
    url = url.replace(/^(\w+:\/\/)([^/@]*)@/, (_whole, scheme, credentials) => {
      const [username, ...rest] = credentials.split(":").map(decodeURIComponent);
      auth ??= { username, password: rest.join(":") };
      return scheme;
    });
    if (options.qs !== undefined) {
      const query = encoded(options.qs, options);
      if (query !== "") url += (url.includes("?") ? "&" : "?") + query;
    }
    if (auth?.bearer !== undefined || auth?.jwt !== undefined) {
      headers.authorization ??= `Bearer ${auth.bearer ?? auth.jwt}`;
    } else if (auth?.username !== undefined) {
      const pair = Buffer.from(`${auth.username}:${auth.password ?? ""}`).toString("base64");
      headers.authorization ??= `Basic ${pair}`;
    }
    let body = options.body;
    if (options.form !== undefined && body === undefined) {
      body = encoded(options.form, options);
      headers["content-type"] ??= "application/x-www-form-urlencoded";
    } else if (options.json && body !== undefined) {
      body = JSON.stringify(body);
      headers["content-type"] ??= "application/json";
    } else if (typeof body === "string") headers["content-type"] ??= "text/plain; charset=utf-8";
    else if (body instanceof Uint8Array) headers["content-type"] ??= "application/octet-stream";
    const reply = internal.download(url, body ?? "", {
      method: String(options.method ?? "get").toUpperCase(),
      headers,
      timeout: options.timeout ?? 10,
      followRedirects: options.followRedirect ?? true,
      maxRedirects: options.maxRedirects ?? 10,
      returnBodyOnError: options.returnBodyOnError ?? true,
      returnBodyAsBuffer: true,
    });
    return new IncomingResponse(reply, options.encoding, options.json);
  }

  const callable: Loose = (given: Loose) => send(given);
  callable.request = callable;
  callable.Response = IncomingResponse;
  for (const method of ["get", "post", "put", "patch", "delete", "head"]) {
    callable[method] = (url: Loose, options?: Loose) =>
      send(typeof url === "string" ? { ...options, url, method } : { ...url, method });
  }
  module.exports = callable;
}
