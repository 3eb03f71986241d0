import { type Filter, hashOf } from '../route.ts';

interface Settings {
  readonly title: string;
  /** The counted thing, for the heading. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly name: string;
  readonly size: number;
  /** The size as text. */
  readonly text: string;
  readonly filter: Filter;
}

/** A bar chart; each bar links to the overview with a filter. Shows nothing without bars. */
export function Bars({ title, unit, bars }: Settings) {
  const largest = Math.max(...bars.map(({ size }) => size));
  if (bars.length === 0) return null;
  return (
    <section class="chart">
      <h2>
        {title} <span class="note">{unit}</span>
      </h2>
      <ol>
        {bars.map(({ name, size, text, filter }) => (
          <li key={name}>
            <a href={hashOf({ page: 'overview', filter })}>{name}</a> <span class="amount">{text}</span>
            <meter min={0} max={largest} value={size} aria-hidden="true" />
          </li>
        ))}
      </ol>
    </section>
  );
}
