import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { clientCapabilities, type ClientCapability } from '../../core/conformance/conformance-result.ts';
import { failed, succeeded, type Result } from '../../core/result.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { readText } from '../files/read-text.ts';

const command = z.array(z.string().min(1)).min(1);
const capabilities = Object.keys(clientCapabilities) as [ClientCapability, ...ClientCapability[]];

const casesShape = z.strictObject({
  name: z.string().min(1).optional(),
  command: command.optional(),
  workdir: z.string().min(1).optional(),
  env: z.record(z.string().min(1), z.string()).default({}),
  without: z.array(z.enum(capabilities)).default([]),
  worlds: z
    .record(z.string(), z.strictObject({ command }))
    .default({})
    .refine((each) => Object.keys(each).every((id) => worlds.some((world) => world.id === id)), {
      error: 'expected IDs of worlds; `rehearse conform --list` shows them',
    }),
});

/** The contents of a file of `--cases`: the client, its set-up, and commands for some test worlds. */
export type Cases = z.output<typeof casesShape> & {
  /** Absolute path of the working directory. */
  readonly folder: string;
};

/** Reads a file of `--cases` (YAML or JSON). `workdir` is relative to the file. */
export function readCases(path: string): Result<Cases> {
  const text = readText(path);
  if (!text.ok) return failed('unreadable', `${path} cannot be read: ${text.failure.sentence}`);
  let value: unknown;
  try {
    value = parse(text.value);
  } catch (error) {
    return failed('not-yaml', `${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = casesShape.safeParse(value);
  if (!read.success) {
    const mistakes = read.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
    return failed('wrong-cases', `${path}: ${mistakes.join('; ')}`);
  }
  return succeeded({ ...read.data, folder: resolve(dirname(path), read.data.workdir ?? '.') });
}
