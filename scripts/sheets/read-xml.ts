/**
 * Walks the tags of an XML text and refuses what is not whole or what no spreadsheet writes: document types and entities.
 * It interprets no tag; SheetJS would quietly leave out what stands behind a broken one.
 */
import { damaged, unsafe } from './read-limits.ts';

/** What the walk meets: the local name, the tag as written from its `<` on, and whether it closes itself. */
export type OpenTag = (name: string, tag: string, alone: boolean) => void;

const rest = /(?:[^<>"']|"[^"<]*"|'[^'<]*')*>/y;
const space = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;

/** Where a comment, an instruction or a CDATA section that begins at `at` ends; null where none begins. */
const passedOver = (text: string, at: number): number | null => {
  const closing = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : text.startsWith('<?', at) ? '?>' : null;
  if (closing === null) return null;
  const end = text.indexOf(closing, at);
  if (end < 0) throw damaged();
  return end + closing.length;
};

const nameEnd = (text: string, from: number): number => {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (space(code) || code === 47 || code === 62 || code === 60) break;
  }
  return at;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Calls `open` for every start tag, in order. Throws a `Refusal` at the first tag that does not close what is open. */
export const walkTags = (text: string, open: OpenTag): void => {
  const stack: string[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const code = text.charCodeAt(at + 1);
    const skipped = code === 33 || code === 63 ? passedOver(text, at) : null;
    if (skipped !== null) {
      at = skipped;
      continue;
    }
    const closing = code === 47;
    const start = at + (closing ? 2 : 1);
    const end = nameEnd(text, start);
    const name = text.slice(start, end);
    rest.lastIndex = end;
    if (name === '' || !rest.test(text)) throw damaged();
    if (closing) {
      if (stack.pop() !== name) throw damaged();
    } else {
      const alone = text.charCodeAt(rest.lastIndex - 2) === 47;
      if (!alone) stack.push(name);
      open(localName(name), text.slice(at, rest.lastIndex), alone);
    }
    at = rest.lastIndex;
  }
  if (stack.length > 0) throw damaged();
};

/** Text of a part as UTF-8 bytes: XML may also be UTF-16, which begins with its mark. */
export const utf8 = (content: Buffer): Buffer => {
  const [first, second] = content;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return Buffer.from(
      new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(content).replace(/^(<\?xml[^>]*?)\s+encoding=["'][^"']*["']/, '$1'),
    );
  return content;
};

/** Document types and entities come from attacks only: they multiply text without end, or fetch files. */
export const refuseEntities = (content: Buffer | string): void => {
  if (content.includes('<!DOCTYPE') || content.includes('<!ENTITY')) throw unsafe('含有实体定义');
};

/** A whole number of an attribute; 1 where it is not there. */
export const timesIn = (tag: string, attribute: string): number => {
  const at = tag.indexOf(`${attribute}="`);
  const times = at < 0 ? 1 : Number.parseInt(tag.slice(at + attribute.length + 2), 10);
  return Number.isFinite(times) && times > 0 ? times : 1;
};
