import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { failureOf } from '../../shared/contract/mail-error.ts';
import {
  requests,
  type Argument,
  type Reply,
  type RequestName,
  type Result,
} from '../../shared/contract/requests.ts';
import { REQUEST } from './channels.ts';

/** An answer to one request. `from` is the window that asked. */
type AllHandlers = { [N in RequestName]: (argument: Argument<N>, from: WebContents) => Promise<Result<N>> };

/**
 * Answers the renderer's requests: the sender is one of our own documents, the name is in the table, the argument fits
 * its schema; only then anything runs. An error goes back as data.
 * @param isOurs whether a frame's address is one of the program's own documents
 */
export function serveRequests(handlers: AllHandlers, isOurs: (url: string) => boolean): void {
  ipcMain.handle(REQUEST, async (event, name: unknown, argument: unknown): Promise<Reply<RequestName>> => {
    if (!isTrusted(event, isOurs)) return refused('this document may not ask');
    if (typeof name !== 'string' || !Object.hasOwn(requests, name))
      return refused('there is no such request');
    const request = name as RequestName;
    const checked = requests[request].argument.safeParse(argument);
    if (!checked.success)
      return refused(`${request}: ${checked.error.issues[0]?.message ?? 'wrong argument'}`);
    try {
      const run = handlers[request] as (value: unknown, from: WebContents) => Promise<Result<RequestName>>;
      return { ok: true, result: await run(checked.data, event.sender) };
    } catch (thrown) {
      return { ok: false, failure: failureOf(thrown) };
    }
  });
}

function isTrusted(event: IpcMainInvokeEvent, isOurs: (url: string) => boolean): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url);
}

function refused(detail: string): Reply<RequestName> {
  return { ok: false, failure: { code: 'bad-request', detail } };
}
