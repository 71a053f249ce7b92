/**
 * Every error a user can meet. `kind` says who must act: config (the files), auth (the credentials), remote (the other system; the only
 * kind that is tried again), data (the payload). `fix` is the remedy shown with the error. `plugins/ERRORS.md` is written from this table.
 */
export const errors = {
  CONFIG_INVALID: { kind: 'config', fix: 'Correct the marked place of the file.' },
  CONFIG_VERSION: { kind: 'config', fix: 'Update Patchbay: the file was written by a newer version.' },
  CONFIG_NOT_FOUND: { kind: 'config', fix: 'Check the name; `patchbay lint` lists the files of the workspace.' },
  CONFIG_UNKNOWN_PLUGIN: { kind: 'config', fix: 'Correct the type, or add the plugin to `patchbay.json`.' },
  CONFIG_UNKNOWN_STEP: { kind: 'config', fix: 'Name a step that there is, or remove what names it.' },
  CONFIG_UNKNOWN_PORT: { kind: 'config', fix: 'Use one of the ports of the shape.' },
  CONFIG_UNKNOWN_INSTANCE: { kind: 'config', fix: 'Create the instance in `instances/` or correct its name.' },
  CONFIG_UNKNOWN_CONNECTOR: { kind: 'config', fix: 'Create the connector in `connectors/` or correct its name.' },
  CONFIG_UNKNOWN_ENDPOINT: { kind: 'config', fix: 'Use one of the endpoints of the connector.' },
  CONFIG_UNKNOWN_SCRIPT: { kind: 'config', fix: 'Create the script in `scripts/` or correct its name.' },
  CONFIG_UNKNOWN_LOOKUP: { kind: 'config', fix: 'Create the CSV file in `lookups/` or correct its name.' },
  CONFIG_UNKNOWN_FLOW: { kind: 'config', fix: 'Create the flow in `flows/` or correct its name.' },
  CONFIG_UNKNOWN_GROUP: { kind: 'config', fix: 'Add the group to `notifications` in patchbay.json or correct its name.' },
  CONFIG_PATH: { kind: 'config', fix: 'Correct the path; `patchbay path QUERY FILE` tries it out.' },
  CONFIG_EXPRESSION: { kind: 'config', fix: 'Correct the expression; `patchbay eval EXPRESSION` tries it out.' },
  CONFIG_CYCLE: { kind: 'config', fix: 'Remove one of the connections of the loop.' },
  CONFIG_SECRET_LITERAL: { kind: 'config', fix: 'Store the value with `patchbay secrets set` and write {"$secret": "name"} instead.' },
  VERSION_NOT_FOUND: { kind: 'config', fix: '`patchbay versions FLOW` lists those that there are; `patchbay deploy FLOW` makes one.' },
  VERSION_DAMAGED: { kind: 'config', fix: 'Put the files of the version back as they were, or deploy the flow again.' },
  PRODUCTION_UNCONFIRMED: { kind: 'auth', fix: 'Confirm it: `--yes-production` on the command line, `confirm=production` in the API.' },
  WRITE_UNCONFIRMED: { kind: 'auth', fix: 'Confirm it: `--yes` on the command line, `"confirm": ["write"]` in the API; or try it with a mock (`patchbay mock`).' },
  PLUGIN_FAILED: { kind: 'config', fix: 'See the plugin’s own error; remove it from the workspace to go on without it.' },
  SECRET_MISSING: { kind: 'auth', fix: 'Set it with `patchbay secrets set NAME` or in the environment variable named in the message.' },
  AUTH_REJECTED: { kind: 'auth', fix: 'Renew the credentials of the instance.' },
  REMOTE_STATUS: { kind: 'remote', fix: 'The other system is down, overloaded or at fault: its answer in the run says more. Run again later; where it asks for fewer requests, set `rateLimits` in the connector.' },
  REMOTE_REJECTED: { kind: 'data', fix: 'The other system refused the payload: see its answer in the run, correct the data or the mapping.' },
  REMOTE_MISUSED: { kind: 'config', fix: 'The answer says what is wrong with the request: correct the params of the step, or the endpoint in the connector.' },
  REMOTE_FINAL: { kind: 'config', fix: 'A rule of the connector ends the run at such an answer: see what it says, then run again.' },
  RUN_AGAIN: { kind: 'remote', fix: 'A script or a rule of the connector wants the whole run done again after such an answer: see what it says, and the run that the message names. After three times a run stays as it is; `patchbay runs retry RUN` does it again all the same.' },
  REMOTE_TIMEOUT: { kind: 'remote', fix: 'Raise the time limit of the step or ask for smaller pages.' },
  REMOTE_UNREACHABLE: { kind: 'remote', fix: 'Check the address of the instance and that the other system is up.' },
  REMOTE_TOO_LARGE: { kind: 'remote', fix: 'Ask for smaller pages, or raise `limits.responseBytes` in patchbay.json.' },
  REMOTE_ORIGIN: { kind: 'remote', fix: 'Add the origin to `allowedOrigins` of the connector if it is trusted.' },
  REMOTE_FORMAT: { kind: 'remote', fix: 'Compare the data path of the endpoint with the response in the run.' },
  PAGE_REPEATED: { kind: 'remote', fix: 'Check the pagination settings of the endpoint: a page came twice, or would be asked for twice; the message says which.' },
  PAGE_LIMIT: { kind: 'remote', fix: 'Check the pagination settings; where there are so many pages, raise `maxPages` beside them in the connector.' },
  DATA_INVALID: { kind: 'data', fix: 'Correct the value that the message names where it comes from, or change it in a step before this one; the failed payload is kept with the run.' },
  DATA_TOO_LARGE: { kind: 'data', fix: 'Put a flow-control step before it, which passes on batches of records, or a split; or raise `limits.payloadBytes` in patchbay.json.' },
  DATA_MISSING: { kind: 'data', fix: 'Give a default with `?? value`, or correct the path.' },
  CACHE_FULL: { kind: 'data', fix: 'Raise the size of the cache in patchbay.json, or let its entries end sooner.' },
  CACHE_MISS: { kind: 'data', fix: 'Check the key; `patchbay caches show` lists those of a cache.' },
  FLOW_FAILED: { kind: 'data', fix: 'Look at the run of the other flow that is named in the message.' },
  DEAD_LETTER: { kind: 'data', fix: 'Look at the reason, then send the payload again from the failed payloads of the run.' },
  ASSERT_FAILED: { kind: 'data', fix: 'Compare the payload with the expectation.' },
  SCRIPT_INVALID: { kind: 'config', fix: 'Correct the script at the line named.' },
  SCRIPT_THREW: { kind: 'data', fix: 'Look at the line of the script and at the payload.' },
  SCRIPT_TIMEOUT: { kind: 'data', fix: 'Look for an endless loop, or raise the time limit of the step, or `limits.scriptMs` in patchbay.json.' },
  SCRIPT_MEMORY: { kind: 'data', fix: 'Give it smaller payloads, by a flow-control or a split step before it; or raise `limits.scriptMegabytes` in patchbay.json.' },
  SCRIPT_CRASHED: { kind: 'data', fix: 'Look at the script: its process ended.' },
  SCRIPT_REFUSED: { kind: 'config', fix: 'Name the host under `scripts.hosts` of patchbay.json, if scripts are to reach it.' },
  SANDBOX_UNSAFE: { kind: 'config', fix: 'Use the Node.js version that Patchbay names: the script sandbox failed its self-test.' },
  STEP_TIMEOUT: { kind: 'data', fix: 'Raise `timeoutMs` of the step.' },
  TEST_STALE: { kind: 'config', fix: 'Let the mock answer as the system does now, or bring the schema of the connector up to date.' },
  TEST_UNMOCKED: { kind: 'config', fix: 'Add a mock to the test: of the request, of the step, or of the whole connector.' },
  RUN_STOPPED: { kind: 'config', fix: '`patchbay runs resume RUN` goes on with what did not get through, `patchbay runs retry RUN` does the whole run again.' },
  RUN_STUCK: { kind: 'data', fix: 'Look for an endless loop in a plugin that the flow uses, or for more data at once than fits into the memory.' },
  RUN_SKIPPED: { kind: 'config', fix: 'Wait until the run that is under way is over, or set `overlap` to `queue` or `parallel`.' },
  RUN_PINNED: { kind: 'config', fix: '`patchbay runs unpin RUN` lets go of it.' },
  REPLAY_UNKNOWN: { kind: 'data', fix: 'See the differences that the replay shows; start a run to get what is new.' },
  RUN_INTERRUPTED: { kind: 'config', fix: 'Start it again with `patchbay runs retry RUN`.' },
  STORAGE_FAILED: { kind: 'config', fix: 'Check free space and permissions of the `.patchbay` folder.' },
  API_UNAUTHORIZED: { kind: 'auth', fix: 'Send the token that `patchbay serve` printed as a bearer token.' },
  API_FORBIDDEN: { kind: 'auth', fix: 'Ask from the same origin, on the address that `patchbay serve` printed.' },
  API_INVALID: { kind: 'data', fix: 'Compare the request with /api/openapi.json.' },
  API_NOT_FOUND: { kind: 'config', fix: 'Check the address.' },
  SIGNATURE_INVALID: { kind: 'auth', fix: 'Sign the raw body with the secret of the trigger.' },
  INTERNAL: { kind: 'config', fix: 'This is a fault of Patchbay or of a plugin: please report it with the run.' },
} as const satisfies Record<string, { kind: 'config' | 'auth' | 'remote' | 'data'; fix: string }>;

