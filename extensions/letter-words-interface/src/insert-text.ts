/** Puts text into Directus' editor where its cursor stands. Knows the editor only by what it leaves on its element. */

/** The part of the editor (Tiptap) that its element carries. */
interface Editor {
  chain(): { focus(): { insertContent(text: string): { run(): boolean } } };
}

type EditorElement = HTMLElement & { readonly editor?: Editor };

/** Returns whether there was an editor to take it. */
export const insertText = (within: HTMLElement, text: string): boolean => {
  const element = within.querySelector<EditorElement>('[contenteditable="true"]');
  if (!element) return false;
  if (element.editor) return element.editor.chain().focus().insertContent(text).run();
  element.focus();
  // Old, and the one way of typing into any editable element; the editor then sees a keystroke like any other.
  return element.ownerDocument.execCommand('insertText', false, text);
};
