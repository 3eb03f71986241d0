import { render } from 'preact';
import { Api } from './api.ts';
import { App } from './app.tsx';
import { AudienceApp } from './audience/audience-app.tsx';
import { readEntry } from './entry.ts';
import '../page/style/base.css';
import '../page/style/parts.css';
import '../page/style/overview.css';
import '../page/style/scenario.css';
import '../page/style/compare.css';
import './style/studio.css';
import './style/editor.css';
import './style/audience.css';
import './style/lessons.css';

// Browsers hide the nonce from attributes, but give it to the scripts of the page.
const nonce = document.currentScript instanceof HTMLScriptElement ? document.currentScript.nonce : '';
const place = document.querySelector('#page');
if (place !== null) open(place);

function open(place: Element): void {
  const entry = readEntry();
  place.replaceChildren();
  if (entry === undefined) {
    place.replaceChildren(
      'Open the studio with the address that "rehearse studio" printed: it has the token of this run.',
    );
    return;
  }
  const api = new Api(entry.token);
  render(entry.visitor === 'audience' ? <AudienceApp api={api} /> : <App api={api} nonce={nonce} />, place);
}
