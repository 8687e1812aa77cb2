// What an address said that no page knows: kept until somebody has read it.

let names: string[] = [];
const readers = new Set<() => void>();

const tell = (): void => readers.forEach((reader) => reader());

export const dropped = (): string[] => names;

/** Notes names that were dropped; none leaves what is noted. The address may be read while a page is drawn, so readers hear of it afterwards. */
export function drop(found: string[]): void {
  if (found.length === 0 || found.join() === names.join()) return;
  names = found;
  queueMicrotask(tell);
}

export function forget(): void {
  names = [];
  tell();
}

/** Hears of changes; the answer ends it. */
export function hear(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}
