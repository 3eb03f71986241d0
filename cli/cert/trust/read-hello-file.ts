import { failed, succeeded, type Result } from '../../../core/result.ts';
import type { ClientHello } from '../../../core/wire/tls/client-hello.ts';
import { readClientHello, readHelloMessage } from '../../../core/wire/tls/hello-reader.ts';

/**
 * Reads a ClientHello from a file: a TLS record or a handshake message, in binary or in hexadecimal, or the JSON of a recorded history. If
 * a history has several ClientHellos, returns the last one.
 */
export function readHelloFile(bytes: Buffer): Result<ClientHello> {
  const text = bytes.toString('latin1').trim();
  if (text === '') return failed('hello-empty', 'the file is empty, expected a ClientHello');
  if (/^[[{]/.test(text)) return helloInJson(bytes.toString('utf8'));
  const digits = text.replaceAll(/[\s:]|0x/g, '');
  const octets = /^(?:[\da-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : bytes;
  return octets[0] === clientHelloType ? readHelloMessage(octets) : readClientHello(octets);
}

const clientHelloType = 1;

function helloInJson(text: string): Result<ClientHello> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed('hello-unreadable', `the file is not JSON: ${(error as Error).message}`);
  }
  const found = offersIn(value, 0).at(-1);
  return found === undefined
    ? failed(
        'hello-missing',
        'the JSON has no ClientHello; expected a run.json with an event of the kind `client-hello`, or only the object `hello` of such an event',
      )
    : succeeded(found);
}

/**
 * Returns all ClientHellos inside a JSON value, in order. The search depth is limited, because a file can contain any number of nested
 * arrays.
 */
function offersIn(value: unknown, depth: number): readonly ClientHello[] {
  if (typeof value !== 'object' || value === null || depth > 6) return [];
  if (isHello(value)) return [value];
  return Object.values(value).flatMap((inner) => offersIn(inner, depth + 1));
}

function isHello(value: object): value is ClientHello {
  const { versions, cipherSuites, hasVersionList, groups, signatureAlgorithms } = value as Readonly<
    Record<string, unknown>
  >;
  const isOptional = (list: unknown): boolean => list === undefined || isTexts(list);
  return (
    isTexts(versions) &&
    isTexts(cipherSuites) &&
    typeof hasVersionList === 'boolean' &&
    isOptional(groups) &&
    isOptional(signatureAlgorithms)
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
