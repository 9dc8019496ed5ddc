/**
 * The router behind the shell and the socket: from a request to its answer.
 *
 * @module
 */
import { computedValueExpression } from "../aql/computed_values.ts";
import { ArangoError } from "../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodySize } from "../base/exchange.ts";
import { VELOCYPACK_TYPE } from "../base/velocypack.ts";
import type { Database } from "../engine/database.ts";
import type { Engine } from "../engine/engine.ts";
import { corsHeaders, METHODS } from "./cors.ts";
import { inTransaction, isPartElsewhere } from "./distant_transactions.ts";
import { expiryOf } from "./expiry.ts";
import { Jobs } from "./jobs.ts";
import { recordingsOf } from "./recordings.ts";
import { empty, errorReply, inAcceptedForm, mayBeDirty, STANDARD_HEADERS, unauthorized } from "./reply.ts";
import { ALL_RIGHTS, type Rights } from "./rights.ts";
import { parseTarget } from "./request_target.ts";
import { RequestContext, type Route } from "./route.ts";
import { assertAllowedWithin, changes } from "./route_rules.ts";
import { Router } from "./router.ts";
import { ROUTES } from "./routes/mod.ts";
import { logOf } from "./server_log.ts";
import type { BackgroundJob, HandleOptions, ServerOptions } from "./server_options.ts";
import { statisticsOf } from "./statistics.ts";
import { SYSTEM_COLLECTIONS } from "./system_collections.ts";
import { tasksOf } from "./tasks.ts";
import { transactionsOf } from "./transactions.ts";
import { Users } from "./users.ts";
import { after, block, isWaiting, patiently, settled, type Waiting } from "./waiting.ts";

/** Milliseconds between two looks at what has expired. */
const EXPIRY_INTERVAL = 1000;

interface Caller {
  readonly user: string;
  readonly rights: Rights;
}

const ROUTER = new Router(ROUTES);

/** An ArangoDB HTTP API over an engine. */
export class Server implements Disposable {
  /** Where the data is. */
  readonly engine: Engine;
  /** What the server was made with. */
  readonly options: ServerOptions;
  /** Who may log in. */
  readonly users: Users;
  /** Requests that are answered later. */
  readonly jobs: Jobs;
  /** Whether changes are refused; `PUT /_admin/server/mode` sets it. */
  readOnly: boolean;
  /** When the server started, in milliseconds since 1970. */
  readonly started: number = Date.now();
  readonly #parts = new Map<(server: Server) => unknown, unknown>();
  readonly #prepared = new Set<bigint>();
  #nextExpiry = 0;

  /** A server over `engine`, which stays open when the server is disposed. */
  constructor(engine: Engine, options: ServerOptions) {
    this.engine = engine;
    engine.expressions ??= computedValueExpression;
    this.options = options;
    if (options.queryThreads) {
      options.queryThreads.note = (...message) => logOf(this).note(...message);
      options.queryThreads.ended = (transaction) => transactionsOf(this).noteEnded(transaction);
      options.queryThreads.lost = (thread) => transactionsOf(this).forget(thread);
    }
    this.readOnly = engine.readOnly;
    this.users = new Users(engine, options);
    this.jobs = new Jobs(() => engine.nextId().toString());
    // what others have locked counts from the start
    if (options.locks || options.queryThreads?.homes) transactionsOf(this);
    // nobody could log in before root is there
    if (options.authentication) this.database("_system");
  }

