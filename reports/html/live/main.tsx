import { render } from 'preact';
import { App } from './app.tsx';
import { ControlClient } from './control-client.ts';
import '../page/style/base.css';
import '../page/style/parts.css';
import '../page/style/scenario.css';
import './style/live.css';

const place = document.querySelector('#page');
if (place !== null) open(place);

function open(place: Element): void {
  const token = readToken();
  if (token === undefined) {
    place.replaceChildren(
      'Open the address that "rehearse serve" printed as "live page": it has the token of this run.',
    );
    return;
  }
  place.replaceChildren();
  render(<App client={new ControlClient(token)} />, place);
}

/**
 * Reads the token from the address of the page, and removes the token from the address. The session storage of the tab keeps it for a
 * reload.
 */
function readToken(): string | undefined {
  const storageKey = 'rehearsal lab';
  const [, token] = /^#token=([0-9a-f]{64})$/.exec(location.hash) ?? [];
  if (token === undefined) return sessionStorage.getItem(storageKey) ?? undefined;
  sessionStorage.setItem(storageKey, token);
  history.replaceState(null, '', location.pathname);
  return token;
}
