/**
 * Services of the host that tell what surrounds the program: directories, variables, options.
 *
 * @module
 */

import type { AccessRules } from "./access_rules.ts";
import type { Host, HostOptions } from "./host.ts";

/**
 * Makes the services for what surrounds the program.
 *
 * @param options what a shell was told
 * @param access what of it scripts may know and change
 */
export function environmentServices(options: HostOptions, access: AccessRules) {
  return {
    processId() {
      access.checkHardened("process");
      return Deno.pid;
    },
    logLevel() {
      access.checkHardened("log level");
      return options.logLevel ?? "info";
    },
    currentDirectory: () => Deno.cwd(),
    programDirectory: () => Deno.execPath().replace(/[\\/][^\\/]*$/, ""),
    homeDirectory: () => Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "",
    platform: () => Deno.build.os,
    getVariable: (name) => access.mayReadVariable(name) ? Deno.env.get(name) : undefined,
    setVariable(name, value) {
      if (access.mayReadVariable(name)) Deno.env.set(name, value);
    },
    deleteVariable(name) {
      if (access.mayReadVariable(name)) Deno.env.delete(name);
    },
    variableNames: () => Object.keys(Deno.env.toObject()).filter((name) => access.mayReadVariable(name)),
    startupOptions: () =>
      JSON.stringify(
        Object.fromEntries(Object.entries(options.startupOptions).filter(([name]) => access.mayReadOption(name))),
      ),
    moduleDirectories: () => [
      ...options.moduleDirectories,
      ...(options.hasCurrentModules === false ? [] : [Deno.cwd()]),
    ],
  } satisfies Partial<Host>;
}
