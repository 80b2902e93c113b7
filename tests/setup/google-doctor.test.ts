import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineGoogle } from '../../scripts/sheets/google/examine.ts';
import { account, startTestGoogle, type TestGoogle } from '../helpers/google.ts';

let google: TestGoogle;
beforeEach(async () => {
  google = await startTestGoogle();
});
afterEach(() => google?.stop());

const examine = () => examineGoogle(google.settings, google.clock);

test('the doctor finds nothing amiss where Google is set up', async () => {
  expect(await examine()).toEqual([
    { name: '谷歌密钥', found: account, wrong: null },
    { name: '谷歌云端硬盘文件夹', found: '课后服务填报表', wrong: null },
    { name: 'Google Sheets API', found: '能用', wrong: null },
  ]);
});

test('a key file that others can read, a folder for reading only, a folder that is not shared, a deleted key, a broken file: each is named', async () => {
  chmodSync(google.settings.keyFile, 0o644);
  expect((await examine())[0]?.wrong).toContain('chmod 600');
  google.standIn.people.share(google.folder, account, 'reader');
  expect((await examine())[1]?.wrong ?? '').toContain('编辑者');
  google.standIn.people.revokeShare(google.folder, account);
  expect((await examine()).at(-1)?.wrong).toContain(`共享给 ${account}`);
  google.standIn.revokeKey(account);
  expect((await examine()).at(-1)?.wrong).toContain('密钥');
  writeFileSync(google.settings.keyFile, 'nothing');
  expect((await examine()).at(-1)).toMatchObject({ name: '谷歌密钥', wrong: expect.stringContaining('不是服务账号') });
});
