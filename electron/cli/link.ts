import type { CommandArgument, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';

/** The core as a command sees it: its own, or that of the running window. */
export interface Link {
  /** @throws MailError */
  request<N extends CommandName>(name: N, argument: CommandArgument<N>): Promise<CommandResult<N>>;
  listen<N extends EventName>(name: N, listener: (payload: Payload<N>) => void): void;
  /** Keeps all accounts in step from now on. The running window does so anyway. */
  watch(): Promise<void>;
  close(): Promise<void>;
}
