import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeExpressions, runExpressions } from './expressions.ts';
import { describeImports } from './imports.ts';
import { describeInbox, runInbox } from './inbox.ts';
import { describeLookups } from './lookups.ts';
import { runOrderFile } from './order-file.ts';
import { describeQueue, runQueue } from './queue.ts';
import { describeAllScripts, runAllScripts } from './scripts.ts';

// Prints what the benchmarks measure. `npm run bench -- 500 3000` sets the size of the order file in MB and the number of webhooks.

const megabytes = Number(process.argv[2] ?? 500);
const webhooks = Number(process.argv[3] ?? 3_000);

process.stdout.write(describeImports());
process.stdout.write(describeQueue(await runQueue(webhooks)));
process.stdout.write(describeInbox(await runInbox(webhooks, 5)));
process.stdout.write(describeExpressions(await runExpressions(200)));
process.stdout.write(execFileSync(process.execPath, ['--expose-gc', join(import.meta.dirname, 'map.ts'), '100000', '3'], { encoding: 'utf8' }));
process.stdout.write(await describeLookups(1_000_000, 3));
process.stdout.write(describeAllScripts(await runAllScripts(20_000)));

const seconds: number[] = [];
for (const recording of ['none', 'full'] as const) {
  const result = await runOrderFile(megabytes, recording);
  seconds.push(result.seconds);
  process.stdout.write(`order file, recording ${recording}: ${result.megabytes.toFixed(0)} MB, ${result.orders} orders, ${result.sent} sent, ${result.seconds.toFixed(1)} s, peak resident memory ${result.peakMegabytes.toFixed(0)} MB\n`);
}
process.stdout.write(`order file: a recording takes ${(seconds[1]! / seconds[0]!).toFixed(2)} times as long\n`);
