import type { DebugEvent } from '../../model/debug.ts';
import type { RunEvent } from '../../model/run-event.ts';

/** Tells whoever debugs a case what happens in its runs, so that he can look back. */
export interface CaseRecorder {
  /** A run begins; `caller`: the one whose step starts it. */
  begin(run: string, flow: { readonly id: string; readonly text: string }, caller?: string): void;
  event(run: string, event: RunEvent): void;
  body(hash: string, mediaType: string, data: string | Uint8Array): void;
}

export function recordCases(tell: (event: DebugEvent) => void): CaseRecorder {
  const seqs = new Map<string, number>();
  return {
    begin(run, { id: flow, text: flowText }, caller) {
      if (caller === undefined) seqs.clear();
      seqs.set(run, 0);
      tell({ type: 'recording', run, flow, flowText, ...(caller !== undefined && { caller }) });
    },
    event(run, event) {
      const seq = (seqs.get(run) ?? 0) + 1;
      seqs.set(run, seq);
      tell({ type: 'recorded', event: { run, seq, event } });
    },
    body: (hash, mediaType, data) => tell({ type: 'recorded-body', hash, mediaType, data }),
  };
}
