import { useEffect, useState } from 'preact/hooks';
import type { OpenLesson } from './use-lesson.ts';

interface Settings {
  readonly running: OpenLesson;
  /** Planned minutes of the part; undefined for the quiz. */
  readonly minutes: number | undefined;
}

/** Shows the time of the part and of the lesson. Screen readers do not announce it, because it changes each second. */
export function LessonTimer({ running: { startedAt, partAt, lesson }, minutes }: Settings) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const all = lesson?.parts.reduce((sum, part) => sum + part.minutes, 0) ?? 0;
  const isLate = minutes !== undefined && now - partAt > minutes * 60_000;
  return (
    <p class="lesson-timer">
      <span class={isLate ? 'warn' : ''}>
        <b>{clockText(now - partAt)}</b>
        {minutes !== undefined && ` of ${minutes} min`}
        {isLate && ', over time'}
      </span>{' '}
      <span class="second">
        lesson {clockText(now - startedAt)} of {all} min
      </span>
    </p>
  );
}

/** Returns minutes and seconds, such as `4:07`. */
function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
