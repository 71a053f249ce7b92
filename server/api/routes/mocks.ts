import { endMock, openMock, openMocks } from '../open-mocks.ts';
import { given, readFields, type Route } from '../route.ts';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Mocks of connectors, for whoever tries endpoints out without the other system. */
export const mockRoutes: readonly Route[] = [
  { method: 'get', path: '/mocks', summary: 'Mocks that are open', answer: { summary: 'The mocks', schema: 'OpenMocks' }, handle: openMocks },
  {
    method: 'post', path: '/mocks', summary: 'Starts a mock of a connector on this machine, in place of the one that is open; it ends with the runner',
    body: {
      summary: 'Which connector, and what is made up',
      schema: { type: 'object', additionalProperties: false, required: ['connector'], properties: { connector: { type: 'string' }, records: { type: 'integer', minimum: 0, default: 60, description: 'Records of each kind.' }, seed: { type: 'integer', minimum: 0, description: 'Makes other records.' } } },
    },
    answer: { summary: 'Where it is', schema: 'OpenMock' }, also: { 422: 'There is no such connector, it cannot be read, or it does not speak HTTP.' },
    handle: async (call) => {
      const { connector = '', ...options } = await readFields<{ readonly connector?: string; readonly records?: number; readonly seed?: number }>(call, { connector: isText, records: isCount, seed: isCount });
      return openMock(call, given({ connector, ...options }));
    },
  },
  { method: 'delete', path: '/mocks/{connector}', summary: 'Ends a mock', answer: { summary: 'The mock that was open', schema: 'OpenMock' }, handle: (call) => endMock(call, call.path.connector!) },
];
