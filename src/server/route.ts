/**
 * What an endpoint of the HTTP API is: a row with a method, a path, a right and a function.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply, ApiRequest } from "../base/exchange.ts";
import { corrupted, parsedJson } from "../base/json_text.ts";
import { VELOCYPACK_TYPE, velocyPackToJson } from "../base/velocypack.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import { isHeldError } from "../engine/document_locks.ts";
import type { Engine } from "../engine/engine.ts";
import type { Rights } from "./rights.ts";
import type { Server } from "./server.ts";
import { transactionsOf } from "./transactions.ts";
import type { Waiting } from "./waiting.ts";

export { bytes, empty, errorReply, json, jsonText, ok } from "./reply.ts";

/**
 * Who may call an endpoint: `open` everybody; `user` every authenticated user; `read` and `write` users with that right to
 * the database; `admin` users who may write to `_system`; `system` those too, and only in `_system`.
 */
export type Access = "open" | "user" | "read" | "write" | "admin" | "system";

/** One endpoint. */
export interface Route {
  /** Upper-case method, or `*` for every method. `GET` answers `HEAD` too. */
  readonly method: string;
  /** Path below the database, such as `/_api/document/:collection/:key`; a last part `*name` takes the rest of the path. */
  readonly path: string;
  /** Who may call it. */
  readonly access: Access;
  /** Whether the header `x-arango-trx-id` makes requests part of a transaction; elsewhere it is ignored. */
  readonly transactional?: boolean;
  /** Whether it may answer by a thread for queries: then an asynchronous request is begun at once. */
  readonly mayRunElsewhere?: boolean;
  /** Whether it runs functions of clients, which may take any time. */
  readonly runsActions?: boolean;
  /** Answers a request. */
  handle?(context: RequestContext): ApiReply | Waiting;
  /**
   * Starts a background job that outlives the request, and is called instead of `handle`.
   *
   * @returns the job's id, which {@linkcode ServerOptions.backgroundJobs} knows
   */
  start?(context: RequestContext): string;
}

/**
 * The same routes, but that they tell of a collection that is not there without its name, as the endpoints do that are about
 * collections and not about what is in them. Source: recorded example `RestBatchMultipartHeader`.
 */
export function withoutNames(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle(context): ApiReply | Waiting {
      try {
        return route.handle!(context);
      } catch (error) {
        if (!(error instanceof ArangoError) || error.errorNum !== 1203) throw error;
        throw new ArangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", undefined, { cause: error });
      }
    },
  }));
}

const TRUE = new Set(["true", "yes", "on", "y", "1"]);
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A request on its way through a route. */
export class RequestContext {
  /** The server that answers. */
  readonly server: Server;
  /** The request as it came. */
  readonly request: ApiRequest;
  /** The user that the request is made as. */
  readonly user: string;
  /** What the user may do. */
  readonly rights: Rights;
  /** The name of the database, as the path names it. */
  readonly databaseName: string;
  /** The path below the database, with a leading slash, as sent. */
  readonly path: string;
  /** The decoded parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>;
  /** The parameters after the question mark. */
  readonly query: URLSearchParams;
  /** The id of the transaction that the request is part of. */
  readonly transactionId: string | undefined;
  /** Whether other requests go on while this one waits. */
  readonly mayWait: boolean;
  /** Whether the request is tried again when a transaction has ended that has something locked which it needs. */
  readonly isTriedAgain: boolean;
  #text: string | undefined;
  #database: Database | undefined;

  /** Contexts are made by {@linkcode Server.handle}. */
  constructor(
    server: Server,
    request: ApiRequest,
    parts: Pick<
      RequestContext,
      "user" | "rights" | "databaseName" | "path" | "params" | "query" | "transactionId" | "mayWait" | "isTriedAgain"
    >,
  ) {
    this.server = server;
    this.request = request;
    this.user = parts.user;
    this.rights = parts.rights;
    this.databaseName = parts.databaseName;
    this.path = parts.path;
    this.params = parts.params;
    this.query = parts.query;
    this.transactionId = parts.transactionId;
    this.mayWait = parts.mayWait;
    this.isTriedAgain = parts.isTriedAgain;
  }

