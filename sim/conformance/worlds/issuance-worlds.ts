import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { isInService, statusOf } from './seen.ts';
import type { World } from './world.ts';

const needs = ['csr', 'hub'] as const;
/** Lifetime, in seconds, of certificates that must not expire during the run. */
const longLife = 30 * 86_400;

function issuedCount(events: readonly WireEvent[]): number {
  return events.filter(
    (event) => event.kind === 'dps-answer' && JSON.stringify(event.body ?? '').includes('issuedCertificateChain'),
  ).length;
}

/** Reverses an issued chain, so that it no longer begins with the certificate of the device. */
function withoutLeafFirst(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('registrationState' in body)) return body;
  const state = body.registrationState as Readonly<Record<string, unknown>>;
  const chain = state['issuedCertificateChain'];
  return Array.isArray(chain)
    ? { ...body, registrationState: { ...state, issuedCertificateChain: chain.toReversed() } }
    : body;
}

/** Worlds (lab setups) in which DPS issues certificates. */
export const issuanceWorlds: readonly World[] = [
  {
    id: 'issuance',
    title: 'DPS issues a certificate',
    needs,
    lab: { issuedSeconds: longLife },
    observeMs: 25_000,
    isShown: isInService,
    settleMs: 800,
  },
  {
    id: 'foreign-leaf',
    title: 'The first certificate of the issued chain does not have the key of the device',
    needs,
    lab: { issuedSeconds: longLife },
    script: () => ({ dps: (_request, answer) => ({ ...answer, body: withoutLeafFirst(answer.body) }) }),
    observeMs: 15_000,
    isShown: (events) => issuedCount(events) > 0,
    settleMs: 3000,
  },
  {
    id: 'leaf-revoked',
    title: 'The operator revokes the issued certificate, and the connection to the hub breaks',
    needs,
    lab: { issuedSeconds: longLife },
    acts: [
      {
        title: 'the operator revokes the certificates of the device; the connection breaks',
        after: (_event, events) => isInService(events),
        waitMs: 500,
        do: (stage) => {
          stage.operator.revokeCertificates(stage.facts.deviceId);
          for (const relay of stage.hubConnections()) relay.cut();
        },
      },
    ],
    observeMs: 40_000,
    isShown: (events) => {
      const at = events.findIndex(({ kind }) => kind === 'act');
      return at !== -1 && isInService(events.slice(at));
    },
    settleMs: 500,
  },
  {
    id: 'power-cut-issued',
    title: 'The power fails right after DPS has sent an issued certificate',
    needs: ['csr', 'hub', 'state'],
    lab: { issuedSeconds: longLife },
    acts: [
      {
        title: 'the power fails',
        after: (event) => event.kind === 'dps-answer' && statusOf(event) === 'assigned',
        do: (stage) => stage.cutPower(),
      },
    ],
    observeMs: 40_000,
    isShown: (events) => {
      const boot = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
      return boot !== -1 && isInService(events.slice(boot));
    },
    settleMs: 500,
  },
];
