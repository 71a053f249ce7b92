import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { debugLines, type DebugLines } from '../model/debug-lines.ts';
import type { Runner } from '../runner/contract.ts';
import { pathInside } from './arguments.ts';

/** The file that a client names. */
export interface NamedFile {
  /** Below the root; absent where it lies elsewhere. */
  readonly file?: string;
  /** Id of the flow that it is. */
  readonly flow?: string;
  /** Of a flow: its text. */
  readonly text?: string;
}

/** The files of the workspace that a session speaks of, as they are now; each is read once per stop. */
export class FlowFiles {
  readonly #host: Pick<Runner, 'root' | 'flows'>;
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(host: Pick<Runner, 'root' | 'flows'>) {
    this.#host = host;
  }

  async named({ path = '' }: DebugProtocol.Source): Promise<NamedFile> {
    const file = pathInside(this.#host.root, path);
    const flow = (await this.#host.flows()).find((one) => one.file === file);
    const text = flow && (await this.#text(flow.file));
    return { ...(file !== undefined && { file }), ...(flow && { flow: flow.id }), ...(text !== undefined && { text }) };
  }

  /** Where a flow is, with its places; nothing where there is none such. */
  async of(flow: string): Promise<{ readonly file?: string; readonly lines?: DebugLines }> {
    const file = (await this.#host.flows()).find(({ id }) => id === flow)?.file;
    const text = file === undefined ? undefined : await this.#text(file);
    return { ...(file !== undefined && { file }), ...(text !== undefined && { lines: debugLines(text) }) };
  }

  /** They may have changed. */
  forget(): void {
    this.#texts.clear();
  }

  #text(file: string): Promise<string | undefined> {
    const known = this.#texts.get(file) ?? readFile(join(this.#host.root, file), 'utf8').catch(() => undefined);
    this.#texts.set(file, known);
    return known;
  }
}
