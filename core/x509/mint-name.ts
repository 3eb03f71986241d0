import { tags } from './der.ts';
import { writeDer, writeOid, writeSequence } from './der-write.ts';
import { attributeOids } from './oids.ts';

/** The parts of a subject, any characters. A part that is left out is not written; none at all makes the empty name. */
export interface Subject {
  readonly country?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly commonName?: string;
  readonly serialNumber?: string;
  readonly emailAddress?: string;
}

/** DER of a distinguished name. Values are carried as they are: there is nothing to escape in DER. */
export function writeName(subject: Subject): Buffer {
  const parts = order.flatMap(([part, label, tag]) => {
    const text = subject[part];
    if (text === undefined) return [];
    const pair = writeSequence(writeOid(attributeOids[label] ?? label), writeDer(tag, Buffer.from(text, 'utf8')));
    return [writeDer(tags.set, pair)];
  });
  return writeSequence(...parts);
}

/** From the widest part to the narrowest, with the string type that RFC 5280 appendix A asks for. */
const order: readonly (readonly [keyof Subject, string, number])[] = [
  ['country', 'C', tags.printableString],
  ['organization', 'O', tags.utf8String],
  ['organizationalUnit', 'OU', tags.utf8String],
  ['commonName', 'CN', tags.utf8String],
  ['serialNumber', 'serialNumber', tags.printableString],
  ['emailAddress', 'emailAddress', tags.ia5String],
];
