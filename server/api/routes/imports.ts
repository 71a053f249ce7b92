import { authNotes, connectorName, importKinds, importText, type ImportKind } from '../../imports/import.ts';
import { readBytes } from '../body.ts';
import { notFound, type Route } from '../route.ts';

/** Connectors out of descriptions. Nothing is written: the editor shows what comes, and writes what is accepted. */
export const importRoutes: readonly Route[] = [
  {
    method: 'post', path: '/imports/{kind}', summary: `Makes a connector out of a description: ${importKinds.join(', ')}`,
    body: { summary: 'The text of the description', schema: 'any' },
    answer: { summary: 'The manifest, and what a person should know of it', schema: 'Import' }, also: { 404: 'There is no such kind.', 400: 'The text is not valid; `detail` names the line.', 413: 'The text is too large.' },
    handle: async ({ request, limits, path: { kind } }) => {
      if (!importKinds.includes(kind as ImportKind)) throw notFound(`There is no import of ${JSON.stringify(kind)}; there are ${importKinds.join(', ')}.`);
      const text = new TextDecoder().decode(await readBytes(request, limits.jsonBytes));
      const { manifest, skipped, suggestions, operations } = importText(kind as ImportKind, text);
      const connector = connectorName(manifest);
      return { connector, manifest, auth: authNotes(connector, manifest), operations, skipped, suggestions };
    },
  },
];
