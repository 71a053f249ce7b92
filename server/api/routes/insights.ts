import { insightsBy, type InsightsBy } from '../../model/api.ts';
import { given, invalid, type Route } from '../route.ts';

/** What flows have done over days. */
export const insightRoutes: readonly Route[] = [
  {
    method: 'get', path: '/insights', summary: 'Operations, bytes, time and failures over days (UTC), the most first; by day, the oldest first',
    query: {
      from: { summary: 'First day, such as 2024-07-01; default 30 days before the last.' }, to: { summary: 'Last day, with it; default today.' },
      by: { summary: 'What the sums are of.', values: insightsBy, default: 'flow' }, 'filter[flow]': { summary: 'Only of this flow.' },
    },
    answer: { summary: 'The sums', schema: 'Insights' },
    handle({ runner, query }) {
      const { from, to, by } = query as { from?: string; to?: string; by: InsightsBy };
      for (const [name, day] of Object.entries({ from, to })) if (day !== undefined && !isDay(day)) throw invalid(`The parameter "${name}" is a day such as 2024-07-01.`);
      return runner.insights(given({ from, to, by, flow: query['filter[flow]'] }));
    },
  },
];

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
