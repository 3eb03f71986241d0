import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BrowserContext, expect, type Page, test as base } from '@playwright/test';
import { withinRealTime } from '../../core/time/clock.ts';
import { WarmHost } from '../cli/warm/warm-host.ts';
import { complaintsOf, needsBrowser } from './needs-browser.ts';

/** A real `rehearse studio` that serves copies of a few shipped scenarios. */
export interface OpenStudio {
  readonly folder: string;
  readonly page: string;
  readonly audience: string;
  read(file: string): string;
  write(file: string, text: string): void;
}

interface Studios {
  readonly needsBrowser: void;
  readonly studio: OpenStudio;
  readonly complaints: readonly string[];
}

const root = join(import.meta.dirname, '..', '..');

/** The process in which the studios of this worker run, one after another. */
let host: WarmHost | undefined;

/** Opens the studio for a folder. `line` resolves with the first line of its output, `ended` with its exit code. */
function openStudio(of: WarmHost, folder: string) {
  let said = '';
  let hasSaid: (line: string) => void;
  const line = new Promise<string>((done) => (hasSaid = done));
  const ended = of.run({ folder, args: ['studio', '--json', '.'], env: {} }, (stream, text) => {
    if (stream === 'stderr') return void process.stderr.write(text);
    said += text;
    if (said.includes('\n')) hasSaid(said);
  });
  // A failed test does not await `ended`. Without this handler, a rejection would then end the process of the tests.
  ended.catch(() => {});
  return { line, ended };
}
const shipped = ['attacks/stolen-keys/shared-key-leaks.yaml', 'warehouse/leaf-expires.yaml'];

/** A test with the studio. At the end of the test, the page must have sent no request to another server and thrown no error. */
export const test = base.extend<Studios>({
  // An empty pattern tells Playwright that the fixture needs no other fixture.
  needsBrowser: [({}, use, info) => needsBrowser({}, use, info), { auto: true }],
  studio: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'rehearse-studio-'));
    for (const file of shipped) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(root, 'scenarios', file), join(folder, file));
    }
    writeFileSync(join(folder, 'odd.yaml'), odd);
    host = host?.isFree === true ? host : new WarmHost();
    const { ended, line } = openStudio(host, folder);
    try {
      const told = JSON.parse(
        await withinRealTime(line, 60_000, 'the studio did not say that it is open'),
      ) as OpenStudio;
      await use({
        ...told,
        folder,
        read: (file) => readFileSync(join(folder, file), 'utf8'),
        write: (file, text) => writeFileSync(join(folder, file), text),
      });
      host.signal('SIGTERM');
      expect(await withinRealTime(ended, 20_000, 'the studio did not end')).toBe(0);
    } finally {
      if (!host.isFree) host.signal('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
  complaints: [
    async ({ page, studio }, use) => {
      const { origin } = new URL(studio.page);
      const complaints = complaintsOf(page, (url) => url.startsWith(origin));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** The studio must show these texts and not execute them. */
const odd = `title: "<img src=x onerror=alert(1)> is a title"
story: "<script>alert(2)</script>"
devices: { "sensor": { attestation: symmetricKey } }
timeline:
  - enroll: sensor
  - install-key: sensor
  - power-on: sensor
    expect: { assigned: hub-eu }
`;

/** Opens the studio with a scenario on the stage. */
export async function openStage(page: Page, { page: address }: OpenStudio, title: RegExp): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: title }).click();
  await expect(page.getByRole('heading', { name: 'Choices' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeEnabled();
}

/** Plays the scenario of a leaked key without pauses, until the first attempt of the attacker. */
export async function playToTheTheft(page: Page): Promise<void> {
  await page.getByLabel('Pace').selectOption('without pauses');
  await page.getByText('Breakpoints').click();
  await page.getByLabel('Before a step').selectOption({ label: '6 · impersonate sensor-2' });
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('heading', { name: 'Attacker console' }).click();
}

/** Opens the audience's window of the studio. */
export async function openAudience(page: Page, context: BrowserContext): Promise<Page> {
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Audience’s window' }).click();
  return opened;
}
