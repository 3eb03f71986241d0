import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import type { AttemptEnd } from '../../../core/history/events.ts';
import { deviceApiVersion, globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { textIn, valueIn } from '../../../core/wire/value-in.ts';
import { reference } from '../../scenario/words/words.ts';
import type { WireAnswer } from '../../transports/dps-connection.ts';
import type { Attacker, Target } from '../attacker.ts';
import { refusal } from '../dps-answer.ts';
import { hostileStep } from '../hostile-step.ts';
import type { Loot } from '../loot.ts';
import type { WireRequest } from '../wires.ts';

/** Replays a token that a device sent to DPS. A hub rejects this token, because it is for another resource. */
export const replayTokenStep = hostileStep({
  name: 'replay-token',
  summary: 'An attacker registers with a recorded token and sends it to the assigned hub.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet that the attacker impersonates.'),
    with: reference('loot', 'Token from steal-key with `token: true` or from impersonate-service.'),
    idScope: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'ID scope in the request. Default: the ID scope of the device.' }),
  }),
  run: async (attacker, words) => {
    const loot = attacker.held(words.with);
    if (loot.kind === 'nothing') return showNothing(attacker, words.device, loot.why);
    if (loot.kind !== 'token')
      return attacker.refuse(
        `loot "${words.with}" has the kind ${loot.kind}, but a token is expected; take one with steal-key and \`token: true\``,
      );
    const targets = await attacker.targets(words.device);
    await attacker.all(
      targets.map(({ name, registrationId }) => async () => {
        const claim = { name: `attacker as ${name}`, registrationId, transport: 'https' } as const;
        const idScope = words.idScope ?? attacker.wires.idScope;
        await attacker.wires.attempt(claim, loot.tpm === undefined ? 'symmetricKey' : 'tpm', () =>
          register(attacker, { registrationId }, idScope, loot),
        );
      }),
    );
  },
});

/** Records a failed attempt for each target, because the theft yielded no token. `lacks` is the reason. */
async function showNothing(attacker: Attacker, device: string, lacks: string): Promise<void> {
  for (const { name, registrationId } of await attacker.targets(device)) {
    const credential = { kind: 'none', lacks } as const;
    await attacker.wires.register({ name: `attacker as ${name}`, registrationId, credential, transport: 'https' });
  }
}

async function register(
  attacker: Attacker,
  { registrationId }: Pick<Target, 'registrationId'>,
  idScope: string,
  { token, tpm }: Loot & { readonly kind: 'token' },
): Promise<AttemptEnd> {
  const place = `/${encodeURIComponent(idScope)}/registrations/${encodeURIComponent(registrationId)}`;
  const ask = (method: string, where: string, body?: unknown): Promise<WireAnswer> =>
    attacker.wires.request({
      host: globalEndpoint,
      method,
      path: `${place}${where}?api-version=${deviceApiVersion}`,
      token,
      ...defined({ body }),
    });
  let answer = await ask('PUT', '/register', { registrationId, ...defined({ tpm }) });
  for (let polls = 0; answer.status === 202 && polls < pollLimit; polls++) {
    await attacker.clock.sleep((answer.retryAfterSeconds ?? 2) * 1000);
    answer = await ask('GET', `/operations/${encodeURIComponent(textIn(answer.body, 'operationId') ?? '')}`);
  }
  const state = valueIn(answer.body, 'registrationState');
  const [hub, deviceId] = [textIn(state, 'assignedHub'), textIn(state, 'deviceId')];
  if (answer.status !== 200 || hub === undefined || deviceId === undefined) return refusal(answer);
  const taken = await attacker.wires.request(message(hub, deviceId, token));
  const isTaken = taken.status === 204;
  return {
    outcome: isTaken ? 'assigned' : 'refused',
    sentence: isTaken ? `${hub} accepted its telemetry` : `DPS accepted the token, but ${hub} answered ${taken.status}`,
    assignedHub: hub,
    deviceId,
    telemetry: isTaken ? 'accepted' : 'refused',
    attempts: 1,
  };
}

/** Largest number of status queries. It ends the loop if DPS never finishes an operation. */
const pollLimit = 100;

function message(hub: string, deviceId: string, token: string): WireRequest {
  return {
    host: hub,
    method: 'POST',
    path: `/devices/${encodeURIComponent(deviceId)}/messages/events?api-version=2020-03-13`,
    body: { temperature: 21 },
    token,
  };
}
