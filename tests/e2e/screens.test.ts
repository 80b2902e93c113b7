import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { findDifferences } from '../../scripts/directus/apply-model.ts';
import { checkCoreLimits } from '../../scripts/directus/core-limits.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';

describe.each(databaseKinds)('rows entered in the admin screens on %s', (database) => {
  let directus: TestDirectus;
  let office: Store;

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    office = await directus.signIn(directus.users.office);
    await office.createRows('schools', [{ code: '2141990001', name: '柳林镇中心小学(示例)', type: '小学', township: '柳林镇' }]);
  });
  afterAll(() => directus?.stop());

  test('Directus holds the model, and applying it again would change nothing', async () => {
    expect((await findDifferences(directus.adminStore)).map((one) => one.what)).toEqual([]);
  });

  test('a new row gets a 行号 and its defaults', async () => {
    await office.createRows('complaints', [{ school: '2141990001', received_on: '2026-11-02', details: '放学时间与告家长书不一致' }]);
    const [complaint] = await office.readRows('complaints');
    expect(complaint).toMatchObject({ id: expect.stringMatching(/^[2-9B-Z]{12}$/), state: '待办', received_on: '2026-11-02' });
  });

  test('a value that breaks the model is refused with the name of its field', async () => {
    await expect(office.createRows('schools', [{ code: '123', name: '短码小学(示例)', type: '小学', township: '柳林镇' }])).rejects.toThrow(
      /学校标识码/,
    );
    await expect(office.updateRow('schools', '2141990001', { leader_phone: 'abc' })).rejects.toThrow(/负责人电话:电话须是 11 位手机号/);
    expect((await office.readRow('schools', '2141990001')).leader_phone).toBeNull();
  });

  test('a change is written down with who made it, and a refused one is not', async () => {
    await office.updateRow('schools', '2141990001', { enrolled: 120 });
    await expect(office.updateRow('schools', '2141990001', { enrolled: -1 })).rejects.toThrow(/在校学生数/);
    const changes = await office.call<RowChange[]>('GET', '/kehou-ingest/changes/schools/2141990001');
    const me = await office.call<{ id: string }>('GET', '/users/me?fields=id');
    expect(changes[0]).toMatchObject({ action: 'update', channel: 'screen', actor: me.id, fields: { enrolled: [null, 120, null] } });
    expect(changes.map((one) => one.action)).toEqual(['update', 'create']);
  });

  test('the participation rate follows a corrected figure', async () => {
    await office.createRows('monthly_reports', [{ school: '2141990001', month: '2026-10', enrolled: 120, participants: 90, filled_by: '周敏' }]);
    const [report] = await office.readRows('monthly_reports');
    expect(report?.rate).toBe(75);
    await office.updateRow('monthly_reports', report?.id as string, { participants: 96 });
    expect((await office.readRow('monthly_reports', report?.id as string)).rate).toBe(80);
  });

  test('the public sees no collection at all', async () => {
    const answer = await fetch(`${directus.url}/items/schools`);
    expect(answer.status).toBe(403);
    expect(
      (
        await fetch(`${directus.url}/kehou-ingest/workbooks`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '[{"tabs":[],"source":{"school":"2141990001"}}]',
        })
      ).status,
    ).toBe(403);
  });

  test('what is set up stays within the Core tier', async () => {
    const admin = directus.adminStore;
    const [collections, users, flows, permissions] = await Promise.all([
      admin.call<{ collection: string; meta: unknown; schema: unknown }[]>('GET', '/collections'),
      admin.call<{ email: string; role: { policies: { policy: { app_access: boolean; admin_access: boolean } }[] } | null }[]>(
        'GET',
        '/users?limit=-1&fields=email,role.policies.policy.app_access,role.policies.policy.admin_access',
      ),
      admin.call<unknown[]>('GET', '/flows'),
      admin.call<
        {
          collection: string;
          action: string;
          fields: string[] | null;
          permissions: object | null;
          validation: object | null;
          presets: object | null;
          system?: boolean;
        }[]
      >('GET', '/permissions?limit=-1'),
    ]);
    const own = collections
      .filter((one) => one.schema !== null && one.meta !== null && !one.collection.startsWith('directus_'))
      .map((one) => one.collection);
    const seats = users
      .filter((user) => user.role?.policies.some(({ policy }) => policy.app_access || policy.admin_access))
      .map((user) => user.email);
    expect([own.length, seats.length, flows.length]).toEqual([25, 3, 0]);
    const use = { collections: own, seats, flows: flows.map(String), permissions: permissions.filter((one) => !one.system) };
    expect(checkCoreLimits(use)).toEqual([]);
    expect(checkCoreLimits({ ...use, collections: [...own, 'one_more', 'two_more'] })).toHaveLength(1);
  });
});
