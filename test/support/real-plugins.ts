import { join } from 'node:path';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { findPlugins, loadPlugin } from '../../server/runner/docs.ts';
import { registryOf, testHost, type TestHost, type TestHostOptions } from './engine-host.ts';

const root = join(import.meta.dirname, '..', '..');
const files = (await findPlugins(root)).filter((file) => /\/(shapes|transforms|converters)\//.test(file));
const plugins = await Promise.all(files.map((file) => loadPlugin(root, file)));

/** The engine's host of a test with the plugins that come with Patchbay, and others beside them; settings are completed as a runner does it. */
export function realHost(options: TestHostOptions = {}): TestHost {
  return { ...testHost(options), registry: { ...registryOf([...plugins, ...(options.plugins ?? [])]), complete: completeSettings } };
}
