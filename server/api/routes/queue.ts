import { paging, rangeOf, type Route } from '../route.ts';

/** Runs that are not over. */
export const queueRoutes: readonly Route[] = [
  {
    method: 'get', path: '/queue', summary: 'Runs that are not over: those at work, then those that wait, the most urgent first', query: { 'filter[flow]': { summary: 'Only of this flow.' }, ...paging },
    answer: { summary: 'A page of the queue', schema: 'QueuePage' },
    handle: ({ runner, query }) => runner.queue({ ...(query['filter[flow]'] !== undefined && { flow: query['filter[flow]'] as string }), ...rangeOf(query) }),
  },
];
