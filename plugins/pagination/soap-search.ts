import { definePagination } from '../sdk/index.ts';
import { lastByPages } from './last-page.ts';
import { elementNumber, elementText, inXml } from './xml.ts';

export default definePagination({
  type: 'soap-search',
  title: 'SOAP search',
  summary: 'Begins a search, then asks for its further pages by the id of the search and the number of the page.',
  description: 'The first request is that of the endpoint. Those after it have a body of their own, in which `{searchId}` and `{pageIndex}` stand for what the answers gave, as in `searchMoreWithId` of NetSuite. An answer without the number of its pages is an error.',
  settings: {
    type: 'object',
    properties: {
      more: { type: 'string', minLength: 1, title: 'Body of further requests', description: 'Envelope with `{searchId}` and `{pageIndex}`; `{{ instance.x }}` and `{{ params.x }}` may stand here.', 'x-expression': true, 'x-ui': { widget: 'textarea' } },
      moreAction: { type: 'string', title: 'Action of further requests', description: 'Value of their `SOAPAction` header, where it is another.' },
      searchIdElement: { type: 'string', minLength: 1, default: 'searchId', title: 'Search', description: 'Element that holds the id of the search, without prefix.' },
      pageIndexElement: { type: 'string', minLength: 1, default: 'pageIndex', title: 'Page', description: 'Element that holds the number of the page, from 1, without prefix.' },
      totalPagesElement: { type: 'string', minLength: 1, default: 'totalPages', title: 'Total pages', description: 'Element that holds the number of all pages, without prefix.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
    },
    required: ['more'],
    additionalProperties: false,
  },
  examples: [
    {
      title: 'Two pages',
      settings: { more: '<searchMoreWithId><searchId>{searchId}</searchId><pageIndex>{pageIndex}</pageIndex></searchMoreWithId>', moreAction: 'searchMoreWithId' },
      pages: [{ response: { body: '<r><c:totalPages>2</c:totalPages><c:pageIndex>1</c:pageIndex><c:searchId>A&amp;1</c:searchId></r>' } }, { response: { body: '<r><totalPages>2</totalPages><pageIndex>2</pageIndex><searchId>A&amp;1</searchId></r>' } }],
      requests: [{}, { wholeBody: '<searchMoreWithId><searchId>A&#38;1</searchId><pageIndex>2</pageIndex></searchMoreWithId>', headers: { soapaction: 'searchMoreWithId' } }],
      stop: 'total-pages',
    },
    { title: 'Nothing found', settings: { more: '<m/>' }, pages: [{ response: { body: '<r><totalPages>0</totalPages></r>' } }], requests: [{}], stop: 'total-pages' },
    { title: 'No id of the search', settings: { more: '<m/>' }, pages: [{ response: { body: '<r><totalPages>3</totalPages><pageIndex>1</pageIndex><searchId/></r>' } }], requests: [{}], stop: 'no-token' },
  ],
  readsText: true,
  first: () => ({}),
  next: (page, settings) => {
    const { body } = page.response;
    const pages = elementNumber(body, settings.totalPagesElement);
    if (page.index + 1 >= pages) return { stop: 'total-pages' };
    const search = elementText(body, settings.searchIdElement);
    if (search === undefined || search === '') return { stop: 'no-token' };
    const values: Readonly<Record<string, string>> = { searchId: inXml(search), pageIndex: String(elementNumber(body, settings.pageIndexElement) + 1) };
    const wholeBody = settings.more.replaceAll(/\{(searchId|pageIndex)\}/g, (_, name: string) => values[name]!);
    return lastByPages(page, settings) ?? { request: { wholeBody, ...(settings.moreAction !== undefined && { headers: { soapaction: settings.moreAction } }) } };
  },
});
