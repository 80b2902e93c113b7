/**
 * The documents that rules rest on, by their source id of DOMAIN section 8, word for word.
 * Never says what a document demands: rules do.
 */

export const sources = {
  S01: '《县中小学课后服务工作实施方案》',
  S02: '中办发〔2021〕40号',
  S03: '教基一厅〔2017〕2号',
  S04: '教基厅函〔2021〕28号',
  S05: '教基厅函〔2023〕26号',
  S09: '汝发改审批〔2021〕21号',
  S10: '淮滨县2024-12-09收费通知',
  S12: '《教育收费公示制度》',
  S13: '高检发〔2020〕14号',
  S14: '教师函〔2023〕1号',
  S15: '《未成年人保护法》、法发〔2022〕32号',
  S16: '《教育督导问责办法》',
  S20: '外地收费文件',
  S21: '成都、江苏文件',
  S22: '山西八部门意见',
  S23: '黑龙江2025-12-25指导意见',
  S26: '告家长书和协议样本',
} as const;

export type SourceId = keyof typeof sources;

/** `S01《县中小学课后服务工作实施方案》、S02 中办发〔2021〕40号`. */
export const citation = (ids: readonly SourceId[]): string =>
  ids.map((id) => `${id}${sources[id].startsWith('《') ? '' : ' '}${sources[id]}`).join('、');
