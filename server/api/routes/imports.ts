import { authNotes, connectorName, importKinds, type ImportKind } from '../../imports/about.ts';
import { fetchDescription, importDescription } from '../../runner/import-description.ts';
import { textOfBytes } from '../../runner/text-of-bytes.ts';
import { readBytes } from '../body.ts';
import { notFound, type Route } from '../route.ts';

/** Connectors out of descriptions. Nothing is written: the editor shows what comes, and writes what is accepted. */
export const importRoutes: readonly Route[] = [
  {
    method: 'post', path: '/imports/{kind}', summary: `Makes a connector out of a description: ${importKinds.join(', ')}`,
    query: { address: { summary: 'Where the description is got, in place of the body. No credentials are sent.' }, only: { summary: 'Only endpoints with such a tag, id, path or method and path; `*` stands for any text. May stand several times.', type: 'texts' } },
    body: { summary: 'The text of the description', schema: 'any' },
    answer: { summary: 'The manifest, and what a person should know of it', schema: 'Import' }, also: { 404: 'There is no such kind.', 422: 'The address is none.', 502: 'The address cannot be reached, or answers otherwise.', 400: 'The text is not valid; `detail` names the line. Or `only` names nothing that there is.', 413: 'The text is too large.' },
    handle: async ({ request, limits, path: { kind }, query: { address, only = [] }, closing }) => {
      if (!importKinds.includes(kind as ImportKind)) throw notFound(`There is no import of ${JSON.stringify(kind)}; there are ${importKinds.join(', ')}.`);
      const bytes = await readBytes(request, limits.jsonBytes);
      const description = typeof address === 'string' ? await fetchDescription(kind as ImportKind, address, closing) : { text: textOfBytes(bytes, 'The description') };
      const { manifest, skipped, suggestions, operations, tags } = await importDescription(kind as ImportKind, { ...description, only: only as readonly string[] }, closing);
      const connector = connectorName(manifest);
      return { connector, manifest, auth: authNotes(connector, manifest), operations, skipped, suggestions, ...(tags && { tags }) };
    },
  },
];
