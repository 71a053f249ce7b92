import type { ConnectorView } from '../../../webview/protocol/connector.ts';
import type { FlowView } from '../../../webview/protocol/flow.ts';
import type { LookupView } from '../../../webview/protocol/lookup.ts';
import type { MapFileView } from '../../../webview/protocol/map.ts';
import type { RunView } from '../../../webview/protocol/run.ts';
import type { SettingsView } from '../../../webview/protocol/settings.ts';
import { openBrowser, themes, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { ConnectorPageHost, done } from '../../support/connector-page.ts';
import { FlowPageHost, readSample, sampleRun, sampleWorkspace } from '../../support/flow-page.ts';
import { LookupPageHost } from '../../support/lookup-page.ts';
import { MapPageHost, openMapRunner } from '../../support/map-page.ts';
import { SettingsPageHost } from '../../support/settings-page.ts';
import { detail, failedError, recordedHost } from '../recorded-run.ts';

/** Pictures of every editor with long German and Japanese names, numbers beyond all measure, and errors: `node test/browser/pictures.ts hard [theme]`, into out/pictures. */
const german = 'Auftragsbestätigungsübermittlungsprotokollierung der Geschäftskundenbuchhaltung (Österreich/Süd)';
const japanese = '受注データを基幹システムへ転送する前に、得意先コードと商品コードを変換して検証する工程';
const huge = 9_007_199_254_740_991;
const digits = '123456789012345678901234567890.123456789';
const longError = { code: 'REMOTE_STATUS', message: `${german}: Der Server https://auftragsbestaetigung.geschaeftskunden.example/api/v2/${'sehr-langer-pfad/'.repeat(12)} antwortete mit 503 Service Unavailable.`, remedy: `${japanese}。しばらくしてからもう一度お試しください。` };

const browser = await openBrowser();
const workspace = await sampleWorkspace();
const runner = await openMapRunner();
const sample = await readSample('import-orders');
const only = process.argv[2] as Theme | undefined;

async function show<V extends object>(entry: string, host: { readonly host: object; view?: unknown }, page: Partial<PageOptions>, tell: (open: OpenPage<V>) => Promise<void>): Promise<void> {
  await withPage<V>(browser, { entry: `webview/${entry}/main.ts`, name: 'hard-pictures', host: host.host, width: 1300, height: 800, ...page }, async (open) => {
    host.view = open.view;
    await open.page.waitForTimeout(700);
    await tell(open);
  });
}

const flowText = JSON.stringify({
  version: 1, title: german, description: japanese, start: 'a', triggers: { [`zeitplan-${'x'.repeat(60)}`]: { trigger: 'schedule', settings: { cron: '*/5 6-18 * * 1-5', timeZone: 'America/Argentina/ComodRivadavia' } } },
  steps: {
    a: { shape: 'connector', title: german, settings: { instance: 'auftragsbestaetigungs-instanz-der-geschaeftskunden', endpoint: 'auftraege.bestaetigungen.protokolle.list' }, next: { out: 'b' } },
    b: { shape: 'route', title: japanese, settings: { routes: [{ name: 'oesterreich-und-suedtirol-mit-lichtenstein', conditions: [{ field: '得意先.住所.都道府県', value: '東京都' }] }, { name: 'rest-der-welt' }] }, next: { 'oesterreich-und-suedtirol-mit-lichtenstein': 'c', 'rest-der-welt': 'd', else: 'e' } },
    c: { shape: 'map', title: japanese, notes: german, settings: { rules: [{ from: '得意先.名称', to: 'Kundenbezeichnung.Langtext.Österreich' }] }, next: { out: 'f' } },
    d: { shape: 'script', title: 'Z', settings: { script: `scripts/${'lang'.repeat(20)}.ts` }, disabled: true, next: { out: 'f' } },
    e: { shape: 'dead-letter', title: german }, f: { shape: 'notify', title: 'Ende', settings: { message: japanese, groups: ['lager'] } },
  },
  notes: { n: { text: `# ${german}\n\n- **${japanese}**\n- \`${digits}\`\n- *kursiv* und [ein Verweis](https://a.example)`, place: [0, -230, 320, 180] } },
  groups: { g: { title: `${german} ${japanese}`, steps: ['c', 'd'] } },
}, undefined, 2);
const counts = { in: huge, out: 1_234_567_890, failed: 987_654_321, records: huge, durationMs: 987_654_321, ports: { out: 1_234_567_890 }, retries: 4_321, firstAt: 0, lastAt: 1 };

const mapOptions = {
  text: JSON.stringify({ version: 1, title: german, rules: [{ from: '得意先.名称', to: 'Kundenbezeichnung.LangtextÖsterreichSüdtirol', transforms: [{ type: 'case', settings: { to: 'upper' } }] }, { from: 'betrag', to: 'Gesamtbetrag', transforms: [{ type: 'cast-to-number' }] }, { from: '明細[*].商品コード', to: 'Positionen[*].Artikelnummer' }] }),
  sample: { 得意先: { 名称: japanese, 住所: { 都道府県: '東京都' } }, betrag: digits, Auftragsbestätigungsübermittlungsprotokollierungsnummer: huge, 明細: Array.from({ length: 3 }, (_, at) => ({ 商品コード: `商品-${at}-${'0'.repeat(40)}` })) },
};

const request = { method: 'GET', url: `https://auftragsbestaetigung.example/api/${'sehr-langer-pfad/'.repeat(10)}?seite=1`, headers: { 'x-lang': german } };
const connectorText = JSON.stringify({
  version: 1, title: german, summary: japanese, baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: german } },
  endpoints: Object.fromEntries(['auftraege.bestaetigungen.protokolle.list', 'kunden.get', '商品.list'].map((name) => [name, { title: name === 'kunden.get' ? german : japanese, direction: 'receive', method: 'DELETE', path: `/${'sehr-langer-pfad/'.repeat(6)}{{ params.nummer }}`, params: { nummer: { type: 'string', title: german, description: japanese, required: true } } }])),
}, undefined, 2);

