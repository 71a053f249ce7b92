import { setFlagsFromString } from 'node:v8';

// Imported first by what runs as a process of its own. A small young generation, and an old one that is collected before it has doubled: garbage of big flows is freed
// before it fills the memory, at no cost in time. Set here, so that it holds however the process was started.
setFlagsFromString('--heap-growing-percent=50');
setFlagsFromString('--max-semi-space-size=16');
setFlagsFromString('--semi-space-growth-factor=1');
