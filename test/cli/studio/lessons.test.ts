import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { loadText } from '../../../cli/files/load-files.ts';
import { packageRoot } from '../../../cli/package-root.ts';
import { lessons } from '../../../reports/html/studio/lessons/index.ts';
import { withLessons } from '../../../reports/words/lessons-markdown.ts';

const scenes = lessons.flatMap(({ number, parts }) =>
  parts.flatMap(({ scene }) =>
    scene === undefined ? [] : [[`${number}: ${scene.file}#${scene.variant}`, scene] as const],
  ),
);

test.each(scenes)('a lesson uses a shipped variant and existing steps as breakpoints: lesson %s', (_name, scene) => {
  const loaded = loadText(scene.file, readFileSync(join(packageRoot, 'scenarios', scene.file), 'utf8'));
  const found = loaded.ok ? loaded.scenarios.find(({ id }) => id.split('#')[1] === scene.variant) : undefined;
  expect(found?.variant).toBeDefined();
  const steps = found?.timeline.map(({ index }) => index) ?? [];
  for (const step of scene.steps ?? []) expect(steps).toContain(step);
});

describe.each(lessons.map((lesson) => [lesson.title, lesson] as const))('the lesson "%s"', (_title, lesson) => {
  test('lasts 45 minutes and ends with a quiz', () => {
    expect(lesson.parts.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(45);
    expect(lesson.quiz.length).toBeGreaterThanOrEqual(3);
    expect(lesson.parts.some(({ bet }) => bet !== undefined)).toBe(true);
  });

  test('has the right answer to each question among the options of the question', () => {
    for (const { options, answer } of [...lesson.quiz, ...lesson.parts.flatMap(({ bet }) => bet ?? [])]) {
      expect(options[answer]).toBeDefined();
      expect(new Set(options).size).toBe(options.length);
    }
  });

  test('has the same title, scenarios, prompts and bets in `docs/training.md`', () => {
    const page = readFileSync(join(packageRoot, 'docs', 'training.md'), 'utf8');
    expect(page).toContain(`## ${lesson.number}. ${lesson.title}`);
    for (const { scene, prompts, bet } of lesson.parts) {
      if (scene !== undefined) expect(page).toContain(`scenarios/${scene.file}`);
      for (const prompt of prompts) expect(page).toContain(prompt);
      if (bet !== undefined) expect(page).toContain(bet.question);
    }
  });
});

test('`docs/training.md` equals the text that is generated from the lessons of the studio', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'training.md'), 'utf8');
  expect(withLessons(page, lessons), 'docs/training.md is stale: run `npm run generate -- --only training`').toBe(page);
  expect(() => withLessons('# no marks', lessons)).toThrow('docs/training.md needs the lines');
});
