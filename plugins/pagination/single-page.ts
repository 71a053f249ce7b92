import { definePagination } from '../sdk/index.ts';

export default definePagination({
  type: 'single-page',
  title: 'Single page',
  summary: 'Sends one request; its answer is all there is.',
  settings: { type: 'object', properties: {}, additionalProperties: false },
  examples: [
    { title: 'A list of countries', settings: {}, pages: [{ records: ['GB', 'DE'] }], requests: [{}], stop: 'single-page' },
    { title: 'An empty answer', settings: {}, pages: [{ records: [] }], requests: [{}], stop: 'single-page' },
    { title: 'A next link is not followed', settings: {}, pages: [{ response: { headers: { link: '</b>; rel="next"' } }, records: [1] }], requests: [{}], stop: 'single-page' },
  ],
  first: () => ({}),
  next: () => ({ stop: 'single-page' }),
});
