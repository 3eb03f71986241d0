import { isIdentityPath } from '../../../../core/wire/device-segment.ts';
import { readIdentityName } from '../../../hub/registry/identity-name.ts';

/** A message of a device to a hub, as the topic of its PUBLISH describes it. */
export type HubPublish =
  | { readonly kind: 'telemetry'; readonly bag: string }
  | { readonly kind: 'twin' | 'report' | 'credential'; readonly rid: string }
  | { readonly kind: 'method'; readonly rid: string; readonly status: number };

/**
 * Reads the topic of a message from a device or module. Returns undefined if the device or module may not publish to
 * the topic.
 *
 * @param name the device ID, or `{deviceId}/{moduleId}`.
 * @param mayEncode true if the device ID may be percent-encoded.
 */
export function readHubTopic(topic: string, name: string, mayEncode: boolean): HubPublish | undefined {
  const telemetry = /^devices\/([^/]+)(?:\/modules\/([^/]+))?\/messages\/events(?:\/(.*))?$/s.exec(topic);
  if (telemetry !== null) {
    const [, device = '', module, bag = ''] = telemetry;
    if (!isIdentityPath({ device, module }, readIdentityName(name), mayEncode)) return undefined;
    // Some clients put a question mark before the properties.
    return { kind: 'telemetry', bag: bag.startsWith('?') ? bag.slice(1) : bag };
  }
  const match =
    /^\$iothub\/(twin\/GET|twin\/PATCH\/properties\/reported|credentials\/POST\/issueCertificate|methods\/res\/(-?\d{1,9}))\/?\?(.{1,1024})$/.exec(
      topic,
    );
  const rid = new Map((match?.[3] ?? '').split('&').map((field) => [field.split('=', 1)[0], field])).get('$rid');
  const id = rid?.slice(rid.indexOf('=') + 1) ?? '';
  if (match === null || id === '') return undefined;
  if (match[1] === 'twin/GET') return { kind: 'twin', rid: id };
  if (match[1] === 'credentials/POST/issueCertificate') return { kind: 'credential', rid: id };
  return match[2] === undefined ? { kind: 'report', rid: id } : { kind: 'method', rid: id, status: Number(match[2]) };
}

/** The topics of messages that a hub sends to a device. */
export const hubTopics = {
  /** @param segment the device ID in the encoding of the topic. */
  message: (segment: string, bag: string) => `devices/${segment}/messages/devicebound/${bag}`,
  method: (name: string, rid: string) => `$iothub/methods/POST/${name}/?$rid=${rid}`,
  desiredChange: (version: number) => `$iothub/twin/PATCH/properties/desired/?$version=${version}`,
  answer: (status: number, rid: string, version?: number) =>
    `$iothub/twin/res/${status}/?$rid=${rid}${version === undefined ? '' : `&$version=${version}`}`,
  /** @param word `credentials` as in the SDKs, or `credential` as in the documentation. */
  credential: (word: string, status: number, rid: string, suffix: string) =>
    `$iothub/${word}/res/${status}/?$rid=${rid}${suffix}`,
} as const;
