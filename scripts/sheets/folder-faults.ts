/**
 * What went wrong with the shared folder or a file in it, as one Chinese sentence with its remedy: rights, a full disk, a share that is gone.
 * It never looks at a file itself.
 */
import { isFileError, isFull, noRight } from '../text/file-fault.ts';
import { type AnswerFate, type KnownPlaces, type Listing, SheetFault, type SourceKind } from './source.ts';

const isBusy = new Set(['EBUSY', 'ETXTBSY', 'EAGAIN']);
/** The machine or the line behind a mounted share. */
const isAway = new Set([
  'EIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENODEV',
  'ENXIO',
  'ENETDOWN',
  'ENETUNREACH',
  'EREMOTEIO',
]);

const awayWords = '共享盘连不上(网络或对方的机器断了);连上后下次同步会自动接着读';

/** Why one file cannot be read. */
export const sayUnread = (code: string): string => {
  if (code === 'ENOENT') return '文件刚被移走或改名,下次同步再看';
  if (noRight.has(code)) return '没有读这个文件的权限:请让管理员给运行本系统的账号读写权限';
  if (isBusy.has(code)) return '文件正被别的程序占用,下次同步再读';
  return isAway.has(code) ? awayWords : `这个文件读不了(${code}),下次同步会再试;总是这样的,请管理员检查磁盘`;
};

/** Why the answers are not in the file. The rows are taken all the same. */
export const sayUnwritten = (code: string): string => {
  if (noRight.has(code) || code === 'EROFS') return '没有写这个文件夹的权限,答复写不进去:请让管理员给运行本系统的账号读写权限';
  if (isFull.has(code)) return '放填报表的磁盘满了,答复写不进去:请腾出空间,下次同步会补写';
  if (code === 'ENAMETOOLONG') return '文件名太长,答复写不进去:请把文件名改短';
  return isAway.has(code) ? `答复写不进去:${awayWords}` : `答复写不进去(${code}),下次同步会再试`;
};

/** Milliseconds. Nobody has a sheet open for longer; a lock file that is older was left behind by an editor that crashed. */
const longestOpen = 24 * 3600_000;

/** A sheet with a lock file beside it, last written at `since`; the bureau is told of one that would keep its school out for good. */
export const openFault = (lock: string | null, since: number): NonNullable<Listing['fault']> =>
  lock === null || !(Date.now() - since > longestOpen)
    ? { state: '占用中', message: '文件正被打开,关闭后再同步' }
    : {
        state: '读不了',
        message: `旁边有「${lock}」,表示文件正被打开,可是已经一天以上,新填的一直没有收:还有人开着的请保存后关闭;没有人开着的,是表格软件退出时留下的,请删去它`,
      };

/** What became of answers that met such an error. */
export const fateOf = (code: string): AnswerFate => (isBusy.has(code) ? 'locked' : code === 'ENOENT' ? 'changed' : 'unreadable');

/** Why the folder as a whole cannot be looked at. */
export const sayFolder = (folder: string, code: string): string => {
  if (noRight.has(code)) return `没有读取填报表文件夹 ${folder} 的权限:请让管理员给运行本系统的账号读写权限`;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return `填报表文件夹 ${folder} 不在:共享盘可能没有挂上,或文件夹被移走、改名了。已收的数据都还在;连上后下次同步会自动接着读`;
  return isAway.has(code) ? `填报表文件夹 ${folder} 的${awayWords}` : `填报表文件夹 ${folder} 看不了(${code})`;
};

/** How many workbooks of this kind of place are known. */
export const knownHere = (known: KnownPlaces, kind: SourceKind): number =>
  [...known.values()].filter((one) => one.kind === kind && !one.place.endsWith('/')).length;

/** With one alone, its school may have taken it away. */
const fewest = 2;

/** An empty mount point looks like a folder from which every school has taken its workbook: nobody does that. Throws SheetFault where it does. */
export const refuseEmptied = (where: string, kind: SourceKind, known: KnownPlaces): void => {
  const before = knownHere(known, kind);
  if (before < fewest) return;
  const likely = kind === '网盘' ? '网盘账号多半换了,或文件夹被移走' : '共享盘多半没有挂上';
  throw new SheetFault(
    `填报表文件夹 ${where} 里一份填报表也没有了(原来有 ${before} 份):${likely}。系统什么也没有改,已收的数据都还在;连上后下次同步会自动接着读`,
  );
};

/** Runs `work`; an error of the file system becomes the sentence for one file. */
export const asSheetFault = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw isFileError(error) ? new SheetFault(sayUnread(error.code), { cause: error }) : error;
  }
};
