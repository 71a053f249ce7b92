import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DebugBreakpoint, DebugScriptPoint, DebugSetup, DebugWatch } from '../model/debug.ts';
import { filtersOf, nameBreakpoints, placeBreakpoints, scriptBreakpoints, watchBreakpoints, type SetBreakpoint } from './breakpoints.ts';
import type { NamedFile } from './flow-files.ts';

type Shown = { readonly breakpoints: readonly DebugProtocol.Breakpoint[] };

/** All at which a client wants to stop: each request replaces what the one before it has set. */
export class SetPoints {
  readonly #sources = new Map<string, readonly SetBreakpoint<DebugBreakpoint>[]>();
  readonly #scripts = new Map<string, readonly SetBreakpoint<DebugScriptPoint>[]>();
  #names: readonly SetBreakpoint<DebugBreakpoint>[] = [];
  #wantedNames: readonly DebugProtocol.FunctionBreakpoint[] = [];
  #watches: readonly SetBreakpoint<DebugWatch>[] = [];
  #filters: DebugSetup['filters'] = [];
  #lastId = 0;

  get setup(): DebugSetup {
    return { breakpoints: [...this.#sources.values(), this.#names].flat().flatMap(({ point }) => point ?? []), watches: this.#watches.flatMap(({ point }) => point ?? []), filters: this.#filters, scripts: [...this.#scripts.values()].flat().flatMap(({ point }) => point ?? []) };
  }

  inSource(path: string, { file, flow, text }: NamedFile, wanted: readonly DebugProtocol.SourceBreakpoint[]): Shown {
    if (file !== undefined && /^scripts\/.+\.[cm]?[jt]s$/.test(file)) {
      const set = scriptBreakpoints(file, wanted, this.#nextId);
      this.#scripts.set(path, set);
      return shownOf(set);
    }
    const placed = placeBreakpoints(flow ?? '', text, wanted, this.#nextId);
    this.#sources.set(path, placed);
    return shownOf(placed);
  }

  /** `flow`: of names that say none. */
  byName(flow: string | undefined, wanted: readonly DebugProtocol.FunctionBreakpoint[]): Shown {
    this.#names = nameBreakpoints(flow, wanted, this.#nextId);
    this.#wantedNames = wanted;
    return shownOf(this.#names);
  }

  /** The flow is known now that names mean which say none. Gives those that stop from now on; an answer that is under way says so, too. */
  inFlow(flow: string): readonly DebugProtocol.Breakpoint[] {
    const before = this.#names.map(({ shown }) => shown);
    const ids = before.map(({ id }) => id!);
    this.#names = nameBreakpoints(flow, this.#wantedNames, () => ids.shift()!);
    return this.#names.flatMap(({ shown }, index) => {
      const known = before[index]!;
      if (known.verified || !shown.verified) return [];
      delete known.message;
      known.verified = true;
      return [known];
    });
  }

  ofData(wanted: readonly DebugProtocol.DataBreakpoint[]): Shown {
    this.#watches = watchBreakpoints(wanted, this.#nextId);
    return shownOf(this.#watches);
  }

  ofExceptions(args: DebugProtocol.SetExceptionBreakpointsArguments): Shown {
    const { filters, shown } = filtersOf(args);
    this.#filters = filters;
    return { breakpoints: shown };
  }

  readonly #nextId = (): number => ++this.#lastId;
}

const shownOf = (set: readonly SetBreakpoint<unknown>[]): Shown => ({ breakpoints: set.map(({ shown }) => shown) });
