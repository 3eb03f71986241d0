import { type Filter, hashOf } from '../route/route.ts';

interface Settings {
  readonly title: string;
  /** Unit of the sizes, such as `seconds`, for the heading. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly name: string;
  readonly size: number;
  /** The value that the bar shows, as text. */
  readonly text: string;
  readonly filter: Filter;
}

/** A bar chart. Each bar links to the overview with a filter. If there are no bars, nothing is shown. */
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
