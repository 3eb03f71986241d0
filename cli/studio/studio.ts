import { oneLine } from '../../reports/markup/plain-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { endRequested } from '../process/end-requested.ts';
import { loadFiles } from '../files/load-files.ts';
import { studioPageText } from '../bundle/page-text.ts';
import { tellMistakes } from '../files/tell-mistakes.ts';
import { openStudioServer, type StudioServer } from './open-server.ts';
import { Plays } from './plays.ts';
import { studioAnswer, type Studio } from './routes.ts';
import { ScenarioFiles } from './scenario-files.ts';

/** What `rehearse studio` can be told. */
export interface StudioOptions {
  readonly port: number;
  readonly json?: true;
}

/** Serves the studio until a signal ends it. Returns the exit code. */
export async function studio(paths: readonly string[], { port, json }: StudioOptions): Promise<number> {
  const loaded = loadFiles(paths);
  // A file with mistakes is what the studio's editor is for; none at all is not.
  if (Object.keys(loaded.texts).length === 0) return tellMistakes(loaded);
  const end = endRequested();
  const own: Studio = {
    shelf: new ScenarioFiles(loaded.texts),
    plays: new Plays(),
    audience: { play: 0, isRevealed: false },
    audienceAddress: () => audienceAddress(server),
    patienceMs: 30 * 60_000,
  };
  let server: StudioServer;
  try {
    server = await openStudioServer(port, studioPageText(), (request) => studioAnswer(own, request));
  } catch (error) {
    process.stderr.write(
      `error: the studio cannot listen at 127.0.0.1:${port}: ${error instanceof Error ? error.message : String(error)}; --port 0 takes a free port\n`,
    );
    return exitCodes.notShown;
  }
  const { url, tokens } = server;
  const told = { page: `${url}/#token=${tokens.presenter}`, audience: audienceAddress(server) };
  process.stdout.write(
    json === true
      ? `${JSON.stringify(told)}\n`
      : `The studio is open for ${Object.keys(loaded.texts).length} files: ${oneLine(told.page)}\nFor the audience: ${told.audience}\nOnly this computer reaches it, and only with these addresses. Ctrl-C ends it.\n`,
  );
  await end;
  own.plays.current?.stop();
  await server.close();
  await own.plays.current?.ended;
  return exitCodes.asExpected;
}

function audienceAddress({ url, tokens }: StudioServer): string {
  return `${url}/#audience=${tokens.audience}`;
}
