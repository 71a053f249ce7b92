import { type Payload } from '../../plugins/sdk/index.ts';
import type { StartRun } from './contract.ts';
/** The first payload of a run. Nothing given is an empty object. Fails with `CONFIG_NOT_FOUND` or `DATA_INVALID` where a file is not what it should be. */
export declare function inputPayload(id: string, given: StartRun['payload'], maxBytes: number): Promise<Payload>;
