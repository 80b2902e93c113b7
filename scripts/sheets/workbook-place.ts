/** Where a school's workbook stands in the sheets folder. Names only: never looks at the disk. */

/** What no system allows in a file name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among them
const forbidden = /[\\/:*?"<>|\u0000-\u001f]/g;

/** `2141990001_城关实验小学(示例).xlsx`; characters that a file name may not have become a dash. */
export const workbookName = (school: { readonly code: string; readonly name: string }): string =>
  `${school.code}_${school.name.replace(forbidden, '-').trim().slice(0, 80)}.xlsx`;
