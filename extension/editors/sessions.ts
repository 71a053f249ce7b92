interface Session {
  dispose(): unknown;
}

/** Of VS Code: nothing of it may be asked for once it is disposed of. */
interface Panel {
  readonly active: boolean;
  onDidDispose(listener: () => void): unknown;
}

interface Token {
  readonly isCancellationRequested: boolean;
}

/** The sessions of the open panels of an editor. What a session consists of is loaded with the first panel. */
export interface Sessions<S extends Session> {
  readonly all: readonly S[];
  /** The session of the panel that has the focus. */
  readonly active: S | undefined;
  /** Opens one, and ends it with its panel. Nothing where the panel is closed while its session is loaded. */
  open(panel: Panel, token: Token, loaded: Promise<() => S>): Promise<S | undefined>;
  /** Tells it to the panel that has the focus: at once, or as soon as its session is there. */
  tell(what: (session: S) => void): void;
}

export function keepSessions<S extends Session>(): Sessions<S> {
  const sessions = new Map<Panel, S>();
  const loading = new Map<Panel, ((session: S) => void)[]>();
  const activeOf = <T>(panels: ReadonlyMap<Panel, T>): T | undefined => [...panels].find(([{ active }]) => active)?.[1];
  return {
    get all() { return [...sessions.values()]; },
    get active() { return activeOf(sessions); },
    async open(panel, token, loaded) {
      const waiting: ((session: S) => void)[] = [];
      loading.set(panel, waiting);
      panel.onDidDispose(() => {
        loading.delete(panel);
        const session = sessions.get(panel);
        sessions.delete(panel);
        session?.dispose();
      });
      try {
        const open = await loaded;
        if (!loading.has(panel) || token.isCancellationRequested) return undefined;
        const session = open();
        sessions.set(panel, session);
        for (const what of waiting) what(session);
        return session;
      } finally {
        loading.delete(panel);
      }
    },
    tell(what) {
      const session = activeOf(sessions);
      if (session) what(session);
      else activeOf(loading)?.push(what);
    },
  };
}
