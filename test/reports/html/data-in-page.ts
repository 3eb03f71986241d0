import { gunzipSync } from 'node:zlib';
import type { Run } from '../../../core/run/run.ts';
import { fromBase85 } from '../../../reports/html/base85.ts';
import { valueRestorer, type Json } from '../../../reports/html/shared-values.ts';

/** Returns the contents of the data elements of a report page, by ID. */
export function dataInPage(text: string): ReadonlyMap<string, string> {
  const elements = text.matchAll(/<script type="application\/gzip" id="([^"]+)">([^<]*)<\/script>/g);
  return new Map([...elements].map(([, id = '', data = '']) => [id, gunzipSync(fromBase85(data)).toString()]));
}

/** Returns the runs of a block of a report page. Replaces each reference to a shared value by the value. */
export function runsInBlock(data: ReadonlyMap<string, string>, block: number): readonly Run[] {
  const rows: readonly Json[] = JSON.parse(data.get('shared') ?? '');
  const values: readonly Json[] = JSON.parse(data.get(`block-${block}`) ?? '');
  return JSON.parse(JSON.stringify(values.map(valueRestorer(rows))));
}
