/**
 * The same amount of text set by Typst, a typesetter without a browser: what could be reached at most. Only a yardstick, and only
 * where the package for it is installed (a development dependency).
 */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { benchFacts, benchStudents } from './sample-school.ts';

const fontFolders = ['/usr/share/fonts/truetype/lxgw-wenkai', '/usr/share/fonts/truetype/wqy'].filter((folder) => existsSync(folder));

const quoted = (text: string): string => `#text(${JSON.stringify(text)})`;

const letterText = (name: string): string => {
  const { settings, school } = benchFacts;
  const paragraphs = [
    ...(settings.notice_basis ?? []),
    settings.waiver_policy,
    settings.refund_rule,
    settings.safety_words,
    settings.leave_words,
    settings.privacy_words,
    ...(benchFacts.plan?.content ?? []),
  ];
  return [`= ${quoted(`${school.name}课后服务告家长书`)}`, quoted(`尊敬的${name}同学家长：`), ...paragraphs.map((one) => quoted(one ?? ''))].join(
    '\n\n',
  );
};

/** One sentence for the bench: milliseconds for a letter, printed alone and all in one document. */
export const printWithTypst = async (count: number): Promise<string> => {
  const found = await import('@myriaddreamin/typst-ts-node-compiler').catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (found instanceof Error) return 'Typst is not installed';
  const compiler = found.NodeCompiler.create({ workspace: dirname(import.meta.dirname), fontArgs: [{ fontPaths: fontFolders }] });
  const page = '#set page(paper: "a4")\n#set text(font: ("LXGW WenKai", "WenQuanYi Zen Hei"), size: 12pt, lang: "zh")\n#set par(justify: true)\n';
  const letters = benchStudents(count).map(({ name }) => letterText(name));
  compiler.pdf({ mainFileContent: page + (letters[0] ?? '') });
  const begun = performance.now();
  for (const letter of letters.slice(1, 41)) compiler.pdf({ mainFileContent: page + letter });
  const alone = (performance.now() - begun) / Math.min(40, letters.length - 1);
  const again = performance.now();
  compiler.pdf({ mainFileContent: page + letters.join('\n#pagebreak()\n') });
  const together = (performance.now() - again) / letters.length;
  return `Typst sets the same words in ${alone.toFixed(2)} ms alone, ${together.toFixed(2)} ms each in one document`;
};
