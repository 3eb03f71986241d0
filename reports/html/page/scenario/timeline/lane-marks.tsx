import type { Lane } from './lanes.ts';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly row: Row;
  readonly lanes: readonly Lane[];
  readonly laneWidth: number;
}

/** The lanes of one row: a mark for an action, an arrow for a message. */
export function LaneMarks({ row, lanes, laneWidth }: Settings) {
  const width = lanes.length * laneWidth;
  const middle = (lane: Lane): number => (lanes.indexOf(lane) + 0.5) * laneWidth;
  const { span } = row;
  const from = span === undefined ? 0 : middle(span.from);
  const to = span === undefined ? 0 : middle(span.to);
  return (
    <svg class="marks" width={width} height="100%" aria-hidden="true">
      {row.kind !== 'fold' &&
        lanes.map((lane) => <line key={lane} class="lane" x1={middle(lane)} x2={middle(lane)} y1="0" y2="100%" />)}
      {row.kind === 'fold' && <line class="quiet" x1="8" x2={width - 8} y1="50%" y2="50%" />}
      {span !== undefined && span.from !== span.to && (
        <>
          <Arrow from={from} to={to} y={row.isAnswered ? '36%' : '50%'} kind="request" />
          {row.isAnswered && <Arrow from={to} to={from} y="68%" kind="answer" />}
        </>
      )}
      {span !== undefined && (
        <circle
          class={`mark ${span.from}`}
          cx={from}
          cy={row.isAnswered ? '36%' : '50%'}
          r={span.from === span.to ? 5 : 3}
        />
      )}
    </svg>
  );
}

interface ArrowSettings {
  readonly from: number;
  readonly to: number;
  readonly y: string;
  readonly kind: 'request' | 'answer';
}

function Arrow({ from, to, y, kind }: ArrowSettings) {
  const way = Math.sign(to - from);
  return (
    <>
      <line class={`wire ${kind}`} x1={from} x2={to - way * 7} y1={y} y2={y} />
      <svg x={to} y={y} overflow="visible">
        <path class="tip" d={`M ${-way * 9} -4 L ${-way * 1} 0 L ${-way * 9} 4 Z`} />
      </svg>
    </>
  );
}
