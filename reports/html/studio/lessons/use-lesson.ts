import { useState } from 'preact/hooks';
import type { Breakpoints } from '../../studio-api.ts';
import type { OpenStudio } from '../use-studio.ts';
import type { View } from '../use-view.ts';
import { lessons } from './index.ts';
import type { Lesson, LessonScene } from './lesson.ts';

/** The running lesson. */
export interface OpenLesson {
  readonly lesson: Lesson | undefined;
  /** Index of the part, from 0. During the quiz it is the number of parts. */
  readonly part: number;
  /** Instants of the start of the lesson and of the part, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  readonly partAt: number;
  /** The breakpoints of the part; undefined if the part plays no scenario. */
  readonly breakpoints: Breakpoints | undefined;
  /** Message about a scenario that the studio does not have; undefined if there is none. */
  readonly missing: string | undefined;
  start(number: number): void;
  goTo(part: number): void;
  end(): void;
}

/** Runs a lesson: each part opens its scenario in the presenter's page, with the variant and the breakpoints of the part. */
export function useLesson(studio: OpenStudio, go: (view: View) => void): OpenLesson {
  const [state, setState] = useState<{ number: number; part: number; startedAt: number; partAt: number }>();
  const [breakpoints, setBreakpoints] = useState<Breakpoints>();
  const [missing, setMissing] = useState<string>();
  const lesson = lessons.find(({ number }) => number === state?.number);
  const openScene = (scene: LessonScene | undefined): void => {
    setMissing(undefined);
    if (scene === undefined) return;
    const file = studio.files?.files.find((one) => one.file === scene.file || one.file.endsWith(`/${scene.file}`));
    const variant = file?.scenarios.find(({ id }) => id.endsWith(`#${scene.variant}`));
    if (file === undefined || variant === undefined) {
      const path = `scenarios/${scene.file}`;
      return setMissing(
        `This part plays ${path}, but the studio was started without it. Start the studio with: npx dps-rehearsal studio scenarios`,
      );
    }
    studio.open(file.file, variant.id);
    setBreakpoints({ parties: scene.parties ?? [], checks: scene.checks ?? [], steps: scene.steps ?? [] });
    go({ page: 'stage' });
  };
  const goTo = (number: number, part: number, startedAt: number): void => {
    setState({ number, part, startedAt, partAt: performance.now() });
    openScene(lessons.find((one) => one.number === number)?.parts[part]?.scene);
  };
  return {
    lesson,
    part: state?.part ?? 0,
    startedAt: state?.startedAt ?? 0,
    partAt: state?.partAt ?? 0,
    breakpoints,
    missing,
    start: (number) => goTo(number, 0, performance.now()),
    goTo: (part) => state !== undefined && goTo(state.number, part, state.startedAt),
    end: () => {
      setState(undefined);
      setBreakpoints(undefined);
      setMissing(undefined);
    },
  };
}
