import type { ScriptDebug, ScriptStride } from '../../sdk/index.ts';
import type { CompiledScript } from './compile.ts';
import { openInspector, type Inspector, type Paused } from './inspector.ts';
import type { Pool } from './pool.ts';
import type { Sandbox } from './sandbox.ts';
import { stopOf } from './script-stop.ts';

const inspectors = new WeakMap<Sandbox, Promise<Inspector>>();

/** Children of a debug session, which stop where the session says, for the time of one call. */
export function inspectedPool(pool: Pool, script: CompiledScript, debug: ScriptDebug): Pool {
  return {
    ...pool,
    use: (signal, work) => pool.use(signal, async (sandbox) => {
      const inspector = await (inspectors.get(sandbox) ?? connect(sandbox));
      const points = await setPoints(inspector, script.file, debug);
      const isEntry = debug.takeEntry(script.file);
      inspector.onPaused = (paused) => void stand(paused, { sandbox, inspector, script, debug, leave: points.leave });
      try {
        // The top level of the script is not what somebody wants to go into.
        if (isEntry) {
          await sandbox.prepare(script, signal);
          await points.everywhere();
        }
        return await work(sandbox);
      } finally {
        inspector.onPaused = () => void inspector.send('Debugger.resume').catch(() => undefined);
        await points.end();
      }
    }),
  };
}

function connect(sandbox: Sandbox): Promise<Inspector> {
  const opened = sandbox.inspector().then(openInspector);
  inspectors.set(sandbox, opened);
  return opened;
}

interface Standing {
  readonly sandbox: Sandbox;
  readonly inspector: Inspector;
  readonly script: CompiledScript;
  readonly debug: ScriptDebug;
  /** It has come to where it was to stop once. */
  leave(): Promise<void>;
}

async function stand(paused: Paused, { sandbox, inspector, script, debug, leave }: Standing): Promise<void> {
  sandbox.stand(true);
  try {
    await leave();
    const how = await debug.stopped(stopOf(paused, script.file, inspector));
    await inspector.send(resumes[how]);
  } catch {
    // Where the child is gone, the call that waits for it is told.
    await inspector.send('Debugger.resume').catch(() => undefined);
  } finally {
    sandbox.stand(false);
  }
}

const resumes: Readonly<Record<ScriptStride, string>> = { continue: 'Debugger.resume', next: 'Debugger.stepOver', in: 'Debugger.stepInto', out: 'Debugger.stepOut' };

interface Points {
  /** At whatever statement comes first. */
  everywhere(): Promise<void>;
  leave(): Promise<void>;
  end(): Promise<void>;
}

/** The lines of a file at which it stops, kept as the session changes them. */
async function setPoints(inspector: Inspector, file: string, debug: ScriptDebug): Promise<Points> {
  let set: string[] = [];
  let once: string[] = [];
  const remove = (ids: readonly string[]): Promise<unknown> => Promise.all(ids.map((breakpointId) => inspector.send('Debugger.removeBreakpoint', { breakpointId })));
  // Only lines of the file: what lies around the script is nobody's.
  const put = async (): Promise<void> => {
    await remove(set.splice(0));
    for (const line of debug.lines(file)) {
      const { breakpointId } = await inspector.send<{ readonly breakpointId: string }>('Debugger.setBreakpointByUrl', { url: file, lineNumber: line - 1 });
      set.push(breakpointId);
    }
  };
  let changing = Promise.resolve();
  const change = (): Promise<void> => (changing = changing.then(put).catch(() => undefined));
  await inspector.send('Debugger.setBlackboxPatterns', { patterns: [`^(?!${file.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}$)`], skipAnonymous: true });
  await change();
  const forget = debug.onChange(() => void change());
  return {
    async everywhere() {
      // What it has loaded is told before this is answered.
      await inspector.send('Debugger.setSkipAllPauses', { skip: false });
      for (const scriptId of inspector.scripts(file)) {
        const { locations } = await inspector.send<{ readonly locations: readonly object[] }>('Debugger.getPossibleBreakpoints', { start: { scriptId, lineNumber: 0 }, restrictToFunction: false });
        for (const location of locations.slice(0, mostPlaces)) {
          const found = await inspector.send<{ readonly breakpointId: string }>('Debugger.setBreakpoint', { location }).catch(() => undefined);
          if (found) once.push(found.breakpointId);
        }
      }
    },
    async leave() {
      await remove(once.splice(0));
    },
    async end() {
      forget();
      await changing;
      await remove([...set.splice(0), ...once.splice(0)]).catch(() => undefined);
    },
  };
}

const mostPlaces = 2_000;
