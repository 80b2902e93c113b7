import { choice, code, date, defineTable, longText, money, text, yesNo } from '../fields.ts';
import { providerCategories } from '../vocabulary.ts';

/** Outside organisations on the county's list (DOMAIN T7, R-P1 to R-P4). Bureau only. */
export const providers = defineTable({
  name: 'providers',
  label: '合作机构',
  en: 'Providers',
  note: '仅非学科类;县级遴选后学校选用,名单动态调整(S05)。',
  icon: 'handshake',
  area: '基础信息',
  primary: 'rowId',
  key: ['name'],
  display: '{{name}}',
  groups: { licence: '资质', list: '名单与费用' },
  columns: ['name', 'category', 'state', 'licence_until', 'contract_to'],
  archive: { field: 'state', archived: '移出', active: '在册' },
  fields: {
    name: text({ label: '机构名', en: 'Name', required: true, half: true, maxLength: 100 }),
    credit_code: code({ label: '统一社会信用代码', en: 'Unified social credit code', half: true, maxLength: 18, pattern: '^[0-9A-Z]{18}$' }),
    category: choice({ label: '类别', en: 'Category', required: true, half: true, choices: providerCategories }),
    licence_no: code({ label: '办学许可证或体育经营备案号', en: 'Licence no.', group: 'licence', half: true, maxLength: 60 }),
    licence_until: date({ label: '许可有效期至', en: 'Licence valid until', group: 'licence', half: true }),
    on_platform: yesNo({ label: '全国校外教育培训监管平台登记', en: 'On the national platform', group: 'licence', half: true }),
    batch: text({ label: '名单批次', en: 'List batch', group: 'list', half: true, maxLength: 50 }),
    state: choice({
      label: '名单状态',
      en: 'List state',
      group: 'list',
      half: true,
      required: true,
      default: '在册',
      choices: [
        { value: '在册', en: 'Listed' },
        { value: '暂停', en: 'Suspended' },
        { value: '移出', en: 'Removed' },
      ],
    }),
    services: longText({ label: '服务项目', en: 'Services', group: 'list' }),
    price: money({ label: '引进费用标准', en: 'Price', group: 'list', half: true, min: 0 }),
    price_method: choice({
      label: '费用确定方式',
      en: 'How the price was set',
      group: 'list',
      half: true,
      choices: [
        { value: '招标', en: 'Tender' },
        { value: '其他竞争', en: 'Other competition' },
      ],
    }),
    outside_price: money({ label: '同质校外价', en: 'Price outside', group: 'list', half: true, min: 0 }),
    contract_no: code({ label: '合同号', en: 'Contract no.', group: 'list', half: true, maxLength: 60 }),
    contract_from: date({ label: '合同开始', en: 'Contract from', group: 'list', half: true }),
    contract_to: date({ label: '合同结束', en: 'Contract to', group: 'list', half: true }),
  },
});
