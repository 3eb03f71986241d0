#!/usr/bin/env node
// `npm run sbom`: prints a bill of materials (CycloneDX) of the packages whose code the published package contains or installs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeLibrary } from './make-library.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
await makeLibrary(root);
const notices = readFileSync(join(root, 'lib', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { stdout, stderr, status } = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
  cwd: root,
  // The build sets NODE_ENV=production. With this value, npm would omit the bundled packages, because they are development dependencies.
  env: { ...process.env, NODE_ENV: 'development' },
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(3);
}
const all = JSON.parse(stdout);
const components = all.components.filter(({ name, group, version }) => {
  const full = group ? `${group}/${name}` : name;
  return full in dependencies || notices.includes(`\n${full} ${version} (`);
});
const known = new Set(components.map((one) => one['bom-ref']));
const relations = all.dependencies.filter(({ ref }) => known.has(ref) || ref === all.metadata.component['bom-ref']);
const kept = relations.map((one) => ({ ...one, dependsOn: one.dependsOn?.filter((ref) => known.has(ref)) }));
process.stdout.write(`${JSON.stringify({ ...all, components, dependencies: kept }, undefined, 2)}\n`);
