/**
 * Files with the certificates and the key of a TLS endpoint.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ArangoError } from "../base/arango_error.ts";

/** What a key file holds, in PEM format. */
export interface KeyFile {
  /** The certificates of the chain, the server's own first. */
  readonly certificates: readonly string[];
  readonly key: string;
}

/**
 * Takes certificates and key out of the text of a key file.
 *
 * @throws ArangoError 10 if one of them is missing
 */
export function splitKeyFile(text: string): KeyFile {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g) ?? [];
  const certificates = blocks.filter((block) => block.startsWith("-----BEGIN CERTIFICATE"));
  const key = blocks.filter((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY/.test(block)).join("\n");
  if (certificates.length === 0 || key === "") {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `the key file holds no ${
        certificates.length === 0 ? "certificate" : "private key"
      }; it needs both, in PEM format`,
    );
  }
  return { certificates, key };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** What may be told of a key file. Source: HTTP API description of `/_admin/server/tls`. */
export function keyFileSummary(text: string): Record<string, unknown> {
  const { certificates, key } = splitKeyFile(text);
  return { sha256: sha256(text), certificates, privateKeySha256: sha256(key) };
}
