import { definePagination } from '../sdk/index.ts';
import { param, size, sizeFields } from './fields.ts';
import { lastByPages, missing } from './last-page.ts';
import { requestOf, type Parameters } from './parameters.ts';
import { elementCount, elementNumber } from './xml.ts';

export default definePagination({
  type: 'xml-page',
  title: 'Page number in XML',
  summary: 'Asks for page 1, 2, 3 … with the number in the XML of the request, until the total that the answer names is reached.',
  description: 'The body of the endpoint is a text with `{{ page.page }}` and `{{ page.size }}` where number and size go. An answer without the total is an error: nobody would know where the end is.',
  settings: {
    type: 'object',
    properties: {
      param: param('page', 'the page number in the text of the endpoint'),
      start: { type: 'integer', default: 1, title: 'First number', description: 'Number of the first page, mostly 1 or 0.' },
      sizeParam: { ...sizeFields.sizeParam, default: 'size', description: 'Name of the page size in the text of the endpoint: `{{ page.size }}`.' },
      size: { ...size, default: 100 },
      totalElement: { type: 'string', minLength: 1, default: 'TotalCount', title: 'Total records', description: 'Element of the response that holds the number of all records, without prefix.' },
      totalPagesElement: { type: 'string', minLength: 1, title: 'Total pages', description: 'Element that holds the number of all pages instead, without prefix.' },
      recordElement: { type: 'string', minLength: 1, title: 'Element of a record', description: 'Without prefix. With it, a page that has fewer records than the total says is an error: the server may give fewer than were asked for.' },
      maxPages: { type: 'integer', minimum: 1, title: 'Most pages', description: 'Stops after this many pages.' },
    },
    additionalProperties: false,
  },
  examples: [
    { title: 'A warehouse', settings: { size: 2 }, pages: [{ response: { body: '<s:R xmlns:s="x"><s:TotalCount>3</s:TotalCount></s:R>' } }, { response: { body: '<R><TotalCount type="int"> 3 </TotalCount></R>' } }], requests: [{ variables: { page: '1', size: '2' } }, { variables: { page: '2', size: '2' } }], stop: 'total-records' },
    { title: 'Records are counted', settings: { size: 1, recordElement: 'Item' }, pages: [{ response: { body: '<R><TotalCount>1</TotalCount><a:Item id="1"/><Items/></R>' } }], requests: [{ variables: { page: '1', size: '1' } }], stop: 'total-records' },
    { title: 'Total pages, from 0', settings: { start: 0, param: 'number', totalPagesElement: 'Pages' }, pages: [{ response: { body: '<R><Pages>1</Pages></R>' } }], requests: [{ variables: { number: '0', size: '100' } }], stop: 'total-pages' },
    { title: 'Nothing there', settings: {}, pages: [{ response: { body: '<R><TotalCount>0</TotalCount></R>' } }], requests: [{ variables: { page: '1', size: '100' } }], stop: 'total-records' },
    { title: 'Not more than one page', settings: { maxPages: 1, size: 1 }, pages: [{ response: { body: '<R><TotalCount>9</TotalCount></R>' } }], requests: [{ variables: { page: '1', size: '1' } }], stop: 'max-pages' },
  ],
  readsText: true,
  first: (settings) => at(0, settings),
  next: (page, settings) => {
    const pages = page.index + 1;
    const { totalPagesElement } = settings;
    if (totalPagesElement !== undefined) {
      if (pages >= elementNumber(page.response.body, totalPagesElement)) return { stop: 'total-pages' };
    } else {
      const { recordElement, size } = settings;
      const total = elementNumber(page.response.body, settings.totalElement);
      const received = recordElement === undefined ? undefined : page.index * size + elementCount(String(page.response.body), recordElement);
      if (received !== undefined && received < Math.min(pages * size, total)) throw missing({ ...page, total: received }, total);
      if (pages * size >= total) return { stop: 'total-records' };
    }
    return lastByPages(page, settings) ?? { request: at(pages, settings) };
  },
  ahead: { at: (index, settings) => at(index, settings) },
});

const at = (index: number, settings: Omit<Parameters, 'in'> & { readonly start: number }) => requestOf(settings.start + index, { ...settings, in: 'path', sizeIn: 'path' });
