import { childrenOf, contextTag, expectTag, Malformed, optionalFields, readTagged, tags, type Der } from './der/der.ts';
import { readNamedBits, readOid } from './der/der-values.ts';
import { readGeneralName, readGeneralNames } from './general-name.ts';

/** Checks the form of cRLDistributionPoints (RFC 5280 4.2.1.13). @throws Malformed */
export function checkDistributionPoints(value: Buffer): void {
  const what = 'cRLDistributionPoints';
  for (const point of childrenOf(readTagged(value, tags.sequence, what), what)) {
    const [place, reasons, issuer] = optionalFields(expectTag(point, tags.sequence, what), pointFields, what);
    if (place === undefined && issuer === undefined)
      throw new Malformed(`${what} has a distribution point without location and issuer`);
    if (place !== undefined) checkLocation(place, what);
    if (reasons !== undefined) readNamedBits({ ...reasons, tag: tags.bitString }, what);
    if (issuer !== undefined) readGeneralNames(issuer, issuer.tag, what);
  }
}

/** Identifier octets of the fields distributionPoint, reasons and cRLIssuer. */
const pointFields = [contextTag(0, 'constructed'), contextTag(1, 'primitive'), contextTag(2, 'constructed')];

/** Checks a DistributionPointName: full names, or attributes that extend the name of the issuer. */
function checkLocation(place: Der, what: string): void {
  const [name, ...more] = childrenOf(place, what);
  if (more.length > 0) throw new Malformed(`${what} has a location with an extra element`);
  if (name?.tag === contextTag(0, 'constructed')) return void readGeneralNames(name, name.tag, what);
  for (const pair of childrenOf(expectTag(name, contextTag(1, 'constructed'), what), what)) {
    const [type, text, ...rest] = childrenOf(expectTag(pair, tags.sequence, what), what);
    readOid(type, what);
    if (text === undefined || rest.length > 0)
      throw new Malformed(`${what} has a name part that is not a pair of type and value`);
  }
}

/** Checks the form of authorityInfoAccess (RFC 5280 4.2.2.1). @throws Malformed */
export function checkAccessLocations(value: Buffer): void {
  const what = 'authorityInfoAccess';
  for (const access of childrenOf(readTagged(value, tags.sequence, what), what)) {
    const [method, place, ...more] = childrenOf(expectTag(access, tags.sequence, what), what);
    readOid(method, what);
    if (place === undefined || more.length > 0)
      throw new Malformed(`${what} has an entry that is not a pair of access method and location`);
    readGeneralName(place, what);
  }
}
