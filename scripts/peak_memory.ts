/**
 * How much memory a process has used.
 *
 * @module
 */

/** Finds the largest resident size in the text of `/proc/PID/status`; bytes. */
export function peakMemoryOf(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) * 1024;
}

/** The largest resident size that this process has had so far, in bytes; NaN where the system does not tell. */
export function peakMemory(): number {
  return Deno.build.os === "linux" ? peakMemoryOf(Deno.readTextFileSync("/proc/self/status")) : NaN;
}
