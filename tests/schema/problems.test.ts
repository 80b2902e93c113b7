import { expect, test } from 'vitest';
import { kindOf, problem, problemCodes, severityOf, wording } from '../../schema/problems.ts';

const at = { tab: '学生报名', cell: 'E12', row: 12, header: '监护人电话', value: '138000012', detail: '甲' };

test('every problem says where it is or which file is meant, and ends in what to do', () => {
  for (const code of problemCodes) {
    const words = wording[code](at);
    expect(words, code).toMatch(/第 12 行|138000012/);
    expect(words, code).toMatch(/[^。]+。[^。]*(请|已|改到|县局|系统)[^。]*。$/);
  }
});

test('every finer code stands under a kind of the bureau’s list or of the ingest', () => {
  const kinds = new Set(problemCodes.map(kindOf));
  for (const kind of [
    'required-missing',
    'not-a-number',
    'not-a-date',
    'not-a-time',
    'not-in-choices',
    'duplicate',
    'out-of-range',
    'phone-invalid',
    'formula-error',
    'inconsistent-sum',
    'ambiguous',
  ])
    expect(kinds).toContain(kind);
});

test('a breach of a rule is reported without refusing the row, an unreadable cell refuses it', () => {
  expect(severityOf('required-missing', 'R-H1')).toBe('warning');
  expect(severityOf('required-missing')).toBe('error');
  expect(severityOf('out-of-range/fee-cap')).toBe('warning');
  expect(problem('not-a-number', at)).toMatchObject({ cell: 'E12', row: 12, severity: 'error' });
});

test('a long text is shortened in the sentence, never in the problem', () => {
  const long = { ...at, value: '长'.repeat(500) };
  expect(problem('not-a-date', long).value).toHaveLength(500);
  expect(problem('not-a-date', long).message.length).toBeLessThan(200);
});
