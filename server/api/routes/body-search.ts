import { findCursor } from '../../model/body-find.ts';
import { given, invalid, notFound, type Call, type Route } from '../route.ts';

/** Letters of a text that is looked for. */
const longestText = 1_000;

/** Looks into a recorded body of any size. Each call ends soon: with what it has found, and where to go on. */
export const bodySearchRoutes: readonly Route[] = [
  {
    method: 'get', path: '/runs/{run}/bodies/{hash}/find', summary: 'Keys, values or lines of a body that hold a text, whatever its case; a part of them with each call',
    query: {
      text: { summary: 'The text.', isRequired: true }, cursor: { summary: 'Where the call before has stopped.' },
      skip: { summary: 'Matches to pass over: they are only counted.', type: 'integer', minimum: 0, default: 0 }, limit: { summary: 'Matches to give at most.', type: 'integer', minimum: 1, maximum: 500, default: 100 },
    },
    answer: { summary: 'What was found so far', schema: 'BodyFound' }, also: { 422: 'The body is neither JSON nor a text.' },
    async handle(call) {
      const { text, cursor, skip, limit } = call.query as { text: string; cursor?: string; skip: number; limit: number };
      if (text === '' || text.length > longestText) throw invalid(`"text" has 1 to ${longestText.toLocaleString('en')} letters.`);
      if (cursor !== undefined && !findCursor.test(cursor)) throw invalid('"cursor" is what the call before has answered.');
      return (await call.runner.archive.find(call.path.run!, hashOf(call), given({ text, cursor, skip, limit }))) ?? refuse();
    },
  },
  {
    method: 'get', path: '/runs/{run}/bodies/{hash}/query', summary: 'Values of a JSON body that a JSONPath finds; a part of them with each call',
    query: {
      path: { summary: 'The JSONPath (RFC 9535).', isRequired: true },
      offset: { summary: 'Results to pass over.', type: 'integer', minimum: 0, default: 0 }, limit: { summary: 'Results to give at most.', type: 'integer', minimum: 1, maximum: 200, default: 100 },
    },
    answer: { summary: 'What was found so far', schema: 'BodyResults' }, also: { 422: 'The path cannot be read, the body is no JSON, or the path asks for too much of it at once.' },
    async handle(call) {
      const { path, offset, limit } = call.query as { path: string; offset: number; limit: number };
      return (await call.runner.archive.query(call.path.run!, hashOf(call), { path, offset, limit })) ?? refuse();
    },
  },
];

const hashOf = ({ path }: Call): string => path.hash!;

const refuse = (): never => { throw notFound('This run has no such body.'); };
