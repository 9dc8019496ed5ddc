/**
 * IPv4 addresses.
 *
 * @module
 */
import { isNumber } from "../values.ts";
import { argument, type FunctionSpec, pure, warnArgumentType } from "./function_spec.ts";

/**
 * Reads a dotted quad: four numbers up to 255 without leading zeros.
 *
 * @returns the address as a number, undefined if the text is none
 */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let address = 0;
  for (const octet of match.slice(1)) {
    if ((octet.length > 1 && octet.startsWith("0")) || Number(octet) > 255) return undefined;
    address = address * 256 + Number(octet);
  }
  return address;
}

/** Conversions of IPv4 addresses. */
export const IP_FUNCTIONS: readonly FunctionSpec[] = [
  pure("IPV4_FROM_NUMBER", [1, 1], (context, args) => {
    const value = argument(args, 0);
    if (!isNumber(value) || value < 0 || value > 0xffffffff) return warnArgumentType(context, "IPV4_FROM_NUMBER");
    const address = Math.trunc(Number(value));
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
  }),
  pure("IPV4_TO_NUMBER", [1, 1], (context, args) => {
    const value = argument(args, 0);
    const address = typeof value === "string" ? parseIpv4(value) : undefined;
    return address ?? warnArgumentType(context, "IPV4_TO_NUMBER");
  }),
];
