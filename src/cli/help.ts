/**
 * The texts of `--help` and `--version`.
 *
 * @module
 */
import { SHELL_VERSION } from "../shell/shell.ts";
import { OPTIONS } from "./option_table.ts";

/** denosh's own version. */
export const DENOSH_VERSION = "0.1.0";

/**
 * The help text.
 *
 * @param all whether options without effect are listed
 */
export function helpText(all: boolean): string {
  const sections = new Map<string, string[]>();
  for (const { name, type, meaning, own } of [...OPTIONS.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (meaning === undefined && !all) continue;
    const section = name.includes(".") ? name.slice(0, name.indexOf(".")) : "general";
    const value = type === "flag"
      ? ""
      : type === "number"
      ? " NUMBER"
      : type === "list"
      ? " VALUE (repeatable)"
      : " VALUE";
    const text = `${meaning ?? "accepted, without effect"}${own ? " (denosh)" : ""}`;
    const lines = sections.get(section) ?? [];
    sections.set(section, [...lines, `  --${`${name}${value}`.padEnd(44)} ${text}`]);
  }
  const options = [...sections].map(([section, lines]) => `Section '${section}':\n${lines.join("\n")}\n`).join("\n");
  return `Usage: denosh [OPTIONS] [SCRIPT [ARGUMENT…]]   run a script, or commands from standard input or a terminal
       denosh serve [OPTIONS]                    put ArangoDB's HTTP API in front of a database directory

${options}${all ? "" : "\nOptions of arangosh that are accepted and have no effect: --help-all\n"}`;
}

/** What the program is made of, for `--version` and `--version-json`. */
export function versionDetails(): Record<string, string> {
  return {
    architecture: Deno.build.arch,
    "deno-version": Deno.version.deno,
    "denosh-version": DENOSH_VERSION,
    license: "Apache-2.0",
    platform: Deno.build.os,
    "server-version": SHELL_VERSION,
    "v8-version": Deno.version.v8,
  };
}

/** The text of `--version`. */
export function versionText(): string {
  const details = Object.entries(versionDetails()).map(([key, value]) => `${key}: ${value}`).join("\n");
  return `${SHELL_VERSION}\n\ndenosh ${DENOSH_VERSION}, speaking ArangoDB ${SHELL_VERSION}\n\n${details}\n`;
}
