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
    ['HUB.Example.COM', 'upper and lower case are equal'],
    ['hub.example.com.', 'a final dot is ignored'],
    ['d1.devices.example.com', 'the wildcard is one label'],
    ['192.168.7.1', 'an IPv4 address'],
    ['2001:0DB8:0:0::7', 'another notation of the same IPv6 address'],
    ['[2001:db8::7]', 'an IPv6 address as in a URL'],
  ])('accepts the host %s: %s', (host) => {
    expect(matchesHostname(certificate, host)).toBe(true);
  });

  test.each([
    ['only.common.name', 'the common name is not read'],
    ['example.com', 'the parent'],
    ['sub.hub.example.com', 'a host below a name without a wildcard'],
    ['devices.example.com', 'the wildcard needs one label'],
    ['a.b.devices.example.com', 'the wildcard does not match two labels'],
    ['.devices.example.com', 'the wildcard does not match an empty label'],
    ['*.devices.example.com', 'a pattern is not a host'],
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
  ])('refuses the host "%s": %s', (host) => {
    expect(matchesHostname(certificate, host)).toBe(false);
  });

  test('refuses every host if there is no `subjectAltName`', async () => {
    const bare = await mint('hub.example.com', 0);
    expect(matchesHostname(bare.certificate, 'hub.example.com')).toBe(false);
  });
});
