import type { StopReason } from '../../plugins/sdk/index.ts';

/** Why paging ended, in words. */
const words: Readonly<Record<StopReason, string>> = {
  'single-page': 'the endpoint has one page only', 'short-page': 'the page had fewer records than were asked for', 'empty-page': 'the page had no records', 'no-token': 'the answer held no token for a next page',
  'has-more-false': 'the answer said that there is no more', done: 'the answer said that it is done', 'total-records': 'all records that the answer counts have come', 'total-pages': 'all pages that the answer counts have come',
  'max-page': 'the highest page that the pagination allows was reached', 'max-offset': 'the highest offset that the pagination allows was reached', 'max-pages': 'as many pages as the pagination allows have come', 'max-records': 'as many records as the pagination allows have come',
  'no-link': 'the answer named no next page', 'last-window': 'the last window of time was read', 'last-file': 'the last file of the job was read', status: 'the status of the answer says that there is no such page',
  'stop-expression': 'the expression of “Stop when” was true', 'older-record': 'a record was older than what was asked for', script: 'the script said so', 'test-budget': 'as many pages as were wanted here have come; there may be more',
};

export const stopWords = (reason: string): string => (Object.hasOwn(words, reason) ? words[reason as StopReason] : reason);
