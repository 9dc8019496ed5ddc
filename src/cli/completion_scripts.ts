/**
 * Completion scripts of shells and the manual page, made from the option table.
 *
 * @module
 */
import { COMMANDS, DENOSH_VERSION, meaningOf, sectionOf, sections, signatureOf } from "./help.ts";
import { type OptionRow, OPTIONS } from "./option_table.ts";

/** Shells that a completion script is known for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** Options whose values are files or directories. */
const FILE_OPTION = /file|directory|\.path$|\.execute$|check-syntax|unit-tests$|^config/;

const used = (): OptionRow[] =>
  [...OPTIONS.values()].filter(({ meaning }) => meaning !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
const words = (): string[] => COMMANDS.map(({ name }) => name).filter((name) => name !== "");

/**
 * The completion script of a shell.
 *
 * @param shell `bash`, `zsh` or `fish`
 */
export function completionScript(shell: typeof SHELLS[number]): string {
  switch (shell) {
    case "bash":
      return `# source <(denosh completion bash)
_denosh() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  case $before in
    ${used().filter(isFile).map(({ name }) => `--${name}`).join("|")})
      COMPREPLY=($(compgen -f -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "${SHELLS.join(" ")}" -- "$word")); return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "${used().map(({ name }) => `--${name}`).join(" ")}" -- "$word")) ;;
    *)
      COMPREPLY=($(compgen -f -- "$word"))
      if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY+=($(compgen -W "${words().join(" ")}" -- "$word")); fi ;;
  esac
}
complete -o filenames -F _denosh denosh
`;
    case "zsh": {
      const text = (meaning: string): string => meaning.replace(/[[\]:'\\]/g, " ");
      const options = used().map((row) => {
        const repeat = row.type === "string..." ? "*" : "";
        const value = row.type === "boolean" ? "" : isFile(row) ? ":file:_files" : ":value:";
        return `  '${repeat}--${row.name}[${text(meaningOf(row))}]${value}' \\`;
      });
      return `#compdef denosh
# denosh completion zsh > ~/.zfunc/_denosh
_arguments -s \\
${options.join("\n")}
  '1:command:{ _alternative "commands:command:(${words().join(" ")})" "files:script:_files" }' \\
  '*:argument:_files'
`;
    }
    case "fish": {
      const quoted = (meaning: string): string => `'${meaning.replace(/['\\]/g, "\\$&")}'`;
      const commands = COMMANDS.filter(({ name }) => name !== "").map(({ name, meaning }) =>
        `complete -c denosh -n __fish_use_subcommand -a ${name} -d ${quoted(meaning)}`
      );
      const options = used().map((row) =>
        `complete -c denosh -l ${row.name}${row.type === "boolean" ? "" : isFile(row) ? " -rF" : " -x"} -d ${
          quoted(meaningOf(row))
        }`
      );
      const shells = `complete -c denosh -n '__fish_seen_subcommand_from completion' -f -a '${SHELLS.join(" ")}'`;
      return `# denosh completion fish > ~/.config/fish/completions/denosh.fish\n${
        [...commands, shells, ...options].join("\n")
      }\n`;
    }
  }
}

function isFile({ name }: OptionRow): boolean {
  return FILE_OPTION.test(name);
}

/** The manual page, in the language of `man`. */
export function manualPage(): string {
  const roff = (text: string): string => text.replace(/\\/g, "\\e").replace(/-/g, "\\-").replace(/^([.'])/gm, "\\&$1");
  const usage = COMMANDS.map(({ name, usage: rest }) =>
    `.B denosh${name === "" ? "" : ` ${name}`}\n${rest === "" ? "" : `${roff(rest)}\n`}.br`
  );
  const meanings = COMMANDS.map(({ name, meaning }) => `.TP\n.B ${name === "" ? "denosh" : name}\n${roff(meaning)}`);
  const options = sections().flatMap((section) => {
    const rows = used().filter(({ name }) => sectionOf(name) === section);
    const lines = rows.map((row) => `.TP\n.B ${roff(signatureOf(row))}\n${roff(meaningOf(row))}`);
    return rows.length === 0 ? [] : [`.SS ${section}`, ...lines];
  });
  return [
    `.TH DENOSH 1 "" "denosh ${DENOSH_VERSION}"`,
    ".SH NAME",
    `denosh ${roff("-")} ${roff("a shell for ArangoDB, a database of its own, and a copy of your collections")}`,
    ".SH SYNOPSIS",
    ...usage,
    ".SH COMMANDS",
    ...meanings,
    ".SH OPTIONS",
    roff("A value follows after a blank or '='. In values, @NAME@ stands for an environment variable."),
    ...options,
    ".SH EXIT STATUS",
    ...EXIT_STATUS.map(([status, meaning]) => `.TP\n.B ${status}\n${roff(meaning)}`),
    ".SH FILES",
    `.TP\n.I ${
      roff("~/.denosh.conf, /etc/denosh/denosh.conf")
    }\nthe first one that there is is read when no \\-\\-configuration is named, but for a server.`,
    `.TP\n.I ${roff("~/.arangosh.rc")}\nis run before scripts and prompts.`,
    `.TP\n.I ${roff("~/.denosh.history")}\nkeeps the commands of the prompt, but for those that may hold a secret.`,
    "",
  ].join("\n");
}

const EXIT_STATUS = [
  ["0", "all went well"],
  ["1", "a script, a test, a sync or the last command failed, or the options make no sense together"],
  ["3", "an unknown option"],
  ["4", "a value that an option cannot have"],
  ["6", "a configuration file that cannot be used"],
  ["21", "an endpoint where the server cannot listen"],
] as const;
