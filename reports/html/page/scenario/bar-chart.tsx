interface Bar {
  /** The position on the horizontal axis, in words. */
  readonly label: string;
  readonly count: number;
}

/** A chart of counts. Its text alternative names the number of bars, the sum and the highest bar. */
export function BarChart({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const most = bars.reduce((highest, { count }) => Math.max(highest, count), 0);
  const sum = bars.reduce((total, { count }) => total + count, 0);
  if (sum === 0) return <p class="empty">{`${title}: none`}</p>;
  const top = bars.find(({ count }) => count === most);
  const width = chartWidth / bars.length;
  const first = bars[0]?.label ?? '';
  const last = bars.at(-1)?.label ?? '';
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${chartWidth} ${chartHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${sum} in ${bars.length} bars; the highest bar has ${most}, ${top?.label ?? ''}`}
      >
        {bars.map(({ label, count }, index) => {
          const height = (count / most) * chartHeight;
          return count === 0 ? null : (
            <rect
              key={index}
              x={index * width}
              y={chartHeight - height}
              width={Math.max(0.5, width * 0.9)}
              height={height}
            >
              <title>{`${label}: ${count}`}</title>
            </rect>
          );
        })}
      </svg>
      <div class="axis" aria-hidden="true">
        <span>{first}</span>
        <span>{`at most ${most}`}</span>
        <span>{last}</span>
      </div>
    </figure>
  );
}

const chartWidth = 300;
const chartHeight = 90;
