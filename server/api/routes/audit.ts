import { given, paging, rangeOf, type Route } from '../route.ts';

/** Who has changed what through the runner. */
export const auditRoutes: readonly Route[] = [
  {
    method: 'get', path: '/audit', summary: 'Every change that was made through the runner, the newest first',
    query: {
      'filter[actor]': { summary: 'Only by this one.' }, 'filter[action]': { summary: 'Only this action (`run.delete`), or those that begin so (`run`).' }, 'filter[subject]': { summary: 'Only with this in what was changed.' },
      'filter[since]': { summary: 'From this time on, in milliseconds since the epoch.', type: 'integer', minimum: 0 }, 'filter[until]': { summary: 'Before this time.', type: 'integer', minimum: 0 }, ...paging,
    },
    answer: { summary: 'A page of changes', schema: 'AuditPage' },
    handle: ({ runner, query }) => runner.auditLog(given({ ...Object.fromEntries(['actor', 'action', 'subject', 'since', 'until'].map((name) => [name, query[`filter[${name}]`]])), ...rangeOf(query) })),
  },
];
