import { controlPath } from '../mock/addresses.ts';

/** Whether an address is one of a mock of ours: on this machine, and it says so. Nothing of a request is sent to others. */
export async function isMock({ hostname, origin }: URL): Promise<boolean> {
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return false;
  try {
    const response = await fetch(`${origin}${controlPath}`, { signal: AbortSignal.timeout(2_000), redirect: 'error' });
    const answer: unknown = response.ok ? await response.json() : undefined;
    return typeof answer === 'object' && answer !== null && 'mock' in answer && answer.mock === 'patchbay';
  } catch {
    return false;
  }
}
