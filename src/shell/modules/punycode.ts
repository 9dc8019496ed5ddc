/**
 * Domain names in ASCII.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `punycode`, with the exports of Node's. Source: RFC 3492 (its names), arangosh.md 3.3. */
export function punycode({ exports }: ModuleScope): void {
  const [base, tMin, tMax, skew, damp, initialBias, initialN] = [36, 1, 26, 38, 700, 72, 128];
  const digits = "abcdefghijklmnopqrstuvwxyz0123456789";

  function adapt(delta: number, count: number, isFirst: boolean): number {
    let left = Math.floor(delta / (isFirst ? damp : 2));
    left += Math.floor(left / count);
    let k = 0;
    for (; left > ((base - tMin) * tMax) / 2; k += base) left = Math.floor(left / (base - tMin));
    return k + Math.floor(((base - tMin + 1) * left) / (left + skew));
  }
  const threshold = (k: number, bias: number) => Math.min(tMax, Math.max(tMin, k - bias));

  function encode(text: string): string {
    const points = exports.ucs2.decode(text) as number[];
    let output = points.filter((point) => point < initialN).map((point) => String.fromCharCode(point)).join("");
    const basic = output.length;
    let handled = basic;
    if (basic > 0) output += "-";
    let [n, delta, bias] = [initialN, 0, initialBias];
    while (handled < points.length) {
      const next = Math.min(...points.filter((point) => point >= n));
      delta += (next - n) * (handled + 1);
      n = next;
      for (const point of points) {
        if (point < n) delta++;
        if (point !== n) continue;
        let q = delta;
        for (let k = base;; k += base) {
          const t = threshold(k, bias);
          if (q < t) break;
          output += digits[t + (q - t) % (base - t)];
          q = Math.floor((q - t) / (base - t));
        }
        output += digits[q];
        bias = adapt(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
      delta++;
      n++;
    }
    return output;
  }

  function decode(text: string): string {
    const dash = text.lastIndexOf("-");
    const points = Array.from(text.slice(0, Math.max(0, dash)), (letter) => letter.charCodeAt(0));
    if (points.some((point) => point >= initialN)) {
      throw new RangeError("Illegal input >= 0x80 (not a basic code point)");
    }
    let [n, i, bias] = [initialN, 0, initialBias];
    for (let at = dash >= 0 ? dash + 1 : 0; at < text.length;) {
      const former = i;
      let weight = 1;
      for (let k = base;; k += base) {
        const digit = at < text.length ? digits.indexOf(text[at++]!.toLowerCase()) : -1;
        if (digit < 0) throw new RangeError("Invalid input");
        i += digit * weight;
        const t = threshold(k, bias);
        if (digit < t) break;
        weight *= base - t;
      }
      const count = points.length + 1;
      bias = adapt(i - former, count, former === 0);
      n += Math.floor(i / count);
      i %= count;
      points.splice(i++, 0, n);
    }
    return String.fromCodePoint(...points);
  }

  /** Changes the labels of a domain name, or those of the domain of an e-mail address. */
  function byLabel(text: string, change: (label: string) => string): string {
    const at = text.lastIndexOf("@");
    const domain = text.slice(at + 1).replace(/[\u3002\uFF0E\uFF61]/g, ".");
    return text.slice(0, at + 1) + domain.split(".").map(change).join(".");
  }

  Object.assign(exports, {
    version: "1.4.1",
    encode,
    decode,
    ucs2: {
      decode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0)),
      encode: (points: number[]) => String.fromCodePoint(...points),
    },
    toASCII: (text: Loose) =>
      byLabel(String(text), (label) => /[^\0-\x7e]/.test(label) ? `xn--${encode(label)}` : label),
    toUnicode: (text: Loose) =>
      byLabel(String(text), (label) => label.startsWith("xn--") ? decode(label.slice(4).toLowerCase()) : label),
  });
}
