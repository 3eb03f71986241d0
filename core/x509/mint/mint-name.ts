import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import { attributeOids } from '../der/oids.ts';

/** The parts of a subject name. They may contain any characters. If all parts are omitted, the name is empty. */
export interface SubjectName {
  readonly country?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly commonName?: string;
  readonly serialNumber?: string;
  readonly emailAddress?: string;
}

/** Creates a distinguished name. Does not escape the values, because DER does not need it. */
export function nameOf(subject: SubjectName): Name {
  const parts = order.flatMap(([part, label, form]) => {
    const text = subject[part];
    if (text === undefined) return [];
    const value = new AttributeValue({ [form]: text });
    return [new RelativeDistinguishedName([new AttributeTypeAndValue({ type: attributeOids[label] ?? label, value })])];
  });
  return new Name(parts);
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
