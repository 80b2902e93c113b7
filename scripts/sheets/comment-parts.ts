/**
 * Comments on cells: changes the words of one, or adds one beside those that a sheet has. Where a sheet has none (some programs drop
 * them), none is begun: the words stand in 填表说明 and in the answers as well.
 */
import { letterOf } from './sheet-xml.ts';
import { attribute, escapeXml, type Package } from './xlsx-package.ts';

const relsOf = (path: string): string => path.replace(/([^/]+)$/, '_rels/$1.rels');

/** The part that a sheet refers to for this purpose (`comments`, `vmlDrawing`). */
const partFor = async (pkg: Package, sheetPath: string, purpose: string): Promise<string | null> => {
  if (!pkg.has(relsOf(sheetPath))) return null;
  const tags = (await pkg.read(relsOf(sheetPath))).match(/<Relationship\b[^>]*>/g) ?? [];
  const target = tags.find((tag) => attribute(tag, 'Type')?.endsWith(`/${purpose}`));
  const path = target ? new URL(attribute(target, 'Target') ?? '', `http://package/${sheetPath}`).pathname.slice(1) : null;
  return path && pkg.has(path) ? path : null;
};

const textXml = (words: string): string => `<text><r><t xml:space="preserve">${escapeXml(words)}</t></r></text>`;

const commentPattern = (address: string) => new RegExp(`(<comment\\b[^>]*\\sref="${address}"[^>]*>)[\\s\\S]*?</comment>`);

/** The drawn box of a new comment is a copy of the last one, moved to its cell. */
const withShape = (vml: string, row: number, column: number): string => {
  const last = vml.match(/<v:shape\b[\s\S]*?<\/v:shape>/g)?.at(-1);
  if (!last) return vml;
  const ids = [...vml.matchAll(/_s(\d+)"/g)].map(([, id]) => Number(id));
  const shape = last
    .replace(/(<v:shape\b[^>]*?\sid=")[^"]*"/, `$1_x0000_s${Math.max(1024, ...ids) + 1}"`)
    .replace(/<x:Anchor>[^<]*<\/x:Anchor>/, `<x:Anchor>${column}, 6, ${row - 1}, 4, ${column + 3}, 40, ${row + 5}, 4</x:Anchor>`)
    .replace(/<x:Row>[^<]*<\/x:Row>/, `<x:Row>${row - 1}</x:Row>`)
    .replace(/<x:Column>[^<]*<\/x:Column>/, `<x:Column>${column - 1}</x:Column>`);
  const at = vml.lastIndexOf('</v:shape>') + '</v:shape>'.length;
  return vml.slice(0, at) + shape + vml.slice(at);
};

/** Puts these words as the comment of a cell; `column` and `row` count from 1. */
export const setComment = async (pkg: Package, sheetPath: string, row: number, column: number, words: string): Promise<void> => {
  const path = await partFor(pkg, sheetPath, 'comments');
  if (!path) return;
  const comments = await pkg.read(path);
  const address = `${letterOf(column)}${row}`;
  if (commentPattern(address).test(comments)) {
    pkg.write(
      path,
      comments.replace(commentPattern(address), (_whole, open: string) => `${open}${textXml(words)}</comment>`),
    );
    return;
  }
  const drawing = await partFor(pkg, sheetPath, 'vmlDrawing');
  if (!drawing) return;
  pkg.write(
    path,
    comments.replace('</commentList>', () => `<comment ref="${address}" authorId="0">${textXml(words)}</comment></commentList>`),
  );
  pkg.write(drawing, withShape(await pkg.read(drawing), row, column));
};
