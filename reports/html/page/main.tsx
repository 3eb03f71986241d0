import { render } from 'preact';
import { App } from './app.tsx';
import { openIndex } from './open-blocks.ts';
import { followPrinting } from './printing.ts';
import './style/base.css';
import './style/parts.css';
import './style/overview.css';
import './style/scenario.css';
import './style/compare.css';
import './style/print.css';

const place = document.querySelector('#page');
if (place !== null) void open(place);

async function open(place: Element): Promise<void> {
  followPrinting();
  try {
    const index = await openIndex();
    place.replaceChildren();
    render(<App index={index} />, place);
  } catch (error) {
    place.replaceChildren(`This report cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}
