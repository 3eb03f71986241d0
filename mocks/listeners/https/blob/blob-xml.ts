import { httpInstant } from '../../../../core/time/clock.ts';
import type { Blob } from '../../../hub/file-upload/blob-store.ts';

interface ListedBlock {
  readonly id: string;
  readonly from: 'Committed' | 'Uncommitted' | 'Latest';
}

/** Reads the body of a Put Block List request. Returns undefined if the body is not a block list. */
export function readBlockList(xml: string): readonly ListedBlock[] | undefined {
  const inner = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<BlockList\s*\/>|<BlockList>([\s\S]*)<\/BlockList>)\s*$/.exec(
    xml.replace(/^\uFEFF/, ''),
  );
  if (inner === null) return undefined;
  const blocks: ListedBlock[] = [];
  const rest = (inner[1] ?? '').replaceAll(
    /<(Committed|Uncommitted|Latest)>\s*([\w+/=-]{1,88})\s*<\/\1>/g,
    (_all, from: ListedBlock['from'], id: string) => {
      blocks.push({ id, from });
      return '';
    },
  );
  return rest.trim() === '' && blocks.length <= blockLimit ? blocks : undefined;
}

/** Returns the answer to List Blobs, with all blobs on one page. */
export function listXml(container: string, blobs: readonly Blob[]): string {
  const entries = blobs.map(
    ({ name, size, etag, lastModified, contentType }) =>
      `<Blob><Name>${escaped(name)}</Name><Properties><Last-Modified>${httpInstant(lastModified)}</Last-Modified>` +
      `<Etag>${escaped(etag.replaceAll('"', ''))}</Etag><Content-Length>${size}</Content-Length>` +
      `<Content-Type>${escaped(contentType ?? 'application/octet-stream')}</Content-Type>` +
      '<BlobType>BlockBlob</BlobType></Properties></Blob>',
  );
  return (
    `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${container}">` +
    `<Blobs>${entries.join('')}</Blobs><NextMarker /></EnumerationResults>`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const blockLimit = 50_000;
