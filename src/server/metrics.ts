/**
 * What a server counts, as text for Prometheus.
 *
 * Source: HTTP API description of `/_admin/metrics/v2`, and the manual's list of metrics for their names and types.
 *
 * @module
 */
import { METHODS } from "./cors.ts";
import { cursorsOf } from "./cursors.ts";
import { dumpsOf } from "./dumps.ts";
import { openConnections, openFiles, processFigures } from "./process_figures.ts";
import { queryLogOf } from "./queries.ts";
import type { Server } from "./server.ts";
import { logOf } from "./server_log.ts";
import { type Distribution, statisticsOf } from "./statistics.ts";
import { transactionCounts } from "./distant_transactions.ts";

/** A number with labels besides the server's role: `{code: 200}`. */
interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

type Metric = readonly [
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  value: number | Distribution | readonly Sample[],
];

function processMetrics(server: Server): Metric[] {
  const figures = processFigures();
  return [
    ["arangodb_process_statistics_resident_set_size", "gauge", "Resident set size in bytes", figures.residentSize],
    ["arangodb_process_statistics_resident_set_size_percent", "gauge", "Share of the memory", figures.residentShare],
    ["arangodb_process_statistics_virtual_memory_size", "gauge", "Virtual memory in bytes", figures.virtualSize],
    ["arangodb_process_statistics_number_of_threads", "gauge", "Threads", figures.numberOfThreads],
    ["arangodb_process_statistics_minor_page_faults_total", "gauge", "Minor page faults", figures.minorPageFaults],
    ["arangodb_process_statistics_major_page_faults_total", "counter", "Major page faults", figures.majorPageFaults],
    ["arangodb_process_statistics_user_time", "gauge", "Seconds in user mode", figures.userTime],
    ["arangodb_process_statistics_system_time", "gauge", "Seconds in kernel mode", figures.systemTime],
    ["arangodb_file_descriptors_current", "gauge", "Open files and sockets", openFiles()],
    [
      "arangodb_server_statistics_server_uptime_total",
      "counter",
      "Seconds since the server started",
      (Date.now() - server.started) / 1000,
    ],
    ["arangodb_server_statistics_physical_memory", "gauge", "Physical memory in bytes", figures.physicalMemory],
    ["arangodb_server_statistics_cpu_cores", "gauge", "Cores", navigator.hardwareConcurrency],
  ];
}

/** The middle of the name of a method's counter. */
function methodName(method: string): string {
  return method === "OTHER" ? "other_http" : `http_${method.toLowerCase()}`;
}

function requestMetrics(server: Server): Metric[] {
  const counters = statisticsOf(server);
  const { requestTime, bytesSent, bytesReceived } = counters;
  const codes = [...counters.statuses].sort(([a], [b]) => a - b).map(([code, value]) => ({ labels: { code }, value }));
  const client = "arangodb_client_connection_statistics";
  return [
    ["arangodb_http_request_statistics_total_requests_total", "counter", "Requests", counters.total],
    ["arangodb_http_request_statistics_user_requests_total", "counter", "Requests of users", counters.total],
    [
      "arangodb_http_request_statistics_async_requests_total",
      "counter",
      "Asynchronous requests",
      counters.asynchronous,
    ],
    ...[...METHODS, "OTHER"].map((method): Metric => [
      `arangodb_http_request_statistics_${methodName(method)}_requests_total`,
      "counter",
      `${method === "OTHER" ? "Other" : method} requests`,
      counters.countOf(method),
    ]),
    ["arangodb_http_response_code_total", "counter", "Answers by their status", codes],
    [
      `${client}_client_connections`,
      "gauge",
      "Open connections of clients",
      openConnections(server.options.endpoints?.() ?? []),
    ],
    [`${client}_request_time`, "histogram", "Seconds that requests took", requestTime],
    [`${client}_total_time`, "histogram", "Seconds that requests took, with their ways", requestTime],
    [`${client}_bytes_sent`, "histogram", "Bytes of answers", bytesSent],
    [`${client}_bytes_received`, "histogram", "Bytes of requests", bytesReceived],
  ];
}

function engineMetrics(server: Server): Metric[] {
  const databases = server.engine.databases();
  const queries = queryLogOf(server);
  const { messages } = logOf(server);
  return [
    ["arangodb_metadata_number_of_databases", "gauge", "Databases", databases.length],
    [
      "arangodb_metadata_number_of_collections",
      "gauge",
      "Collections",
      databases.reduce((sum, one) => sum + one.collections().length, 0),
    ],
    ["arangodb_aql_all_query_total", "counter", "Queries", queries.ended.count],
    [
      "arangodb_aql_total_query_time_msec_total",
      "counter",
      "Milliseconds that queries took",
      queries.ended.sum * 1000,
    ],
    ["arangodb_aql_query_time", "histogram", "Seconds that queries took", queries.ended],
    ["arangodb_aql_slow_query_time", "histogram", "Seconds that slow queries took", queries.endedSlowly],
    ["arangodb_aql_current_query", "gauge", "Running queries", queries.running(undefined).length],
    [
      "arangodb_aql_cursors_active",
      "gauge",
      "Open cursors",
      cursorsOf(server).size + (server.options.queryThreads?.cursors ?? 0),
    ],
    ["arangodb_dump_ongoing", "gauge", "Dumps over several connections that go on", dumpsOf(server).size],
    ["arangodb_logger_errors_total", "counter", "Errors in the log", messages.ERROR],
    ["arangodb_logger_warnings_total", "counter", "Warnings in the log", messages.WARNING],
    ...Object.entries(transactionCounts(server)).map(([outcome, count]): Metric => [
      `arangodb_transactions_${outcome}_total`,
      "counter",
      `Transactions ${outcome}`,
      count,
    ]),
  ];
}

function line(name: string, labels: Sample["labels"], value: number): string {
  const all = Object.entries({ role: "SINGLE", ...labels }).map(([label, text]) => `${label}="${text}"`);
  return `${name}{${all}} ${value}\n`;
}

/** The cells of a distribution, each with all that is smaller. */
function cellLines(name: string, { cuts, counts, sum, count }: Distribution): string {
  let below = 0;
  const cells = [...cuts, "+Inf"].map((le, i) => line(`${name}_bucket`, { le }, below += counts[i]!));
  return [...cells, line(`${name}_count`, {}, count), line(`${name}_sum`, {}, sum)].join("");
}

function lines(name: string, value: Metric[3]): string {
  if (typeof value === "number") return line(name, {}, value);
  if ("cuts" in value) return cellLines(name, value);
  return value.map((one) => line(name, one.labels, one.value)).join("");
}

/** The answer of `/_admin/metrics/v2`: Prometheus text, with ArangoDB's names for what denosh counts. */
export function metricsText(server: Server): string {
  return [...processMetrics(server), ...requestMetrics(server), ...engineMetrics(server)].map(
    ([name, type, help, value]) => `\n# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines(name, value)}`,
  ).join("");
}
