import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { checks, type CheckId } from '../../core/checks.ts';
import { parties } from '../../core/history/events.ts';
import type { ActAnswer, Audience, PlaySummary, StudioFiles, StudioConsole } from '../../reports/html/studio-api.ts';
import { choose } from '../../sim/scenario/editor/choose.ts';
import { complete } from '../../sim/scenario/editor/complete.ts';
import { loadText } from '../files/load-files.ts';
import { versions } from '../versions.ts';
import { vocabulary } from '../files/load-files.ts';
import { actSentences } from './act-sentences.ts';
import { changedIn, checkText, shorthandAt } from './check-text.ts';
import { consoleActions } from './console-actions.ts';
import { refusal } from '../process/local-server.ts';
import { exposedSecrets } from './exposed-secrets.ts';
import type { StudioAnswer, StudioRequest } from './open-server.ts';
import { programsIn, programsRefused } from '../../sim/programs/programs-in.ts';
import type { Offers } from './offer/offers.ts';
import { newLines, Play, withoutWhy } from './play.ts';
import type { StoredPlay, Plays } from './plays.ts';
import { requests } from './requests.ts';
import type { ScenarioFiles } from './scenario-files.ts';

/** The state that the API of the studio uses. */
export interface Studio {
  readonly scenarioFiles: ScenarioFiles;
  readonly plays: Plays;
  readonly offers: Offers;
  audience: Audience;
  /** Returns the address of the audience page. */
  readonly audienceAddress: () => string;
  /** Real milliseconds of a pause after which a play is stopped. */
  readonly pauseLimitMs: number;
  /** True if plays may start the programs that their scenarios name. */
  readonly allowsPrograms: boolean;
}

type Route = (studio: Studio, request: StudioRequest) => StudioAnswer | Promise<StudioAnswer>;

