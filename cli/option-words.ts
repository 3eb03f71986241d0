import { InvalidArgumentError } from 'commander';
import { type CheckId, checks, isCheckId } from '../core/checks.ts';
import { suggest } from '../sim/scenario/mistakes/suggest.ts';

/** The text of `--grep`, and the regular expression that it means. */
export interface Grep {
  readonly text: string;
  readonly pattern: RegExp;
}

/** Parses `--grep` like Playwright Test: a pattern that ignores case, or `/…/flags`. */
export function grepPattern(text: string): Grep {
  const written = /^\/(.*)\/([gimsuy]*)$/.exec(text);
  try {
    const pattern =
      written === null ? new RegExp(text, 'i') : new RegExp(written[1] ?? '', written[2]?.replace(/[gy]/g, ''));
    return { text, pattern };
  } catch (error) {
    throw new InvalidArgumentError(
      `Not a regular expression: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Returns a parser of whole numbers of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,6}$/.test(text) || Number(text) < least) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    }
    return Number(text);
  };
}

/** Parses a TCP port; 0 means any free port. */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 86_400) {
    throw new InvalidArgumentError('Expected a number of seconds above 0, at most 86400.');
  }
  return value;
}

/** Parses `--slower-than`: the ratio of new and old duration. */
export function ratioAboveOne(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 1)
    throw new InvalidArgumentError('Expected a number above 1, such as 2.');
  return value;
}

/** Parses `1/3`: the number of a shard, from 1, and the number of all shards. */
export function shardWords(text: string): string {
  const [, part, parts] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (part === undefined || parts === undefined || Number(part) < 1 || Number(part) > Number(parts)) {
    throw new InvalidArgumentError('Expected a part and the number of parts, such as 1/3.');
  }
  return text;
}

/** Parses `--sabotage`: the ID of a check, as `rehearse list checks` prints it. */
export function checkWord(text: string): CheckId {
  if (isCheckId(text)) return text;
  const near = suggest(text, Object.keys(checks)) || '; `rehearse list checks` shows all';
  throw new InvalidArgumentError(`Unknown check${near}${near.endsWith('?') ? '' : '.'}`);
}

export function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a non-empty text.');
  return text;
}

/** Returns a parser of comma-separated choices; the option may also be repeated. */
export function choiceWords(
  known: readonly string[],
): (text: string, former: readonly string[] | undefined) => readonly string[] {
  return (text, former = []) => {
    const words = text.split(',').map((word) => word.trim());
    for (const word of words) {
      if (known.includes(word)) continue;
      const near = suggest(word, known) || '.';
      throw new InvalidArgumentError(`"${word}" is not one of ${known.join(', ')}${near}`);
    }
    return [...former, ...words];
  };
}

/** Parses `--report-url`: an http or https address, for the links of reports. */
export function webAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address === undefined || !['https:', 'http:'].includes(address.protocol)) {
    throw new InvalidArgumentError('Expected an address that begins with https:// or http://.');
  }
  return address.href;
}
