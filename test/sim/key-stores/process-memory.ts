import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/**
 * Returns the names of the byte strings that are in the writable memory of a live process, such as heaps and stacks. The process is
 * a child of the test, and Linux lets a parent read it (ptrace(2), including mode 1 of Yama).
 */
export function namesFoundInMemory(pid: number, wanted: Readonly<Record<string, Buffer>>): readonly string[] {
  const found = new Set<string>();
  const overlap = Math.max(...Object.values(wanted).map(({ length }) => length)) - 1;
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { from, to } of writableRegions(pid)) {
      for (let at = from; at < to; at += pieceBytes) {
        const piece = read(memory, at, Math.min(pieceBytes + overlap, to - at));
        for (const [name, bytes] of Object.entries(wanted)) if (piece.includes(bytes)) found.add(name);
      }
    }
  } finally {
    closeSync(memory);
  }
  return [...found].toSorted();
}

const pieceBytes = 16 * 1024 * 1024;

/** Returns the writable memory regions of a process with addresses below 2^47, which fit into a number. */
function writableRegions(pid: number): readonly { readonly from: number; readonly to: number }[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === undefined || to === undefined
      ? []
      : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }];
  });
}

/** Reads a region. Returns no bytes if the process has freed the region in the meantime. */
function read(memory: number, at: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  try {
    return piece.subarray(0, readSync(memory, piece, 0, length, at));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EIO') return Buffer.alloc(0);
    throw error;
  }
}
