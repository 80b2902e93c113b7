/** Where a school's workbook stands in the sheets folder. Names only: never looks at the disk. */

/** `2141990001_城关实验小学(示例).xlsx`; characters that a file name may not have become a dash. */
export const workbookName = (school: { readonly code: string; readonly name: string }): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stand in a file name
  `${school.code}_${school.name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '-').trim().slice(0, 80)}.xlsx`;
