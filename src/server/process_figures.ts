/**
 * What the process and the kernel tell about a server.
 *
 * @module
 */
import { existsSync } from "node:fs";

/** What the process says about itself; sizes in bytes, times in seconds. What only Linux tells is zero elsewhere. */
export interface ProcessFigures {
  readonly userTime: number;
  readonly systemTime: number;
  readonly residentSize: number;
  readonly residentShare: number;
  readonly physicalMemory: number;
  /** Linux. */
  readonly virtualSize: number;
  /** Linux. */
  readonly numberOfThreads: number;
  /** Linux. */
  readonly minorPageFaults: number;
  /** Linux. */
  readonly majorPageFaults: number;
}

/** Looks at the process. */
export function processFigures(): ProcessFigures {
  const { rss } = Deno.memoryUsage();
  const { total } = Deno.systemMemoryInfo();
  const { user, system } = globalThis.process.cpuUsage();
  return {
    userTime: user / 1e6,
    systemTime: system / 1e6,
    residentSize: rss,
    residentShare: rss / total,
    physicalMemory: total,
    ...kernelFigures(),
  };
}

/** What the kernel counts for this process. Source: proc_pid_stat(5). */
function kernelFigures(): Pick<
  ProcessFigures,
  "virtualSize" | "numberOfThreads" | "minorPageFaults" | "majorPageFaults"
> {
  const text = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/stat") : "";
  // the second field is the program's name in parentheses, which may hold anything
  const fields = text.slice(text.lastIndexOf(")") + 1).trim().split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return { virtualSize: field(23), numberOfThreads: field(20), minorPageFaults: field(10), majorPageFaults: field(12) };
}

/**
 * How many clients have a connection to places where the process listens, as far as the kernel tells: on Linux, and not of
 * Unix sockets. Source: proc_pid_net(5), `tcp`.
 *
 * @param endpoints such as `http://127.0.0.1:8529`
 */
export function openConnections(endpoints: readonly string[]): number {
  if (Deno.build.os !== "linux") return 0;
  const ports = new Set(endpoints.map((one) => /:(\d+)$/.exec(one)?.[1]));
  let open = 0;
  // a kernel without IPv6 has one table only
  for (const table of ["/proc/self/net/tcp", "/proc/self/net/tcp6"].filter(existsSync)) {
    for (const line of Deno.readTextFileSync(table).split("\n")) {
      // number, own address, other address, state; 01 is an established connection
      const [, port] = /^\s*\d+: \w+:(\w{4}) \w+:\w{4} 01 /.exec(line) ?? [];
      if (port !== undefined && ports.has(`${parseInt(port, 16)}`)) open++;
    }
  }
  return open;
}

/** How many files and sockets the process has open; on Linux. */
export function openFiles(): number {
  return Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/fd")].length : 0;
}
