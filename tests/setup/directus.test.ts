import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDifferences } from '../../scripts/directus/apply-model.ts';
import { startDirectus } from '../../scripts/directus/server.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

describe.each(databaseKinds)('a set-up Directus on %s', (database) => {
  let directus: TestDirectus;
  beforeAll(async () => {
    directus = await startTestDirectus({ database });
  });
  afterAll(() => directus?.stop());

  test('holds the whole model, so that applying it again would change nothing', async () => {
    expect((await findDifferences(directus.adminStore)).map((one) => one.what)).toEqual([]);
  });

  test('lets the service write and read a school', async () => {
    await directus.store.createRows('schools', [{ code: '4117270001', name: '示例中心小学(示例)', type: '小学', township: '示例镇' } as never]);
    const [school] = await directus.store.readRows('schools');
    expect(school).toMatchObject({ code: '4117270001', name: '示例中心小学(示例)' });
  });

  test('lets each of the three people sign in, and lets communications see no students', async () => {
    const office = await directus.signIn(directus.users.office);
    expect(await office.readRows('students')).toEqual([]);
    const communications = await directus.signIn(directus.users.communications);
    await expect(communications.readRows('students')).rejects.toThrow();
    expect(await communications.readRows('cases')).toEqual([]);
  });

  test('is named after the county and speaks Chinese', async () => {
    const { project } = await directus.adminStore.call<{ project: Record<string, string> }>('GET', '/server/info');
    expect(project).toMatchObject({ project_name: '汝南县(示例)课后服务', default_language: 'zh-CN' });
  });

  test('refuses a second server for the same workspace in one sentence', async () => {
    await expect(startDirectus(directus.config)).rejects.toThrow(/已经在运行/);
  });

  test('keeps its secrets from other users of the machine', () => {
    expect(statSync(directus.config.secretsFile).mode & 0o777).toBe(0o600);
  });
});
