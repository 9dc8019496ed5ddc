/**
 * Services of the host for other programs and ports.
 *
 * @module
 */

import { ArangoError, arangoError } from "../base/arango_error.ts";
import type { AccessRules } from "./access_rules.ts";
import type { Host, HostOptions } from "./host.ts";
import { processStatistics, type Programs } from "./programs.ts";

/**
 * Makes the services for programs.
 *
 * @param access whether scripts may use them
 * @param programs the programs that were started
 * @param anotherShell the order to start another shell
 */
export function programServices(
  access: AccessRules,
  programs: Programs,
  anotherShell: HostOptions["anotherShell"],
) {
  return {
    isPortFree(address) {
      access.checkPortTesting();
      const match = /^(?:\w+:\/\/)?(\[[^\]]*\]|[^:]*):(\d+)$/.exec(address);
      if (match === null) throw arangoError("ERROR_BAD_PARAMETER", `not an address: ${address}`);
      try {
        Deno.listen({ hostname: match[1]!.replace(/^\[|\]$/g, ""), port: Number(match[2]) }).close();
        return true;
      } catch (cause) {
        if (cause instanceof Deno.errors.AddrInUse) return false;
        throw new ArangoError("ERROR_SYS_ERROR", cause instanceof Error ? cause.message : String(cause), { cause });
      }
    },
    startProgram(file, args, usePipes, environment, directory) {
      access.checkProcessControl();
      return programs.start({
        file,
        args,
        usePipes,
        environment: JSON.parse(environment) as Record<string, string>,
        ...(directory === "" ? {} : { directory }),
      });
    },
    startShell(args) {
      access.checkProcessControl();
      if (anotherShell === undefined) {
        throw new ArangoError("ERROR_NOT_IMPLEMENTED", "this shell was opened without a way to start others");
      }
      return programs.start(anotherShell(args));
    },
    programStatus(pid, seconds) {
      access.checkProcessControl();
      return JSON.stringify(programs.status(pid, seconds));
    },
    startedPrograms() {
      access.checkProcessControl();
      return JSON.stringify(programs.list());
    },
    signalProgram(pid, signal) {
      access.checkProcessControl();
      return programs.signal(pid, signal);
    },
    setProgramPriority(pid, priority) {
      access.checkProcessControl();
      programs.setPriority(pid, priority);
    },
    readPipe(pid) {
      access.checkProcessControl();
      return programs.read(pid);
    },
    writePipe(pid, bytes) {
      access.checkProcessControl();
      programs.write(pid, bytes);
    },
    closePipe(pid, isOutput) {
      access.checkProcessControl();
      programs.close(pid, isOutput);
    },
    processStatistics(pid) {
      access.checkHardened("process");
      if (pid !== undefined) access.checkProcessControl();
      return JSON.stringify(processStatistics(pid ?? Deno.pid));
    },
  } satisfies Partial<Host>;
}
