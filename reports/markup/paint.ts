import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

/** Paints whatever the stream is: the caller knows who reads. */
export const colourPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });
