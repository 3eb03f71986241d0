import type { Attack } from './define-attack.ts';

export const plainMqtt: Attack = {
  id: 'plain-mqtt',
  title: 'Devices are led to speak MQTT without TLS',
  needs: 'Devices that were told port 1883, by mistake or by his hand, and a place in their network.',
  does: 'Answers on that port, where the service has no door, and reads the token out of the CONNECT.',
  seen: 'Devices that never appear at the service, and a registration in their names from another address.',
  cleanup: 'The configuration is flashed again with TLS, and the keys whose tokens were read are rolled.',
};
