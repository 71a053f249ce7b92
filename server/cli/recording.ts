import { createWriteStream, constants, existsSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { NumberedRunEvent, RunEvent } from '../model/run-event.ts';
import type { Runner } from '../runner/contract.ts';

/** Makes the folder of a recording, before there is a run whose recording would be lost. */
export async function makeRecordingFolder(folder: string): Promise<void> {
  // Each by itself: of a system folder like /proc, Node asks for ever when it is told to make all of them.
  const missing: string[] = [];
  for (let at = join(folder, 'bodies'); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const one of missing) await mkdir(one);
  await access(join(folder, 'bodies'), constants.W_OK);
}

/** Writes what is known of a finished run to a folder: `run.json`, `events.ndjson` and `bodies/<hash>`. Masked as in the recording itself. */
export async function exportRecording(runner: Runner, run: string, folder: string): Promise<void> {
  const detail = runner.archive.run(run);
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(detail, undefined, 2)}\n`);
  const events = await eventsOf(runner, run);
  await writeFile(join(folder, 'events.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  for (const hash of new Set(events.flatMap(({ event }) => bodiesOf(event)))) {
    const body = runner.archive.body(run, hash);
    if (body) await pipeline(body.open(), createWriteStream(join(folder, 'bodies', hash)));
  }
}

function eventsOf(runner: Runner, run: string): Promise<readonly NumberedRunEvent[]> {
  return new Promise((resolve) => {
    const events: NumberedRunEvent[] = [];
    const unsubscribe = runner.subscribe(run, (event) => {
      events.push(event);
      // The listener may be called before `subscribe` has come back.
      if (event.event.type === 'run-finished') queueMicrotask(() => { unsubscribe(); resolve(events); });
    }, { afterSeq: 0 });
  });
}

function bodiesOf(event: RunEvent): string[] {
  const bodies = 'payload' in event && typeof event.payload === 'object' ? [event.payload.body] : event.type === 'run-queued' ? [event.run.payload?.body] : event.type === 'exchange' ? [event.exchange.requestBody, event.exchange.responseBody] : [];
  return bodies.filter((hash): hash is string => Boolean(hash));
}
