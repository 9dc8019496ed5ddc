/**
 * What a server counts about its requests.
 *
 * Source: recorded example `RestAdminStatistics1`; HTTP API description of `/_admin/statistics`.
 *
 * @module
 */
import { type ApiReply, type ApiRequest, bodySize } from "../base/exchange.ts";
import { METHODS } from "./cors.ts";
import { openConnections, processFigures } from "./process_figures.ts";
import type { Server } from "./server.ts";
import { transactionCounts } from "./distant_transactions.ts";

/** The upper limits of the cells that durations are counted in, in seconds. */
export const TIME_CUTS = [0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 15, 30] as const;
/** The upper limits of the cells that sizes are counted in, in bytes. */
const SIZE_CUTS = [250, 1000, 2000, 5000, 10_000] as const;
/** The upper limits of the cells that the lives of connections are counted in, in seconds. */
const CONNECTION_CUTS = [0.1, 1, 60] as const;

/** How often values fell into which cell. */
export class Distribution {
  readonly cuts: readonly number[];
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(cuts: readonly number[]) {
    this.cuts = cuts;
    this.counts = new Array(cuts.length + 1).fill(0);
  }

  add(value: number): void {
    this.sum += value;
    this.count++;
    const cell = this.cuts.findIndex((cut) => value < cut);
    this.counts[cell < 0 ? this.cuts.length : cell]!++;
  }

  toJSON(): { sum: number; count: number; counts: readonly number[] } {
    return { sum: this.sum, count: this.count, counts: this.counts };
  }
}

/** The bytes of a message before its body: a first line of so many, the headers, and an empty line. */
function headSize(firstLine: number, headers: Readonly<Record<string, string>>): number {
  let size = firstLine + 4;
  for (const name in headers) size += name.length + headers[name]!.length + 4;
  return size;
}

/** The counters of a server. */
export class Statistics {
  readonly requests: Record<string, number> = {};
  total = 0;
  asynchronous = 0;
  /** How many answers had a status, by the status. */
  readonly statuses: Map<number, number> = new Map();
  readonly requestTime: Distribution = new Distribution(TIME_CUTS);
  readonly bytesSent: Distribution = new Distribution(SIZE_CUTS);
  readonly bytesReceived: Distribution = new Distribution(SIZE_CUTS);

  /** Counts a request that took `seconds`. */
  note(request: ApiRequest, reply: ApiReply, seconds: number): void {
    this.total++;
    this.statuses.set(reply.status, (this.statuses.get(reply.status) ?? 0) + 1);
    if (request.headers["x-arango-async"] !== undefined) this.asynchronous++;
    this.requests[request.method] = (this.requests[request.method] ?? 0) + 1;
    this.requestTime.add(seconds);
    this.bytesSent.add(headSize("HTTP/1.1 200 OK".length, reply.headers) + bodySize(reply));
    const firstLine = `${request.method}  HTTP/1.1`.length + request.url.length;
    this.bytesReceived.add(headSize(firstLine, request.headers) + request.body.length);
  }

  /** How many requests had a method; `OTHER` for all that have no counter of their own. */
  countOf(method: string): number {
    if (method !== "OTHER") return this.requests[method] ?? 0;
    return Object.entries(this.requests).reduce((sum, [name, n]) => METHODS.includes(name) ? sum : sum + n, 0);
  }
}

/** The answer of `/_admin/statistics`. What denosh has nothing like (queues, V8 contexts) is zero. */
export function statisticsReport(server: Server): Record<string, unknown> {
  const figures = processFigures();
  const { requestTime, bytesSent, bytesReceived, ...counted } = statisticsOf(server);
  const client = {
    httpConnections: openConnections(server.options.endpoints?.() ?? []),
    connectionTime: new Distribution(CONNECTION_CUTS),
    totalTime: requestTime,
    requestTime,
    queueTime: new Distribution(TIME_CUTS),
    ioTime: new Distribution(TIME_CUTS),
    bytesSent,
    bytesReceived,
  };
  const { started, aborted, committed } = transactionCounts(server);
  const countOf = (method: string): number => statisticsOf(server).countOf(method);
  return {
    time: Date.now() / 1000,
    enabled: true,
    system: {
      minorPageFaults: figures.minorPageFaults,
      majorPageFaults: figures.majorPageFaults,
      userTime: figures.userTime,
      systemTime: figures.systemTime,
      numberOfThreads: figures.numberOfThreads,
      residentSize: figures.residentSize,
      residentSizePercent: figures.residentShare,
      virtualSize: figures.virtualSize,
    },
    client,
    clientUser: client,
    http: {
      requestsTotal: counted.total,
      requestsSuperuser: 0,
      requestsUser: counted.total,
      requestsAsync: counted.asynchronous,
      requestsGet: countOf("GET"),
      requestsHead: countOf("HEAD"),
      requestsPost: countOf("POST"),
      requestsPut: countOf("PUT"),
      requestsPatch: countOf("PATCH"),
      requestsDelete: countOf("DELETE"),
      requestsOptions: countOf("OPTIONS"),
      requestsOther: countOf("OTHER"),
    },
    server: {
      uptime: (Date.now() - server.started) / 1000,
      physicalMemory: figures.physicalMemory,
      transactions: { started, aborted, committed, intermediateCommits: 0, readOnly: 0, dirtyReadOnly: 0 },
      v8Context: { available: 0, busy: 0, dirty: 0, free: 0, max: 0, min: 0, memory: [] },
      threads: { "scheduler-threads": 1, blocked: 0, queued: 0, "in-progress": 1, "direct-exec": 0 },
    },
  };
}

