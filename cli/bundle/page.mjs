// This file builds the browser side of report and studio (reports/html). It is plain JavaScript for the same reason as bundle.mjs.
import { createHash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path';

/**
 * A page as HTML, and the paths of the files that it was built from, relative to the folder that rehearse is installed in.
 *
 * @typedef {{ readonly html: string, readonly files: readonly string[] }} Page
 */

/**
 * Builds the report page without data: one HTML text that contains its script and style, and loads no other file.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<Page>}
 */
export async function makeReportPage(root) {
  const { script, style, files } = await built(root, 'reports/html/page/main.tsx');
  // Content Security Policy: allows only this script and this style, and no request, form or frame.
  const policy = [
    `default-src 'none'`,
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Rehearsal report</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This report needs JavaScript, all of which is in this file. results.json beside it has the same results.</noscript></div>
<!--data-->
<script>${script}</script>
</body>
</html>
`;
  return { html, files };
}

/**
 * Builds the studio page. Its server sends the policy as a header, and replaces each placeholder by a nonce
 * (cli/studio/open-server.ts).
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<Page>}
 */
export async function makeStudioPage(root) {
  return servedPage(root, 'reports/html/studio/main.tsx', 'Rehearsal studio');
}

/**
 * Builds the live page of a lab. The control server of the lab sends the page with a policy and nonces
 * (cli/serve/control/control-server.ts), as the server of the studio does.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<Page>}
 */
export async function makeLivePage(root) {
  return servedPage(root, 'reports/html/live/main.tsx', 'Rehearsal lab');
}

/**
 * @param {string} root
 * @param {string} entry
 * @param {string} title
 */
async function servedPage(root, entry, title) {
  const { script, style, files } = await built(root, entry);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${icon}">
<style nonce="NONCE-OF-THIS-ANSWER">${style}</style>
</head>
<body>
<div id="page"><noscript>${title} needs JavaScript.</noscript></div>
<script nonce="NONCE-OF-THIS-ANSWER">${script}</script>
</body>
</html>
`;
  return { html, files };
}

/** The icon of the pages as a data URL: an SVG of a check mark on a circle. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="14" fill="#0b5a8f"/><path d="M9 17l5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
)}`;

/**
 * Returns script and style of a page, each as one text that can be embedded in HTML, and the files that they were built from.
 *
 * @param {string} root
 * @param {string} entry
 */
async function built(root, entry) {
  // Vite is imported only here, because a run with an already built page does not need it and must not wait for it.
  const { build } = await import('vite');
  const made = await build({
    root,
    configFile: false,
    envFile: false,
    logLevel: 'error',
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2023',
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: join(root, entry), output: { format: 'iife' } },
    },
  });
  const output = [made].flat().flatMap((one) => ('output' in one ? one.output : []));
  const script = output.flatMap((one) => (one.type === 'chunk' ? [one.code] : [])).join('\n');
  const style = output.flatMap((one) => (one.type === 'asset' ? [String(one.source)] : [])).join('\n');
  const modules = output.flatMap((one) => (one.type === 'chunk' ? Object.keys(one.modules) : []));
  return {
    files: modules.filter((id) => isAbsolute(id)).map((id) => relative(root, id)),
    script: script.replaceAll(/<\/(script)/gi, String.raw`<\/$1`),
    style: style.replaceAll(/^\/\*.*?\*\/\s*/g, ''),
  };
}

/** @param {string} text */
function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
