import * as vscode from 'vscode';
import { droppedStepType, type DroppedStep } from '../../webview/protocol/dropped-step.ts';

let last: readonly DroppedStep[] = [];

/** What the rows become that were dragged last. VS Code tells a webview the type of what is dropped on it, and not what it is. */
export const dragged = (): readonly DroppedStep[] => last;

/** Lets rows be dragged onto a canvas; files also to where files go. */
export const draggable = <T>(stepOf: (item: T) => DroppedStep | undefined, fileOf: (item: T) => vscode.Uri | undefined = () => undefined): vscode.TreeDragAndDropController<T> => ({
  dragMimeTypes: [droppedStepType, 'text/uri-list'],
  dropMimeTypes: [],
  handleDrag(items, transfer) {
    last = items.flatMap((item) => stepOf(item) ?? []);
    const files = items.flatMap((item) => fileOf(item) ?? []);
    if (files.length > 0) transfer.set('text/uri-list', new vscode.DataTransferItem(files.map(String).join('\r\n')));
  },
});
