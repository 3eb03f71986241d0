import { gunzipSync } from 'node:zlib';

/** Returns the contents of the data elements of a report page, by ID. */
export function dataInPage(text: string): ReadonlyMap<string, string> {
  const elements = text.matchAll(/<script type="application\/gzip" id="([^"]+)">([^<]*)<\/script>/g);
  return new Map(
    [...elements].map(([, id = '', data = '']) => [id, gunzipSync(Buffer.from(data, 'base64')).toString()]),
  );
}
