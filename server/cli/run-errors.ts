import { FlowError } from '../../plugins/sdk/index.ts';

export const noRun = (id: string): FlowError => new FlowError('API_NOT_FOUND', `There is no run "${id}".`, { remedy: '`patchbay runs list` shows those that there are.' });