/** Routes by method and path; `*` is the number of a play. */
const routes: Readonly<Record<string, Route>> = {
  'GET files': ({ scenarioFiles, audienceAddress }) => ok(filesOf(scenarioFiles, audienceAddress())),
  'GET text': ({ scenarioFiles }, { query }) => {
    const file = query.get('file') ?? '';
    if (!scenarioFiles.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
    const read = scenarioFiles.read(file);
    return read.ok ? ok(read.value) : refusal(409, read.failure.sentence);
  },
  'POST check': (_studio, request) =>
    withBody(requests.check, request, ({ file, text, id }) => ok(checkText(file, text, id))),
  'POST choose': (_studio, request) =>
    withBody(requests.choose, request, ({ text, path, value }) => {
      const changed = choose(text, path, value, shorthandAt(text, path));
      return changed === undefined
        ? refusal(409, `there is no ${path.join('.')} in the text of the scenario`)
        : ok({ text: changed });
    }),
  'POST offer': (studio, request) => withBody(requests.offer, request, (words) => offer(studio, words)),
  'POST complete': (_studio, request) =>
    withBody(requests.complete, request, ({ text, offset }) => ok(complete(text, offset, vocabulary()))),
  'POST save': ({ scenarioFiles }, request) =>
    withBody(requests.save, request, ({ file, text, digest }) => {
      if (!scenarioFiles.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
      const saved = scenarioFiles.save(file, text, digest);
      return saved.ok ? ok(saved.value) : refusal(409, saved.failure.sentence);
    }),
  'GET plays': ({ plays }) => ok({ plays: plays.list().map(([number, stored]) => summary(number, stored, true)) }),
  'POST plays': begin,
  'GET plays/*': aboutPlay((studio, { visitor }, number, stored) =>
    ok(summary(number, stored, visitor === 'presenter' || isRevealed(studio, number))),
  ),
  'GET plays/*/feed': aboutPlay((studio, request, number, { play }) => feed(studio, request, number, play)),
  'GET plays/*/run': aboutPlay((studio, { visitor }, number, { play }) => {
    if (play.run === undefined) return refusal(409, 'the run has not ended yet');
    if (visitor === 'presenter' || isRevealed(studio, number)) return ok(play.run);
    return refusal(403, 'the presenter has not revealed the result yet');
  }),
  'POST plays/*/do': aboutPlay((_studio, request, _number, { play }) =>
    withBody(requests.do, request, (words) => {
      if (play.state.kind === 'over') return refusal(409, 'the run has ended');
      if (words.do === 'resume') play.resume(words);
      else play[words.do]();
      return ok(play.state);
    }),
  ),
  'GET plays/*/seat': aboutPlay((_studio, _request, _number, { play }) => consoleState(play)),
  'POST plays/*/act': aboutPlay((_studio, request, _number, { play }) =>
    withBody(requests.act, request, async ({ step }) => {
      const acted = await play.act(step);
      if (acted === undefined) return refusal(409, consoleUnavailable);
      const answer: ActAnswer = acted.ok ? { sentences: actSentences(acted) } : { mistakes: acted.mistakes };
      return ok(answer);
    }),
  ),
  'GET audience': ({ audience }) => ok(audience),
  'POST audience': (studio, request) =>
    withBody(requests.audience, request, (part) => {
      studio.audience = { ...studio.audience, ...defined(part) };
      return ok(studio.audience);
    }),
};

/** Routes for the audience; all others are for the presenter only. */
const forAudience = ['GET audience', 'GET plays/*', 'GET plays/*/feed', 'GET plays/*/run'];

const consoleUnavailable = 'the attacker console is available only while the run is paused between two steps';

/** Answers an authenticated request. */
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
  if (request.visitor === 'audience' && !forAudience.includes(name))
    return refusal(403, 'only the presenter may send this request; the token belongs to the page for the audience');
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
  const issues = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  return refusal(400, issues.join('; '));
}

function aboutPlay(
  answer: (
    studio: Studio,
    request: StudioRequest,
    number: number,
    stored: StoredPlay,
  ) => StudioAnswer | Promise<StudioAnswer>,
): Route {
  return (studio, request) => {
    const number = Number(request.path[1]);
    const stored = studio.plays.find(number);
    return stored === undefined
      ? refusal(404, `run ${request.path[1] ?? ''} not found`)
      : answer(studio, request, number, stored);
  };
}

function filesOf(scenarioFiles: ScenarioFiles, audience: string): StudioFiles {
  return {
    files: scenarioFiles.list(),
    parties,
    checks: Object.entries(checks).map(([id, sentence]) => ({ id: id as CheckId, sentence })),
    versions: versions(),
    audience,
  };
}

async function offer(
  { scenarioFiles, plays, offers }: Studio,
  { file, before, text, id, path }: z.output<typeof requests.offer>,
): Promise<StudioAnswer> {
  if (!scenarioFiles.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
  // The trial plays of a search would disturb the running play, so the page asks again when the play is over.
  if (plays.current !== undefined) return ok({ isBusy: true });
  const loaded = loadText(file, before);
  const variant = loaded.ok ? loaded.scenarios.findIndex((one) => one.id === id) : -1;
  // The text had mistakes before the choice. The page shows these mistakes beside the choices, so this function makes no offer.
  if (variant < 0) return ok({ isBusy: false });
  // Each trial play of a search would start the programs that the scenario names.
  if (loaded.ok && loaded.scenarios.some((one) => programsIn(one).length > 0)) return ok({ isBusy: false });
  return ok(await offers.find({ file, before, text, variant, path }));
}

async function begin(studio: Studio, request: StudioRequest): Promise<StudioAnswer> {
  await studio.offers.stop();
  return withBody(requests.play, request, ({ file, text, id, seed, pace, breakpoints }) => {
    const { scenarioFiles, plays, pauseLimitMs, allowsPrograms } = studio;
    if (!scenarioFiles.has(file)) return refusal(404, `the studio was not started with a file ${file}`);
    if (plays.current !== undefined) return refusal(409, 'another run is in progress; stop it first');
    const loaded = loadText(file, text);
    if (!loaded.ok)
      return refusal(
        422,
        `the text has mistakes: ${loaded.mistakes.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`,
      );
    const scenario = loaded.scenarios.find((one) => one.id === id);
    if (scenario === undefined) return refusal(422, `the text has no variant ${id} any more`);
    const programs = programsIn(scenario);
    if (programs.length > 0 && !allowsPrograms) return refusal(422, programsRefused(programs));
    const drawn = seed ?? scenario.seed ?? randomBytes(6).toString('hex');
    const before = scenarioFiles.read(file);
    const changed = before.ok ? changedIn(before.value.text, text, loaded.scenarios.indexOf(scenario)) : [];
    const play = new Play(scenario, { seed: drawn, pace, breakpoints, pauseLimitMs, allowsPrograms });
    const number = plays.add(play, changed);
    const { bet } = studio.audience;
    studio.audience = { play: number, isRevealed: false, ...defined({ bet }) };
    return ok(summary(number, { play, changed }, true));
  });
}

function isRevealed({ audience }: Studio, number: number): boolean {
  return audience.isRevealed && (audience.play === number || audience.beside === number);
}

function summary(number: number, { play, changed }: StoredPlay, isRevealed: boolean): PlaySummary {
  const { scenario, seed, isGuestPlayed, run } = play;
  const state = isRevealed ? play.state : withoutWhy(play.state);
  const { file, id, title, variant } = scenario;
  const verdict = run === undefined || !isRevealed ? undefined : { kind: run.verdict.kind, reason: run.verdict.reason };
  return { play: number, file, id, title, variant, seed, state, changed, isGuestPlayed, ...defined({ verdict }) };
}

function feed(studio: Studio, { visitor, query }: StudioRequest, number: number, play: Play): StudioAnswer {
  const from = Number(query.get('from') ?? 0);
  if (!Number.isSafeInteger(from) || from < 0)
    return refusal(400, 'the query parameter `from` must be a whole number of at least 0');
  const isForAudience = (): boolean => visitor === 'audience' && !isRevealed(studio, number);
  return {
    lines: (write, end) => {
      let sent = from;
      let isDue = false;
      const flush = (): void => {
        isDue = false;
        const lines = newLines(play, sent, isForAudience());
        sent = play.events().length;
        for (const line of lines) write(line);
        if (play.state.kind === 'over') end();
      };
      // Sends all events of the same moment to the page at once.
      const soon = (): void => {
        if (isDue) return;
        isDue = true;
        setImmediate(flush);
      };
      soon();
      return play.listen(soon);
    },
  };
}

function consoleState(play: Play): StudioAnswer {
  const { console } = play;
  if (console === undefined) return refusal(409, consoleUnavailable);
  const state: StudioConsole = {
    loot: console.loot(),
    leaked: exposedSecrets(play.events()),
    targets: console.targets().map(({ name, registrationId }) => ({
      name,
      ...defined({ registrationId }),
    })),
    deeds: consoleActions(console.names()),
  };
  return ok(state);
}
