import type { Page } from '@playwright/test';

/**
 * Measures the milliseconds from a change of the search field until the list is drawn, three times for each text. For each text it takes
 * the shortest time, so that other load on the computer has little effect. Returns the time of the slowest text.
 */
export async function filterTime(page: Page, texts: readonly string[]): Promise<number> {
  const slowest: number = await page.evaluate(`(async () => {
    const field = document.querySelector('input[type=search]');
    const best = {};
    for (let time = 0; time < 3; time++) {
      for (const text of ${JSON.stringify(texts)}) {
        const from = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        best[text] = Math.min(best[text] ?? Infinity, performance.now() - from);
      }
    }
    return Math.max(...Object.values(best));
  })()`);
  return slowest;
}

/** Opens an address a few times, and returns the shortest time to the first contentful paint in milliseconds. */
export async function firstContentfulPaint(page: Page, address: string, times: number): Promise<number> {
  const paints: number[] = [];
  for (let time = 0; time < times; time++) {
    await page.goto('about:blank');
    await page.goto(address);
    const paint: number = await page.evaluate(`new Promise((done) => {
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') done(startTime);
      }).observe({ type: 'paint', buffered: true });
    })`);
    paints.push(paint);
  }
  return Math.min(...paints);
}
