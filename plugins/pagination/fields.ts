// Settings that several strategies have, word for word the same.

const enumPlaces = ['query', 'header', 'path', 'form', 'body', 'cookie'] as const;
const placeWords = ['In the query of the URL.', 'In a header.', 'As `{{ page.name }}` in the path, or in a text, of the endpoint.', 'In a field of the form.', 'At a path of the JSON body (`$.variables.after`).', 'In a cookie.'] as const;

/** Name of what changes from page to page. */
export const param = (name: string, what: string) =>
  ({ type: 'string', minLength: 1, default: name, title: 'Parameter', description: `Name of ${what} (in a body its path, in the path of the endpoint the name in \`{{ page.name }}\`).` }) as const;

export const countedPlace = { type: 'string', enum: enumPlaces, default: 'query', title: 'Place', description: 'Where the parameter is sent.', enumDescriptions: placeWords } as const;

export const tokenPlace = {
  type: 'string', enum: [...enumPlaces, 'url'], default: 'query', title: 'Place', description: 'Where the token is sent.', enumDescriptions: [...placeWords, 'It is the whole address.'],
} as const;

export const size = { type: 'integer', minimum: 1, title: 'Page size', description: 'Records to ask for per page.' } as const;

export const sizeFields = {
  sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Name (in a body: path) of the page size.' },
  sizeIn: { type: 'string', enum: enumPlaces, title: 'Place of the size', description: 'Where the page size is sent; default where the parameter is sent, or in the query where that is the path or the whole address.', enumDescriptions: placeWords },
  size,
} as const;

export const dropParams = {
  type: 'array', items: { type: 'string', minLength: 1 }, title: 'Left out later', description: 'Query parameters of the endpoint that only the first request has, such as filters that the token stands for; `*` for all.',
} as const;

export const flagFields = {
  hasMorePath: { type: 'string', minLength: 1, title: 'Has more', description: 'Path in the response to a flag that is false on the last page.', 'x-path': 'response' },
  donePath: { type: 'string', minLength: 1, title: 'Done', description: 'Path in the response to a flag that is true on the last page.', 'x-path': 'response' },
} as const;

export const limitFields = {
  maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
  maxRecords: { type: 'integer', minimum: 1, title: 'Most records', description: 'Stops once this many records have come.' },
} as const;

export const totalPath = { type: 'string', minLength: 1, title: 'Total records', description: 'Path in the response to the number of all records.', 'x-path': 'response' } as const;

export const countFields = {
  totalPath,
  totalPagesPath: { type: 'string', minLength: 1, title: 'Total pages', description: 'Path in the response to the number of all pages.', 'x-path': 'response' },
  ...flagFields,
  stopOnEmptyPage: { type: 'boolean', default: true, title: 'Stop at an empty page', description: 'A page without records is the last one.' },
  stopOnShortPage: { type: 'boolean', default: true, title: 'Stop at a short page', description: 'A page with fewer records than the page size is the last one. Turn off where the server leaves out records after paging.' },
  ...limitFields,
} as const;

/** Of strategies that send a token which an answer gave. */
export const tokenFields = {
  start: { type: 'string', title: 'First token', description: 'Token of the first request; without it, none is sent.', 'x-expression': true },
  ...sizeFields,
  dropParams,
  ...flagFields,
  stopOnEmptyPage: { type: 'boolean', default: false, title: 'Stop at an empty page', description: 'A page without records is the last one although it has a token.' },
  ...limitFields,
} as const;

/** Of strategies that follow an address which an answer gave. */
export const linkFields = {
  sizeParam: { type: 'string', minLength: 1, title: 'Size parameter', description: 'Query parameter of the page size, sent with the first request.' },
  size,
  ...flagFields,
  ...limitFields,
} as const;
