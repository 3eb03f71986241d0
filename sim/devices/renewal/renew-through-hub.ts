import { failed, succeeded, type Result } from '../../../core/result.ts';
import { parseInstant } from '../../../core/time/clock.ts';
import { valueIn } from '../../../core/wire/value-in.ts';
import type { Network } from '../../world/network.ts';
import { CertificateExchange, type CertificateAnswer } from '../../transports/mqtt/certificate-exchange.ts';
import { HubConnection } from '../../transports/mqtt/hub-connection.ts';
import type { Device } from '../device.ts';
import { callHub, directLogin, greeting } from '../hub-session.ts';
import { DirectCertificateExchange } from './direct-certificate-exchange.ts';
import { issuancePauses } from './issuance-pauses.ts';

/** A certificate request of a device to its hub. */
interface HubRequest {
  /** PKCS #10 in DER, as base64. */
  readonly csr: string;
  /** True if the request cancels an older request of the device. */
  readonly replaces: boolean;
  /** Returns true if the power of the device fails after the hub has accepted the request. */
  readonly powerFails: () => boolean;
}

/**
 * Requests a certificate from the hub of the device over MQTT. The hub answers 202 when it accepts the request, and later 200 with the
 * chain. In between, the device sends telemetry, with growing pauses in virtual time, until the operation expires.
 * @returns base64 of DER, leaf first. The failure code is `request-active` if an older request is active, otherwise `renewal-refused`.
 */
export async function requestFromHub(
  device: Device,
  request: HubRequest,
  network: Network,
): Promise<Result<readonly string[]>> {
  const { assigned } = device;
  if (assigned === undefined) return refused('the device was never assigned to a hub');
  if (device.isDirect === true && network.direct !== undefined) {
    const connected = network.direct.connectToHub(await directLogin(device, assigned, network));
    if (!connected.ok) return refused(connected.failure.sentence);
    const exchange = new DirectCertificateExchange(connected.value, assigned.deviceId);
    try {
      return await requestOver(exchange, device, request, network);
    } finally {
      connected.value.close();
    }
  }
  const called = await callHub(device, assigned, 'mqtt', network);
  if (!called.ok) return refused(called.failure.sentence);
  const { socket, password } = called.value;
  const opened = await HubConnection.open(socket, { ...assigned, password });
  if (!opened.ok) return refused(opened.failure.sentence);
  try {
    const exchange = await CertificateExchange.open(opened.value);
    if (!exchange.ok) return refused(exchange.failure.sentence);
    return await requestOver(exchange.value, device, request, network);
  } finally {
    await opened.value.close();
  }
}

async function requestOver(
  exchange: Pick<CertificateExchange, 'request' | 'poll' | 'deviceId'>,
  device: Device,
  { csr, replaces, powerFails }: HubRequest,
  { clock }: Network,
): Promise<Result<readonly string[]>> {
  const rid = Math.floor(device.random.number() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  const first = await exchange.request({ rid, csr, ...(replaces ? { replace: '*' } : {}) });
  if (!first.ok) return refused(first.failure.sentence);
  if (first.value.status === 409) return failed('request-active', sentenceOf(first.value));
  if (first.value.status !== 202) return refused(sentenceOf(first.value));
  if (powerFails()) return refused('the power failed after the hub had accepted the request');
  const { operationExpires } = first.value.body;
  const expires = (typeof operationExpires === 'string' ? parseInstant(operationExpires) : undefined) ?? -Infinity;
  for (const pauseMs of issuancePauses()) {
    if (clock.now() >= expires) break;
    await clock.sleep(pauseMs);
    const answer = await exchange.poll(rid, greeting(exchange.deviceId));
    if (answer.ok) return chainOf(answer.value);
    if (answer.failure.code !== 'no-answer') return refused(answer.failure.sentence);
  }
  return refused('the hub did not issue the certificate before the operation expired');
}

function chainOf(answer: CertificateAnswer): Result<readonly string[]> {
  const { certificates } = answer.body;
  const isChain = Array.isArray(certificates) && certificates.every((each) => typeof each === 'string');
  return answer.status === 200 && isChain ? succeeded(certificates) : refused(sentenceOf(answer));
}

function sentenceOf({ status, body }: CertificateAnswer): string {
  const reason = valueIn(body['info'], 'credentialMessage') ?? body['message'];
  const told = typeof reason === 'string' ? reason : 'no message';
  return `the hub answered the certificate request with ${status}, ${String(body['errorCode'])}: ${told}`;
}

function refused(sentence: string): Result<never> {
  return failed('renewal-refused', sentence);
}
