import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../cli/package-root.ts';
import { startLab } from '../../cli/library.ts';
import { packAndInstall, type Packed } from './packed.ts';

/** One instruction of the Dockerfile. */
interface Instruction {
  readonly word: string;
  readonly text: string;
}

const read = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');

/** Reads the instructions. A line that ends with a backslash continues. */
const instructions: readonly Instruction[] = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => ({ word: line.split(' ')[0] ?? '', text: line.slice(line.indexOf(' ') + 1) }));

const of = (word: string): readonly string[] => instructions.filter((one) => one.word === word).map(({ text }) => text);
const wordsOf = (text: string): readonly string[] => JSON.parse(text.slice(text.indexOf('['))) as readonly string[];

let packed: Packed;
// Follows the steps of both stages: `npm pack` of the checkout, then `npm install --ignore-scripts` of the tarball.
beforeAll(async () => {
  packed = await packAndInstall();
}, 400_000);
afterAll(() => packed.remove());

describe('the Dockerfile', () => {
  test('copies only existing paths, installs from a packed package, and runs as the user `node`', () => {
    const sources = of('COPY').filter((text) => !text.startsWith('--from'));
    const paths = sources.flatMap((text) => text.split(' ').slice(0, -1));
    expect(paths.filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    // npm ci reads these packages from the folder of the checkout.
    const links = Object.values(JSON.parse(read('package.json')).devDependencies as Record<string, string>);
    const folders = links.filter((one) => one.startsWith('file:')).map((one) => one.slice('file:'.length));
    expect(folders.filter((one) => !paths.includes(one))).toEqual([]);
    expect(of('RUN').join('\n')).toMatch(
      /npm ci --ignore-scripts[^]*npm pack[^]*swtpm[^]*npm install --ignore-scripts/,
    );
    expect(of('USER')).toEqual(['node']);
    expect(of('EXPOSE')).toEqual(['443 8883 5671']);
    expect(of('FROM').every((from) => from.startsWith('node:20-bookworm-slim'))).toBe(true);
  });

  test('starts a lab that passes the health check, and the health check fails without a lab', async () => {
    const [entry = ''] = wordsOf(of('ENTRYPOINT')[0] ?? '');
    const words = wordsOf(of('CMD').at(-1) ?? '');
    const health = wordsOf((of('HEALTHCHECK')[0] ?? '').split('CMD')[1] ?? '');
    expect([entry, words[0]]).toEqual(['rehearse', 'serve']);
    const lab = join(packed.folder, 'lab');
    mkdirSync(lab);
    const local = words.map((word) => word.replace(/^\/lab/, lab));
    const free = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0', '--json'];
    const child = spawn(join(packed.folder, 'node_modules', '.bin', entry), [...local, ...free], { cwd: lab });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { ports }: { ports: { https: number } } = JSON.parse(line.toString());
    const script = join(packed.folder, (health[1] ?? '').replace('/opt/rehearsal/', ''));
    const check = () => spawnSync(process.execPath, [script, String(ports.https)], { encoding: 'utf8' }).status;
    expect(check()).toBe(0);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(check()).toBe(1);
    expect(existsSync(join(lab, 'lab.state'))).toBe(true);
  }, 120_000);
});

test('`compose.yaml` builds the image of the Dockerfile, publishes its ports, and gives it the host names that devices use', async () => {
  const { services } = parse(read('compose.yaml')) as { services: { lab: Service } };
  expect(services.lab.ports).toEqual((of('EXPOSE')[0] ?? '').split(' ').map((port) => `${port}:${port}`));
  expect(services.lab.build).toBe('.');
  await using lab = await startLab({ startTimeoutMs: 55_000 });
  const { device, service, hubs } = lab.hosts;
  expect(services.lab.networks.default.aliases).toEqual([device, service, ...Object.values(hubs)]);
});

test('the devcontainer runs the same setup as a clone of the repository', () => {
  const { postCreateCommand, image } = JSON.parse(read('.devcontainer/devcontainer.json')) as Record<string, string>;
  expect(existsSync(join(packageRoot, (postCreateCommand ?? '').replace('node ', '')))).toBe(true);
  expect(image).toMatch(/^node:20/);
});

interface Service {
  readonly build: string;
  readonly ports: readonly string[];
  readonly networks: { readonly default: { readonly aliases: readonly string[] } };
}
