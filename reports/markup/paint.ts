import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or returns it unchanged. */
export type Paint = (style: Style, text: string) => string;

export const plainPaint: Paint = (_style, text) => text;

/** Colours a text without a look at the stream, because the caller has decided whether colours are wanted. */
export const colourPaint: Paint = (style, text) => styleText(style, text, { validateStream: false });
