import { InvalidArgumentError } from 'commander';
import { type CheckId, checks, isCheckId } from '../core/checks.ts';
import { suggest } from '../sim/scenario/mistakes/suggest.ts';

/** A pattern as it was written, and as it is searched with. */
export interface Grep {
  readonly text: string;
  readonly pattern: RegExp;
}

/** `--grep`, as Playwright Test reads it: any case, or `/…/flags`. */
export function grepPattern(text: string): Grep {
  const written = /^\/(.*)\/([gimsuy]*)$/.exec(text);
  try {
    const pattern =
      written === null ? new RegExp(text, 'i') : new RegExp(written[1] ?? '', written[2]?.replace(/[gy]/g, ''));
    return { text, pattern };
  } catch (error) {
    throw new InvalidArgumentError(
      `It is no regular expression: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** A reader of whole numbers from `least` on. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,6}$/.test(text) || Number(text) < least) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} on.`);
    }
    return Number(text);
  };
}

/** A TCP port; 0 stands for a free one. */
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

/** `--slower-than`: how many times as long. */
export function ratioAboveOne(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 1)
    throw new InvalidArgumentError('Expected a number above 1, such as 2.');
  return value;
}

/** `1/3`: the part, from 1, and of how many. */
export function shardWords(text: string): string {
  const [, part, parts] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (part === undefined || parts === undefined || Number(part) < 1 || Number(part) > Number(parts)) {
    throw new InvalidArgumentError('Expected a part and the number of parts, such as 1/3.');
  }
  return text;
}

/** `--sabotage`: a check of `rehearse list checks`. */
export function checkWord(text: string): CheckId {
  if (isCheckId(text)) return text;
  const near = suggest(text, Object.keys(checks)) || '; `rehearse list checks` names them all';
  throw new InvalidArgumentError(`It is no check${near}${near.endsWith('?') ? '' : '.'}`);
}

export function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected some text.');
  return text;
}

/** A reader of choices with commas between them, which may also be given one after the other. */
export function choiceWords(
  known: readonly string[],
): (text: string, former: readonly string[] | undefined) => readonly string[] {
  return (text, former = []) => {
    const words = text.split(',').map((word) => word.trim());
    for (const word of words) {
      if (known.includes(word)) continue;
      const near = suggest(word, known) || '.';
      throw new InvalidArgumentError(`"${word}" is none of ${known.join(', ')}${near}`);
    }
    return [...former, ...words];
  };
}
