export class SetupError extends Error {}
export interface Stage {
  readonly name: string;
  readonly label: string;
  key(): string;
  present(): boolean;
  adopt?(): boolean | Promise<boolean>;
  run(log: string): Promise<void>;
}
export function runStages(tools: string, stages: readonly Stage[], stream?: { write(text: string): unknown; isTTY?: boolean }): Promise<boolean>;
