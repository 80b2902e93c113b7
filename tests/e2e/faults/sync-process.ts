/**
 * `npm run sync` in a process of its own that tells its parent when it begins: so that it can be killed in the middle of its work
 * rather than while Node is still loading.
 */
import { runCommand } from '../../../scripts/cli.ts';
import { syncCommand } from '../../../scripts/sync.ts';

process.send?.('begun');
process.exitCode = await runCommand(syncCommand, ['--json']);
process.disconnect?.();
