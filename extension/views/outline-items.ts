import { parse } from 'jsonc-parser';
import type * as vscode from 'vscode';
import { findPlugin } from '../../server/model/catalog.ts';
import type { Flow } from '../../server/model/flow.ts';
import { flowOutline, type OutlineNode } from '../../server/model/flow-outline.ts';
import { isObject } from '../../server/model/json.ts';
import { triggerNode } from '../../server/model/picture/scene.ts';
import { readFile } from '../../server/model/read.ts';

/** A row of the outline. Commands get it as their argument. */
export interface OutlineItem {
  readonly kind: 'step' | 'trigger' | 'port';
  readonly file: vscode.Uri;
  /** Of a step, also of the one whose branch it is. */
  readonly step?: string;
  /** Its id on the canvas; of a branch nothing. */
  readonly node?: string;
  readonly label: string;
  /** What kind of step or trigger it is. */
  readonly type: string;
  readonly isUnreached: boolean;
  readonly parent: OutlineItem | undefined;
  readonly children: readonly OutlineItem[];
}

/** Nothing where the text cannot be read: what was there before is better than nothing. */
export function itemsOf(file: vscode.Uri, text: string, catalog: Parameters<typeof flowOutline>[1]): readonly OutlineItem[] | undefined {
  const read = readFile('flow', 'flow', text).value ?? (parse(text) as unknown);
  if (!isObject(read) || !isObject(read['steps'])) return undefined;
  const flow = read as unknown as Flow;
  const titled = (type: string, kind: string): string => findPlugin(catalog, kind, type)?.title ?? type;
  const triggers = Object.entries(isObject(flow.triggers) ? flow.triggers : {}).map(([id, { trigger, disabled }]): OutlineItem => ({ kind: 'trigger', file, node: triggerNode(id), label: id, type: `${titled(trigger, 'trigger')}${disabled ? ', disabled' : ''}`, isUnreached: false, parent: undefined, children: [] }));
  const itemOf = ({ step: id, port, isUnreached = false, children }: OutlineNode, parent: OutlineItem | undefined): OutlineItem => {
    const step = flow.steps[id];
    const below: OutlineItem[] = [];
    const item: OutlineItem = port === undefined
      ? { kind: 'step', file, step: id, node: id, label: step?.title ?? id, type: `${titled(step?.shape ?? '', 'shape')}${step?.disabled ? ', skipped' : ''}`, isUnreached, parent, children: below }
      : { kind: 'port', file, step: id, label: port, type: '', isUnreached: false, parent, children: below };
    below.push(...children.map((child) => itemOf(child, item)));
    return item;
  };
  return [...triggers, ...flowOutline(flow, catalog).map((node) => itemOf(node, undefined))];
}
