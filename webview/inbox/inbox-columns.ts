import { html, nothing } from 'lit';
import type { InboxRow } from '../../server/model/inbox.ts';
import { formatBytes, formatFullTime, formatMoment } from '../shared/format.ts';
import type { Column } from '../shared/grid.ts';
import { icon } from '../shared/kit.ts';
import { addressOf, outcomeOf, signatureLook } from './inbox-words.ts';

const marked = (row: InboxRow, text: unknown): unknown => (row.isRead ? text : html`<b>${text}</b>`);

/** What a row of the list shows of a request. */
export const columns: readonly Column<InboxRow>[] = [
  { id: 'state', title: '', width: '24px', cell: ({ isRead, isPinned }) => (isPinned ? html`${icon('pinned')}<span class="for-screen-readers">Pinned</span>` : isRead ? nothing : html`${icon('circle-filled', { tone: 'info' })}<span class="for-screen-readers">New</span>`) },
  { id: 'time', title: 'Time', width: '74px', cell: (row) => marked(row, formatMoment(row.at, Date.now())), tooltip: ({ at }) => formatFullTime(at) },
  { id: 'to', title: 'To', width: 'minmax(100px, 1.6fr)', cell: (row) => marked(row, html`<span class="quiet">${row.method}</span> ${addressOf(row)}`), tooltip: ({ method, url }) => `${method} ${url}` },
  { id: 'size', title: 'Size', width: '68px', number: true, from: 600, cell: ({ size }) => formatBytes(size) },
  { id: 'signature', title: 'Signature', width: '92px', from: 380, cell: (row) => { const { label, icon: name, tone } = signatureLook(row); return html`${icon(name, { tone })} ${label}`; } },
  { id: 'outcome', title: 'Answer', width: 'minmax(76px, 1fr)', cell: (row) => outcomeOf(row), tooltip: outcomeOf },
];
