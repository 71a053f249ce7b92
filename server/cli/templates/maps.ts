import { serialize } from '../../model/serialize.ts';
import { titleOf, type Template } from './template.ts';

/** Mapping files that steps and rules share. */
export const mapTemplates: Readonly<Record<string, Template>> = {
  rules: {
    summary: 'Rules that steps and other mappings use by name',
    files: (name) => ({
      [`maps/${name}.map.json`]: serialize('map', {
        version: 1,
        title: titleOf(name),
        rules: [
          { from: 'id', to: 'reference', transforms: [{ type: 'cast-to-string' }] },
          { from: 'name', to: 'name', transforms: [{ type: 'trim' }], default: 'unknown' },
          { from: 'lines[*].sku', to: 'articles[*]' },
        ],
      }),
    }),
  },
};
