// Runs the stages of the set-up: each once, again only when its inputs have changed, and again when it was interrupted.
// Knows nothing of what a stage does.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';

/** A stage failed; the message is complete, for people. */
export class SetupError extends Error {
  name = 'SetupError';
}

const stampFile = (tools, stage) => join(tools, 'stamps', stage.name);

const isStamped = (tools, stage) => {
  const file = stampFile(tools, stage);
  return existsSync(file) && readFileSync(file, 'utf8') === stage.key() && stage.present();
};

const stamp = (tools, stage, key) => {
  mkdirSync(join(tools, 'stamps'), { recursive: true });
  writeFileSync(stampFile(tools, stage), key);
};

/** Tells every half minute (every second on a screen) that a long stage still runs. */
const watch = (label, stream) => {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const live = stream.isTTY === true;
  if (!live) stream.write(`${label}…\n`);
  const timer = setInterval(() => stream.write(live ? `\r${label}… ${seconds()} 秒` : `${label}… 已用 ${seconds()} 秒\n`), live ? 1000 : 30_000);
  return (word) => {
    clearInterval(timer);
    stream.write(`${live ? '\r' : ''}${label}:${word}(${seconds()} 秒)\n`);
  };
};

const runStage = async (tools, stage, stream) => {
  if (isStamped(tools, stage)) return;
  // Taken before the work: what changes while it runs is not in its result.
  const key = stage.key();
  // Done by hand, or by a run that was cut off just before its stamp.
  if (stage.adopt && (await stage.adopt())) return stamp(tools, stage, key);
  rmSync(stampFile(tools, stage), { force: true });
  const log = join(tools, 'logs', `${stage.name}.log`);
  mkdirSync(join(tools, 'logs'), { recursive: true });
  const done = watch(stage.label, stream);
  try {
    await stage.run(log);
  } catch (error) {
    done('没有成功');
    if (error instanceof SetupError) throw new SetupError(`${error.message}\n完整记录 / full log: ${log}`);
    throw error;
  }
  stamp(tools, stage, key);
  done('完成');
};

/**
 * Brings every stage to its end, in order; returns true when there was nothing to do.
 * A stage is `{ name, label, key(), present(), adopt?(), run(log) }`: `key` names its inputs, `present` says whether its result is
 * still there, `adopt` whether a result without a stamp is good, `run` makes it. Two set-ups at once wait for each other.
 */
export const runStages = async (tools, stages, stream = process.stderr) => {
  if (stages.every((stage) => isStamped(tools, stage))) return true;
  const release = await takeLock(join(tools, 'setup.lock'), { onWait: (pid) => stream.write(`另一个进程(${pid})正在做准备工作,等它结束…\n`) });
  process.once('exit', release);
  try {
    for (const stage of stages) await runStage(tools, stage, stream);
  } finally {
    process.off('exit', release);
    release();
  }
  return false;
};
