import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { checks, type CheckId } from '../../core/checks.ts';
import { flagHoldings } from '../../core/findings/flag-holdings.ts';
import { parties } from '../../core/history/events.ts';
import { secretHoldings } from '../../core/findings/secrets.ts';
import type { ActAnswer, Audience, PlaySummary, StudioFiles, StudioConsole } from '../../reports/html/studio-api.ts';
import { choose } from '../../sim/scenario/editor/choose.ts';
import { complete } from '../../sim/scenario/editor/complete.ts';
import { loadText } from '../files/load-text.ts';
import { versions } from '../versions.ts';
import { vocabulary } from '../vocabulary.ts';
import { actSentences } from './act-sentences.ts';
import { changedIn, checkText, shorthandAt } from './check-text.ts';
import { stepsFor } from './deeds-for.ts';
import { refusal, type StudioAnswer, type StudioRequest } from './open-server.ts';
import { newLines, Play, withoutWhy } from './play.ts';
import type { KeptPlay, Plays } from './plays.ts';
import { requests } from './requests.ts';
import type { ScenarioFiles } from './scenario-files.ts';

/** What the studio's API works on. */
export interface Studio {
  readonly shelf: ScenarioFiles;
  readonly plays: Plays;
  audience: Audience;
  /** Where the audience's window opens. */
  readonly audienceAddress: () => string;
  /** Real milliseconds that a play may stand. */
  readonly patienceMs: number;
}

