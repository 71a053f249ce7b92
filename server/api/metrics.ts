import type { Runner } from '../runner/contract.ts';

export interface Metrics {
  /** In the text format of Prometheus. */
  text(): string;
  countRequest(status: number): void;
  close(): void;
}

/** Counts since the start of this runner. */
export function metricsOf(runner: Runner): Metrics {
  const requests = new Map<string, number>();
  const finished = new Map<string, number>();
  const active = new Set<string>();
  const close = runner.subscribe(undefined, ({ run, event }) => {
    if (event.type !== 'run-finished') return void active.add(run);
    active.delete(run);
    add(finished, event.status);
  });
  return {
    countRequest: (status) => add(requests, `${Math.floor(status / 100)}xx`),
    close,
    text: () => {
      const { rss } = process.memoryUsage();
      return [
        ...metric('patchbay_http_requests_total', 'counter', 'Requests answered, by class of status.', 'status', requests),
        ...metric('patchbay_runs_finished_total', 'counter', 'Runs finished, by status.', 'status', finished),
        ...metric('patchbay_runs_active', 'gauge', 'Runs that are queued or running.', undefined, active.size),
        ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', undefined, rss),
        ...metric('process_uptime_seconds', 'gauge', 'Seconds since the start of the process.', undefined, process.uptime()),
        '',
      ].join('\n');
    },
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function metric(name: string, type: string, help: string, label: string | undefined, values: ReadonlyMap<string, number> | number): string[] {
  const rows = typeof values === 'number' ? [`${name} ${values}`] : [...values].map(([key, value]) => `${name}{${label}="${key}"} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows];
}
