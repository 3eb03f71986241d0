import { execFileSync } from 'node:child_process';
import { onTestFinished, expect, test } from 'vitest';
import { command, startInline, type Started } from '../run-inline.ts';

const anyPorts = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];

function serve(yaml: string): Started {
  const started = startInline({ 'lab.yaml': yaml }, ['serve', 'lab.yaml', ...anyPorts, '--log', 'quiet']);
  onTestFinished(() => void started.child.kill('SIGTERM'));
  return started;
}

function statusOf(answer: string): unknown {
  return (JSON.parse(answer) as { readonly status?: unknown }).status;
}

test('the two curl commands that rehearse serve prints register a device and ask for its hub', async () => {
  const lab = serve('cloud: { assignment: PT0S, enrollmentGroups: { devices: { symmetricKey: true } } }\n');
  const printed = await lab.printed('.register(console.log);');
  const calls = printed.split('\n').filter((line) => line.startsWith('curl '));
  const statuses = calls.map((call) => statusOf(execFileSync('sh', ['-c', call], { encoding: 'utf8', stdio: 'pipe' })));
  expect(statuses).toEqual(['assigning', 'assigned']);
});

test('a lab with only X.509 devices prints the commands that issue a certificate and set its variables', async () => {
  const yaml = `
pki: { maker-ca: {} }
cloud: { enrollmentGroups: { devices: { x509: { ca: maker-ca } } } }
`;
  const lab = serve(yaml);
  const printed = await lab.printed('export ID_SCOPE=');
  const [, issue = '', variables = ''] = /\nnpx dps-rehearsal (cert .+)\n(export .+)\n/.exec(printed) ?? [];
  const inShell = (script: string): string =>
    execFileSync('sh', ['-c', script], { encoding: 'utf8', cwd: lab.folder, stdio: 'pipe' });
  const issued = inShell(`node ${command} ${issue}`);
  const registration = issued.slice(issued.indexOf('ID_SCOPE='));
  expect(statusOf(inShell(`${variables}\n${registration}`))).toBe('assigning');
});
