import type { EngineHost } from './host.ts';

/** Something with work to do now. `pump` does what it can without waiting. */
export interface Worker {
  isQueued: boolean;
  pump(): void;
}

/**
 * Gives the steps of a run their turns: a step that gets something to do is added, and pumped when those before it have been. No promise
 * is made where the work needs none; a slice of time that is over lets the rest of the process have its turn.
 */
export class Loop {
  readonly #clock: EngineHost['clock'];
  readonly #onCrash: (error: unknown) => void;
  #ready: Worker[] = [];
  #holds = 0;
  #isRunning = false;
  #isClosed = false;
  #sliceStart: number;

  constructor(clock: EngineHost['clock'], onCrash: (error: unknown) => void) {
    this.#clock = clock;
    this.#onCrash = onCrash;
    this.#sliceStart = clock.now();
  }

  /** Nothing new may start. Whoever finds it so adds itself again. */
  get isHeld(): boolean {
    return this.#holds > 0 || this.#isClosed;
  }

  add(worker: Worker): void {
    if (worker.isQueued) return;
    worker.isQueued = true;
    this.#ready.push(worker);
  }

  run(): void {
    if (this.#isRunning || this.isHeld) return;
    this.#isRunning = true;
    try {
      while (this.#ready.length > 0 && !this.isHeld) {
        const worker = this.#ready.shift()!;
        worker.isQueued = false;
        worker.pump();
      }
    } catch (error) {
      this.#onCrash(error);
    }
    this.#isRunning = false;
  }

  /** Nothing starts until the promise is kept. */
  holdFor(promise: Promise<void>): void {
    this.#holds++;
    promise.then(() => this.#release(), (error: unknown) => {
      this.#holds--;
      this.#onCrash(error);
    });
  }

  /** To be called with the time as work goes on. */
  tick(now: number): void {
    if (now - this.#sliceStart < SLICE_MS) return;
    this.#sliceStart = now;
    this.#holds++;
    soon(() => {
      this.#sliceStart = this.#clock.now();
      this.#release();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#ready = [];
  }

  #release(): void {
    this.#holds--;
    this.run();
  }
}

/** After the input and output that is waiting, before any timer. */
export const soon: (task: () => void) => void = (globalThis as { setImmediate?: (task: () => void) => void }).setImmediate ?? ((task) => void setTimeout(task, 0));

const SLICE_MS = 8;
