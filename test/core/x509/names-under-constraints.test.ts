import { describe, expect, test } from 'vitest';
import { verifyChain } from '../../../core/x509/verify.ts';
import type { MintOrder } from '../../../core/x509/mint/mint.ts';
import { mint, noon } from './mint-chain.ts';

type Constraints = NonNullable<MintOrder['nameConstraints']>;
type Names = Pick<MintOrder, 'dnsNames' | 'emailAddresses' | 'uris' | 'extraExtensions'>;

async function judge(nameConstraints: Constraints, names: Names) {
  const root = await mint('root', 0, { ca: {}, nameConstraints });
  const leaf = await mint('leaf', 1, { issuer: root, ...names });
  return verifyChain({ leaf: leaf.der, presented: [], anchors: [root.der], at: noon, purpose: 'any' });
}

const dns = (text: string): Names => ({ dnsNames: [text] });
const email = (text: string): Names => ({ emailAddresses: [text] });
const uri = (text: string): Names => ({ uris: [text] });
const permits = (...permitted: NonNullable<Constraints['permitted']>): Constraints => ({ permitted });
const excludes = (...excluded: NonNullable<Constraints['excluded']>): Constraints => ({ excluded });

describe('`verifyChain` refuses a name or constraint that it cannot compare', () => {
  test.each<[string, Constraints, Names, RegExp]>([
    ['a DNS name with an empty first label', permits({ dns: 'example.com' }), dns('.example.com'), /not a host name/],
    [
      'a DNS name with an empty label inside',
      permits({ dns: 'example.com' }),
      dns('a..example.com'),
      /not a host name/,
    ],
    ['a DNS name with a dot at its end', excludes({ dns: 'example.com' }), dns('a.example.com.'), /not a host name/],
    ['a DNS name with a blank', permits({ dns: 'example.com' }), dns('a b.example.com'), /not a host name/],
    ['a DNS name with a star inside', excludes({ dns: 'bar.example.com' }), dns('b*.example.com'), /not a host name/],
    [
      'a DNS constraint with a star',
      excludes({ dns: '*.example.com' }),
      dns('a.example.com'),
      /"\*\.example\.com" is not a host/,
    ],
    [
      'a DNS constraint with a dot at its end',
      excludes({ dns: 'example.com.' }),
      dns('a.example.com'),
      /is not a host/,
    ],
    ['a wildcard for an excluded name', excludes({ dns: 'bar.example.com' }), dns('*.example.com'), /may match/],
    [
      'a wildcard for an excluded name in capitals',
      excludes({ dns: 'BAR.example.com' }),
      dns('*.EXAMPLE.com'),
      /may match/,
    ],
    ['an address with two @', permits({ email: 'example.com' }), email('a@b@example.com'), /not an e-mail address/],
    [
      'an address without a local part',
      permits({ email: 'example.com' }),
      email('@example.com'),
      /not an e-mail address/,
    ],
    ['an address with a malformed host', permits({ email: '.com' }), email('a@b..com'), /not an e-mail address/],
    [
      'an address with an open quote',
      permits({ email: 'example.com' }),
      email('"a@example.com'),
      /not an e-mail address/,
    ],
    [
      'a malformed mailbox constraint',
      excludes({ email: 'a@b@example.com' }),
      email('a@example.com'),
      /is not an e-mail address/,
    ],
    [
      'a quoted mailbox that is excluded',
      excludes({ email: 'root@example.com' }),
      email('"root"@example.com'),
      /excluded/,
    ],
    ['a URI whose host has an escape', excludes({ uri: 'example.com' }), uri('https://%65xample.com/'), /no host name/],
    ['a URI whose host ends in a dot', excludes({ uri: 'example.com' }), uri('https://example.com./'), /no host name/],
    [
      'a URI constraint with a port',
      excludes({ uri: 'example.com:443' }),
      uri('https://example.com/'),
      /is not a host name/,
    ],
    [
      'a URI constraint that is an address',
      excludes({ uri: '10.0.0.1' }),
      uri('https://example.com/'),
      /is not a host name/,
    ],
  ])('%s', async (_title, constraints, names, reason) => {
    const verdict = await judge(constraints, names);
    expect(verdict).toMatchObject({ ok: false, rule: 'name-constraints' });
    expect(verdict.ok ? '' : verdict.found).toMatch(reason);
  });
});

describe('`verifyChain` accepts a name or constraint that it can compare', () => {
  test.each<[string, Constraints, Names]>([
    ['a wildcard inside the permitted name', permits({ dns: 'example.com' }), dns('*.example.com')],
    ['a wildcard outside the excluded name', excludes({ dns: 'bar.example.org' }), dns('*.example.com')],
    ['a wildcard one level above the excluded name', excludes({ dns: 'a.bar.example.com' }), dns('*.example.com')],
    ['a wildcard for the parent of the excluded domain', excludes({ dns: '.bar.example.com' }), dns('*.example.com')],
    ['an underscore', permits({ dns: 'example.com' }), dns('_dmarc.example.com')],
    ['a quoted local part with an @', permits({ email: 'example.com' }), email('"a@b"@example.com')],
    ['a malformed name of a form without constraints', permits({ dns: 'example.com' }), email('a@b@example.com')],
    ['a URI with a user and a port', permits({ uri: 'example.com' }), uri('https://a@example.com:8443/x')],
  ])('%s', async (_title, constraints, names) => {
    expect(await judge(constraints, names)).toMatchObject({ ok: true });
  });
});
