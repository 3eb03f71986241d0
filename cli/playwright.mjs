// Plain JavaScript: the export `dps-rehearsal/playwright`. It loads the bundle, whose folder has a new name after each change.
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundled } from './bundle/bundle.mjs';

const bundle = await bundled(dirname(dirname(fileURLToPath(import.meta.url))));
const adapter = await import(pathToFileURL(`${bundle}/playwright.js`).href);

export const { scenarioTests } = adapter;
export default adapter.default;
