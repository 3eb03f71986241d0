// Plain JavaScript like bundle.mjs, and for the browser's half of report and studio: reports/html.
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Makes the page of the report without its data: one text of HTML with its script and its style inside, which asks for
 * nothing from anywhere.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<string>}
 */
export async function makeReportPage(root) {
  const { script, style } = await built(root, 'reports/html/page/main.tsx');
  // Nothing but this script and this style may run or apply, and nothing may be fetched, sent or framed.
  const policy = [
    `default-src 'none'`,
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Rehearsal report</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This report is a page that works by JavaScript, all of it in this file. results.json beside it holds the same.</noscript></div>
<!--data-->
<script>${script}</script>
</body>
</html>
`;
}

/**
 * Makes the page of the studio. Its server sends the policy as a header, and a nonce in place of each mark
 * (cli/studio/open-server.ts).
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<string>}
 */
export async function makeStudioPage(root) {
  const { script, style } = await built(root, 'reports/html/studio/main.tsx');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rehearsal studio</title>
<style nonce="NONCE-OF-THIS-ANSWER">${style}</style>
</head>
<body>
<div id="page"><noscript>The studio is a page that works by JavaScript.</noscript></div>
<script nonce="NONCE-OF-THIS-ANSWER">${script}</script>
</body>
</html>
`;
}

/**
 * Script and style of a page, each as one text that can stand inside HTML.
 *
 * @param {string} root
 * @param {string} entry
 */
async function built(root, entry) {
  // Loaded here only: a run that finds its page made does not wait for it.
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
  return {
    script: script.replaceAll(/<\/(script)/gi, String.raw`<\/$1`),
    style: style.replaceAll(/^\/\*.*?\*\/\s*/g, ''),
  };
}

/** @param {string} text */
function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
