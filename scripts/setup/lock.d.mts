/** Whether a process of this machine has this number. */
export function isAlive(pid: number): boolean;
export interface Waiting {
  readonly onWait?: (pid: number) => void;
  readonly giveUp?: () => Promise<boolean>;
}
export function takeLock(file: string): Promise<() => void>;
export function takeLock(file: string, waiting: { readonly onWait: (pid: number) => void }): Promise<() => void>;
export function takeLock(file: string, waiting: Waiting): Promise<(() => void) | null>;
