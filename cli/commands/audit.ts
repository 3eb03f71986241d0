import type { Command } from 'commander';

/** `rehearse audit`: verifies the audit trail that the secure room of a factory has signed. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('verify an audit trail: the signed list of the identities that a production station installed');
  audit
    .command('verify')
    .description('report that an audit trail is unchanged, or report the first changed line')
    .argument('<file>', 'audit trail of a run, audit-*.jsonl beside run.json')
    .option(
      '--key <file>',
      'PEM file with the public key of the station that signed the trail (default: the key in the trail itself)',
    )
    .option('--json', 'print the result as JSON: { ok, entries, shifts, station } or { ok, fault, line, sentence }')
    .action(async (file: string, { key, json }: { readonly key?: string; readonly json?: true }) => {
      const { verifyAuditFile } = await import('../report/verify-audit-file.ts');
      process.exitCode = verifyAuditFile(file, key, json === true);
    });
}
