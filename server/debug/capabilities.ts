import type { DebugProtocol } from '@vscode/debugprotocol';
import { breakpointModes, exceptionFilters } from './breakpoints.ts';

export const capabilities: DebugProtocol.Capabilities & { readonly breakpointModes: readonly DebugProtocol.BreakpointMode[] } = {
  supportsConfigurationDoneRequest: true, supportsFunctionBreakpoints: true, supportsConditionalBreakpoints: true, supportsHitConditionalBreakpoints: true, supportsLogPoints: true, supportsEvaluateForHovers: true,
  supportsSetVariable: true, supportsSetExpression: true, supportsRestartFrame: true, supportsGotoTargetsRequest: true, supportsStepInTargetsRequest: true, supportsCompletionsRequest: true, completionTriggerCharacters: ['.', '['],
  supportsExceptionOptions: false, supportsExceptionFilterOptions: true, supportsDataBreakpoints: true, supportsBreakpointLocationsRequest: true, supportsTerminateRequest: true, supportTerminateDebuggee: true,
  supportsStepBack: true, supportsCancelRequest: true, supportsClipboardContext: true, supportsDelayedStackTraceLoading: true, supportsReadMemoryRequest: true, exceptionBreakpointFilters: [...exceptionFilters], breakpointModes: [...breakpointModes],
};

/** Requests after which the run goes on. */
export const moving: ReadonlySet<string> = new Set(['configurationDone', 'continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'goto', 'restartFrame', 'pause']);
