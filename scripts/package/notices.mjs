import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the licences of packages as one text. The bundle contains their code, so the published package must contain their licences.
 *
 * @param {string} root the folder of the checkout.
 * @param {readonly string[]} folders folders of the packages, relative to `root`.
 * @returns {string}
 */
export function noticesOf(root, folders) {
  const notices = folders.map((folder) => {
    const { name, version, license, author, repository } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const heading = `${name} ${version} (${license?.type ?? license})`;
    const text = licenceText(join(root, folder)) ?? `Copyright: ${author?.name ?? author ?? `the authors of ${name}`}`;
    const source = repository?.url ?? repository;
    return [heading, ...(source === undefined ? [] : [source]), '', text.trim()].join('\n');
  });
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `The files beside this one contain code of these packages.${line}${notices.join(line)}\n`;
}

function licenceText(folder) {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const found = names.filter(({ name }) => /^(licen[cs]e|copying|notice)/i.test(name)).map(({ name }) => name);
  return found.length === 0
    ? undefined
    : found.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
