import type { Locator } from '@playwright/test';

/** Returns the text colour of an element as the browser computes it. */
export function colourOf(element: Locator): Promise<string> {
  return computedStyle(element, 'color');
}

/** Returns the background colour of an element as the browser computes it. */
export function groundOf(element: Locator): Promise<string> {
  return computedStyle(element, 'backgroundColor');
}

/** Returns the colour of a custom property such as `--good`, as the browser computes it for this element. */
export async function colourNamed(element: Locator, property: string): Promise<string> {
  const colour: unknown = await element.evaluate((found, name) => {
    const probe = found.appendChild(found.ownerDocument.createElement('i'));
    probe.style.color = `var(${name})`;
    const { color } = found.ownerDocument.defaultView.getComputedStyle(probe);
    probe.remove();
    return color;
  }, property);
  return text(colour);
}

async function computedStyle(element: Locator, property: 'color' | 'backgroundColor'): Promise<string> {
  const value: unknown = await element.evaluate(
    (found, name) => found.ownerDocument.defaultView.getComputedStyle(found)[name],
    property,
  );
  return text(value);
}

/** Fails if the browser returned no colour, because two missing colours would be equal. */
function text(colour: unknown): string {
  if (typeof colour !== 'string' || colour === '') throw new Error(`the browser returned no colour: ${String(colour)}`);
  return colour;
}
