import { ownCommand } from '../process/own-command.ts';
import { writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { whyNot } from '../files/file-problem.ts';
import { makeFolder } from '../files/make-folder.ts';
import { packageRoot } from '../package-root.ts';
import { pathWord } from '../process/path-word.ts';
import { shellCommand } from '../process/shell-command.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';

/** `rehearse init`: writes a first scenario that runs without changes. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a first scenario to start from')
    .argument('[file]', 'file to write', 'first-scenario.yaml')
    .action((file: string) => {
      process.exitCode = init(file);
    });
}

function init(file: string): number {
  try {
    makeFolder(dirname(resolve(file)));
    writeFileSync(file, firstScenario(schemaReference(file)), { flag: 'wx' });
  } catch (error) {
    const message = whyNot(error);
    const why = message.startsWith('EEXIST') ? 'it already exists; name another file' : message;
    process.stderr.write(`error: ${file} was not written: ${why}\n`);
    return exitCodes.mistake;
  }
  process.stdout.write(`${file} was written. Run it: ${shellCommand([...ownCommand(), 'run', pathWord(file)])}\n`);
  return exitCodes.asExpected;
}

/** Returns the path of the schema relative to `file`, so that the reference stays valid on other computers with the same folders. */
function schemaReference(file: string): string {
  const path = forwardSlashes(relative(dirname(resolve(file)), join(packageRoot, 'scenarios', 'schema.json')));
  return encodeURI(path.startsWith('.') ? path : `./${path}`);
}

function firstScenario(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
title: A thermostat waits in the warehouse
story: >
  The production line installs a certificate, and the thermostat waits eleven months in the warehouse. A certificate that
  is valid for ninety days has then expired, and the provisioning service refuses the device.
tags: [x509, warehouse]
start: 2026-01-05T08:00:00Z

pki:
  factory-root: { validity: P20Y }
  factory-ca: { issuer: factory-root, validity: P5Y }

cloud:
  hubs: [hub-eu]
  enrollmentGroups:
    thermostats: { x509: { ca: factory-ca } }

devices:
  thermostat: { attestation: x509, keyStore: file, transport: mqtt }

# The scenario runs once for each line of the matrix, with the values of that line in place of \${…}.
matrix:
  - { validity: P90D, outcome: { refused: certificate-valid-now } }
  - { validity: P2Y, outcome: { assigned: hub-eu } }

timeline:
  - issue-certificate: { device: thermostat, from: factory-ca, validity: "\${validity}" }
  - package: thermostat
    after: P1D
  - power-on: thermostat
    after: P11M
    expect: "\${outcome}"
`;
}
