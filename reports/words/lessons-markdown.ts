import type { Lesson, LessonPart, LessonScene } from '../html/studio/lessons/lesson.ts';

/** The two marker lines of docs/training.md. The text of the lessons is between these lines. */
const lessonMarks = {
  start: '<!-- `npm run generate -- --only training` writes the lessons from reports/html/studio/lessons. -->',
  end: '<!-- end of the lessons -->',
} as const;

/**
 * Returns docs/training.md with the lessons of the studio, so that page and studio have the same prompts.
 *
 * @param page the present text of the page. The text outside the two marks does not change.
 * @throws Error if the page does not have both marks.
 */
export function withLessons(page: string, lessons: readonly Lesson[]): string {
  const [before, rest] = page.split(lessonMarks.start);
  const [, after] = (rest ?? '').split(lessonMarks.end);
  if (before === undefined || after === undefined)
    throw new Error(`docs/training.md needs the lines "${lessonMarks.start}" and "${lessonMarks.end}"`);
  return `${before}${lessonMarks.start}\n\n${lessons.map(section).join('\n')}\n${lessonMarks.end}${after}`;
}

function section(lesson: Lesson): string {
  const { number, title, goal, people, parts, lookAt, takeHome, more = [] } = lesson;
  const scenes = parts.flatMap(({ scene }) => scene ?? []);
  const files = [...new Set(scenes.map(({ file }) => file))];
  return [
    `## ${number}. ${title}`,
    '',
    `Goal: ${goal}`,
    `For: ${people}.`,
    `Scenarios: ${files.map(link).join(', ')}.`,
    '',
    '```sh',
    ...commandsOf(scenes, files),
    '```',
    '',
    '| minutes | part | activity |',
    '|---|---|---|',
    ...parts.map(row),
    '',
    `Look at: ${lookAt}`,
    `Take home: ${takeHome}`,
    ...(more.length === 0 ? [] : [`More: ${more.map(({ file, what }) => `${link(file)} ${what}`).join('; ')}.`]),
    '',
  ].join('\n');
}

/**
 * Returns the commands of a lesson. The first command opens the studio. The other commands are for a lesson without the studio: they run
 * the first scenario of the lesson, run all its variants, and explain the variant that the lesson ends with.
 */
function commandsOf(scenes: readonly LessonScene[], files: readonly string[]): readonly string[] {
  const paths = files.map((file) => `scenarios/${file}`).join(' ');
  const [first, flipped = first] = scenes;
  if (first === undefined || flipped === undefined) return [];
  return [
    `npx dps-rehearsal studio ${paths}`,
    `npx dps-rehearsal run scenarios/${first.file} --grep '#${first.variant} '`,
    `npx dps-rehearsal run ${paths}`,
    `npx dps-rehearsal explain 'scenarios/${flipped.file.replace(/\.yaml$/, '')}#${flipped.variant}'`,
  ];
}

function row({ minutes, title, prompts, scene, bet }: LessonPart): string {
  const plays = scene === undefined ? '' : ` (${link(scene.file)}, variant \`${scene.variant}\`)`;
  const question = bet === undefined ? '' : ` Bet: "${bet.question}"`;
  return `| ${minutes} | ${title}${plays} | ${prompts.join(' ')}${question} |`;
}

function link(file: string): string {
  const name =
    file
      .split('/')
      .at(-1)
      ?.replace(/\.yaml$/, '') ?? file;
  return `[${name}](../scenarios/${file})`;
}
