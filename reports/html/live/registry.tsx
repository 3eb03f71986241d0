import type { LiveAuthority, LiveRegistry } from '../live-api.ts';

interface Settings {
  readonly registry: LiveRegistry;
  readonly onSynchronize: (namespace: string) => void;
  readonly onRotate: (authority: Pick<LiveAuthority, 'namespace' | 'certificateAuthority'>) => void;
  readonly onRevoke: (deviceId: string) => void;
}

/** The CAs, policies and devices of the device registry, with buttons for their actions. Shows nothing if the registry has no CA. */
export function Registry({ registry, onSynchronize, onRotate, onRevoke }: Settings) {
  const { authorities, devices } = registry;
  if (authorities.length === 0) return null;
  const namespaces = [...new Set(authorities.map(({ namespace }) => namespace))];
  return (
    <section class="card" aria-labelledby="registry">
      <h2 id="registry">Device registry</h2>
      {namespaces.map((namespace) => (
        <div key={namespace}>
          <p class="inline">
            <span>
              Namespace <b>{namespace}</b>
            </span>
            <button type="button" aria-label={`Synchronize ${namespace}`} onClick={() => onSynchronize(namespace)}>
              Synchronize
            </button>
          </p>
          <ul class="plain">
            {authorities
              .filter((one) => one.namespace === namespace)
              .map((one) => (
                <li key={one.certificateAuthority} class="inline">
                  <span>
                    <b>{one.certificateAuthority}</b> <span class="second">{textOf(one)}</span>
                  </span>
                  {one.issuer === 'Microsoft' && (
                    <button
                      type="button"
                      aria-label={`Revoke and rotate ${one.certificateAuthority}`}
                      onClick={() => onRotate({ namespace, certificateAuthority: one.certificateAuthority })}
                    >
                      Revoke and rotate
                    </button>
                  )}
                </li>
              ))}
          </ul>
        </div>
      ))}
      {devices.length > 0 && (
        <ul class="plain" aria-label="Devices of the registry">
          {devices.slice(0, shownDevices).map(({ deviceId, policy, isDisabled }) => (
            <li key={deviceId} class="inline">
              <span>
                <b>{deviceId}</b>{' '}
                <span class="second">
                  {policy === undefined ? 'no policy' : `policy ${policy}`}
                  {isDisabled && ', disabled'}
                </span>
              </span>
              <button
                type="button"
                aria-label={`Revoke the certificates of ${deviceId}`}
                onClick={() => onRevoke(deviceId)}
              >
                Revoke
              </button>
            </li>
          ))}
        </ul>
      )}
      {devices.length > shownDevices && <p class="second">and {devices.length - shownDevices} more devices</p>}
    </section>
  );
}

function textOf({ type, issuer, status, notAfter, policies, sync }: LiveAuthority): string {
  const [policy] = policies;
  return [
    type === 'Root' ? 'root' : `issuing CA, ${issuer === 'External' ? 'external' : 'Microsoft'}`,
    status,
    policy === undefined ? undefined : `policy ${policy.policy} of ${policy.validityDays} days`,
    notAfter === undefined ? undefined : `until ${notAfter.slice(0, 10)}`,
    ...sync.map(({ hub, state }) => `${hub.split('.', 1)[0] ?? hub} ${syncTexts[state]}`),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

const syncTexts: Readonly<Record<LiveAuthority['sync'][number]['state'], string>> = {
  none: 'not synchronized',
  pending: 'synchronization pending',
  synced: 'synchronized',
  revoked: 'revoked',
  removed: 'removed at the hub',
};

/** Maximum number of devices on the page, so that the page stays small with a large fleet. */
const shownDevices = 50;
