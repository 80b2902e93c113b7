/** What a disk or a folder refuses, as one Chinese sentence with its remedy. Looks at no file itself, and turns no bug into a sentence. */

/** Errors of the file system, and no others. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && typeof (error as NodeJS.ErrnoException).syscall === 'string';

export const noRight: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);
export const isFull: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Why something could not be written; null for an error that says nothing of the place. */
export const sayUnsaved = (error: unknown): string | null => {
  if (!isFileError(error)) return null;
  const { code, syscall, path } = error;
  const place = path ? `「${path}」` : '文件';
  if (isFull.has(code)) return `磁盘满了,${place}写不进去:请腾出空间,再运行一次会接着做完。`;
  if (noRight.has(code) || code === 'EROFS') return `没有写${place}的权限:请换一个文件夹,或让管理员给运行本系统的账号读写权限。`;
  if (code === 'ENAMETOOLONG') return `${place}名字太长:请换一个名字短的文件夹。`;
  if (code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir')) return `${place}不是文件夹:请换一个文件夹。`;
  return syscall === 'mkdir' ? `建不了文件夹${place}(${code}):请换一个文件夹。` : null;
};
