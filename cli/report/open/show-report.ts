import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oneLine } from '../../../reports/markup/plain-text.ts';
import { exitCodes } from '../../exit-codes.ts';
import { lookAt } from '../../files/look-at.ts';
import { mistake } from '../../mistake.ts';
import { endRequested } from '../../process/end-requested.ts';
import { isOurHost } from '../../process/local-http.ts';
import { openLocalServer, readTarget, refusal, sendJson } from '../../process/local-server.ts';
import { openInBrowser } from '../../process/open-in-browser.ts';
import { ownCommand } from '../../process/own-command.ts';
import { safeHeaders } from '../../process/send-page.ts';
import { pathWord } from '../../process/path-word.ts';
import { shellCommand } from '../../process/shell-command.ts';

export interface ShowOptions {
  /** Port on 127.0.0.1. If omitted, the page is opened from the disk. */
  readonly port?: number;
}

/** Opens the page of a report folder in the default browser, or prints how to open it. Returns the exit code. */
export async function showReport(folder: string, { port }: ShowOptions): Promise<number> {
  const isFile = lookAt(resolve(folder))?.isFile() === true;
  if (isFile && !folder.endsWith('.html')) {
    return mistake(`${oneLine(folder)} is not a page (*.html); name a report folder or its report.html`);
  }
  const page = isFile ? resolve(folder) : join(resolve(folder), 'report.html');
  if (lookAt(page)?.isFile() !== true) {
    const command = shellCommand([...ownCommand(), 'run', '--report-dir', folder]);
    return mistake(`there is no report ${oneLine(page)}; make one with: ${oneLine(command)}`);
  }
  if (port !== undefined) return servePage(page, port);
  const address = pathToFileURL(page).href;
  process.stdout.write(`report   ${oneLine(page)}\naddress  ${address}\n`);
  const opened = await openInBrowser(page);
  process.stdout.write(
    opened.ok
      ? 'The default browser opens the report.\n'
      : `No browser was opened, because ${opened.failure.sentence}. Open the address in a browser, or serve the page on this computer: ${oneLine(shellCommand([...ownCommand(), 'show-report', pathWord(folder), '--port', '8080']))}\n`,
  );
  return exitCodes.asExpected;
}

/** Serves the page on 127.0.0.1 until a signal ends it. The server reads the file for each request, so a new run needs no restart. */
async function servePage(page: string, port: number): Promise<number> {
  const end = endRequested();
  const opening = await openLocalServer(port, async (incoming, response) => {
    const target = readTarget(incoming);
    const isPage = target.ok && ['', 'report.html'].includes(target.value.path.join('/'));
    if (!isOurHost(incoming.headers.host)) {
      return sendJson(response, refusal(403, 'the report is served only at 127.0.0.1 and localhost'), safeHeaders);
    }
    if (!isPage) return sendJson(response, refusal(404, 'not found; the report is at /'), safeHeaders);
    const text = readFileSync(page);
    response.writeHead(200, { ...safeHeaders, 'Content-Type': 'text/html; charset=utf-8' });
    response.end(text);
  }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (opening instanceof Error) {
    process.stderr.write(
      `error: the report cannot be served at 127.0.0.1:${port}: ${opening.message}; use --port 0 for any free port\n`,
    );
    return exitCodes.inconclusive;
  }
  process.stdout.write(
    `The report is at ${opening.url}/\nOnly this computer can open the page. Press Ctrl-C to end the server.\n`,
  );
  await openInBrowser(`${opening.url}/`);
  await end;
  await opening.close();
  return exitCodes.asExpected;
}
