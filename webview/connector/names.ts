import { findPlugin, type Catalog } from '../../server/model/catalog.ts';
import type { FormNames } from '../form/context.ts';
import type { ConnectorWorkspace } from '../protocol/connector.ts';

/** The names that the fields of a connector may refer to. */
export const formNames = (catalog: Catalog, workspace: ConnectorWorkspace): FormNames => ({
  options(ref) {
    if (ref === 'script') return workspace.scripts.map((value) => ({ value, label: value }));
    return ref === 'transform' || ref === 'converter' ? catalog.plugins.filter(({ kind }) => kind === ref).map(({ type, title, summary }) => ({ value: type, label: title, description: summary })) : [];
  },
  file: (ref, value) => (ref === 'script' && workspace.scripts.includes(value) ? value : undefined),
  transform: (type) => findPlugin(catalog, 'transform', type),
});
