/** What a page tells its host takes a moment: asks until the check passes; its last failure otherwise. */
export async function assertSoon(check: () => void | Promise<void>): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 25); });
    }
  }
}
