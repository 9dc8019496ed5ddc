/**
 * Buffer and StringDecoder do what Node's do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer as NodeBuffer } from "node:buffer";
import { StringDecoder as NodeDecoder } from "node:string_decoder";
import fc from "fast-check";
import { BYTE_SERVICES } from "../host_bytes.ts";
import { buffer } from "./buffer.ts";
import { stringDecoder } from "./node_modules.ts";
import type { Loose, ModuleFactory } from "./scope.ts";

/** The exports of a module that needs no more of the host than its encodings. */
function load(factory: ModuleFactory, required: Loose = {}): Loose {
  const exports = {};
  factory({ exports, module: { exports }, host: BYTE_SERVICES, require: () => required, global: {} } as Loose);
  return exports;
}
const own = load(buffer);
const { Buffer } = own;

const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 });
const text = fc.string({ unit: "binary", maxLength: 6 });
const offset = fc.integer({ min: 0, max: 7 });
const encoding = fc.constantFrom("utf8", "ascii", "latin1", "base64", "base64url", "utf16le");

/** The same steps with ours and with Node's give the same. */
function agree<T extends unknown[]>(
  parameters: fc.Arbitrary<T>,
  steps: (made: Loose, ...values: T) => unknown,
): void {
  const outcome = (made: Loose, values: T) => {
    try {
      return JSON.stringify(steps(made, ...values));
    } catch (cause) {
      return (cause as Error).constructor.name;
    }
  };
  fc.assert(fc.property(parameters, (values) => {
    assert.equal(outcome(Buffer, values), outcome(NodeBuffer, values));
  }));
}

Deno.test("texts become bytes and bytes become texts", () => {
  agree(fc.tuple(text, encoding), (made, value, name) => made.from(value, name));
  agree(fc.tuple(bytes, encoding, offset, offset), (made, list, name, start, end) => {
    return [made.from(list).toString(name), made.from(list).toString(name, start - 3, end)];
  });
  agree(
    fc.tuple(bytes),
    (made, list) => [made.from(made.from(list).toString("hex"), "hex"), made.from(list).inspect()],
  );
  agree(fc.tuple(encoding), (made, name) => made.from([0xef, 0xbb, 0xbf, 0x61]).toString(name));
  agree(fc.tuple(fc.oneof(encoding, text)), (made, name) => made.isEncoding(name));
  for (const odd of ["a", "zz", "0g1"]) assert.throws(() => Buffer.from(odd, "hex"), /Invalid hex string/, odd);
});

Deno.test("parts are written, filled, copied, joined and found", () => {
  // where Deno's is not Node's: it cuts UTF-16 within a code unit, and takes a length of 0 for none
  const whole = encoding.filter((name) => name !== "utf16le");
  agree(fc.tuple(text, offset, offset.filter((length) => length > 0), whole), (made, value, from, length, name) => {
    const target = made.alloc(7);
    return [target.write(value, from, length, name), target];
  });
  agree(
    fc.tuple(fc.oneof(text, offset), offset, offset),
    (made, value, start, end) => made.alloc(7).fill(value, start, end),
  );
  agree(
    fc.tuple(text, offset, encoding),
    (made, value, start, name) => [made.alloc(7).fill(value, name), made.alloc(7).fill(value, start, name)],
  );
  agree(fc.tuple(bytes, bytes, offset), (made, from, to, start) => {
    const target = made.from(to);
    return [made.from(from).copy(target, start), target];
  });
  agree(fc.tuple(fc.array(bytes, { maxLength: 3 }), offset), (made, lists, total) => {
    const parts = lists.map((list) => made.from(list));
    return [made.concat(parts), made.concat(parts, total)];
  });
  agree(
    fc.tuple(bytes, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 2 }), offset),
    (made, list, part, start) => {
      const all = made.from(list.map((byte) => byte % 3));
      return [
        all.indexOf(made.from(part), start),
        all.includes(part[0] ?? 0),
        all.indexOf("\u0001"),
        all.indexOf("02", "hex"),
      ];
    },
  );
});

Deno.test("numbers are written where they fit, and refused otherwise unless unchecked", () => {
  for (
    const name of ["UInt8", "Int8", "UInt16LE", "UInt16BE", "Int16LE", "Int16BE", "UInt32LE", "Int32BE", "DoubleLE"]
  ) {
    agree(fc.tuple(fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer()), offset), (made, value, at) => {
      const target = made.alloc(8);
      return [target[`write${name}`](value, at), target, target[`read${name}`](at)];
    });
  }
  const target = Buffer.alloc(1);
  target.writeUInt8(-1, 0, true);
  assert.equal(target[0], 255);
});

Deno.test("a decoder keeps back what a later piece completes", () => {
  const { StringDecoder } = load(stringDecoder, own);
  const cuts = fc.array(offset, { maxLength: 3 }).map((list) => list.sort((left, right) => left - right));
  const pieces = (all: NodeBuffer, list: number[]) =>
    [...list, all.length].map((end, index) => all.subarray(list[index - 1] ?? 0, end));
  const decoded = (decoder: Loose, made: Loose, parts: NodeBuffer[]): string[] => [
    ...parts.map((part) => decoder.write(made.from(part))),
    decoder.end(),
  ];
  fc.assert(fc.property(text, fc.constantFrom("utf8", "base64", "ascii", "hex"), cuts, (value, name, list) => {
    const parts = pieces(NodeBuffer.from(value), list);
    assert.deepEqual(
      decoded(new StringDecoder(name), Buffer, parts),
      decoded(new NodeDecoder(name as "hex"), NodeBuffer, parts),
    );
  }));
  // Deno's decoder tears pairs apart, Node's does not
  fc.assert(fc.property(text, cuts, (value, list) => {
    const parts = pieces(NodeBuffer.from(value, "utf16le"), list);
    assert.equal(decoded(new StringDecoder("utf16le"), Buffer, parts).join(""), value);
  }));
});
