import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { bundled } from '../../cli/bundle/bundle.mjs';
import { packageRoot } from '../../cli/package-root.ts';
import { readPlayback } from '../../cli/report/read-playback.ts';
import { fromBase85 } from '../../reports/html/base85.ts';
import { reportPage } from '../../reports/html/report-page.ts';
import type { Playback } from '../../reports/playback.ts';
import { chromium as program } from '../browser/chromium.ts';
import { filterTime, firstContentfulPaint } from '../browser/filter-time.ts';
import { sampleView } from '../reports/sample-playback.ts';

/** The target size of the report was set for this number of variants. */
const aimed = 381;

/**
 * Measures report.html of a recorded run of all shipped scenarios: its size with 381 variants and with all variants, its largest parts, and
 * its times in a browser.
 *
 * @param folder report folder of the run.
 */
export async function reportFigures(folder: string): Promise<object> {
  const read = readPlayback(folder);
  if (!read.ok) throw new Error(read.failure.sentence);
  const page = readFileSync(join(await bundled(packageRoot), 'report-page.html'), 'utf8');
  const all = read.value;
  const textOf = (playback: Playback): string => reportPage(playback, { ...sampleView, page });
  const [small, large] = [textOf({ ...all, played: all.played.slice(0, aimed) }), textOf(all)];
  return {
    bytesOf381: Buffer.byteLength(small),
    variants: all.played.length,
    bytes: Buffer.byteLength(large),
    parts: partsOf(large),
    ...(await browserFigures(small)),
  };
}

/** Returns the size of each data element in the page, and of its content. */
function partsOf(text: string): object {
  const elements = text.matchAll(/<script type="application\/gzip" id="([^"]+)">([^<]*)<\/script>/g);
  return Object.fromEntries(
    [...elements].map(([, id = '', data = '']) => [
      id,
      { bytes: data.length, content: gunzipSync(fromBase85(data)).length },
    ]),
  );
}

/** The times of the page in Chromium; an empty object if Chromium is not installed. */
async function browserFigures(text: string): Promise<object> {
  if (program === undefined) return {};
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-report-'));
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, text);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const paint = await firstContentfulPaint(page, pathToFileURL(file).href, 5);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const filtered = await filterTime(page, [
      'leak',
      'check:certificate-valid-now',
      'code:401002',
      'hub:hub-eu',
      'tpm',
    ]);
    return { firstContentfulPaintMs: Math.round(paint), filterMs: Math.round(filtered) };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
