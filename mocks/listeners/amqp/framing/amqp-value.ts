/**
 * Measures encoded AMQP 1.0 values without creating objects for them (AMQP 1.0 part 1). The listener measures values
 * before rhea reads them, because rhea does not check counts. An array of a billion empty lists needs only nine bytes
 * on the wire.
 */
export interface MeasuredBytes {
  readonly bytes: Buffer;
  /** Number of elements without bytes that may still occur. */
  budget: number;
}

/** Wraps bytes for measuring. The number of elements without bytes must not exceed the number of bytes. */
export function measured(bytes: Buffer): MeasuredBytes {
  return { bytes, budget: bytes.length };
}

/**
 * Returns the end of the value that starts at `start`. Returns undefined if there is no value, or if it is incomplete or nested
 * too deeply.
 */
export function endOfValue(measuredBytes: MeasuredBytes, start: number, depth = 0): number | undefined {
  if (depth > depthLimit) return undefined;
  const code = measuredBytes.bytes[start];
  if (code === undefined) return undefined;
  if (code !== describedCode) return endOfContent(measuredBytes, start + 1, code, depth);
  const descriptorEnd = endOfValue(measuredBytes, start + 1, depth + 1);
  return descriptorEnd === undefined ? undefined : endOfValue(measuredBytes, descriptorEnd, depth + 1);
}

/** Returns true if the bytes are a sequence of message sections, each described by its number (AMQP 1.0 3.2). */
export function areMessageSections(bytes: Buffer): boolean {
  const sections = measured(bytes);
  let at = 0;
  while (at < bytes.length) {
    const number = bytes[at + 2];
    const isSection = bytes[at] === describedCode && bytes[at + 1] === smallUlongCode && number !== undefined;
    if (!isSection || number < 0x70 || number > 0x78) return false;
    const end = endOfValue(sections, at);
    if (end === undefined) return false;
    at = end;
  }
  return bytes.length > 0;
}

const describedCode = 0x00;
const smallUlongCode = 0x53;
const depthLimit = 32;

/**
 * Returns the end of the content of a value. The upper four bits of the constructor `code` give the width of the content (AMQP
 * 1.0 1.2).
 */
function endOfContent(measuredBytes: MeasuredBytes, at: number, code: number, depth: number): number | undefined {
  const { bytes } = measuredBytes;
  switch (code >> 4) {
    case 0x4:
      return at;
    case 0x5:
      return within(bytes, at + 1);
    case 0x6:
      return within(bytes, at + 2);
    case 0x7:
      return within(bytes, at + 4);
    case 0x8:
      return within(bytes, at + 8);
    case 0x9:
      return within(bytes, at + 16);
    case 0xa:
    case 0xb:
      return endOfSized(bytes, at, code >> 4 === 0xa ? 1 : 4);
    case 0xc:
    case 0xd:
      return endOfItems(measuredBytes, at, code >> 4 === 0xc ? 1 : 4, depth);
    case 0xe:
    case 0xf:
      return endOfArray(measuredBytes, at, code >> 4 === 0xe ? 1 : 4, depth);
    default:
      return undefined;
  }
}

function within(bytes: Buffer, end: number): number | undefined {
  return end <= bytes.length ? end : undefined;
}

/** Reads an unsigned number of one or four bytes. Returns undefined if bytes are missing. */
function readCount(bytes: Buffer, at: number, width: 1 | 4): number | undefined {
  if (at + width > bytes.length) return undefined;
  return width === 1 ? bytes.readUInt8(at) : bytes.readUInt32BE(at);
}

function endOfSized(bytes: Buffer, at: number, width: 1 | 4): number | undefined {
  const size = readCount(bytes, at, width);
  return size === undefined ? undefined : within(bytes, at + width + size);
}

/** Returns the end of a list or a map. Returns undefined if the declared size differs from the size of the items. */
function endOfItems(measuredBytes: MeasuredBytes, at: number, width: 1 | 4, depth: number): number | undefined {
  const end = endOfSized(measuredBytes.bytes, at, width);
  const count = readCount(measuredBytes.bytes, at + width, width);
  if (end === undefined || count === undefined) return undefined;
  let next: number | undefined = at + 2 * width;
  for (let index = 0; index < count && next !== undefined; index++) next = endOfValue(measuredBytes, next, depth + 1);
  return next === end ? end : undefined;
}

/** Returns the end of an array, which has one constructor for all its elements. */
function endOfArray(measuredBytes: MeasuredBytes, at: number, width: 1 | 4, depth: number): number | undefined {
  const { bytes } = measuredBytes;
  const end = endOfSized(bytes, at, width);
  const count = readCount(bytes, at + width, width);
  if (end === undefined || count === undefined) return undefined;
  let next: number | undefined = at + 2 * width;
  if (bytes[next] === describedCode) next = endOfValue(measuredBytes, next + 1, depth + 1);
  if (next === undefined || depth > depthLimit) return undefined;
  const code = bytes[next++];
  if (code === undefined || code === describedCode) return undefined;
  for (let index = 0; index < count && next !== undefined; index++) {
    const before: number = next;
    next = endOfContent(measuredBytes, before, code, depth + 1);
    if (next === before && --measuredBytes.budget < 0) return undefined;
  }
  return next === end ? end : undefined;
}
