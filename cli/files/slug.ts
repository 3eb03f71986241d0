import { createHash } from 'node:crypto';
import { trimBothEndsOf } from '../../core/trim-characters.ts';

/** Returns a folder name for a scenario ID: readable, safe on every file system, and distinct for distinct IDs. */
export function slug(id: string): string {
  const readable = trimBothEndsOf(id.replace(/[^A-Za-z0-9=_.-]+/g, '-'), '.-').slice(0, 80);
  return readable === id && id !== ''
    ? id
    : `${readable || 'scenario'}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
