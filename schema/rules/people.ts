/**
 * Rules on persons and providers (R-P1 to R-P4, R-H1, R-H2): who may serve in a school. Of a check only day and result are known (P8).
 */
import { rowsOf, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { daysBetween, fromOutside } from './facts.ts';
import { inYuan } from './fees.ts';
import type { ProviderRow, Rule, RuleContext } from './types.ts';

type Course = RuleRow<'activities'>;

const boughtIn = (context: RuleContext): Course[] => context.index.offered.filter((row) => row.origin === '引进' || row.provider !== null);
const providerOf = (context: RuleContext, row: Course): ProviderRow | undefined => (row.provider ? context.providers.get(row.provider) : undefined);

/** Help with the subjects of the classroom: not for providers. */
const subjectMatter: readonly string[] = ['作业辅导', '学困生辅导答疑', '学有余力拓展'];

const nonSubjectOnly: Rule = {
  id: 'R-P1',
  title: '第三方限非学科类,须写明是名单内的哪家机构',
  sources: ['S05'],
  severity: '须',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'providers'],
  evaluate(context) {
    const rows = boughtIn(context);
    const subjects = rows.filter((row) => row.category !== null && subjectMatter.includes(row.category));
    const unnamed = rows.filter((row) => row.provider === null);
    return termCause(context, subjects.length + unnamed.length > 0, () => ({
      rows: [...rowsOf('activities', subjects, (row) => row.category ?? ''), ...rowsOf('activities', unnamed, () => '没有写机构')],
      message: `引进课程中 ${subjects.length} 门属学科辅导,${unnamed.length} 门没有写明机构。学科辅导不得引进;请从县名单中选机构补登。`,
    }));
  },
};

/** What a price is not in order for; null where it is. */
const priceFault = (provider: ProviderRow): string | null => {
  if (!provider.price_method) return '费用确定方式空着';
  if (provider.price !== null && provider.outside_price !== null && provider.price >= provider.outside_price)
    return `引进 ${inYuan(provider.price)},校外 ${inYuan(provider.outside_price)}`;
  return null;
};

const priceByCompetition: Rule = {
  id: 'R-P2',
  title: '引进费用用招标等竞争方式确定,明显低于校外同质培训价',
  sources: ['S05'],
  severity: '须',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'providers'],
  evaluate(context) {
    const rows = boughtIn(context).flatMap((row) => {
      const provider = providerOf(context, row);
      const fault = provider ? priceFault(provider) : null;
      return provider && fault !== null ? [{ row, provider, fault }] : [];
    });
    const providers = new Map(rows.map((one) => [one.provider.id, one]));
    return termCause(context, rows.length > 0, () => ({
      rows: [
        ...[...providers.values()].map(({ provider, fault }) => ({ collection: 'providers' as const, id: provider.id, note: fault })),
        ...rowsOf(
          'activities',
          rows.map((one) => one.row),
        ),
      ],
      message: `${providers.size} 家合作机构的引进费用没有竞争方式的记录,或不低于校外同质价。请县局核对合同后补登或重新定价。`,
    }));
  },
};

/** Why a provider may not teach on a day; null where it may. */
const unfitReason = (provider: ProviderRow | undefined, today: string): string | null => {
  if (!provider) return '名单里没有';
  if (provider.state !== '在册') return `名单状态:${provider.state}`;
  if (provider.licence_until !== null && provider.licence_until < today) return `许可 ${provider.licence_until} 到期`;
  if (provider.contract_to !== null && provider.contract_to < today) return `合同 ${provider.contract_to} 到期`;
  return provider.contract_from !== null && provider.contract_from > today ? `合同 ${provider.contract_from} 起` : null;
};

const fitProviders: Rule = {
  id: 'R-P3',
  title: '不符合条件的机构不得进校(不在名单、暂停、许可或合同到期)',
  sources: ['S05'],
  severity: '禁',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'providers'],
  evaluate(context) {
    const unfit = boughtIn(context).flatMap((row) => {
      const reason = row.provider === null ? null : unfitReason(providerOf(context, row), context.today);
      return reason === null ? [] : [{ row, reason }];
    });
    return termCause(context, unfit.length > 0, () => ({
      rows: unfit.map(({ row, reason }) => ({ collection: 'activities' as const, id: row.id, note: reason })),
      message: `${unfit.length} 门课程由不在册、暂停或已到期的机构承担。请停课换人;机构已续期的,请县局更新名单。`,
    }));
  },
};

