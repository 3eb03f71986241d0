import { oneLine } from '../../reports/markup/plain-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { endRequested } from '../process/end-requested.ts';
import { loadFiles } from '../files/load-files.ts';
import { studioPageText } from '../bundle/page-text.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { Offers } from './offer/offers.ts';
import { openStudioServer, type StudioServer } from './open-server.ts';
import { Plays } from './plays.ts';
import { studioAnswer, type Studio } from './routes.ts';
import { ScenarioFiles } from './scenario-files.ts';

/** The options of `rehearse studio`. */
export interface StudioOptions {
  readonly port: number;
  readonly allowPrograms?: true;
  readonly json?: true;
}

/** Serves the studio until a signal ends it. Returns the exit code. */
export async function studio(paths: readonly string[], { port, json, allowPrograms }: StudioOptions): Promise<number> {
  const loaded = loadFiles(paths);
  // The user can correct a file with mistakes in the editor of the studio, so only the absence of files is an error.
  if (Object.keys(loaded.texts).length === 0) return tellMistakes(loaded);
  const end = endRequested();
  const own: Studio = {
    scenarioFiles: new ScenarioFiles(loaded.texts),
    plays: new Plays(),
    offers: new Offers(),
    audience: { play: 0, isRevealed: false },
    audienceAddress: () => audienceAddress(server),
    pauseLimitMs: 30 * 60_000,
    allowsPrograms: allowPrograms === true,
  };
  let server: StudioServer;
  try {
    server = await openStudioServer(port, studioPageText(), (request) => studioAnswer(own, request));
  } catch (error) {
    process.stderr.write(
      `error: the studio cannot listen at 127.0.0.1:${port}: ${error instanceof Error ? error.message : String(error)}; use --port 0 for any free port\n`,
    );
    return exitCodes.inconclusive;
  }
  const { url, tokens } = server;
  const addresses = { page: `${url}/#token=${tokens.presenter}`, audience: audienceAddress(server) };
  process.stdout.write(
    json === true
      ? `${JSON.stringify(addresses)}\n`
      : `Scenario files in the studio: ${Object.keys(loaded.texts).length}\nPage for the trainer: ${oneLine(addresses.page)}\nPage for the audience, the people who watch the trainer: ${addresses.audience}\nOnly this computer can open the two pages, and only with the tokens in these addresses. Press Ctrl-C to end the studio.\n`,
  );
  await end;
  own.plays.current?.stop();
  await own.offers.stop();
  await server.close();
  await own.plays.current?.ended;
  return exitCodes.asExpected;
}

function audienceAddress({ url, tokens }: StudioServer): string {
  return `${url}/#audience=${tokens.audience}`;
}
