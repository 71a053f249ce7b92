import { isProofName } from '../model/secret-names.ts';
import type { FlowSettings } from '../model/flow.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { RunRequest } from '../stores/queue.ts';

/** Names of the fields that are redacted in a run: those of the workspace, of its flow, and of the run itself. */
export const redactedNames = ({ redact = [] }: Pick<WorkspaceFile, 'redact'>, flow?: Pick<FlowSettings, 'redact'>, run?: Pick<RunRequest, 'redact'>): readonly string[] => [...redact, ...(flow?.redact ?? []), ...(run?.redact ?? [])];

/** What of a payload that is made of the parameters of a request proves who sends it. */
export const proofsIn = (body: unknown): readonly string[] => (typeof body === 'object' && body !== null ? Object.keys(body).filter(isProofName) : []);
