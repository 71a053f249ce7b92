import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { annotations, FlowError, type Plugin } from '../../plugins/sdk/index.ts';
import { findPlugins, loadPlugin } from '../../server/runner/docs.ts';
import { registryOf, testHost, type TestHost, type TestHostOptions } from './engine-host.ts';

const root = join(import.meta.dirname, '..', '..');
const files = (await findPlugins(root)).filter((file) => /\/(shapes|transforms|converters)\//.test(file));
const plugins = await Promise.all(files.map((file) => loadPlugin(root, file)));
const ajv = addFormats.default(new Ajv2020({ strict: true, allErrors: true, useDefaults: true }));
ajv.addVocabulary([...annotations]);

/** The engine's host of a test with the plugins that come with Patchbay, and others beside them; settings are validated and completed. */
export function realHost(options: TestHostOptions = {}): TestHost {
  const all: readonly Plugin[] = [...plugins, ...(options.plugins ?? [])];
  const complete = (plugin: Plugin, given: unknown, schema = plugin.settings): unknown => {
    const settings = structuredClone(given);
    const validate = ajv.compile(schema as object);
    if (validate(settings)) return settings;
    throw new FlowError('CONFIG_INVALID', ajv.errorsText(validate.errors), { place: { pointer: validate.errors?.[0]?.instancePath ?? '' } });
  };
  return { ...testHost(options), registry: { ...registryOf(all), complete } };
}
