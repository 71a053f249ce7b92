import type { RuleSuggestion } from '../../server/model/auto-map.ts';
import type { ShownTrial } from '../../server/model/map-cut.ts';
import type { MapLook } from '../../server/model/map-look.ts';
import type { MapHost } from '../protocol/map.ts';
import { codeOf, type Api } from '../protocol/rpc.ts';

/** What is asked when the typing pauses. */
export const pauseMs = 150;

interface Owner {
  /** The map step of a flow. `undefined` as a whole: nothing is open. */
  input(): { readonly step: string | undefined } | undefined;
  /** Both sides and the result may be others now. */
  answered(): void;
  refused(why: string): void;
  changed(): void;
}

/** What the host says of a mapping: what is known of both sides, what it makes of a record, which rules could be added. */
export class MapSample {
  look: MapLook | undefined;
  trial: ShownTrial | undefined;
  /** Why there is no result. */
  problem: string | undefined;
  /** That is because there is nothing to try it with. */
  isMissing = false;
  suggestions: readonly RuleSuggestion[] | undefined;
  /** Number of the record that is tried. */
  record = 0;
  /** Of the sample that was chosen; `undefined`: the last recorded payload. */
  name: string | undefined;
  isBusy = false;

  private readonly link: Api<MapHost>;
  private readonly owner: Owner;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(link: Api<MapHost>, owner: Owner) {
    this.link = link;
    this.owner = owner;
  }

  forget(): void {
    this.look = this.trial = this.problem = this.suggestions = this.name = undefined;
    this.record = 0;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked++;
  }

  /** Asks the host for both sides and for the result. */
  ask(afterMs = 0): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), afterMs);
  }

  setRecord(record: number): void {
    this.record = Math.max(0, Math.min(record, (this.trial?.records ?? 1) - 1));
    this.ask();
    this.owner.changed();
  }

  async suggest(): Promise<void> {
    await this.orRefused(async () => { this.suggestions = await this.link.suggestRules(this.step); });
  }

  /** A JSON text; without one, the last recorded payload again. */
  use(text: string | undefined, name?: string): Promise<void> {
    return this.orRefused(async () => {
      await this.link.useSample(this.step, text);
      this.begin(name);
    });
  }

  pick(): Promise<void> {
    return this.take(() => this.link.pickSample(this.step));
  }

  callEndpoint(): Promise<void> {
    return this.take(() => this.link.callEndpoint(this.step));
  }

  private get step(): string | undefined {
    return this.owner.input()?.step;
  }

  private take(choose: () => Promise<string | undefined>): Promise<void> {
    return this.orRefused(async () => {
      const name = await choose();
      // What is cancelled comes as null over some ports.
      if (name) this.begin(name);
    });
  }

  private begin(name: string | undefined): void {
    this.name = name;
    this.record = 0;
    this.ask();
  }

  private async orRefused(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.owner.refused(textOf(error));
    }
    this.owner.changed();
  }

  private async refresh(): Promise<void> {
    const input = this.owner.input();
    if (!input) return;
    const turn = ++this.asked;
    this.isBusy = true;
    const [look, trial] = await Promise.allSettled([this.link.lookAtMap(input.step), this.link.tryMap(input.step, this.record)]);
    // Something newer was asked meanwhile.
    if (turn !== this.asked) return;
    this.isBusy = false;
    if (look.status === 'fulfilled') this.look = look.value;
    this.trial = trial.status === 'fulfilled' ? trial.value : undefined;
    this.problem = trial.status === 'rejected' ? textOf(trial.reason) : undefined;
    this.isMissing = trial.status === 'rejected' && codeOf(trial.reason) === 'DATA_MISSING';
    if (this.suggestions) void this.suggest();
    this.owner.answered();
  }
}

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
