import { fleetText } from '../../../../core/history/fleet-text.ts';
import type { FleetRun, FleetSeries } from '../../../../core/history/fleet-run.ts';
import type { Run } from '../../../../core/run/run.ts';
import { BarChart } from './bar-chart.tsx';
import { spanText } from '../format/span.ts';

/**
 * Shows the requests, the 429 answers, the renewals and the time until service of each fleet that is simulated only by numbers, in each of
 * its steps.
 */
export function FleetCharts({ run }: { readonly run: Run }) {
  const fleets = fleetsIn(run);
  if (fleets.length === 0) return null;
  return (
    <section class="fleets" aria-labelledby="fleets">
      <h2 id="fleets">Fleets</h2>
      {fleets.map(({ fleet, step }, index) => (
        <FleetChart key={index} fleet={fleet} step={step} />
      ))}
    </section>
  );
}

/** Returns the fleets in the history, each with its step: `step 2, power-on`. */
function fleetsIn({ history }: Run): readonly { readonly fleet: FleetRun; readonly step: string }[] {
  let step = '';
  return history.flatMap((event) => {
    if (event.kind === 'step-started') step = `step ${event.step + 1}, ${event.name}`;
    return event.kind === 'fleet' ? [{ fleet: event, step }] : [];
  });
}

function FleetChart({ fleet, step }: { readonly fleet: FleetRun; readonly step: string }) {
  const { device, series, timeToService, samples } = fleet;
  const every = spanText(0, series.interval);
  return (
    <article>
      <h3>
        {device} <span class="second">{step}</span>
      </h3>
      <p>{fleetText(fleet)}</p>
      <div class="charts">
        <BarChart title={`Register requests, each bar ${every}`} bars={barsOf(series, series.requests)} />
        <BarChart title={`Answers 429, each bar ${every}`} bars={barsOf(series, series.throttled)} />
        {series.renewals?.some((count) => count > 0) === true && (
          <BarChart title={`Certificate renewals, each bar ${every}`} bars={barsOf(series, series.renewals)} />
        )}
        <BarChart
          title="Devices by time to service"
          bars={timeToService.buckets.map(([upTo, count]) => ({
            label: upTo === 0 ? 'at once' : `up to ${spanText(0, upTo)}`,
            count,
          }))}
        />
      </div>
      <details>
        <summary>Sampled devices</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">device</th>
              <th scope="col">chosen as</th>
              <th scope="col">outcome</th>
              <th scope="col">requests</th>
              <th scope="col">429</th>
              <th scope="col">time</th>
            </tr>
          </thead>
          <tbody>
            {samples.map((sample) => (
              <tr key={sample.device}>
                <th scope="row">{sample.device}</th>
                <td>{sample.chosenAs}</td>
                <td>{sample.check === undefined ? sample.outcome : `${sample.outcome} by ${sample.check}`}</td>
                <td>{sample.attempts}</td>
                <td>{sample.throttled}</td>
                <td>{spanText(0, sample.took)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </article>
  );
}

function barsOf({ interval }: FleetSeries, counts: readonly number[]) {
  return counts.map((count, index) => ({
    label: index === 0 ? 'at the start' : `after ${spanText(0, index * interval)}`,
    count,
  }));
}
