import type { Command, Option } from 'commander';
import type { Candidate, Completion } from './completion.ts';
import { valuesOf } from './values.ts';

/**
 * Completes a command line from the definitions of the commands, so that a new option needs no entry here.
 *
 * @param words the words after the name of the program, up to the cursor; the last one is the beginning of the word to complete. bash
 *   makes `=` and `:` separate words.
 */
export function complete(root: Command, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const { command, option, position, isAfterDashes } = placeOf(root, words.slice(0, -1));
  if (option !== undefined && (option.required || !typed.startsWith('-'))) return valueOfOption(option, words);
  if (typed.startsWith('-') && !isAfterDashes) return optionsOf(command, typed);
  if (typed === '=' || typed === ':') return nothing;
  const known = command.createHelp().visibleCommands(command);
  if (known.length > 0 && position === 0) {
    const names = known.map((one) => ({ word: one.name(), description: firstLine(one.description()) }));
    return { candidates: startingWith(typed, names), paths: 'none' };
  }
  const declared = command.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[position] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? nothing : valuesOf(argument, typed);
}

const nothing: Completion = { candidates: [], paths: 'none' };

/** Place of the cursor in a command line. */
interface Place {
  readonly command: Command;
  /** The option whose value is at the cursor. */
  readonly option: Option | undefined;
  /** Number of arguments of the command before the cursor. */
  readonly position: number;
  /** True after `--`: every further word is an argument. */
  readonly isAfterDashes: boolean;
}

function placeOf(root: Command, before: readonly string[]): Place {
  let command = root;
  let option: Option | undefined;
  let position = 0;
  let isAfterDashes = false;
  for (const [index, word] of before.entries()) {
    const isPart = separators.has(word) || (index > 0 && separators.has(before[index - 1] ?? ''));
    if (option !== undefined && (separators.has(word) || followedBy(before, index))) continue;
    if (option !== undefined && (option.required || !word.startsWith('-'))) option = undefined;
    else if (isPart) continue;
    else if (!isAfterDashes && word === '--') isAfterDashes = true;
    else if (!isAfterDashes && word.startsWith('-')) option = word.includes('=') ? undefined : takerOf(command, word);
    else {
      const inner = position === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (inner === undefined) position += 1;
      else command = inner;
    }
  }
  return { command, option, position, isAfterDashes };
}

/** Characters at which bash splits a word. */
const separators = new Set(['=', ':']);

/** Returns true if the word at `index` and the next word belong to one value, as in the three words `junit`, `:` and `out.xml`. */
function followedBy(words: readonly string[], index: number): boolean {
  return words[index + 1] === ':' || (words[index - 1] === ':' && words[index + 1] === ':');
}

/** Returns the option with this name if it takes a value. */
function takerOf(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => long === word || short === word);
  return option !== undefined && (option.required || option.optional) ? option : undefined;
}

/** Returns the candidates for the value of an option. bash makes `:` a separate word; the part of the value after `:` is a path. */
function valueOfOption(option: Option, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const isAfterColon = typed === ':' || words.at(-2) === ':';
  if (isAfterColon) return valuesOf(option, ':');
  return valuesOf(option, typed === '=' ? '' : typed);
}

function optionsOf(command: Command, typed: string): Completion {
  const [name = '', ...value] = typed.split('=');
  if (value.length > 0) {
    const option = takerOf(command, name);
    if (option === undefined) return nothing;
    const { candidates, paths } = valuesOf(option, value.join('='));
    return { candidates: candidates.map((one) => ({ ...one, word: `${name}=${one.word}` })), paths };
  }
  const options = command.createHelp().visibleOptions(command);
  const names = options.flatMap(({ long, short, description }) =>
    [long, typed === '-' ? short : undefined].flatMap((word) =>
      word === undefined || word === null ? [] : [{ word, description: firstLine(description) }],
    ),
  );
  return { candidates: startingWith(typed, names), paths: 'none' };
}

function startingWith(typed: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(typed));
}

/** A shell shows one line for each candidate, so this function shortens the description to its first clause. */
function firstLine(text: string): string {
  const [first = ''] = text.split(/[;:]\s|\s\(|\n/);
  return first;
}
