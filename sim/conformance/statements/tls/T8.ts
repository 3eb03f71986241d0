import { hellosTo } from '../../judge/hellos.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const T8 = defineStatement({
  id: 'T8',
  group: 'tls',
  level: 'should',
  statement: 'offers no TLS 1.0 and 1.1, and no suites with RC4, 3DES or static RSA',
  source: 'L-TLSH',
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents([...hellosTo(record, 'dps'), ...hellosTo(record, 'hub')], {
      missing: 'the client sent no ClientHello',
      expected: 'TLS 1.2 or later, and no suite with RC4, 3DES or RSA key exchange',
      isRight: ({ versions, suites }) => weakIn(versions, suites).length === 0,
      describe: ({ versions, suites }) => weakIn(versions, suites).join(' ') || 'no weak version and suite',
    }),
});

function weakIn(versions: readonly string[], suites: readonly string[]): readonly string[] {
  const oldVersions = versions.filter((version) => /^(SSL|TLS 1\.[01])/.test(version));
  return [...oldVersions, ...suites.filter((suite) => /RC4|3DES|^TLS_RSA_/.test(suite))];
}