const outsiders = (context: RuleContext): RuleRow<'staff'>[] => context.index.serving.filter((row) => fromOutside(row.identity));

const fitPersons: Rule = {
  id: 'R-P3b',
  title: '建立校外人员资格审查(社会专业人员、机构派员有证书且未过期)',
  sources: ['S05'],
  severity: '须',
  enabled: true,
  from: '2023-12-27',
  tables: ['staff'],
  evaluate(context) {
    const expired = context.index.serving.filter((row) => row.certificate_until !== null && row.certificate_until < context.today);
    const without = outsiders(context).filter((row) => (row.identity === '社会专业人员' || row.identity === '机构派员') && !row.certificate);
    return termCause(context, expired.length + without.length > 0, () => ({
      rows: [...rowsOf('staff', expired, (row) => `证书 ${row.certificate_until} 到期`), ...rowsOf('staff', without, () => '没有登记证书')],
      message: `${expired.length} 名人员的证书已过期,${without.length} 名校外人员没有登记证书。请核对资格后补登,不合格的停止上岗。`,
    }));
  },
};

const onPlatform: Rule = {
  id: 'R-P4',
  title: '机构纳入全国校外教育培训监管平台(外省门槛)',
  sources: ['S22', 'S23'],
  severity: '参',
  enabled: true,
  from: '2025-11-01',
  tables: ['activities', 'providers'],
  evaluate(context) {
    const rows = boughtIn(context).filter((row) => providerOf(context, row)?.on_platform === false);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows),
      message: `${rows.length} 门引进课程的机构没有在全国监管平台登记。外省以此为门槛,本县未见规定,请看是否合适。`,
    }));
  },
};

const noRecord: Rule = {
  id: 'R-H1',
  title: '入职前查询性侵违法犯罪信息,有记录不得录用;校外人员未查不得上岗',
  sources: ['S13', 'S14'],
  severity: '禁',
  enabled: true,
  tables: ['staff'],
  evaluate(context) {
    const recorded = context.index.serving.filter((row) => row.check_result === '有记录');
    const unchecked = outsiders(context).filter((row) => row.check_result !== '有记录' && (row.checked_on === null || row.check_result !== '无记录'));
    const said = [
      ...(recorded.length ? [{ what: `${recorded.length} 名人员查询有记录仍在用`, todo: '有记录的立即停止上岗' }] : []),
      ...(unchecked.length ? [{ what: `${unchecked.length} 名校外人员没有查询日或结果`, todo: '未查的先查后上岗' }] : []),
    ];
    return termCause(context, said.length > 0, () => ({
      rows: [...rowsOf('staff', recorded, () => '有记录'), ...rowsOf('staff', unchecked, () => '没有查询结果')],
      message: `${said.map(({ what }) => what).join(',')}。${said.map(({ todo }) => todo).join(';')}。`,
    }));
  },
};

const ownChecked: Rule = {
  id: 'R-H1b',
  title: '本校教师和管理人员的准入查询已登记',
  sources: ['S13', 'S14'],
  severity: '须',
  enabled: true,
  tables: ['staff'],
  evaluate(context) {
    const rows = context.index.serving.filter((row) => !fromOutside(row.identity) && row.check_result !== '有记录' && row.checked_on === null);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('staff', rows),
      message: `${rows.length} 名本校教师或管理人员没有登记准入查询日。请查档补登;确未查询的,请凭本人授权申请查询。`,
    }));
  },
};

const checkedYearly: Rule = {
  id: 'R-H2',
  title: '每年对在岗人员查询违法犯罪记录(上次查询距今超过阈值)',
  sources: ['S15'],
  severity: '须',
  enabled: true,
  tables: ['staff'],
  limit: { threshold: 365, unit: '天' },
  evaluate(context, { threshold }) {
    const rows = context.index.serving.filter((row) => row.checked_on !== null && daysBetween(row.checked_on, context.today) > threshold);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('staff', rows, (row) => `上次查询 ${row.checked_on}`),
      message: `${rows.length} 名人员上次准入查询距今超过 ${threshold} 天。请重新查询并更新日期。`,
    }));
  },
};

export const peopleRules: readonly Rule[] = [
  nonSubjectOnly,
  priceByCompetition,
  fitProviders,
  fitPersons,
  onPlatform,
  noRecord,
  ownChecked,
  checkedYearly,
];
