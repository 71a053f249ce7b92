import type { Flow } from '../../model/flow.ts';
import { serialize } from '../../model/serialize.ts';
import { titleOf, type Template } from './template.ts';

/** Flows that run as they are. */
export const flowTemplates: Readonly<Record<string, Template>> = {
  manual: {
    summary: 'Starts by hand, maps what it gets and writes a line to the log',
    files: (name) => flowFile(name, {
      version: 1,
      title: titleOf(name),
      triggers: { start: { trigger: 'manual' } },
      variables: { greeting: { type: 'string', default: 'Hello', description: 'Word before the name.' } },
      start: 'greet',
      steps: {
        greet: {
          shape: 'map',
          settings: { rules: [{ from: 'name', to: 'name', default: 'world', transforms: [{ type: 'trim' }] }, { to: 'greetedAt', transforms: [{ type: 'custom-dynamic-date' }] }] },
          next: { out: 'tell' },
        },
        tell: { shape: 'notify', settings: { message: '{{ flow.greeting }} {{ payload.name }}' } },
      },
    }),
  },
  webhook: {
    summary: 'Takes requests and answers them with what it made of them',
    files: (name) => flowFile(name, {
      version: 1,
      title: titleOf(name),
      triggers: { in: { trigger: 'webhook', settings: { methods: ['POST'], answer: 'callback' } } },
      start: 'map',
      steps: {
        map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'reference', transforms: [{ type: 'cast-to-string' }] }, { from: 'lines[*].sku', to: 'articles[*]' }] }, next: { out: 'answer' } },
        answer: { shape: 'callback' },
      },
    }),
  },
  schedule: {
    summary: 'Starts every hour',
    files: (name) => flowFile(name, {
      version: 1,
      title: titleOf(name),
      triggers: { hourly: { trigger: 'schedule', settings: { cron: '0 * * * *', timeZone: 'UTC' } } },
      start: 'tell',
      steps: { tell: { shape: 'notify', settings: { message: 'The time is {{ now }}' } } },
    }),
  },
};

const flowFile = (name: string, flow: Flow): Readonly<Record<string, string>> => ({ [`flows/${name}.flow.json`]: serialize('flow', flow) });
