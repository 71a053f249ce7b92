import { priorities } from './flow.ts';
import { scriptEngines } from './workspace.ts';

/** Field that chooses what runs scripts. */
export const scriptEngine = (description: string) => ({
  type: 'string', enum: scriptEngines, title: 'Engine', description,
  enumDescriptions: ['vm2, in a process of its own behind further walls.', 'QuickJS, in such a process as well: for scripts of others. Slower.'],
}) as const;

const priority = { type: 'string', enum: priorities, title: 'Priority', description: 'Which of the runs that wait goes first; default regular.' } as const;

/**
 * Schema of a flow file without its plugins: `schemas.ts` puts them in. An object with `properties` and without `additionalProperties` names all of its keys;
 * others are kept and reported as warnings. The order of the properties is the order of the keys in canonical text.
 */
export const flowSchema = {
  title: 'Flow',
  description: 'A Patchbay flow: steps, and what starts them.',
  type: 'object',
  required: ['version', 'steps'],
  properties: {
    $schema: { type: 'string', title: 'Schema', description: 'Address of this schema, for editors.' },
    version: { type: 'integer', minimum: 1, title: 'Version', description: 'Version of the file format: 1.' },
    title: { type: 'string', title: 'Title', description: 'Name of the flow, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What the flow is for.' },
    labels: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Labels', description: 'Words to find the flow by.' },
    settings: {
      type: 'object', default: {}, title: 'Settings', description: 'What holds for every run of the flow.',
      properties: {
        recording: {
          type: 'string', enum: ['full', 'errors', 'none'], default: 'full', title: 'Recording', description: 'What a run keeps.',
          enumDescriptions: ['All payloads and requests.', 'Only the bodies of failed payloads.', 'No bodies.'],
        },
        timeoutMs: { type: 'integer', minimum: 1, title: 'Time limit', description: 'Milliseconds for the whole run; without it there is no limit.' },
        redact: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true, default: [], title: 'Redact', description: 'Names of fields, at any depth and in any case, whose values are masked before they are stored; added to those of patchbay.json.' },
        priority,
        concurrency: { type: 'integer', minimum: 1, title: 'Concurrency', description: 'Runs of the flow that may be at work at a time; default as many as the runner does.' },
        retention: {
          type: 'object', title: 'Retention', description: 'How long runs of the flow are kept, instead of what patchbay.json says. Pinned runs stay.',
          properties: {
            days: { type: 'integer', minimum: 1, title: 'Days', description: 'Days that a run is kept.' },
            runs: { type: 'integer', minimum: 1, title: 'Runs', description: 'How many of the runs that are over are kept, the newest.' },
          },
        },
        notify: { type: 'array', items: { type: 'string', minLength: 1, title: 'Group', description: 'Name of a group.', 'x-ui': { ref: 'group' } }, uniqueItems: true, title: 'Notify', description: 'Groups that are told when a run fails that a trigger has started, instead of those of `notifications.onFailure` in patchbay.json; empty: nobody.' },
        scripts: { type: 'object', title: 'Scripts', description: 'How scripts of the flow are run.', properties: { engine: scriptEngine('What runs them. Where patchbay.json says `strict`, it is that.') } },
      },
    },
    triggers: {
      type: 'object', default: {}, title: 'Triggers', description: 'What starts the flow, by name.',
      propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Ids are lower-case letters and digits, with hyphens between them.' },
      additionalProperties: {
        type: 'object', title: 'Trigger', description: 'Something that starts the flow.', required: ['trigger'],
        properties: {
          trigger: { type: 'string', minLength: 1, title: 'Trigger', description: 'Type of the trigger.' },
          settings: { type: 'object', default: {}, title: 'Settings', description: 'Settings of the trigger.' },
          disabled: { type: 'boolean', default: false, title: 'Disabled', description: 'The trigger starts nothing.' },
          priority: { ...priority, description: 'Which of the runs that wait goes first, instead of the flow’s.' },
        },
      },
    },
    variables: {
      type: 'object', default: {}, title: 'Variables', description: 'Variables of a run, by name: `{{ flow.name }}`.',
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', description: 'Names are letters, digits, hyphens and underscores, and do not begin with a digit.' },
      additionalProperties: {
        type: 'object', title: 'Variable', description: 'A variable of a run.',
        properties: {
          type: { type: 'string', enum: ['string', 'number', 'boolean', 'object', 'array'], title: 'Type', description: 'JSON type of the value; default any.' },
          default: { title: 'Default', description: 'The value that a run begins with.' },
          description: { type: 'string', title: 'Description', description: 'What the variable is for.' },
        },
      },
    },
    start: { type: 'string', minLength: 1, title: 'Start', description: 'Id of the step that gets the payload of the trigger.' },
    steps: {
      type: 'object', title: 'Steps', description: 'The steps, by id.',
      propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Ids are lower-case letters and digits, with hyphens between them.' },
      additionalProperties: {
        type: 'object', title: 'Step', description: 'A use of a shape.', required: ['shape'],
        properties: {
          shape: { type: 'string', minLength: 1, title: 'Shape', description: 'What the step does: type of a shape.' },
          title: { type: 'string', title: 'Title', description: 'Name of the step on the canvas; default that of the shape.' },
          notes: { type: 'string', title: 'Notes', description: 'Why the step is as it is.' },
          settings: { type: 'object', default: {}, title: 'Settings', description: 'Settings of the shape.' },
          disabled: { type: 'boolean', default: false, title: 'Disabled', description: 'Payloads pass the step unchanged, out of its first port.' },
          timeoutMs: { type: 'integer', minimum: 1, title: 'Time limit', description: 'Milliseconds for one payload; default half an hour, or what the shape says.' },
          retry: {
            type: 'object', default: {}, title: 'Retry', description: 'Further attempts for payloads that failed with a remote error.',
            properties: {
              attempts: { type: 'integer', minimum: 0, maximum: 100, title: 'Attempts', description: 'Further attempts after the first; default 3, for steps that ask another system 0, since each request has attempts of its own.' },
              delayMs: { type: 'integer', minimum: 0, title: 'Delay', description: 'Milliseconds before the first of them, doubled each time, ± 20 %; default 500.' },
              maxDelayMs: { type: 'integer', minimum: 0, title: 'Longest delay', description: 'Milliseconds that a delay lasts at most; default 30,000.' },
            },
          },
          concurrency: { type: 'integer', minimum: 1, maximum: 1000, default: 1, title: 'Concurrency', description: 'Payloads in work at a time. Their order is kept at any number.' },
          waitForAll: { type: 'boolean', default: false, title: 'Wait for all', description: 'The step begins only when all payloads have arrived.' },
          next: {
            type: 'object', default: {}, title: 'Next', description: 'Port → id of the step that gets its payloads. A port without an entry ends the path.',
            additionalProperties: { type: 'string', minLength: 1, title: 'Step', description: 'Id of the step that gets the payloads.' },
          },
        },
      },
    },
    notes: {
      type: 'object', default: {}, title: 'Notes', description: 'Texts on the canvas, by id. They do nothing in a run.',
      propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Ids are lower-case letters and digits, with hyphens between them.' },
      additionalProperties: {
        type: 'object', title: 'Note', description: 'A text on the canvas.', required: ['text'],
        properties: {
          text: { type: 'string', title: 'Text', description: 'What it says, as Markdown.' },
          place: { type: 'array', items: { type: 'integer' }, minItems: 4, maxItems: 4, title: 'Place', description: 'Distance from the left and from the top, width and height, on a grid of 10 pixels; without it the note stands above the steps.' },
        },
      },
    },
    groups: {
      type: 'object', default: {}, title: 'Groups', description: 'Frames round steps that belong together, by id. They do nothing in a run.',
      propertyNames: { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'Ids are lower-case letters and digits, with hyphens between them.' },
      additionalProperties: {
        type: 'object', title: 'Group', description: 'A frame round steps.', required: ['steps'],
        properties: {
          title: { type: 'string', title: 'Title', description: 'What stands on the frame; default its id.' },
          steps: { type: 'array', items: { type: 'string', minLength: 1, title: 'Step', description: 'Id of a step.' }, uniqueItems: true, title: 'Steps', description: 'Ids of the steps in it. A step is in one group at most.' },
        },
      },
    },
    layout: {
      type: 'object', default: {}, title: 'Layout', description: 'Places of the steps that were moved by hand, on a grid of 10 pixels. The others are placed automatically.',
      additionalProperties: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2, title: 'Place', description: 'Distance from the left and from the top.' },
    },
  },
} as const;