for (const theme of only ? [only] : themes) {
  const run = { id: 'r1', status: 'partial-success', steps: { a: counts, b: counts, c: { ...counts, failed: huge } }, errors: { c: { ...longError, step: 'c' } }, startedAt: 0, durationMs: 987_654_321 } as const;
  await show<FlowView>('flow', new FlowPageHost({ text: flowText, run, payloads: [] }, workspace), { theme }, async ({ page, picture, view }) => {
    await picture(`hard-flow-${theme}`);
    await view.select('c');
    await page.waitForTimeout(300);
    await picture(`hard-flow-step-${theme}`);
  });
  await show<FlowView>('flow', new FlowPageHost({ text: sample, ...sampleRun(sample) }, workspace), { theme }, async ({ page, picture, view }) => {
    await view.coverage({ 'only-paid': { ran: 2, ways: 3, missed: ['total at-least 100: does not hold'] }, guard: { ran: 2, ways: 2, missed: [] }, 'to-erp': { ran: 0, ways: 4, missed: ['out'] } });
    await view.debug({ breakpoints: { 'only-paid': { kind: 'condition', text: 'when payload.total > 100', hits: '>5' }, 'to-erp': { kind: 'log', text: 'Log' }, guard: { kind: 'off', text: 'off' } }, stopped: 'only-paid' });
    await page.waitForTimeout(300);
    await picture(`hard-flow-coverage-${theme}`);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('order');
    await page.waitForTimeout(200);
    await picture(`hard-flow-find-${theme}`);
  });
  await show<MapFileView>('map', new MapPageHost(mapOptions, runner, workspace), { theme }, async ({ page, picture }) => {
    await page.getByRole('treeitem', { name: /^LangtextÖ/ }).click();
    await page.waitForTimeout(300);
    await picture(`hard-map-${theme}`);
  });
  const failed = done({ error: longError, pages: [{ request, response: { status: 503, headers: {}, body: { hash: 'refused', mediaType: 'application/json' }, size: huge }, records: 0, ms: 987_654, waitMs: 123_456, before: [] }] });
  await show<ConnectorView>('connector', new ConnectorPageHost({ text: connectorText, answers: [failed], bodies: { refused: { error: japanese } }, workspace: { instances: [{ id: 'auftragsbestaetigungs-instanz-der-geschaeftskunden', missingSecrets: ['auftragsbestaetigungs-instanz/client-secret', '秘密'] }] } }), { theme }, async ({ page, picture }) => {
    await picture(`hard-connector-${theme}`);
    await page.keyboard.press('Control+Enter');
    await page.waitForTimeout(500);
    await picture(`hard-connector-failed-${theme}`);
  });
  const bad = { ...detail, durationMs: 987_654_321, steps: Object.fromEntries(Object.entries(detail.steps).map(([id, own]) => [id, { ...own, ...counts, failed: id === 'to-erp' ? 2 : 0 }])), flowText: detail.flowText.replace('Get orders', german).replace('Only paid orders', japanese) };
  await show<RunView>('run', recordedHost({ detail: { ...bad, error: { ...failedError, ...longError } } as typeof detail }), { theme }, async ({ picture }) => picture(`hard-run-${theme}`));
  const rows = Array.from({ length: 40 }, (_, at) => `${japanese}${at},${digits},"${german}"`).join('\n');
  await show<LookupView>('lookup', await LookupPageHost.open({ text: `得意先コードと商品コード,Betrag in Österreichischen Schilling,Bezeichnung\n${rows}\n`, settings: { version: 1, key: ['得意先コードと商品コード'], columns: { 'Betrag in Österreichischen Schilling': { type: 'decimal' } } } }), { theme }, ({ picture }) => picture(`hard-lookup-${theme}`));
  await show<SettingsView>('settings', new SettingsPageHost({ kind: 'instance', id: 'auftragsbestaetigung', text: JSON.stringify({ version: 1, title: german, connector: 'brook-shop', settings: { url: `https://${'sehr-langer-name.'.repeat(9)}example` }, credentials: { clientId: digits.repeat(4), clientSecret: { $secret: `${'geheimnis-'.repeat(9)}x` } } }, undefined, 2) }), { theme }, ({ picture }) => picture(`hard-instance-${theme}`));
}
await browser.close();
await runner.end();