  /**
   * State that belongs to this server, such as its open cursors: made by `make` when first asked for, and disposed with the
   * server.
   *
   * @param make identifies the state; always the same function
   */
  part<T>(make: (server: Server) => T): T {
    if (!this.#parts.has(make)) this.#parts.set(make, make(this));
    return this.#parts.get(make) as T;
  }

  /**
   * A database with its system collections.
   *
   * @throws ArangoError 1228
   */
  database(name: string): Database {
    const database = this.engine.database(name);
    if (!this.#prepared.has(database.id)) {
      if (!this.engine.readOnly) {
        const names = database.isSystem ? [...SYSTEM_COLLECTIONS, "_users"] : SYSTEM_COLLECTIONS;
        database.ensureCollections(names.map((one) => ({ name: one, properties: { isSystem: true } })));
        if (database.isSystem) this.users.prepare();
      }
      this.#prepared.add(database.id);
    }
    return database;
  }

  /**
   * Checks that changes are not refused.
   *
   * @throws ArangoError 1004
   */
  assertWritable(): void {
    if (this.readOnly) throw new ArangoError("ERROR_ARANGO_READ_ONLY");
  }

  /** What is known about a job that outlives requests. */
  backgroundJob(id: string, database: Database): BackgroundJob | undefined {
    return this.options.backgroundJobs?.(id, database);
  }

  /**
   * Answers a request. Failures are answers too.
   *
   * @returns a {@linkcode Waiting} for what takes longer, unless `options` say to block
   */
  handle(request: ApiRequest, options: HandleOptions & { readonly wait: "block" }): ApiReply;
  /** Answers a request, perhaps later. */
  handle(request: ApiRequest, options?: HandleOptions): ApiReply | Waiting;
  handle(request: ApiRequest, options: HandleOptions = {}): ApiReply | Waiting {
    const started = performance.now();
    const counted = (reply: ApiReply): ApiReply => {
      statisticsOf(this).note(request, reply, (performance.now() - started) / 1000);
      return reply;
    };
    const { failedLogins } = this.users;
    const failures = failedLogins.total;
    const answer = this.#guard(request, () => this.engine.turn(() => this.#route(request, options)));
    if (!isWaiting(answer)) {
      const isSlowed = options.wait === "later" && failedLogins.total > failures;
      return isSlowed ? after(failedLogins.pause, counted(answer)) : counted(answer);
    }
    const waiting = this.#guarded(request, answer, counted);
    return options.wait === "block" ? block(waiting) : waiting;
  }

  /** Answers a request by what `body` gives, whoever sends it. Failures are answers too. */
  answer(request: ApiRequest, body: () => ApiReply): ApiReply | Waiting {
    return this.#guard(request, () => this.engine.turn(body));
  }

  /** Answers requests that read: they see files in one state, but for what is committed between long ones. */
  handleReads(requests: readonly ApiRequest[]): (ApiReply | Waiting)[] {
    return this.engine.held.during(() => requests.map((one) => this.handle(one, { wait: "later" })));
  }

  /**
   * Answers writes of documents of one collection in one transaction: each by itself is done or refused, but either all that
   * are done are committed when this returns, or none is. If a write of many documents fails as a whole, it may have done a
   * part: then each is done in a transaction of its own.
   */
  handleTogether(
    [databaseName, name]: readonly [string, string],
    requests: readonly ApiRequest[],
  ): (ApiReply | Waiting)[] {
    const oneByOne = (): (ApiReply | Waiting)[] => requests.map((one) => this.handle(one, { wait: "later" }));
    if (requests.length === 1 || this.readOnly) return oneByOne();
    let answers: (ApiReply | Waiting)[] | undefined;
    try {
      this.runPeriodic();
      this.runQueued();
      this.engine.turn(() => {
        const collection = this.engine.database(databaseName).collection(name);
        this.engine.write([collection], () => {
          const found = requests.map((one) => this.handle(one, { wait: "later", together: true }));
          if (found.some((answer, i) => isArrayFailure(requests[i]!, answer))) throw new PartlyDone();
          answers = found;
        });
      });
      return answers!;
    } catch (error) {
      // what is wrong before all are done, each of them finds out for itself
      if (answers === undefined) return oneByOne();
      return requests.map((one) => this.#finished(one, this.#failure(one, error)));
    }
  }

  /** Runs `body`, turns what it throws into an answer, and adds what every answer has. */
  #guard(request: ApiRequest, body: () => ApiReply | Waiting): ApiReply | Waiting {
    let answer: ApiReply | Waiting;
    try {
      answer = body();
    } catch (error) {
      answer = this.#failure(request, error);
    }
    return isWaiting(answer) ? answer : this.#finished(request, answer);
  }

  /** The answer for what went wrong. A programming error is noted in the log: clients are told only its message. */
  #failure({ method, url }: ApiRequest, error: unknown): ApiReply {
    if (error instanceof ArangoError) return errorReply(error);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    logOf(this).note("ERROR", `internal error in ${method} ${url.split("?", 1)[0]}: ${stack}`);
    return errorReply(new ArangoError("ERROR_INTERNAL", `internal error: ${message}`, { code: 500 }));
  }

