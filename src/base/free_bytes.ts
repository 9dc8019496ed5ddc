/**
 * Memory that goes at once.
 *
 * @module
 */

/**
 * Lets go of bytes that nobody will look at any more. A thread that makes little garbage else collects it late: the bytes that
 * pass through it pile up to 64 MB.
 *
 * @param bytes become empty, unless they share their memory with others
 */
export function freeBytes(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) buffer.transfer(0);
}
