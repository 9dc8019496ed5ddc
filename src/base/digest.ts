/**
 * Digests of short texts.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** The MD5 digest of a text in hexadecimal digits: a name for things, nothing secret. */
export function md5Hex(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
