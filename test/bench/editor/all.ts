import { measureCanvas } from './canvas.ts';
import { measureContrast } from './contrast.ts';
import { measureDebugging } from './debugging.ts';
import { measureFirstRun } from './first-run.ts';
import { measureLive } from './live.ts';
import { measureOpening, measureStart } from './opening.ts';
import { measurePayload } from './payload.ts';

// What one waits for in the real VS Code, and what the editor takes of the machine: `node test/bench/editor/all.ts`, some six minutes on a machine that does nothing else.

await measureContrast();
await measureFirstRun();
await measureStart();
await measureOpening();
await measureCanvas();
await measureDebugging();
await measurePayload();
await measureLive();
