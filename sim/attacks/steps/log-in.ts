import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { reference } from '../../scenario/words/words.ts';
import { hostileStep } from '../hostile-step.ts';
import { tokenOf, tokenWords } from '../token-of.ts';

export const logInStep = hostileStep({
  name: 'log-in',
  summary: 'An attacker opens an MQTT connection with a chosen client ID and user name, and closes the connection.',
  shorthand: 'userName',
  args: z.strictObject({
    to: z
      .union([z.enum(['devices']), reference('hub', 'A hub.')])
      .meta({ description: 'The DPS endpoint for devices, or a hub by its name.' }),
    clientId: z.string().min(1).meta({ description: 'Client ID.' }),
    userName: z.string().min(1).meta({
      description: 'User name, sent unchanged: idScope/registrations/id/api-version=… or hub/device/?api-version=….',
    }),
    with: reference(
      'loot',
      'Loot: a token, or a key with which the attacker makes a token. Default: no password.',
    ).optional(),
    token: tokenWords.optional(),
    tls: z
      .boolean()
      .default(true)
      .meta({ description: 'false: the attacker uses MQTT without TLS on the port for MQTT with TLS.' }),
  }),
  run: async (attacker, { to, clientId, userName, with: loot, token, tls }) => {
    const host = attacker.wires.hostOf(to);
    const [first = '', second = '', third = ''] = userName.split('/');
    const usual =
      to === 'devices'
        ? { resource: `${first}/${second}/${third}`, keyName: 'registration' }
        : { resource: `${first}/devices/${second}`, keyName: undefined };
    const password = loot === undefined ? undefined : tokenOf(attacker, loot, token, usual);
    const code = await attacker.wires.logIn({
      host,
      clientId,
      userName,
      isPlain: !tls,
      ...defined({ password }),
    });
    attacker.tell(
      userName,
      code === undefined ? `${host} closes the connection` : `${host} answers with CONNACK ${code}`,
    );
  },
});
