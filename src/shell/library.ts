/**
 * The client library, loaded when a script first uses more of it than `print`.
 *
 * @module
 */
import { lateImport, lateRequire } from "../base/late_import.ts";
import type * as Library from "./modules/mod.ts";
import type { ModuleFactory } from "./modules/scope.ts";
import { printer } from "./modules/printer.ts";

/** A module table: functions of modules by name, or the name of the module that it is. */
export type ModuleTable = Readonly<Record<string, ModuleFactory | string>>;

/** What every script needs that prints something. */
const BASIC: ModuleTable = { "denosh/printer": printer };

/** The module with the table. */
const WHOLE = new URL("./modules/mod.ts", import.meta.url);

let whole: ModuleTable | undefined;

/** Hands over the whole library; programs whose scripts will need it do so before they start them. */
export function provideLibrary(modules: ModuleTable): void {
  whole = modules;
}

/** Loads the whole library ahead of its use. */
export async function loadLibrary(): Promise<void> {
  provideLibrary((await lateImport<typeof Library>(WHOLE)).MODULES);
}

/** The function of a module, or the name of the module that it is; undefined when there is no such module. */
export function libraryModule(name: string): ModuleFactory | string | undefined {
  if (Object.hasOwn(BASIC, name)) return BASIC[name];
  const modules = wholeLibrary();
  return Object.hasOwn(modules, name) ? modules[name] : undefined;
}

/** The names that `require` knows, without those of the library's own parts. */
export function moduleNames(): string[] {
  return Object.keys(wholeLibrary()).filter((name) => !name.startsWith("denosh/"));
}

function wholeLibrary(): ModuleTable {
  return whole ??= lateRequire<typeof Library>(WHOLE).MODULES;
}
