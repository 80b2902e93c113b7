import { expect, test } from 'vitest';
import { withoutValues } from '../../extensions/shared/safe-error.ts';

test('a database error loses the values it quotes, and keeps its code and place', () => {
  const fault = Object.assign(new Error("insert into `students` (`name`) values ('李晓彤') - SQLITE_CONSTRAINT"), { code: 'SQLITE_CONSTRAINT' });
  const safe = withoutValues(fault);
  expect(`${safe.message}${safe.stack}`).not.toContain('李晓彤');
  expect(safe.message).toContain('SQLITE_CONSTRAINT');
  expect(safe.stack).toContain('safe-error.test.ts');
});
