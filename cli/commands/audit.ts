import type { Command } from 'commander';

/** `rehearse audit`: verifies the audit trail that the secure room of a factory has signed. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('verify the audit trail of a secure room');
  audit
    .command('verify')
    .description('report whether an audit trail is unchanged, or the first line that was changed')
    .argument('<file>', 'audit-*.jsonl of a run')
    .option('--key <file>', 'PEM file with the public key of the secure room (default: the key in the trail itself)')
    .option('--json', 'print the result as JSON: { ok, entries, shifts, station } or { ok, fault, line, sentence }')
    .action(async (file: string, { key, json }: { readonly key?: string; readonly json?: true }) => {
      const { verifyAuditFile } = await import('../report/verify-audit-file.ts');
      process.exitCode = verifyAuditFile(file, key, json === true);
    });
}
