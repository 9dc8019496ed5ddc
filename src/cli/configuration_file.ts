/**
 * Configuration files.
 *
 * Source: `arangosh.md` §1.3; ArangoDB's manual, _Configuration_.
 *
 * @module
 */
import { isFile } from "./named_file.ts";
import { OptionError } from "./option_error.ts";
import { OPTIONS } from "./option_table.ts";

/** An option and its value, as they are written. */
export type Setting = readonly [name: string, value: string];

/**
 * The settings that a command line reads from files.
 *
 * @param path the file that it names, `none` for no file; undefined if it names none
 * @param defaults files to look for when it names none; the first one that there is counts
 * @throws OptionError 6 for a file that cannot be read
 */
export function configuredSettings(path: string | undefined, defaults: readonly string[]): Setting[] {
  const file = path ?? defaults.find(isConfiguration);
  return file === undefined || file.toLowerCase() === "none" ? [] : readConfigurations(file);
}

/** The settings of a configuration file, those of its `.local` neighbour first: of several values the first one counts. */
function readConfigurations(path: string): Setting[] {
  const settings = readConfiguration(path, []);
  const local = isConfiguration(`${path}.local`) ? readConfiguration(`${path}.local`, []) : [];
  const named = new Set(local.map(([name]) => name));
  return [...local, ...settings.filter(([name]) => OPTIONS.get(name)?.type === "string..." || !named.has(name))];
}

function isConfiguration(path: string): boolean {
  try {
    return isFile(path);
  } catch (error) {
    throw new OptionError(6, `cannot read config file '${path}': ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * The settings of a configuration file, includes followed.
 *
 * @param above the files that include it
 */
function readConfiguration(path: string, above: readonly string[]): Setting[] {
  const failure = (reason: string): OptionError => new OptionError(6, `cannot read config file '${path}': ${reason}`);
  if (above.includes(path)) throw failure("it includes itself");
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw failure(error instanceof Error ? error.message : String(error));
  }
  const settings: Setting[] = [];
  let section = "";
  let isSkipped = false;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    const heading = /^\[([^\]:]*)(?::(community|enterprise))?\]$/.exec(line);
    const include = /^@include\s+(.+)$/.exec(line);
    const setting = /^([A-Za-z0-9_.-]+)\s*=\s*(.*)$/.exec(line);
    if (line === "" || /^[#;]/.test(line)) continue;
    if (heading) {
      section = heading[1]!;
      // there is one edition of denosh
      isSkipped = heading[2] === "enterprise";
    } else if (isSkipped) continue;
    else if (include) {
      const name = include[1]!.replace(/(?:\.conf)?$/, ".conf");
      const included = name.startsWith("/") ? name : path.replace(/[^/\\]*$/, name);
      settings.push(...readConfiguration(included, [...above, path]));
    } else if (setting) {
      const [, key, value] = setting as unknown as [string, string, string];
      // blanks around further equals signs do not count either: `log.level = startup = trace`
      settings.push([key.includes(".") || section === "" ? key : `${section}.${key}`, value.replace(/\s*=\s*/g, "=")]);
    } else throw failure(`line '${line}' is no setting`);
  }
  return settings;
}
