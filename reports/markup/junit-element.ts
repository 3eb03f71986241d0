import XMLBuilder from 'fast-xml-builder';
import { oneLine, xmlText } from './plain-text.ts';

/** Starts the names of attributes in the objects that the builder reads. */
const attributeMark = '@';

/** An element: attributes and children by name, and its text as `#text`. */
export type JunitElement = Readonly<Record<string, unknown>>;

/** Returns the attributes of an element. Line breaks become spaces, as in a parser (XML 1.0 3.3.3). */
export function attributes(values: Readonly<Record<string, string | number>>): JunitElement {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${attributeMark}${name}`, xmlText(oneLine(String(value)))]),
  );
}

/** Returns the text of a JUnit file with this root element, `testsuites`. */
export function junitText(root: JunitElement): string {
  const builder = new XMLBuilder({
    attributeNamePrefix: attributeMark,
    format: true,
    ignoreAttributes: false,
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  return builder.build({ '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }), testsuites: root });
}
