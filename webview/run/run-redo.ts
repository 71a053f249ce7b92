import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { ReplayResult, RunDetail } from '../../server/model/api.ts';
import type { Api } from '../protocol/rpc.ts';
import type { AgainRequest, RunHost } from '../protocol/run.ts';
import { formatBytes } from '../shared/format.ts';
import { button, iconButton, kitStyles, loading, message, radioGroup, textArea } from '../shared/kit.ts';
import { Leaving } from '../shared/leaving.ts';
import { collect } from '../shared/payload-text.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { replayResult, replayStyles } from './replay-result.ts';

/** Entries of a document that is put into a field to be changed. */
const mostEntries = 5_000;

type Input = { readonly as: 'loading' } | { readonly as: 'none' } | { readonly as: 'tooLong' } | { readonly as: 'text'; readonly text: string } | { readonly as: 'failed'; readonly reason: string };

/** Does a run again with another payload, or in the flow as it was then; for real, or offline from its recording. */
class PatchbayRunRedo extends LitElement {
  static override properties = { host: { attribute: false }, hasGit: { attribute: false }, detail: { attribute: false }, mode: {}, onRun: { attribute: false }, onClose: { attribute: false }, input: { state: true }, text: { state: true }, version: { state: true }, busy: { state: true }, problem: { state: true }, result: { state: true } };
  declare host: Api<RunHost>;
  declare hasGit: boolean;
  declare detail: RunDetail;
  /** `replay`: it is replayed at once, as it was. */
  declare mode: 'change' | 'replay';
  declare onRun: ((run: string) => void) | undefined;
  declare onClose: () => void;
  declare private input: Input;
  declare private text: string;
  declare private version: NonNullable<AgainRequest['version']>;
  declare private busy: 'run' | 'replay' | undefined;
  declare private problem: string | undefined;
  declare private result: ReplayResult | undefined;

  private readonly way = new Leaving(this, () => this.text !== (this.input.as === 'text' ? this.input.text : ''), () => this.onClose());

  constructor() {
    super();
    this.input = { as: 'loading' };
    this.text = '';
    this.version = 'now';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('mode')) return;
    this.version = this.mode === 'replay' ? 'then' : 'now';
    if (this.mode === 'replay') void this.replay();
    if (this.input.as === 'loading') void this.read();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private async read(): Promise<void> {
    const { input, id } = this.detail;
    if (!input?.body) { this.input = { as: 'none' }; return; }
    try {
      const found = await collect((window) => this.host.body(id, input.body, window), [], mostEntries);
      this.input = 'tooMuch' in found || input.size > 1_000_000 ? { as: 'tooLong' } : { as: 'text', text: typeof found.value === 'string' && !isJson(input.mediaType) ? found.value : JSON.stringify(found.value, null, 2) };
      if (this.input.as === 'text') this.text = this.input.text;
    } catch (error) {
      this.input = { as: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Only what was changed is sent: the run has the true payload, which the recording may show masked. */
  private asked(): AgainRequest {
    const { input, text, version, detail } = this;
    const isChanged = input.as === 'text' ? text !== input.text : text.trim() !== '';
    const mediaType = detail.input?.mediaType ?? 'application/json';
    if (isChanged && isJson(mediaType)) parseJson(text);
    return { version, ...(isChanged && { payload: text, mediaType }) };
  }

  protected override render(): unknown {
    const { version, busy, result, problem } = this;
    const title = this.mode === 'replay' ? 'Replay' : 'Run with changes';
    return html`<section aria-label=${title}>
      <div class="head"><h2 tabindex="-1">${title}</h2><span class="gap"></span>${iconButton({ label: 'Close', icon: 'close', onClick: () => void this.way.leave() })}</div>
      ${this.renderInput()}
      <div class="version">${radioGroup({ label: 'Which flow', name: 'version', value: version, options: [{ value: 'now', label: 'The flow as it is now' }, { value: 'then', label: this.detail.version === undefined ? 'The flow as it was' : `Version ${this.detail.version}, as it was` }, ...(this.hasGit ? [{ value: 'committed', label: 'All files as committed (HEAD), to replay' }] : [])], onChange: (value) => { this.version = value as NonNullable<AgainRequest['version']>; } })}</div>
      <div class="actions">${button({ label: 'Run', icon: 'play', primary: true, disabled: version === 'committed', title: 'Starts a new run: the systems around it are called', onClick: () => void this.run() })}${button({ label: 'Replay', icon: 'debug-reverse-continue', title: 'Runs it from the recording: nothing goes out, and what comes out is compared', onClick: () => void this.replay() })}</div>
      ${problem ? html`<div class="result">${message({ tone: 'bad', title: 'That did not work', text: problem })}</div>` : nothing}
      ${busy === 'replay' ? loading('The replay is under way', 3) : nothing}
      <div class="result" role="region" aria-label="Result of the replay" aria-live="polite">${result ? replayResult(result) : nothing}</div>
    </section>`;
  }

  private renderInput(): TemplateResult {
    const { input, detail } = this;
    const { mediaType = 'application/json', size, sealed } = detail.input ?? {};
    if (input.as === 'loading') return loading('The payload is loading', 3);
    if (input.as === 'failed') return message({ tone: 'bad', title: 'The payload could not be read', text: input.reason });
    if (input.as === 'tooLong') return message({ tone: 'info', title: `The payload has ${formatBytes(size ?? 0)}, too much to be changed here`, text: 'It is used as it is. To change it, save it from the step where it came in, and start the flow with the file.' });
    const isMasked = sealed !== undefined && input.as === 'text' && this.text !== input.text;
    return html`<label for="payload">Payload <span class="quiet">${mediaType}${input.as === 'none' ? '; the run began with none, or it was not kept' : ''}</span></label>
      ${textArea({ id: 'payload', label: 'Payload', value: this.text, rows: 10, monospace: true, placeholder: 'Empty: as the run began', invalid: this.problem !== undefined, onInput: (text) => { this.text = text; this.problem = undefined; } })}
      ${isMasked ? message({ tone: 'warn', title: 'Parts of this payload are masked', text: 'A changed payload is sent as it stands here, with the masks. Write the true values in their place.' }) : nothing}`;
  }

  private run(): Promise<void> {
    return this.attempt('run', async (asked) => { const run = await this.host.again(this.detail.id, asked); this.onRun?.(run); });
  }

  private replay(): Promise<void> {
    this.result = undefined;
    return this.attempt('replay', async (asked) => { this.result = await this.host.replay(this.detail.id, asked); });
  }

  private async attempt(what: 'run' | 'replay', action: (asked: AgainRequest) => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.problem = undefined;
    try {
      await action(this.asked());
    } catch (error) {
      this.problem = error instanceof SyntaxError ? `The payload is no JSON: ${error.message}` : error instanceof Error ? error.message : String(error);
    }
    this.busy = undefined;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, replayStyles, css`
    :host { display: block; overflow: auto; min-height: 0; }
    section { padding: 8px 12px 16px; display: flex; flex-direction: column; gap: 6px; }
    .head { display: flex; align-items: center; }
    h2 { font-size: 1.1em; font-weight: 600; margin: 0; }
    .gap { flex: 1; }
    .actions { margin-top: 2px; }
    .version { margin: 4px 0; }
    .result:empty { display: none; }
  `];
}

customElements.define('patchbay-run-redo', PatchbayRunRedo);

const isJson = (mediaType: string): boolean => /[/+]json\b/.test(mediaType);
