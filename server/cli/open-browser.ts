import { spawn } from 'node:child_process';

/**
 * Opens an http or https address with the browser of the person, and gives whether a program for that was started. Nothing is started where nobody would see it:
 * in another system's shell, or without a screen.
 */
export async function openBrowser(url: string, environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const opener = openerOf(url, environment, platform);
  if (!opener) return false;
  const [program, ...args] = opener;
  return new Promise((resolve) => {
    // Not by a shell, which would read the `&` of the address.
    const child = spawn(program!, args, { stdio: 'ignore', detached: true, windowsHide: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** The program that opens an address, with what it is given; undefined where there is no screen. */
export function openerOf(url: string, environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): readonly string[] | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || environment['CI']) return undefined;
  const { href } = new URL(url);
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', href];
  if (environment['SSH_CONNECTION'] || environment['SSH_TTY']) return undefined;
  if (platform === 'darwin') return ['open', href];
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? ['xdg-open', href] : undefined;
}
