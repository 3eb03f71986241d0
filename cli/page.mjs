// Plain JavaScript like bundle.mjs, and for the browser's half of the report: reports/html/page.
import { createHash } from 'node:crypto';
import { join } from 'node:path';

const entry = 'reports/html/page/main.tsx';

/**
 * Makes the page of the report without its data: one text of HTML with its script and its style inside, which asks for
 * nothing from anywhere.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<string>}
 */
export async function makePage(root) {
  // Loaded here only: a run that finds its page made does not wait for it.
  const { build } = await import('vite');
  const built = await build({
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
      rolldownOptions: { input: join(root, entry), output: { format: 'iife' } },
    },
  });
  const output = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const script = output.flatMap((one) => (one.type === 'chunk' ? [one.code] : [])).join('\n');
  const style = output.flatMap((one) => (one.type === 'asset' ? [String(one.source)] : [])).join('\n');
  return pageOf(script.replaceAll(/<\/(script)/gi, String.raw`<\/$1`), style.replaceAll(/^\/\*.*?\*\/\s*/g, ''));
}

/**
 * Nothing but this script and this style may run or apply, and nothing may be fetched, sent or framed.
 *
 * @param {string} script
 * @param {string} style
 */
function pageOf(script, style) {
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

/** @param {string} text */
function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