  #finished(request: ApiRequest, reply: ApiReply): ApiReply {
    const accepted = inAcceptedForm(request, reply);
    const { status, body } = accepted;
    const trusted = this.options.trustedOrigins ?? [];
    const headers = { ...STANDARD_HEADERS, ...corsHeaders(request, trusted), ...reply.headers };
    if (status < 400 && mayBeDirty(request)) headers["x-arango-potential-dirty-read"] = "true";
    if (body !== reply.body) headers["content-type"] = VELOCYPACK_TYPE;
    if (request.method !== "HEAD" || body.length === 0) return { status, headers, body };
    headers["content-length"] = String(bodySize(accepted));
    return { status, headers, body: "" };
  }

  /** An answer that comes later, as {@linkcode #guard} gives it. */
  #guarded(request: ApiRequest, answer: Waiting, finish: (reply: ApiReply) => ApiReply): Waiting {
    let known: ApiReply | undefined;
    return {
      ...answer,
      poll: () => {
        if (known) return known;
        const reply = this.#guard(request, () => answer.poll() ?? answer);
        return known = isWaiting(reply) ? undefined : finish(reply);
      },
    };
  }

  #route(request: ApiRequest, { wait, within, as, together = false }: HandleOptions): ApiReply | Waiting {
    if (request.method === "OPTIONS") return empty(200, { allow: METHODS.join(", ") });
    if (!METHODS.includes(request.method)) throw new ArangoError("ERROR_HTTP_METHOD_NOT_ALLOWED");
    const target = parseTarget(request.url);
    recordingsOf(this).calls.note({ requestType: request.method, path: target.path, database: target.databaseName });
    const found = ROUTER.find(request.method, target.parts);
    const route = typeof found === "object" ? found.route : undefined;
    const caller = route?.access === "open" ? { user: "", rights: ALL_RIGHTS } : this.#caller(request, as);
    if (!caller) return unauthorized(request);
    if (!this.#exists(target.databaseName)) {
      if (!caller.rights.isAdmin) return unauthorized(request);
      throw new ArangoError("ERROR_ARANGO_DATABASE_NOT_FOUND");
    }
    if (found === undefined) {
      throw new ArangoError("ERROR_HTTP_NOT_FOUND", `unknown path '${target.path}'`);
    }
    if (typeof found === "string") throw new ArangoError("ERROR_HTTP_METHOD_NOT_ALLOWED");
    const needsDatabase = found.route.access === "read" || found.route.access === "write";
    if (needsDatabase && caller.rights.database(target.databaseName) === "none") return unauthorized(request);
    caller.rights.assert(found.route.access, target.databaseName);
    if (changes(found.route)) this.assertWritable();
    if (within !== undefined) assertAllowedWithin(found.route);
    const transactionId = found.route.transactional ? within ?? request.headers["x-arango-trx-id"]?.trim() : undefined;
    // whoever has checked the user for us sees to this as well
    if (as === undefined && !together) this.runPeriodic();
    const parts = {
      ...caller,
      ...target,
      params: found.params,
      transactionId,
      mayWait: wait === "later" || (found.route.mayRunElsewhere === true && isAsynchronous(request)),
    };
    const isAboutJobs = found.route.path.startsWith("/_api/job") || found.route.path.startsWith("/_admin/job");
    if (!isAboutJobs && !together) this.runQueued();
    const run = (isTriedAgain: boolean): ApiReply | Waiting =>
      this.#run(
        found.route,
        new RequestContext(this, request, { ...parts, isTriedAgain: isTriedAgain && !isAsynchronous(request) }),
      );
    return wait === "later" ? this.#patiently(transactionId, run) : run(false);
  }

  /** As {@linkcode patiently}; the transaction that a request is part of does not rest while it waits. */
  #patiently(
    transactionId: string | undefined,
    run: (isTriedAgain: boolean) => ApiReply | Waiting,
  ): ApiReply | Waiting {
    return patiently(run, () => {
      const transactions = transactionsOf(this);
      if (transactionId !== undefined) transactions.touch(transactionId);
      transactions.expire();
    });
  }

  #exists(database: string): boolean {
    try {
      this.engine.database(database);
      return true;
    } catch (error) {
      if (error instanceof ArangoError && error.errorNum === 1228) return false;
      throw error;
    }
  }

  #run(route: Route, context: RequestContext): ApiReply | Waiting {
    const mode = context.headers["x-arango-async"];
    const stored = mode === "store";
    if (route.start) {
      const id = route.start(context);
      if (stored) {
        this.jobs.adopt(id, context.user);
        return empty(202, { "x-arango-async-id": id });
      }
      if (mode === "true") return empty(202);
      const { database } = context;
      return {
        poll: () => {
          const job = this.backgroundJob(id, database);
          if (!job) throw new ArangoError("ERROR_HTTP_NOT_FOUND", `not found: job ${id} is gone`);
          return job.state === "done" ? job.reply : undefined;
        },
      };
    }
    const handle = (): ApiReply | Waiting => {
      const elsewhere = route.mayRunElsewhere ? undefined : inTransaction(context);
      return elsewhere ?? inTurn(context, () => route.handle!(context));
    };
    if (!stored && mode !== "true") return handle();
    const mayRunElsewhere = route.mayRunElsewhere === true || isPartElsewhere(context);
    const isBegun = route.runsActions ? this.options.actionThreads : mayRunElsewhere && this.options.queryThreads;
    if (isBegun) {
      const answer = this.#guard(context.request, () => this.#patiently(context.transactionId, handle));
      const waiting = isWaiting(answer)
        ? this.#guarded(context.request, answer, (reply) => reply)
        : { poll: () => answer };
      // it has to be tried again even if nobody asks how it stands; a shell has no events, and asks
      if (!this.options.queryThreads?.isBlocking) void settled(waiting);
      const id = this.jobs.follow(context.user, stored, waiting);
      return empty(202, stored ? { "x-arango-async-id": id } : {});
    }
    const isLong = mayRunElsewhere || route.runsActions === true;
    const id = this.jobs.enqueue(context.user, stored, isLong, () => {
      const answer = this.#guard(context.request, handle);
      return isWaiting(answer) ? block(answer) : answer;
    });
    return empty(202, stored ? { "x-arango-async-id": id } : {});
  }

  /** Does the work of asynchronous requests that has not been done yet; the socket calls it when it is idle. */
  runQueued(): void {
    this.jobs.run();
    tasksOf(this).runDue();
  }

  /** Does what is due from time to time; the socket calls it every second, and every request. */
  runPeriodic(): void {
    this.#unasked(() => expiryOf(this).runIfDue());
    const now = performance.now();
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = now + EXPIRY_INTERVAL;
    this.options.queryThreads?.expire();
    for (const part of this.#parts.values()) if (isExpiring(part)) this.#unasked(() => part.expire());
  }

  /** Does what no request has asked for: what goes wrong is no answer to the one that comes by, and ends no process. */
  #unasked(body: () => void): void {
    try {
      body();
    } catch (error) {
      logOf(this).note("ERROR", `internal error in periodic work: ${(error as Error).stack}`);
    }
  }

  #caller(request: ApiRequest, known: string | undefined): Caller | undefined {
    if (!this.options.authentication && (known ?? "root") === "root") return { user: "root", rights: ALL_RIGHTS };
    if (known !== undefined) return { user: known, rights: this.users.rights(known) };
    return this.users.authenticate(request);
  }

  /** Does the work that was put off, and lets go of cursors and snapshots. */
  [Symbol.dispose](): void {
    this.runQueued();
    for (const part of this.#parts.values()) {
      if (part !== null && typeof part === "object" && Symbol.dispose in part) (part as Disposable)[Symbol.dispose]();
    }
    this.#parts.clear();
  }
}

/** A part of a server that lets go of what clients have not used for too long: a snapshot keeps old pages on the disk. */
interface Expiring {
  expire(): void;
}

function isExpiring(part: unknown): part is Expiring {
  return part !== null && typeof part === "object" && "expire" in part;
}

/** Undoes the work of requests that were answered together. */
class PartlyDone extends Error {}

/** Whether a request with an array has failed as a whole; failures of single elements are part of a success. */
function isArrayFailure({ body, headers }: ApiRequest, answer: ApiReply | Waiting): boolean {
  if (!isWaiting(answer) && answer.status < 400) return false;
  return headers["content-type"] === VELOCYPACK_TYPE || body.find((byte) => byte > 0x20) === 0x5b;
}

/** Answers a request, after which its transaction rests. */
function inTurn({ server, transactionId }: RequestContext, answer: () => ApiReply | Waiting): ApiReply | Waiting {
  if (transactionId === undefined) return answer();
  try {
    return answer();
  } finally {
    transactionsOf(server).touch(transactionId);
  }
}

/** Whether a client does not wait for the answer to its request. */
function isAsynchronous({ headers }: ApiRequest): boolean {
  return headers["x-arango-async"] === "store" || headers["x-arango-async"] === "true";
}