export type ErrorCode = keyof typeof errors;

export interface FlowErrorOptions extends ErrorOptions {
  /** Facts for the log and the inspector; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Milliseconds to wait before another attempt is worth while. */
  readonly retryAfter?: number;
  /** Where in the workspace: a file, a line and a column from 1, a JSON pointer. */
  readonly place?: { readonly file?: string; readonly line?: number; readonly column?: number; readonly pointer?: string };
  /** What to do, where that is more than the table of errors can know. */
  readonly remedy?: string;
}

/** An expected failure. Whatever else is thrown is a bug of ours or of the plugin, and is never tried again. */
export class FlowError extends Error {
  override readonly name = 'FlowError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfter: number | undefined;
  readonly place: FlowErrorOptions['place'];
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, options: FlowErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfter = options.retryAfter;
    this.place = options.place;
    // Who says the same with other words leaves the remedy as it was.
    this.remedy = options.remedy ?? (FlowError.is(options.cause, code) ? (options.cause as Partial<FlowError>).remedy : undefined) ?? (errors[code] ?? errors.INTERNAL).fix;
  }

  /** Works across bundles, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is FlowError {
    return error instanceof Error && error.name === 'FlowError' && (code === undefined || (error as FlowError).code === code);
  }
}

export type FlowErrorChanges = Pick<FlowErrorOptions, 'details' | 'place' | 'remedy'> & { readonly message?: string };

/** The same failure told otherwise, with `error` as its cause: what is not named stays as it is, and details are added to those that it has. */
export function withChanges(error: FlowError, { message = error.message, details, place = error.place, remedy = error.remedy }: FlowErrorChanges): FlowError {
  const { code, retryAfter } = error;
  // An error of another bundle may lack any of them.
  return new FlowError(code, message, { cause: error, details: { ...error.details, ...details }, ...(remedy !== undefined && { remedy }), ...(place && { place }), ...(retryAfter !== undefined && { retryAfter }) });
}
