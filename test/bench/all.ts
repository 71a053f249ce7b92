import { runKeys } from './keys.ts';
import { runOrderFile } from './order-file.ts';

// Prints what the benchmarks measure. `npm run bench -- 500` sets the size of the order file in MB.

const megabytes = Number(process.argv[2] ?? 500);
for (const recording of ['none', 'full'] as const) {
  const { megabytes: size, orders, sent, seconds, peakMegabytes } = await runOrderFile(megabytes, recording);
  process.stdout.write(`order file, recording ${recording}: ${size.toFixed(0)} MB, ${orders} orders, ${sent} sent, ${seconds.toFixed(1)} s, peak resident memory ${peakMegabytes.toFixed(0)} MB\n`);
}

const { offered, seconds: keySeconds, wrong, mapSeconds } = await runKeys(8, 100_000);
process.stdout.write(`de-dupe keys: 8 runs offered ${offered} in ${keySeconds.toFixed(1)} s, ${wrong} passed otherwise than once; ${(keySeconds / mapSeconds).toFixed(1)} times the time of a Map in one thread\n`);
