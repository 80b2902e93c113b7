/**
 * A command in a process of its own that tells its parent when it begins: so that it can be killed in the middle of its work rather
 * than while Node is still loading. `command-process.ts COMMAND FLAGS...`
 */
import { runCommand } from '../../../scripts/cli.ts';
import { noticesCommand } from '../../../scripts/notices.ts';
import { syncCommand } from '../../../scripts/sync.ts';

const [, , name, ...flags] = process.argv;
process.send?.('begun');
process.exitCode = name === 'notices' ? await runCommand(noticesCommand, flags) : await runCommand(syncCommand, flags);
process.disconnect?.();
