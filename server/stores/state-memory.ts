import { FlowError } from '../../plugins/sdk/index.ts';
import type { StateConnection } from './state-connection.ts';
import { printJson } from './state-documents.ts';
import type { MemoryStore } from './state-store.ts';

/** Memory of triggers in SQLite. */
export function openMemory({ run, one, read, write }: StateConnection): MemoryStore {
  return {
    get: (flow, trigger) => read(() => {
      const row = one<{ json: string }>('SELECT json FROM trigger_memory WHERE flow = ? AND trigger = ?', flow, trigger);
      return row && (JSON.parse(row.json) as unknown);
    }),
    async set(flow, trigger, value) {
      const json = value === undefined ? undefined : printJson(value);
      const bytes = Buffer.byteLength(json ?? '');
      if (bytes > longest) throw new FlowError('DATA_TOO_LARGE', `The memory of the trigger ${JSON.stringify(trigger)} is ${bytes} bytes long; ${longest} are allowed.`, { details: { flow, trigger, bytes } });
      await write('memory', () => {
        if (json === undefined) run('DELETE FROM trigger_memory WHERE flow = ? AND trigger = ?', flow, trigger);
        else run('INSERT INTO trigger_memory (flow, trigger, json) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json', flow, trigger, json);
      });
    },
  };
}

const longest = 64 * 1024;
