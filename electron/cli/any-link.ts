import { MailError } from '../../shared/contract/mail-error.ts';
import type { CommandArgument, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Link } from './link.ts';

type Answer = { ok: true; result: unknown } | { ok: false; failure: Failure };

/** How a link is made of whoever answers requests and tells events: a core here, or one on the other end of a socket. */
export interface LinkParts {
  ask(name: string, argument: unknown): Promise<Answer>;
  watch(): Promise<void>;
  close(): Promise<void>;
}

export class AnyLink implements Link {
  readonly #parts: LinkParts;
  readonly #listeners: { name: EventName; listener: (payload: never) => void }[] = [];

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  async request<N extends CommandName>(name: N, argument: CommandArgument<N>): Promise<CommandResult<N>> {
    const answer = await this.#parts.ask(name, argument);
    if (answer.ok) return answer.result as CommandResult<N>;
    const { code, detail, ...rest } = answer.failure;
    throw new MailError(code, detail, rest);
  }

  listen<N extends EventName>(name: N, listener: (payload: Payload<N>) => void): void {
    this.#listeners.push({ name, listener });
  }

  /** What the other side says unasked. */
  hear<N extends EventName>(name: N, payload: Payload<N>): void {
    for (const one of this.#listeners) if (one.name === name) one.listener(payload as never);
  }

  watch(): Promise<void> {
    return this.#parts.watch();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }
}
