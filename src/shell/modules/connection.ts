/**
 * The `arango` object: requests to the server, and what the shell knows about it.
 *
 * Source: arangosh.md 4.
 *
 * @module
 */

import type { HostReply } from "../host.ts";
import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/connection`: `arango` and its class. */
export function connection({ exports, require, host, global }: ModuleScope): void {
  const { ownError } = require("denosh/core");
  const { make, usage } = require("denosh/errors");
  const { bufferOf, phrase, plainReply, rawReply } = require("denosh/connection/replies");

  /** The headers of a request that has no body: what helpers for all methods give as its body is passed over. */
  function headersIn([first, second]: Loose[]): Loose {
    return typeof first === "string" ? second : first;
  }

  class ArangoConnection {
    #database: string;
    #timeout: number | undefined;
    #lastCode = 0;
    #lastError = "";
    #version = "arango";
    #role = "UNKNOWN";
    #mode = "unknown mode";
    #connected: boolean | undefined;
    #forceJson: boolean;
    #compress: boolean;
    #renewal: number;

    constructor() {
      this.#database = host.initialDatabase();
      const options = JSON.parse(host.startupOptions());
      this.#forceJson = options["server.force-json"] === true;
      this.#compress = options["compress-transfer"] === true;
      this.#renewal = options["server.jwt-renewal-threshold"] ?? 300;
    }

    /** Asks the server who it is, once. */
    #greet(): boolean {
      if (this.#connected !== undefined) return this.#connected;
      this.#connected = false;
      if (host.endpoint() === "none") {
        this.#lastError = "no endpoint specified";
        return false;
      }
      let reply: HostReply;
      try {
        const url = `/_db/${encodeURIComponent(this.#database)}/_api/version?details=true`;
        reply = host.request("GET", url, { accept: "application/json" }, "", 30);
      } catch (error) {
        this.#lastError = (error as Loose).errorMessage ?? String(error);
        this.#lastCode = 500;
        return false;
      }
      this.#lastCode = reply.status;
      let body: Loose;
      try {
        body = JSON.parse(reply.text ?? "");
      } catch {
        body = undefined;
      }
      if (reply.status >= 400) {
        this.#lastError = body?.errorMessage ?? phrase(reply.status);
        return false;
      }
      if (body === null || typeof body !== "object") {
        this.#lastError = `invalid response: '${reply.text ?? ""}'`;
        return false;
      }
      this.#version = String(body.version ?? "");
      this.#role = String(body.details?.role ?? "UNKNOWN");
      this.#mode = String(body.details?.mode ?? "unknown mode");
      if (parseInt(this.#version) < 3) {
        this.#lastError = `Server version number ('${this.#version}') is too low. Expecting 3.0 or higher`;
        return false;
      }
      this.#lastError = "";
      this.#connected = true;
      return true;
    }

    /** The request's answer, or the transport's failure as `{errorNum, errorMessage}`. */
    #send(method: string, url: Loose, body: Loose, headers: Loose): { reply?: HostReply; failure?: Loose } {
      if (host.endpoint() === "none") {
        throw ownError({ code: 500, errorNum: 2001, errorMessage: "not connected" });
      }
      let path = String(url);
      if (!path.startsWith("/")) path = `/${path}`;
      if (!path.startsWith("/_db/")) path = `/_db/${encodeURIComponent(this.#database)}${path}`;
      const sent: Record<string, string> = {};
      if (headers !== undefined && headers !== null) {
        for (const name of Object.keys(headers)) sent[name.toLowerCase()] = String(headers[name]);
      }
      sent.accept ??= "application/json";
      let content: string | Uint8Array = "";
      if (typeof body === "string") {
        content = body;
        if (body !== "") sent["content-type"] ??= "application/json";
      } else if (body instanceof Uint8Array) content = body;
      else if (body !== undefined && body !== null) {
        content = JSON.stringify(body) ?? "";
        sent["content-type"] ??= "application/json";
      }
      try {
        const reply = host.request(method, path, sent, content, this.#timeout);
        this.#lastCode = reply.status;
        this.#lastError = reply.status >= 400 ? phrase(reply.status) : "";
        return { reply };
      } catch (error) {
        const failure = error as Loose;
        if (failure?.isExitRequest === true || failure?.errorNum === 36) throw failure;
        if (failure?.isArangoError !== true) throw failure;
        this.#lastCode = 500;
        this.#lastError = failure.errorMessage;
        const known = [2000, 2001, 2002, 2003, 408].includes(failure.errorNum);
        return { failure: { errorNum: known ? failure.errorNum : 2000, errorMessage: failure.errorMessage } };
      }
    }

    #plain(method: string, url: Loose, body: Loose, headers: Loose): Loose {
      const { reply, failure } = this.#send(method, url, body, headers);
      if (reply === undefined) {
        return { error: true, errorNum: failure.errorNum, errorMessage: failure.errorMessage, code: 500 };
      }
      return plainReply(method, reply);
    }

    /** Whether a reply is in VelocyPack as far as scripts can see; on its way it is JSON, which is read faster. */
    #isPacked(reply: HostReply, headers: Loose): boolean {
      if (this.#forceJson || !/^application\/json\b/.test(reply.headers["content-type"] ?? "")) return false;
      return !Object.keys(headers ?? {}).some((name) => name.toLowerCase() === "accept");
    }

    #raw(method: string, url: Loose, body: Loose, headers: Loose): Loose {
      const { reply, failure } = this.#send(method, url, body, headers);
      if (reply === undefined) return { error: true, errorNum: 503, errorMessage: failure.errorMessage };
      return rawReply(method, reply, this.#isPacked(reply, headers));
    }

    #checkBody(name: string, given: number): void {
      if (given < 2) throw usage(`${name}(<url>, <body>[, <headers>])`);
    }
    #checkUrl(call: string, url: Loose): void {
      if (url === undefined) throw usage(call);
    }

    GET(url: Loose, ...rest: Loose[]): Loose {
      this.#checkUrl("get(<url>[, <headers>])", url);
      return this.#plain("GET", url, undefined, headersIn(rest));
    }
    HEAD(url: Loose, ...rest: Loose[]): Loose {
      this.#checkUrl("head(<url>[, <headers>])", url);
      return this.#plain("HEAD", url, undefined, headersIn(rest));
    }
    DELETE(url: Loose, body?: Loose, headers?: Loose): Loose {
      this.#checkUrl("delete(<url>[, <body>[, <headers>]])", url);
      return this.#plain("DELETE", url, body, headers);
    }
    POST(...args: Loose[]): Loose {
      this.#checkBody("post", args.length);
      return this.#plain("POST", args[0], args[1], args[2]);
    }
    PUT(...args: Loose[]): Loose {
      this.#checkBody("put", args.length);
      return this.#plain("PUT", args[0], args[1], args[2]);
    }
    PATCH(...args: Loose[]): Loose {
      this.#checkBody("patch", args.length);
      return this.#plain("PATCH", args[0], args[1], args[2]);
    }
    OPTIONS(...args: Loose[]): Loose {
      this.#checkBody("options", args.length);
      return this.#plain("OPTIONS", args[0], args[1], args[2]);
    }
    GET_RAW(url: Loose, ...rest: Loose[]): Loose {
      this.#checkUrl("get(<url>[, <headers>])", url);
      return this.#raw("GET", url, undefined, headersIn(rest));
    }
    HEAD_RAW(url: Loose, ...rest: Loose[]): Loose {
      this.#checkUrl("head(<url>[, <headers>])", url);
      return this.#raw("HEAD", url, undefined, headersIn(rest));
    }
    DELETE_RAW(url: Loose, body?: Loose, headers?: Loose): Loose {
      this.#checkUrl("delete(<url>[, <body>[, <headers>]])", url);
      return this.#raw("DELETE", url, body, headers);
    }
    POST_RAW(...args: Loose[]): Loose {
      this.#checkBody("post", args.length);
      return this.#raw("POST", args[0], args[1], args[2]);
    }
    PUT_RAW(...args: Loose[]): Loose {
      this.#checkBody("put", args.length);
      return this.#raw("PUT", args[0], args[1], args[2]);
    }
    PATCH_RAW(...args: Loose[]): Loose {
      this.#checkBody("patch", args.length);
      return this.#raw("PATCH", args[0], args[1], args[2]);
    }
    OPTIONS_RAW(...args: Loose[]): Loose {
      this.#checkBody("options", args.length);
      return this.#raw("OPTIONS", args[0], args[1], args[2]);
    }
    SEND_FILE(url: Loose, filename: Loose, headers?: Loose): Loose {
      if (filename === undefined) throw usage("SEND_FILE(<url>, <file>[, <headers>])");
      if (host.kindOf(String(filename)) !== "file") {
        throw make(10, `file to load for body doesn't exist: ${filename}`);
      }
      return this.#plain("POST", url, bufferOf(host.readBytes(String(filename))), headers);
    }

    getEndpoint(): string {
      const endpoint = host.endpoint();
      return endpoint === "none" ? "" : endpoint;
    }
    getDatabaseName(): string {
      return this.#database;
    }
    setDatabaseName(name: Loose): boolean {
      if (typeof name !== "string" || name === "" || /^[0-9_]?$/.test(name) || /[/:]/.test(name)) {
        throw make(1208, "illegal name");
      }
      this.#database = name;
      return true;
    }
    connectedUser(): string {
      return host.username();
    }
    isConnected(): boolean {
      return this.#greet();
    }
    lastHttpReturnCode(): number {
      return this.#lastCode;
    }
    lastErrorMessage(): string {
      return this.#lastError;
    }
    getVersion(): string {
      this.#greet();
      return this.#version;
    }
    getRole(): string {
      this.#greet();
      return this.#role;
    }
    getMode(): string {
      this.#greet();
      return this.#mode;
    }
    protocol(): string {
      return "http";
    }
    timeout(seconds?: Loose): Loose {
      if (seconds !== undefined) {
        this.#timeout = Number(seconds);
        return true;
      }
      return this.#timeout ?? host.requestTimeout();
    }
    forceJson(on?: Loose): boolean {
      if (on !== undefined) this.#forceJson = Boolean(on);
      return this.#forceJson;
    }
    compressTransfer(on?: Loose): boolean {
      if (on !== undefined) this.#compress = Boolean(on);
      return this.#compress;
    }
    jwtRenewalThreshold(seconds?: Loose): number {
      if (seconds !== undefined) this.#renewal = Number(seconds);
      return this.#renewal;
    }
    reconnect(
      endpoint: Loose,
      database: Loose,
      user?: Loose,
      password?: Loose,
      warnConnect?: Loose,
      jwtSecret?: Loose,
    ): boolean {
      if (typeof endpoint !== "string" || typeof database !== "string") {
        throw usage("reconnect(<endpoint>, <database>[, <username>, <password>, <warnConnect>, <jwtSecret>])");
      }
      const username = user === undefined || user === null ? host.username() : String(user);
      const former = this.#database;
      const text = (value: Loose) => value === undefined || value === null ? undefined : String(value);
      try {
        this.#connected = undefined;
        this.#database = database;
        host.connect(endpoint, database, username, text(password), text(jwtSecret));
        if (!this.#greet()) throw make(10, this.#lastError);
        host.settleConnection(true);
      } catch (error) {
        host.settleConnection(false);
        this.#connected = undefined;
        this.#database = former;
        const message = (error as Loose).errorMessage ?? String(error);
        if (warnConnect !== false) {
          const target = `endpoint '${endpoint}', database: '${database}', username: '${username}'`;
          host.log("ERROR", `Could not connect to ${target}${message ? ` - Error message: '${message}'` : ""}`);
        }
        throw make(10, message);
      }
      if (warnConnect !== false) {
        const place = `ArangoDB '${this.getEndpoint()}, version: ${this.#version} [${this.#role}, ${this.#mode}]`;
        host.log("INFO", `Connected to ${place}, database: '${database}', username: '${username}'`);
      }
      global.db._flushCache();
      return true;
    }
    getConnectionHandle(): Loose {
      const handle = { endpoint: this.getEndpoint(), database: this.#database, username: host.username() };
      return Object.defineProperty(handle, "id", { value: host.connectionHandle() });
    }
    connectHandle(handle: Loose): boolean {
      host.useConnection(Number(handle?.id));
      this.#database = handle.database;
      this.#connected = undefined;
      global.db._flushCache();
      return true;
    }
    disconnectHandle(_handle: Loose): boolean {
      return true;
    }
    setJwtSecret(_secret: Loose): void {
      throw make(9, "setJwtSecret is not supported; pass the secret to arango.reconnect");
    }
    importCsv(file: Loose, collection: Loose, options?: Loose): Loose {
      return require("denosh/import-files").importCsv(this, file, collection, options);
    }
    importJson(file: Loose, collection: Loose): Loose {
      return require("denosh/import-files").importJson(this, file, collection);
    }
    toString(): string {
      const endpoint = this.getEndpoint();
      if (!this.#greet()) return `[object ArangoConnection:${endpoint},unconnected]`;
      return `[object ArangoConnection:${endpoint},${this.#version},connected]`;
    }
    _PRINT(context: Loose): void {
      context.output += this.toString();
    }
  }
  Object.defineProperty(ArangoConnection.prototype, "isArangoConnection", { value: true });

  // also callable without new
  exports.ArangoConnection = new Proxy(ArangoConnection, { apply: (target) => new target() });
  exports.arango = new ArangoConnection();
}
