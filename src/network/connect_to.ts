/**
 * `--connect-to HOST1:PORT1:HOST2:PORT2`, as curl has it: connections for the first pair go to the second.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** One rule; empty parts match everything or change nothing. */
export interface ConnectRule {
  readonly host: string;
  readonly port: string;
  readonly toHost: string;
  readonly toPort: string;
}

/** An address to connect to. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const PART = String.raw`(\[[^\]]*\]|[^:\[\]]*)`;
const FORM = new RegExp(`^${PART}:(\\d*):${PART}:(\\d*)$`);

/**
 * Parses a rule.
 *
 * @throws ArangoError 10 if it has another form
 */
export function parseConnectRule(text: string): ConnectRule {
  const match = FORM.exec(text);
  if (!match || Number(match[2]) > 65535 || Number(match[4]) > 65535) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `invalid value '${text}' for --connect-to: expecting HOST1:PORT1:HOST2:PORT2, IPv6 addresses in brackets`,
    );
  }
  const [, host, port, toHost, toPort] = match as unknown as [string, string, string, string, string];
  const bare = (name: string): string => name.replace(/^\[|\]$/g, "").toLowerCase();
  return { host: bare(host), port, toHost: bare(toHost), toPort };
}

/**
 * Where to connect to for a host and port: the first rule that matches decides.
 *
 * @returns the address itself if no rule matches
 */
export function connectAddress(rules: readonly ConnectRule[], { host, port }: Address): Address {
  const rule = rules.find((one) =>
    (one.host === "" || one.host === host.toLowerCase()) && (one.port === "" || Number(one.port) === port)
  );
  if (!rule) return { host, port };
  return { host: rule.toHost || host, port: rule.toPort === "" ? port : Number(rule.toPort) };
}
