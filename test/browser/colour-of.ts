import type { Locator } from '@playwright/test';

/**
 * Returns the text colour of an element as the browser computes it, or the colour of a custom property there.
 *
 * @param property name of a custom property, such as `--good`.
 */
export async function colourOf(element: Locator, property = ''): Promise<string> {
  const colour: string = await element.evaluate(
    `(found, name) => {
      if (name === '') return getComputedStyle(found).color;
      const probe = found.appendChild(document.createElement('i'));
      probe.style.color = 'var(' + name + ')';
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }`,
    property,
  );
  return colour;
}
