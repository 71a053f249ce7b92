import * as vscode from 'vscode';

/** Where a file is open; `undefined` where it is not. `viewType`: in this editor, `default` is that of texts; without it in any. */
export function openColumn(file: vscode.Uri, viewType?: string): vscode.ViewColumn | undefined {
  const typeOf = (input: unknown): string | undefined => {
    if (input instanceof vscode.TabInputText && input.uri.toString() === file.toString()) return 'default';
    return input instanceof vscode.TabInputCustom && input.uri.toString() === file.toString() ? input.viewType : undefined;
  };
  const isOpen = ({ input }: vscode.Tab): boolean => { const type = typeOf(input); return type !== undefined && (viewType === undefined || type === viewType); };
  const { activeTabGroup, all } = vscode.window.tabGroups;
  return [activeTabGroup, ...all].find(({ tabs }) => tabs.some(isOpen))?.viewColumn;
}

/** Shows a file in an editor: where it is open in that already, else beside. */
export const showBeside = async (file: vscode.Uri, viewType: string): Promise<void> =>
  void (await vscode.commands.executeCommand('vscode.openWith', file, viewType, openColumn(file, viewType) ?? vscode.ViewColumn.Beside));
