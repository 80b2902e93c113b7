import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Command, runCommand } from '../../scripts/cli.ts';
import { writeWhole } from '../../scripts/notices/files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kehou-fault-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command says, and its exit code, that meets a fault of the disk. */
const said = async (work: () => unknown): Promise<{ code: number; words: string }> => {
  let words = '';
  const run = async (): Promise<null> => {
    await work();
    return null;
  };
  const command: Command<Record<string, never>> = { name: 'x', summary: 'x', options: {}, examples: [], run };
  const code = await runCommand(command, [], undefined, (text) => {
    words += text;
  });
  return { code, words };
};

test('a folder that is a file, and a place below one, are said with their remedy', async () => {
  const file = join(folder, 'a');
  writeFileSync(file, 'x');
  expect(await said(() => mkdirSync(file, { recursive: true }))).toEqual({ code: 2, words: `「${file}」不是文件夹:请换一个文件夹。\n` });
  expect(await said(() => writeWhole(join(file, 'b.pdf'), 'x'))).toMatchObject({
    code: 2,
    words: expect.stringContaining('不是文件夹:请换一个文件夹'),
  });
});

test('a full disk is said, and that the next run goes on', async () => {
  expect(await said(() => writeFileSync('/dev/full', 'x'))).toEqual({
    code: 2,
    words: '磁盘满了,文件写不进去:请腾出空间,再运行一次会接着做完。\n',
  });
});

test('a bug is not turned into a sentence', async () => {
  await expect(said(() => JSON.parse('{'))).rejects.toThrow(SyntaxError);
});
