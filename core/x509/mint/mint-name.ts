import { tags } from '../der/der.ts';
import { attributeOids } from '../der/oids.ts';
import { writeDer, writeOid } from '../der/write-der.ts';

/** The parts of a subject name. They may contain any characters. If all parts are omitted, the name is empty. */
export interface SubjectName {
  readonly country?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly commonName?: string;
  readonly serialNumber?: string;
  readonly emailAddress?: string;
}

/** Returns a distinguished name in DER (RFC 5280 4.1.2.4). Does not escape the values, because DER does not need it. */
export function nameDer(subject: SubjectName): Buffer {
  const parts = order.flatMap(([part, label, form]) => {
    const text = subject[part];
    if (text === undefined) return [];
    const value = writeDer(tags[form], Buffer.from(text, form === 'utf8String' ? 'utf8' : 'latin1'));
    return [writeDer(tags.set, writeDer(tags.sequence, writeOid(attributeOids[label] ?? label), value))];
  });
  return writeDer(tags.sequence, ...parts);
}

/** The parts from the widest to the narrowest, with the string types of RFC 5280 appendix A. */
const order: readonly (readonly [keyof SubjectName, string, 'printableString' | 'utf8String' | 'ia5String'])[] = [
  ['country', 'C', 'printableString'],
  ['organization', 'O', 'utf8String'],
  ['organizationalUnit', 'OU', 'utf8String'],
  ['commonName', 'CN', 'utf8String'],
  ['serialNumber', 'serialNumber', 'printableString'],
  ['emailAddress', 'emailAddress', 'ia5String'],
];
