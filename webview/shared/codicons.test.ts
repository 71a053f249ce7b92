import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';

const target = new URL('./codicons.generated.ts', import.meta.url);

/** All names of the font with their characters; aliases, too. */
async function generate(): Promise<string> {
  const css = await readFile(new URL(import.meta.resolve('@vscode/codicons/dist/codicon.css')), 'utf8');
  const found = new Map([...css.matchAll(/^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)"/gm)].map(([, name, code]) => [name!, code!]));
  assert.ok(found.size > 500, 'The style sheet of the codicons is not as expected.');
  const lines = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, code]) => `  ${/-|^\d/.test(name) ? `'${name}'` : name}: '\\u${code.padStart(4, '0')}',`);
  return `// Generated from @vscode/codicons: node webview/shared/codicons.test.ts --write\n/** Name of a codicon → its character in the font. */\nexport const codicons = {\n${lines.join('\n')}\n} as const;\n`;
}

if (process.argv.includes('--write')) await writeFile(target, await generate());

test('the table of icons is that of the font', async () => {
  assert.equal(await readFile(target, 'utf8'), await generate());
});
