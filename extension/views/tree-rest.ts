/** When a tree is read anew. */
export interface TreeRest {
  /** To be called by `getChildren`, with the rows that it gives. */
  asked<T>(rows: T): T;
  /** Soon, however often something changes. */
  refresh(): void;
  /** At once, where the tree is at rest. */
  now(): void;
  /** Does something with rows, of which VS Code must know: at once, or when what has changed was read. Of several only the last is done. */
  whenRead(work: () => void): void;
  dispose(): void;
}

/** Rows that do not come by then hold back nothing: who has them may never answer. */
const mostWaitMs = 10_000;

/**
 * A tree is not read anew while VS Code is still asking for its rows, nor just after: a row of before, whose children it asks for at that moment, it knows no more,
 * and shows it open and empty, or says that there is no such row.
 */
export function createTreeRest(restMs: number, read: () => void): TreeRest {
  const asking = new Set<object>();
  let timer: NodeJS.Timeout | undefined;
  let restsUntil = -Infinity;
  let readsUntil = -Infinity;
  let waiting: { readonly work: () => void; readonly timer: NodeJS.Timeout } | undefined;
  const wait = (): void => { clearTimeout(timer); timer = setTimeout(due, restMs); };
  const due = (): void => {
    if (asking.size > 0) return wait();
    timer = undefined;
    readNow();
  };
  /** VS Code takes a moment before it asks. */
  const readNow = (): void => { readsUntil = Date.now() + restMs; read(); };
  const whenRead = (work: () => void): void => {
    clearTimeout(waiting?.timer);
    waiting = undefined;
    if (!timer && asking.size === 0 && Date.now() >= Math.max(restsUntil, readsUntil)) return work();
    waiting = { work, timer: setTimeout(() => whenRead(work), restMs) };
  };
  const touch = (): void => { restsUntil = Date.now() + restMs; if (timer) wait(); };
  const refresh = (): void => { if (!timer) wait(); };
  return {
    refresh,
    asked(rows) {
      touch();
      if (!(rows instanceof Promise)) return rows;
      const one = {};
      asking.add(one);
      const late = setTimeout(() => asking.delete(one), mostWaitMs);
      const settled = (): void => { clearTimeout(late); asking.delete(one); touch(); };
      rows.then(settled, settled);
      return rows;
    },
    now() { if (asking.size > 0 || Date.now() < restsUntil) refresh(); else readNow(); },
    whenRead,
    dispose() { clearTimeout(timer); clearTimeout(waiting?.timer); },
  };
}
