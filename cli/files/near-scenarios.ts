import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearWords } from '../../sim/scenario/mistakes/suggest.ts';
import { asId } from './chosen-path.ts';

/**
 * Returns `; did you mean …?` with up to three scenarios whose ID resembles what the user typed, or an empty string. The files below the
 * working folder come first. An ID that ends with the typed text comes before an ID that contains it, and before an ID with a similar spelling.
 *
 * @param typed a path or an ID that does not exist.
 * @param idsOf reads a scenario file and returns the IDs of its variants; none if the file has a mistake.
 * @param known further IDs that the user can name here, such as those of the shipped scenarios.
 */
export function nearScenarios(
  typed: string,
  idsOf: (file: string) => readonly string[],
  known: readonly string[] = [],
): string {
  const [base = '', variant] = asId(typed).split('#');
  const own = filesNear(dirname(typed));
  // Without this limit, one letter would match most files.
  const near = base.length < 3 ? [] : like(base, own.map(asId));
  const files = (near.length > 0 ? near : similar(base, own.map(asId)))
    .flatMap((id) => own.filter((file) => asId(file) === id))
    .filter((file) => isScenario(file));
  const names = variant === undefined ? files : files.flatMap((file) => withVariant(idsOf(file), variant));
  if (names.length > 0) return sentence(names);
  const ids = [...new Set(variant === undefined ? known.map((id) => id.split('#')[0] ?? id) : known)];
  const shipped = like(asId(typed), ids);
  return sentence(shipped.length > 0 ? shipped : nearWords(asId(typed), ids));
}

/** Returns the IDs that end with the text after a `/`, or else the IDs that contain it. */
function like(text: string, ids: readonly string[]): readonly string[] {
  const ending = ids.filter((id) => id === text || id.endsWith(`/${text}`));
  return ending.length > 0 ? ending : ids.filter((id) => id.includes(text));
}

/** Returns the IDs whose last part has a similar spelling. */
function similar(text: string, ids: readonly string[]): readonly string[] {
  const near = nearWords(basename(text), [...new Set(ids.map((id) => basename(id)))]);
  return near.flatMap((name) => ids.filter((id) => basename(id) === name));
}

/** Returns the IDs with this variant; all IDs if no variant is similar. */
function withVariant(ids: readonly string[], variant: string): readonly string[] {
  const fitting = ids.filter((id) => id.endsWith(`#${variant}`));
  return fitting.length > 0 ? fitting : ids;
}

function sentence(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const last = shown.pop();
  if (last === undefined) return '';
  return `; did you mean ${shown.length === 0 ? last : `${shown.join(', ')} or ${last}`}?`;
}

/** Returns the YAML files below the working folder and beside a path, the nearest to the root first. */
function filesNear(folder: string): readonly string[] {
  const files = new Set<string>();
  if (folder !== '.') for (const { path, entry } of entriesOf(folder)) if (entry.isFile()) files.add(path);
  let folders = ['.'];
  let left = entriesAtMost;
  for (let depth = 0; depth < depthAtMost && left > 0; depth++) {
    const inside = folders.flatMap((each) => entriesOf(each)).slice(0, left);
    left -= inside.length;
    for (const { path, entry } of inside) if (entry.isFile()) files.add(path);
    folders = inside.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path);
  }
  return [...files].filter((file) => /\.ya?ml$/.test(file));
}

/** The working folder may be a home folder with many files. */
const entriesAtMost = 5000;
const depthAtMost = 5;

function entriesOf(folder: string): readonly { readonly path: string; readonly entry: Dirent }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => ({ path: join(folder, entry.name), entry }));
  } catch {
    // A folder that cannot be read has no suggestions.
    return [];
  }
}

/** Returns true if a YAML file has a timeline, which other YAML files such as compose.yaml do not have. */
function isScenario(file: string): boolean {
  try {
    return statSync(file).size <= sizeAtMost && /^["']?timeline["']?\s*:/m.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

const sizeAtMost = 1024 ** 2;
