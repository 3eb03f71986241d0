import { attackWords } from '../../../../core/findings/attack-results.ts';
import { counted } from '../../page/format/counted.ts';
import { places, type StageFacts } from './stage-facts.ts';

/** Shows where the device is: factory, warehouse or site, with the cloud above, and the latest attempt to get into service. */
export function StagePicture({ facts }: { readonly facts: StageFacts }) {
  const { place, isAttacked, attempt } = facts;
  const devices = facts.devices.length > 0 ? facts.devices : [...facts.certificates.keys()];
  const tone = toneOf(attempt);
  const at = places.indexOf(place);
  return (
    <figure class="stage-picture" aria-label={`The device is at the ${place}.`}>
      <div class="cloud-row">
        <p class={`cloud-box ${attempt === undefined ? '' : tone}`}>DPS and hub</p>
        {attempt !== undefined && (
          <p class={`attempt ${tone}`} role="status">
            {sentenceOf(attempt)}
          </p>
        )}
      </div>
      <ol class="places">
        {places.map((one) => (
          <li key={one} class={one === place ? 'here' : ''}>
            <Building place={one} />
            <span>{one}</span>
          </li>
        ))}
      </ol>
      <div class={`road ${isAttacked ? 'attacked' : ''}`} aria-hidden="true">
        <span
          class={`token ${attempt?.isAttack === false ? tone : ''}`}
          style={{ left: `${(at * 2 + 1) * (100 / 6)}%` }}
        >
          {devices.length > 1 ? counted(devices.length, 'device') : (devices[0] ?? 'device')}
        </span>
        {isAttacked && <span class={`token attacker ${attempt?.isAttack === true ? tone : ''}`}>attacker</span>}
      </div>
    </figure>
  );
}

function toneOf(attempt: StageFacts['attempt']): 'good' | 'bad' | 'open' {
  if (attempt?.outcome === undefined) return 'open';
  return (attempt.outcome === 'assigned') === attempt.isAttack ? 'bad' : 'good';
}

function sentenceOf({ client, isAttack, outcome }: NonNullable<StageFacts['attempt']>): string {
  if (outcome === undefined) return `${client} registers …`;
  if (!isAttack) return outcome === 'assigned' ? `✓ ${client} is in service` : `✕ ${client} is refused`;
  const { word, sign } = attackWords[outcome === 'assigned' ? 'breach' : outcome];
  return `${sign} ${word}: ${client}`;
}

/** A simple drawing of a place. */
function Building({ place }: { readonly place: (typeof places)[number] }) {
  const shapes = {
    factory: 'M4 44V22l12 8v-8l12 8v-8l12 8V8h8v36z',
    warehouse: 'M4 44V20L28 8l24 12v24H42V28H14v16zm14 0v-5h9v5zm11 0v-5h9v5zm-6-7v-5h9v5z',
    site: 'M8 44V24L28 8l20 16v20H34V32H22v12z',
  } as const;
  return (
    <svg viewBox="0 0 56 48" aria-hidden="true" focusable="false">
      <path d={shapes[place]} fill="currentColor" />
    </svg>
  );
}
