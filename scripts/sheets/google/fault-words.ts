/**
 * One Chinese sentence for each fault of Google: what it is and what to do about it.
 * It never holds a token, a key or a person's data.
 */
import { SheetFault } from '../source.ts';
import type { FaultKind, GoogleFault } from './fault.ts';

/** What the sentence is about: the title of a spreadsheet, and the account that needs the rights. */
export interface FaultPlace {
  readonly title: string;
  readonly account: string;
}

const words = {
  busy: ({ title }) => `谷歌说请求太多,等了几分钟仍没有轮到“${title}”;下次同步会再试`,
  failing: ({ title }) => `谷歌没有正常答复,“${title}”这次没有读写成;下次同步会再试,若总是这样请检查本机能否访问谷歌`,
  token: () => '谷歌不再接受服务账号的登录;请看看这个账号是否被停用,必要时换一份新密钥(README“谷歌表格”第 3 步)',
  key: () => '谷歌不认服务账号的密钥:密钥已删除、已停用,或密钥文件不是这个账号的;请按 README“谷歌表格”第 3 步新建一份密钥,换掉密钥文件',
  clock: () => '本机的时间不准,谷歌因此拒绝登录;请校准本机时间(与标准时间相差不能超过 5 分钟)',
  'api-off': () => '谷歌云项目里还没有启用 Google Sheets API 或 Google Drive API;请按 README“谷歌表格”第 2 步启用这两项,等几分钟再试',
  denied: ({ title, account }) => `没有权限读写“${title}”:共享可能被取消了;请把它重新共享给 ${account},权限选“编辑者”`,
  missing: ({ title, account }) => `找不到“${title}”:可能已被删除,或取消了与 ${account} 的共享;请从回收站恢复,或重新共享`,
  range: ({ title }) => `“${title}”里的工作表被改名或删除了,这次没有写成;下次同步会重新查找`,
  grid: ({ title }) => `“${title}”的行或列刚被删掉,这次没有写成;下次同步会再读`,
  taken: ({ title }) => `“${title}”里刚有了同名的工作表,这次没有写成;下次同步会再读`,
  cells: ({ title }) => `“${title}”已达到谷歌表格 1000 万个单元格的上限,写不进去;请删掉多余的工作表和空行空列`,
  protected: ({ title, account }) => `“${title}”里系统要写的单元格被加了保护;请在“数据 → 保护工作表和范围”里让 ${account} 可以编辑`,
  storage: () =>
    '服务账号自己没有云端硬盘空间,建不了表格;请把文件夹建在“共享云端硬盘”里,或先由人在文件夹里新建同名的空白表格,再运行一次(README“谷歌表格”第 4 步)',
  sharing: ({ title }) => `“${title}”不能共享给这个邮箱:邮箱写错了、不是谷歌账号,或单位不允许对外共享;请核对学校的邮箱`,
  request: ({ title }) => `谷歌拒绝了对“${title}”的请求`,
} as const satisfies Record<FaultKind, (place: FaultPlace) => string>;

/** Where the sentence alone does not say enough, Google's own words follow. */
const quoted: readonly FaultKind[] = ['request'];

export const sentenceOf = (fault: GoogleFault, place: FaultPlace): string =>
  `${words[fault.kind](place)}${quoted.includes(fault.kind) ? `(${fault.message})` : ''}`;

/** The cause holds no request: see fault.ts. */
export const sheetFault = (fault: GoogleFault, place: FaultPlace): SheetFault => new SheetFault(sentenceOf(fault, place), { cause: fault });

/** Faults of the account and not of one spreadsheet: the next spreadsheet would only meet them again. */
const everywhere: readonly FaultKind[] = ['token', 'key', 'clock', 'api-off'];

export const concernsAll = (fault: GoogleFault): boolean => everywhere.includes(fault.kind);
