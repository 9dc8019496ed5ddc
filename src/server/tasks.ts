/**
 * Functions that run later, or again and again, in the server.
 *
 * Tasks are due while the process is awake for them: `denosh serve` has timers, and threads that they run in; an embedded
 * database looks at its tasks with each request, and while its shell waits, and runs them itself.
 *
 * Source: recorded examples `RestTasks*`; HTTP API description of `/_api/tasks`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Server } from "./server.ts";
import { actionsOf, runInBackground } from "./actions.ts";
import { logOf } from "./server_log.ts";

/** A task as clients see it. */
export interface Task {
  readonly id: string;
  readonly name: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly type: "periodic" | "timed";
  /** Seconds between two runs. */
  readonly period?: number;
  /** Seconds before the first run. */
  readonly offset: number;
  readonly command: string;
  readonly database: string;
}

/** What a client says about a task. */
export interface TaskRequest {
  readonly id: string;
  readonly name: string;
  /** Statements that see a variable `params`. */
  readonly command: string;
  /** JSON text of the variable. */
  readonly params: string | undefined;
  readonly period: number | undefined;
  readonly offset: number;
  readonly user: string;
  readonly database: string;
  /** The `authorization` of the client who made it: the task may do what its maker may. */
  readonly authorization: string | undefined;
}

interface Planned {
  readonly task: Task;
  readonly request: TaskRequest;
  /** When it is due next, in milliseconds since 1970. */
  due: number;
  /** A task that is still at it when it is due runs again as soon as it has come to its end. */
  isRunning: boolean;
}

/** Refuses a command that does not parse at once, as arangodb-php-odm's tests expect of ArangoDB. */
function checkSyntax(command: string): void {
  try {
    const { Script } = process.getBuiltinModule("node:vm");
    new Script(command);
  } catch (cause) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `command cannot be run: ${String(cause)}`, { cause });
  }
}

/** The tasks of a server. */
export class Tasks {
  readonly #server: Server;
  readonly #planned = new Map<string, Planned>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Plans a task.
   *
   * @throws ArangoError 1851 the id is taken, 10 the command does not parse, 9 the server runs no functions
   */
  add(request: TaskRequest): Task {
    actionsOf(this.#server);
    if (this.#planned.has(request.id)) throw new ArangoError("ERROR_TASK_DUPLICATE_ID");
    const { id, name, command, period, offset, database } = request;
    const task: Task = {
      id,
      name,
      created: Date.now() / 1000,
      type: period === undefined ? "timed" : "periodic",
      ...(period === undefined ? {} : { period }),
      offset,
      command: `(function (params) { ${command} } )(params);`,
      database,
    };
    checkSyntax(task.command);
    this.#planned.set(id, { task, request, due: Date.now() + offset * 1000, isRunning: false });
    this.#schedule();
    return task;
  }

  /**
   * A task of a database.
   *
   * @throws ArangoError 1852
   */
  get(id: string, database: string): Task {
    const found = this.#planned.get(id)?.task;
    if (found?.database !== database) throw new ArangoError("ERROR_TASK_NOT_FOUND", undefined, { code: 404 });
    return found;
  }

  /** The tasks of a database. */
  all(database: string): Task[] {
    return [...this.#planned.values()].map(({ task }) => task).filter((task) => task.database === database);
  }

  /**
   * Forgets a task.
   *
   * @throws ArangoError 1852
   */
  remove(id: string, database: string): void {
    this.get(id, database);
    this.#planned.delete(id);
    this.#schedule();
  }

  /** Runs what is due. */
  runDue(): void {
    // a task that sends requests would come by here again
    if (this.#running || this.#planned.size === 0) return;
    this.#running = true;
    try {
      const now = Date.now();
      for (const planned of this.#waiting()) if (planned.due <= now) this.#run(planned);
    } finally {
      this.#running = false;
    }
    this.#schedule();
  }

  #run(planned: Planned): void {
    const { id, command, params, period, database, user, authorization } = planned.request;
    if (period === undefined) this.#planned.delete(id);
    else planned.due = Date.now() + period * 1000;
    planned.isRunning = true;
    const call = { source: `function (params) { ${command} }`, params, database, user, authorization };
    runInBackground(this.#server, call, (error) => {
      planned.isRunning = false;
      if (error) logOf(this.#server).note("ERROR", `task '${id}' failed: ${error.message}`);
      if (!this.#running) this.#schedule();
    });
  }

  #waiting(): Planned[] {
    return [...this.#planned.values()].filter(({ isRunning }) => !isRunning);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#waiting().map(({ due }) => due));
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.runDue(), Math.max(0, next - Date.now()));
    // a task does not keep a process alive
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  /** Forgets all tasks. */
  [Symbol.dispose](): void {
    this.#planned.clear();
    clearTimeout(this.#timer);
  }
}

/** The tasks of a server. */
export function tasksOf(server: Server): Tasks {
  return server.part(newTasks);
}

function newTasks(server: Server): Tasks {
  return new Tasks(server);
}
