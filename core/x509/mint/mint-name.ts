import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';
import { attributeOids } from '../der/oids.ts';

/** The parts of a subject, any characters. A part that is left out is not written; none at all makes the empty name. */
export interface SubjectName {
  readonly country?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly commonName?: string;
  readonly serialNumber?: string;
  readonly emailAddress?: string;
}

/** A distinguished name. Values are carried as they are: there is nothing to escape in DER. */
export function nameOf(subject: SubjectName): Name {
  const parts = order.flatMap(([part, label, form]) => {
    const text = subject[part];
    if (text === undefined) return [];
    const value = new AttributeValue({ [form]: text });
    return [new RelativeDistinguishedName([new AttributeTypeAndValue({ type: attributeOids[label] ?? label, value })])];
  });
  return new Name(parts);
}

/** From the widest part to the narrowest, with the string type that RFC 5280 appendix A asks for. */
const order: readonly (readonly [keyof SubjectName, string, 'printableString' | 'utf8String' | 'ia5String'])[] = [
  ['country', 'C', 'printableString'],
  ['organization', 'O', 'utf8String'],
  ['organizationalUnit', 'OU', 'utf8String'],
  ['commonName', 'CN', 'utf8String'],
  ['serialNumber', 'serialNumber', 'printableString'],
  ['emailAddress', 'emailAddress', 'ia5String'],
];