type Route = (studio: Studio, request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>;

/** By method and path; `*` is the number of a play. */
const routes: Readonly<Record<string, Route>> = {
  'GET files': ({ shelf, audienceAddress }) => ok(filesTold(shelf, audienceAddress())),
  'GET text': ({ shelf }, { query }) => {
    const file = query.get('file') ?? '';
    if (!shelf.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
    const read = shelf.read(file);
    return typeof read === 'string' ? refusal(409, read) : ok(read);
  },
  'POST check': (_studio, request) =>
    withBody(requests.check, request, ({ file, text, id }) => ok(checkText(file, text, id))),
  'POST choose': (_studio, request) =>
    withBody(requests.choose, request, ({ text, path, value }) => {
      const changed = choose(text, path, value, shorthandAt(text, path));
      return changed === undefined ? refusal(409, `there is no ${path.join('.')} in this text`) : ok({ text: changed });
    }),
  'POST complete': (_studio, request) =>
    withBody(requests.complete, request, ({ text, offset }) => ok(complete(text, offset, vocabulary()))),
  'POST save': ({ shelf }, request) =>
    withBody(requests.save, request, ({ file, text, digest }) => {
      if (!shelf.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
      const saved = shelf.save(file, text, digest);
      return typeof saved === 'string' ? refusal(409, saved) : ok(saved);
    }),
  'GET plays': ({ plays }) => ok({ plays: plays.list().map(([number, kept]) => summary(number, kept, true)) }),
  'POST plays': begin,
  'GET plays/*': aboutPlay((studio, { visitor }, number, kept) =>
    ok(summary(number, kept, visitor === 'presenter' || isRevealed(studio, number))),
  ),
  'GET plays/*/feed': aboutPlay((studio, request, number, { play }) => feed(studio, request, number, play)),
  'GET plays/*/run': aboutPlay((studio, { visitor }, number, { play }) => {
    if (play.run === undefined) return refusal(409, 'it is not over yet');
    if (visitor === 'presenter' || isRevealed(studio, number)) return ok(play.run);
    return refusal(403, 'how it ended has not been revealed');
  }),
  'POST plays/*/do': aboutPlay((_studio, request, _number, { play }) =>
    withBody(requests.do, request, (words) => {
      if (play.state.kind === 'over') return refusal(409, 'it is over');
      if (words.do === 'resume') play.resume(words);
      else play[words.do]();
      return ok(play.state);
    }),
  ),
  'GET plays/*/seat': aboutPlay((_studio, _request, _number, { play }) => seatTold(play)),
  'POST plays/*/act': aboutPlay((_studio, request, _number, { play }) =>
    withBody(requests.act, request, async ({ step }) => {
      const acted = await play.act(step);
      if (acted === undefined) return refusal(409, seatTaken);
      const answer: ActAnswer = acted.ok ? { sentences: actSentences(acted) } : { mistakes: acted.mistakes };
      return ok(answer);
    }),
  ),
  'GET audience': ({ audience }) => ok(audience),
  'POST audience': (studio, request) =>
    withBody(
      requests.audience,
      request,
      ({ play = studio.audience.play, isRevealed: revealed = studio.audience.isRevealed }) => {
        studio.audience = { play, isRevealed: revealed };
        return ok(studio.audience);
      },
    ),
};

/** What an audience may ask for; everything else is the presenter's. */
const forAudience = ['GET audience', 'GET plays/*', 'GET plays/*/feed', 'GET plays/*/run'];

const seatTaken = 'the seat of the attacker is free only while the timeline stands between two steps';

/** Answers a request that has shown a token. */
export function studioAnswer(studio: Studio, request: StudioRequest): StudioAnswer | Promise<StudioAnswer> {
  const pattern = request.path
    .map((segment, index) => (index === 1 && request.path[0] === 'plays' ? '*' : segment))
    .join('/');
  const name = `${request.method} ${pattern}`;
  const route = routes[name];
  if (route === undefined) {
    const methods = Object.keys(routes).filter((key) => key.split(' ')[1] === pattern);
    if (methods.length > 0) return refusal(405, `expected ${methods.join(' or ')}`);
    return refusal(404, `there is no /api/${request.path.join('/')}`);
  }
  if (request.visitor === 'audience' && !forAudience.includes(name)) return refusal(403, 'that is for the presenter');
  return route(studio, request);
}

function ok(body: unknown): StudioAnswer {
  return { status: 200, body };
}

function withBody<Schema extends z.ZodType>(
  schema: Schema,
  { body }: StudioRequest,
  answer: (words: z.output<Schema>) => StudioAnswer | Promise<StudioAnswer>,
): StudioAnswer | Promise<StudioAnswer> {
  const read = schema.safeParse(body);
  if (read.success) return answer(read.data);
  const told = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return refusal(400, told.join('; '));
}

function aboutPlay(
  answer: (
    studio: Studio,
    request: StudioRequest,
    number: number,
    kept: KeptPlay,
  ) => StudioAnswer | Promise<StudioAnswer>,
): Route {
  return (studio, request) => {
    const number = Number(request.path[1]);
    const kept = studio.plays.find(number);
    return kept === undefined
      ? refusal(404, `there is no play ${request.path[1] ?? ''} any more, or not yet`)
      : answer(studio, request, number, kept);
  };
}

function filesTold(shelf: ScenarioFiles, audience: string): StudioFiles {
  return {
    files: shelf.list(),
    parties,
    checks: Object.entries(checks).map(([id, sentence]) => ({ id: id as CheckId, sentence })),
    versions: versions(),
    audience,
  };
}

function begin(studio: Studio, request: StudioRequest): StudioAnswer | Promise<StudioAnswer> {
  return withBody(requests.play, request, ({ file, text, id, seed, pace, breakpoints }) => {
    const { shelf, plays, patienceMs } = studio;
    if (!shelf.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
    if (plays.current !== undefined) return refusal(409, 'another play goes on; stop it first');
    const loaded = loadText(file, text);
    if (!loaded.ok)
      return refusal(
        422,
        `the text has mistakes: ${loaded.mistakes.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`,
      );
    const scenario = loaded.scenarios.find((one) => one.id === id);
    if (scenario === undefined) return refusal(422, `the text has no variant ${id} any more`);
    const drawn = seed ?? scenario.seed ?? randomBytes(6).toString('hex');
    const before = shelf.read(file);
    const changed = typeof before === 'string' ? [] : changedIn(before.text, text, loaded.scenarios.indexOf(scenario));
    const play = new Play(scenario, { seed: drawn, pace, breakpoints, patienceMs });
    const number = plays.add(play, changed);
    studio.audience = { play: number, isRevealed: false };
    return ok(summary(number, { play, changed }, true));
  });
}

function isRevealed({ audience }: Studio, number: number): boolean {
  return audience.play === number && audience.isRevealed;
}

function summary(number: number, { play, changed }: KeptPlay, isTold: boolean): PlaySummary {
  const { scenario, seed, isGuestPlayed, run } = play;
  const state = isTold ? play.state : withoutWhy(play.state);
  const { file, id, title, variant } = scenario;
  const verdict =
    run === undefined || !isTold ? {} : { verdict: { kind: run.verdict.kind, reason: run.verdict.reason } };
  return { play: number, file, id, title, variant, seed, state, changed, isGuestPlayed, ...verdict };
}

function feed(studio: Studio, { visitor, query }: StudioRequest, number: number, play: Play): StudioAnswer {
  const from = Number(query.get('from') ?? 0);
  if (!Number.isSafeInteger(from) || from < 0) return refusal(400, 'expected from=0 or more');
  const isForAudience = (): boolean => visitor === 'audience' && !isRevealed(studio, number);
  return {
    lines: (write, end) => {
      let told = from;
      let isDue = false;
      const tell = (): void => {
        isDue = false;
        const lines = newLines(play, told, isForAudience());
        told = play.events().length;
        for (const line of lines) write(line);
        if (play.state.kind === 'over') end();
      };
      // Many events come in one moment; they are told together.
      const soon = (): void => {
        if (isDue) return;
        isDue = true;
        setImmediate(tell);
      };
      soon();
      return play.listen(soon);
    },
  };
}

function seatTold(play: Play): StudioAnswer {
  const { seat } = play;
  if (seat === undefined) return refusal(409, seatTaken);
  const leaked = flagHoldings(secretHoldings(play.events())).filter(({ flag }) => flag !== undefined);
  const told: StudioConsole = {
    loot: seat.loot(),
    leaked: [...new Set(leaked.map(({ secret, place, flag }) => `${secret} at ${place}, ${flag ?? ''}`))],
    targets: seat.targets().map(({ name, registrationId }) => ({
      name,
      ...defined({ registrationId }),
    })),
    deeds: stepsFor(seat.names()),
  };
  return ok(told);
}
