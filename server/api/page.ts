import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { notFound } from './route.ts';

/** Answers with the operators' page or a file that it needs. Only names of its own shape are looked up, so there is nothing to climb out with. */
export async function answerPage(response: ServerResponse, path: string, webRoot: string): Promise<void> {
  const isPage = path === '/' || path === '/index.html';
  const name = path.slice(1);
  const ending = /^[\w-]+(?:\.[\w-]+)*\.(\w+)$/.exec(name)?.[1];
  if (!isPage && (ending === undefined || !Object.hasOwn(mediaTypes, ending))) throw notFound('There is nothing at this address.');
  const content = isPage ? Buffer.from(isPageBuilt(webRoot) ? html : unbuilt) : await readFile(join(webRoot, name)).catch(() => { throw notFound('There is nothing at this address.'); });
  response.writeHead(200, { ...pageHeaders, 'content-type': isPage ? mediaTypes.html! : mediaTypes[ending!]!, 'content-length': content.length });
  response.end(content);
}

/** Built files lie beside the bundle, or in `dist` when the sources run. */
export function defaultWebRoot(): string {
  const beside = join(import.meta.dirname, 'webview');
  return existsSync(beside) ? beside : join(import.meta.dirname, '..', '..', 'dist', 'webview');
}

export const isPageBuilt = (webRoot: string = defaultWebRoot()): boolean => existsSync(join(webRoot, 'operate.js'));

const mediaTypes: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', ttf: 'font/ttf', svg: 'image/svg+xml', png: 'image/png' };

const pageHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  // Styles: Lit writes style attributes. No form can be sent, no frame may hold the page, no other place be asked.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Patchbay</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="operate.css">
    <link rel="stylesheet" href="codicon.css" id="vscode-codicon-stylesheet">
    <script type="module" src="operate.js"></script>
  </head>
  <body></body>
</html>
`;

const unbuilt = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Patchbay</title><link rel="icon" href="data:,"></head>
  <body><p>The runner is up. The operators’ page is not built: run <code>npm run build</code> and load this page again.</p></body>
</html>
`;
