import { type FlowError, type PayloadContext, withChanges } from '../../plugins/sdk/index.ts';
import { asFlowError, errorKind, isRetryable } from './run-error.ts';

/** Whether the error may be of one slice alone, such as a parent that is gone: then the others are read all the same. Credentials and files are those of all. */
const isOfOne = (error: FlowError): boolean => ['remote', 'data'].includes(errorKind(error.code));

/** So many in a row are no accident: the other system is down, or the request is wrong. */
const mostInARow = 3;

/** The slices of a reading that failed. */
export class FailedSlices<P> {
  readonly #endpoint: string;
  readonly #context: Pick<PayloadContext, 'signal' | 'log'>;
  readonly #failed: { readonly name: string; readonly place: P; readonly error: FlowError }[] = [];
  #inARow = 0;

  constructor(endpoint: string, context: Pick<PayloadContext, 'signal' | 'log'>) {
    this.#endpoint = endpoint;
    this.#context = context;
  }

  /** Where each of them goes on. */
  get places(): readonly P[] {
    return this.#failed.map(({ place }) => place);
  }

  succeeded(): void {
    this.#inARow = 0;
  }

  /** Throws where no other slice is to be read. */
  add(name: string, place: P, thrown: unknown): void {
    const error = asFlowError(thrown);
    if (this.#context.signal.aborted || !isOfOne(error)) throw thrown;
    this.#failed.push({ name, place, error });
    if (++this.#inARow >= mostInARow) this.end(`${mostInARow} in a row, so that no others were asked for`);
    this.#context.log.warn(`The slice ${name} of "${this.#endpoint}" failed; the others are read, and the step fails then. ${error.message}`, { endpoint: this.#endpoint, slice: name });
  }

  /** Throws where one has failed. One that is worth another attempt comes first: then the step makes one, for those that failed. */
  end(why?: string): void {
    const [first] = this.#failed;
    if (!first) return;
    const { name, error } = this.#failed.find((one) => isRetryable(one.error)) ?? first;
    const names = this.#failed.map((one) => one.name);
    const message = names.length === 1 ? `The slice ${name} of "${this.#endpoint}" failed. ${error.message}` : `${names.length} slices of "${this.#endpoint}" failed${why === undefined ? '' : `, ${why}`} (${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}); ${name}: ${error.message}`;
    throw withChanges(error, { message, details: { slices: names.slice(0, 100) } });
  }
}
