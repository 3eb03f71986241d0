import type { LabView } from '../live-api.ts';

/** The enrollments, hubs with twins, and TPMs of a lab. */
export function LabParts({ view }: { readonly view: LabView }) {
  return (
    <>
      <section class="card" aria-labelledby="enrollments">
        <h2 id="enrollments">Enrollments</h2>
        <ul class="plain">
          {view.enrollmentGroups.map((one) => (
            <li key={one.enrollmentGroupId}>
              <b>{one.enrollmentGroupId}</b>{' '}
              <span class="second">
                group, {one.attestation}, {one.status}
              </span>
            </li>
          ))}
          {view.enrollments.map((one) => (
            <li key={one.registrationId}>
              <b>{one.registrationId}</b>{' '}
              <span class="second">
                {one.attestation}, {one.status}
                {one.deviceId !== undefined && `, device ID ${one.deviceId}`}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="hubs">
        <h2 id="hubs">Hubs</h2>
        {view.hubs.map(({ name, devices = 0, telemetry = 0, twins = [] }) => (
          <div key={name}>
            <p>
              <b>{name}</b>{' '}
              <span class="second">
                {counted(devices, 'device')}, {counted(telemetry, 'telemetry message')}
              </span>
            </p>
            {twins.map(({ deviceId, connectionState, tags, properties }) => (
              <details key={deviceId} class="twin">
                <summary>
                  {deviceId} <span class="second">{connectionState?.toLowerCase()}</span>
                </summary>
                {/* `tabIndex` gives the region the focus, so that keyboard users can scroll it. */}
                <pre tabIndex={0} role="region" aria-label={`Twin of ${deviceId ?? ''}`}>
                  {JSON.stringify({ tags, properties }, undefined, 2)}
                </pre>
              </details>
            ))}
          </div>
        ))}
      </section>
      {view.tpms.length > 0 && (
        <section class="card" aria-labelledby="tpms">
          <h2 id="tpms">TPMs</h2>
          <ul class="plain">
            {view.tpms.map(({ name, registrationId, simulator }) => (
              <li key={name}>
                <b>{name}</b>{' '}
                <span class="second">
                  simulator at {simulator.host}:{simulator.port}, registration ID <code>{registrationId}</code>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
