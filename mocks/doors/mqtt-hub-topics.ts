/** What a device says to a hub, by the topic that it publishes to. */
export type HubPublish =
  | { readonly kind: 'telemetry'; readonly bag: string }
  | { readonly kind: 'twin' | 'report'; readonly rid: string }
  | { readonly kind: 'method'; readonly rid: string; readonly status: number };

/** Reads the topic of a message from `deviceId`; undefined where it may not publish there. */
export function readHubTopic(topic: string, deviceId: string): HubPublish | undefined {
  const events = `devices/${deviceId}/messages/events`;
  if (topic === events) return { kind: 'telemetry', bag: '' };
  if (topic.startsWith(`${events}/`)) {
    const bag = topic.slice(events.length + 1);
    // Some clients begin the properties with a question mark.
    return { kind: 'telemetry', bag: bag.startsWith('?') ? bag.slice(1) : bag };
  }
  const match =
    /^\$iothub\/(twin\/GET|twin\/PATCH\/properties\/reported|methods\/res\/(-?\d{1,9}))\/?\?(.{1,1024})$/.exec(topic);
  const rid = new Map((match?.[3] ?? '').split('&').map((field) => [field.split('=', 1)[0], field])).get('$rid');
  const id = rid?.slice(rid.indexOf('=') + 1) ?? '';
  if (match === null || id === '') return undefined;
  if (match[1] === 'twin/GET') return { kind: 'twin', rid: id };
  return match[2] === undefined ? { kind: 'report', rid: id } : { kind: 'method', rid: id, status: Number(match[2]) };
}

/** The filters that a device may subscribe to, and the topics of what it gets there. */
export const hubTopics = {
  messages: (deviceId: string) => `devices/${deviceId}/messages/devicebound/#`,
  message: (deviceId: string, bag: string) => `devices/${deviceId}/messages/devicebound/${bag}`,
  methods: '$iothub/methods/POST/#',
  method: (name: string, rid: string) => `$iothub/methods/POST/${name}/?$rid=${rid}`,
  desired: '$iothub/twin/PATCH/properties/desired/#',
  desiredChange: (version: number) => `$iothub/twin/PATCH/properties/desired/?$version=${version}`,
  answers: '$iothub/twin/res/#',
  answer: (status: number, rid: string, version?: number) =>
    `$iothub/twin/res/${status}/?$rid=${rid}${version === undefined ? '' : `&$version=${version}`}`,
} as const;