/** A group of figures, as `/_admin/statistics-description` tells of them. */
const GROUPS = [
  ["system", "Process Statistics", "Statistics about the process"],
  ["client", "Client Connection Statistics", "Statistics about the connections"],
  ["clientUser", "Client User Connection Statistics", "Statistics about the connections of users"],
  ["http", "HTTP Request Statistics", "Statistics about the requests"],
  ["server", "Server Statistics", "Statistics about the server"],
] as const;

type Kind = "current" | "accumulated" | "distribution";

const FIGURES: readonly (readonly [
  group: string,
  identifier: string,
  name: string,
  type: Kind,
  units: string,
  cuts?: readonly number[],
])[] = [
  ["system", "userTime", "User Time", "accumulated", "seconds"],
  ["system", "systemTime", "System Time", "accumulated", "seconds"],
  ["system", "numberOfThreads", "Number of Threads", "current", "number"],
  ["system", "residentSize", "Resident Set Size", "current", "bytes"],
  ["system", "residentSizePercent", "Resident Set Size", "current", "percent"],
  ["system", "virtualSize", "Virtual Memory Size", "current", "bytes"],
  ["system", "minorPageFaults", "Minor Page Faults", "accumulated", "number"],
  ["system", "majorPageFaults", "Major Page Faults", "accumulated", "number"],
  ["client", "httpConnections", "Client Connections", "current", "number"],
  ["client", "totalTime", "Total Time", "distribution", "seconds", TIME_CUTS],
  ["client", "requestTime", "Request Time", "distribution", "seconds", TIME_CUTS],
  ["client", "queueTime", "Queue Time", "distribution", "seconds", TIME_CUTS],
  ["client", "ioTime", "IO Time", "distribution", "seconds", TIME_CUTS],
  ["client", "bytesSent", "Bytes Sent", "distribution", "bytes", SIZE_CUTS],
  ["client", "bytesReceived", "Bytes Received", "distribution", "bytes", SIZE_CUTS],
  ["client", "connectionTime", "Connection Time", "distribution", "seconds", CONNECTION_CUTS],
  ["http", "requestsTotal", "Total requests", "accumulated", "number"],
  ["http", "requestsAsync", "Async requests", "accumulated", "number"],
  ["http", "requestsGet", "GET requests", "accumulated", "number"],
  ["http", "requestsHead", "HEAD requests", "accumulated", "number"],
  ["http", "requestsPost", "POST requests", "accumulated", "number"],
  ["http", "requestsPut", "PUT requests", "accumulated", "number"],
  ["http", "requestsPatch", "PATCH requests", "accumulated", "number"],
  ["http", "requestsDelete", "DELETE requests", "accumulated", "number"],
  ["http", "requestsOptions", "OPTIONS requests", "accumulated", "number"],
  ["http", "requestsOther", "other requests", "accumulated", "number"],
  ["server", "uptime", "Server Uptime", "current", "seconds"],
  ["server", "physicalMemory", "Physical Memory", "current", "bytes"],
];

/** The answer of `/_admin/statistics-description`. */
export function statisticsDescription(): Record<string, unknown> {
  return {
    groups: GROUPS.map(([group, name, description]) => ({ group, name, description })),
    figures: FIGURES.map(([group, identifier, name, type, units, cuts]) => ({
      group,
      identifier,
      name,
      description: `${name}, in ${units}`,
      type,
      ...(cuts ? { cuts } : {}),
      units,
    })),
  };
}

/** The counters of a server. */
export function statisticsOf(server: Server): Statistics {
  return server.part(newStatistics);
}

function newStatistics(): Statistics {
  return new Statistics();
}
