/**
 * The gate of publication: why a case may not be seen by everybody yet. The one place that says so; the site, the command and the
 * screens all ask it. Pure. Consent that is not recorded is consent not given.
 */
import type { Row } from '../fields.ts';
import type { cases } from '../tables/cases.ts';
import type { findings } from '../tables/findings.ts';
import { nameFaults } from './formal.ts';
import { isBlank, parts } from './parts.ts';
import { personalNumbers } from './personal.ts';
import { type DeclaredPhotos, declaredPhotos } from './photo-names.ts';
import { mayBeSeen, shownPhotos } from './records.ts';

export type GatedCase = Pick<Row<typeof cases>, 'title' | 'summary' | 'background' | 'practice' | 'results' | 'lessons' | 'names_settled'> &
  DeclaredPhotos;
export type GatedFinding = Pick<Row<typeof findings>, 'school' | 'rule' | 'severity' | 'state'>;

const settled: ReadonlySet<string> = new Set(['已办结', '误报', '已消除']);

/** Schools with a severe finding (禁) that nobody has closed yet, each with the rules concerned. */
export const severeRules = (findings: readonly GatedFinding[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const finding of findings) {
    if (finding.severity !== '禁' || settled.has(finding.state ?? '未办')) continue;
    found.set(finding.school, (found.get(finding.school) ?? new Set()).add(finding.rule));
  }
  return found;
};

/** As the sheet declares them by now: a consent that is taken back counts before anything is checked again. */
const photoReasons = (row: GatedCase): string[] => {
  const shown = shownPhotos(declaredPhotos(row));
  const unagreed = shown.filter((photo) => !mayBeSeen(photo)).length;
  const raw = shown.filter((photo) => !photo.clean).length;
  return [
    ...(unagreed > 0 ? [`有 ${unagreed} 张照片有学生面孔(或没有写明)而未记录监护人同意,请补记同意或不用这些照片。`] : []),
    ...(raw > 0 ? [`有 ${raw} 张照片还没有去掉拍摄地点等信息,请先审查案例。`] : []),
  ];
};

const textReasons = (row: GatedCase): string[] => {
  const numbers = personalNumbers([row.title, ...parts.map(({ field }) => row[field])].join('\n'));
  return [
    ...(isBlank(row.title) ? ['标题是空的,请补填。'] : []),
    ...(parts.every(({ field }) => isBlank(row[field])) ? ['没有正文,请补写。'] : []),
    ...(numbers.length > 0 ? [`正文里有疑似${numbers.join('、')}的内容,请删去后再发布。`] : []),
  ];
};

/**
 * Reasons that lie in the case and its school as they are now; empty where the gate is open. `severe`: rules of the school's open 禁 findings.
 * Only what would harm a child: lengths and likeness are for the judges. A new limit, or somebody's copy, must not take a published case
 * from the site.
 */
export const gateReasons = (row: GatedCase, severe: ReadonlySet<string> | undefined): string[] => [
  ...photoReasons(row),
  ...(severe && severe.size > 0 ? [`学校有未办结的“禁”级预警(${[...severe].sort().join('、')}),请先办结。`] : []),
  ...textReasons(row),
  ...nameFaults(row).map(({ message }) => message),
];
