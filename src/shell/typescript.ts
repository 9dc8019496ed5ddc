/**
 * TypeScript for scripts: types are taken off, nothing is checked.
 *
 * @module
 */

import { nodeModule } from "./node_module.ts";

/**
 * Makes JavaScript of TypeScript. Lines and columns stay where they are, unless the text has enums or namespaces.
 *
 * @param text a script, not a module: `import` and `export` stay as they are
 * @throws SyntaxError
 */
export function withoutTypes(text: string): string {
  const { stripTypeScriptTypes } = nodeModule<typeof import("node:module")>("node:module");
  try {
    return stripTypeScriptTypes(text, { mode: "strip" });
  } catch {
    // what needs code of its own, or is wrong: then this tells where
    try {
      return stripTypeScriptTypes(text, { mode: "transform" });
    } catch (error) {
      const { message } = error as Error;
      const place = /\.ts:(\d+):(\d+)/.exec(message);
      const where = place === null ? "" : ` (line ${place[1]}, column ${place[2]})`;
      throw new SyntaxError(message.replace(/^SyntaxError: /, "").split("\n")[0]!.replace(/\. Expected.*/, "") + where);
    }
  }
}
