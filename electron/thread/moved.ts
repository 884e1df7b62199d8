/** Smaller ones are copied: that costs nothing that anybody would notice; bytes. */
const LARGE = 256 * 1024;

/**
 * The memory of large arrays, to be handed over to another thread instead of being copied; the arrays are empty on this side
 * afterwards. One that shares its memory with others is left out, and copied.
 */
export function memoryOf(values: readonly unknown[]): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  for (const value of values) {
    if (!(value instanceof Uint8Array || value instanceof Float64Array)) continue;
    const { buffer, byteLength } = value;
    if (byteLength >= LARGE && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
      found.add(buffer);
  }
  return [...found];
}
