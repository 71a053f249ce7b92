import type { Endpoint } from '../../sdk/index.ts';
import type { Traits } from './ask.ts';
import { deleteOf, existsOf, moveOf } from './change.ts';
import type { FileClient } from './client.ts';
import { getOf } from './get.ts';
import { listOf } from './list.ts';
import { putOf } from './put.ts';

/** What every connector to files offers. */
export const fileEndpoints = (traits: Traits): Readonly<Record<string, Endpoint<FileClient>>> => ({
  list: listOf(traits), get: getOf(traits), put: putOf(traits), move: moveOf(traits), delete: deleteOf(traits), exists: existsOf(traits),
});
