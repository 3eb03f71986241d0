import { describe, expect, test } from 'vitest';
import { matchesHostname } from '../../../core/x509/hostname.ts';
import { mint } from './mint-chain.ts';

describe('the name check of a server certificate', async () => {
  const { certificate } = await mint('only.common.name', 0, {
    dnsNames: [
      'hub.example.com',
      '*.devices.example.com',
      '*',
      '*.com',
      'a*.example.org',
      '*.*.example.org',
      'x.*.example.org',
      '10.9.9.9',
    ],
    ipAddresses: ['192.168.7.1', '2001:db8::7'],
  });

  test.each([
    ['hub.example.com', 'the same name'],
    ['HUB.Example.COM', 'case does not count'],
    ['hub.example.com.', 'the dot of the root does not count'],
    ['d1.devices.example.com', 'the wildcard is one label'],
    ['192.168.7.1', 'an IPv4 address'],
    ['2001:0DB8:0:0::7', 'an IPv6 address in other words'],
    ['[2001:db8::7]', 'an IPv6 address as in a URL'],
  ])('accepts %s: %s', (host) => {
    expect(matchesHostname(certificate, host)).toBe(true);
  });

  test.each([
    ['only.common.name', 'the common name is not looked at'],
    ['example.com', 'the parent'],
    ['sub.hub.example.com', 'below a name without wildcard'],
    ['devices.example.com', 'the wildcard is not nothing'],
    ['a.b.devices.example.com', 'the wildcard is not two labels'],
    ['.devices.example.com', 'the wildcard is not an empty label'],
    ['*.devices.example.com', 'a pattern is no host'],
    ['localhost', 'a lone star'],
    ['anything.com', 'a star below a top level'],
    ['abc.example.org', 'a star in a part of a label'],
    ['a.b.example.org', 'two stars'],
    ['x.y.example.org', 'a star that is not left-most'],
    ['10.9.9.9', 'an address as DNS name'],
    ['10.9.9.9.', 'an address as DNS name, with a dot'],
    ['192.168.7.2', 'another address'],
    ['2001:db8::8', 'another IPv6 address'],
    ['', 'nothing'],
    ['hub..example.com', 'an empty label'],
    ['hub.example.com\0.evil.net', 'a NUL'],
  ])('refuses %s: %s', (host) => {
    expect(matchesHostname(certificate, host)).toBe(false);
  });

  test('refuses every host if there is no `subjectAltName`', async () => {
    const bare = await mint('hub.example.com', 0);
    expect(matchesHostname(bare.certificate, 'hub.example.com')).toBe(false);
  });
});