  /**
   * The engine behind the server, or that of the transaction that the request is part of.
   *
   * @throws ArangoError 1655 no such transaction, 1654 aborted, 1653 committed
   */
  get engine(): Engine {
    if (this.transactionId === undefined) return this.server.engine;
    if (!/^\d+$/.test(this.transactionId)) {
      throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: '${this.transactionId}' is no transaction id`);
    }
    return transactionsOf(this.server).engine(this.transactionId, this.user, this.databaseName);
  }

  /** Header names in lower case. */
  get headers(): Readonly<Record<string, string>> {
    return this.request.headers;
  }

  /** The bytes of the body. */
  get body(): Uint8Array {
    return this.request.body;
  }

  /**
   * The database of the request, with its system collections.
   *
   * @throws ArangoError 1228
   */
  get database(): Database {
    return this.#database ??= this.transactionId === undefined
      ? this.server.database(this.databaseName)
      : this.engine.database(this.databaseName);
  }

  /**
   * The body as text.
   *
   * @returns JSON text also for a body in VelocyPack
   * @throws ArangoError 600 if it is not UTF-8, or damaged VelocyPack
   */
  text(): string {
    if (this.#text !== undefined) return this.#text;
    const isVelocyPack = this.headers["content-type"]?.startsWith(VELOCYPACK_TYPE) && this.body.length > 0;
    try {
      return this.#text = isVelocyPack ? velocyPackToJson(this.body) : decoder.decode(this.body);
    } catch (cause) {
      throw corrupted(isVelocyPack ? (cause as Error).message : "Invalid UTF-8 sequence", cause);
    }
  }

  /**
   * The body as a JSON value; an empty body is undefined.
   *
   * @throws ArangoError 600 if it is not JSON
   */
  json(): unknown {
    const text = this.text();
    return text === "" ? undefined : parsedJson(text);
  }

  /**
   * The body as a JSON object.
   *
   * @throws ArangoError 600 if it is not JSON, 400 if it is no object
   */
  object(): Record<string, unknown> {
    const value = this.json();
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "expecting a JSON object as the body of the request");
    }
    return value as Record<string, unknown>;
  }

  /** A parameter that is on or off. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.query.get(name);
    return value === null ? otherwise : TRUE.has(value.toLowerCase());
  }

  /** A parameter that is a number; undefined if it is absent or none. */
  number(name: string): number | undefined {
    const value = this.query.get(name);
    if (value === null || value.trim() === "") return undefined;
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }

  /** The revision of an entity tag in a header, which may lack its quotes; undefined if there is none, or `*`. */
  headerRevision(name: "if-match" | "if-none-match"): string | undefined {
    const value = this.headers[name]?.trim();
    if (value === undefined || value === "" || value === "*") return undefined;
    return value.replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
  }

  /**
   * A collection that the user may read.
   *
   * @param nameOrId the route's parameter `collection` when absent
   * @throws ArangoError 1203, or 11 without the right
   */
  readable(nameOrId: string = this.params.collection!): Collection {
    const collection = this.database.collection(nameOrId);
    this.rights.assertCollection(this.databaseName, collection.name, "ro");
    if (this.transactionId !== undefined) transactionsOf(this.server).checkRead(collection.name, this.transactionId);
    return collection;
  }

  /**
   * A collection whose documents the user may change.
   *
   * @throws ArangoError as {@linkcode readable} does; 1004 while the server is read-only
   */
  writable(nameOrId: string = this.params.collection!): Collection {
    const collection = this.database.collection(nameOrId);
    this.rights.assertCollection(this.databaseName, collection.name, "rw");
    this.server.assertWritable();
    if (this.transactionId !== undefined) transactionsOf(this.server).charge(this.transactionId, this.body.length);
    return collection;
  }

  /**
   * Whether an error is about one document of many, and not about the whole request: as long as that can be tried again, a
   * document that somebody else has locked is none of them.
   */
  isDocumentError(error: unknown): error is ArangoError {
    if (this.isTriedAgain && isHeldError(error)) return false;
    return error instanceof ArangoError && error.errorNum >= 1200 && error.errorNum < 1700;
  }

  /**
   * Refuses a path that lacks something, or has too much.
   *
   * @param expected what should have been there: `/_api/document/<collection>/<key>`
   * @param problem `missing` parts (error 400), or `superfluous` ones (error 601)
   * @throws ArangoError always
   */
  refusePath(expected: string, problem: "missing" | "superfluous"): never {
    if (problem === "missing") {
      throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `expecting ${this.request.method} ${expected}`);
    }
    throw new ArangoError("ERROR_HTTP_SUPERFLUOUS_SUFFICES", `superfluous parameter, expecting ${expected}`);
  }

  /** A URL path of this database: `/_db/NAME` and what follows. */
  location(path: string): string {
    return `/_db/${encodeURIComponent(this.databaseName)}${path}`;
  }
}
