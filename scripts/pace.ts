/** How fast work goes and how long it will still take, in words for a bar or a row. Pure: times come as arguments. */

const spanWords = (seconds: number): string => {
  if (seconds < 60) return `${Math.ceil(seconds)} 秒`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} 分钟`;
  return `${Math.floor(seconds / 3600)} 小时 ${Math.ceil((seconds % 3600) / 60)} 分钟`;
};

/** `每秒 12.5,还需 40 秒`; empty as long as nothing is done, and `每秒 12.5` when all is. */
export const paceWords = (done: number, total: number, milliseconds: number): string => {
  if (done <= 0 || milliseconds <= 0) return '';
  const perSecond = (done / milliseconds) * 1000;
  const rate = `每秒 ${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}`;
  return total > done ? `${rate},还需 ${spanWords((total - done) / perSecond)}` : rate;
};
