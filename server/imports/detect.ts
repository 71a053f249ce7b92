import type { Detection, Proposal } from '../model/trial.ts';

export interface Sample {
  readonly request?: { readonly method?: string; readonly url?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
  readonly response?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
}
export function detect(samples: readonly Sample[]): Detection {
  const none: Proposal<string>[] = [];
  return samples.length === 0 ? { records: none, pagination: [] } : { records: none, pagination: [] };
}
