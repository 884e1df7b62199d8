import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import {
  requests,
  type Argument,
  type Reply,
  type RequestName,
  type Result,
} from '../../shared/contract/requests.ts';
import { REQUEST } from './channels.ts';
import { dispatch, refused } from './dispatch.ts';

/** An answer to one request. `from` is the window that asked. */
type AllHandlers = { [N in RequestName]: (argument: Argument<N>, from: WebContents) => Promise<Result<N>> };

/**
 * Answers the renderer's requests: the sender is one of our own documents, the name is in the table, the argument fits
 * its schema; only then anything runs. An error goes back as data.
 * @param isOurs whether a frame's address is one of the program's own documents
 */
export function serveRequests(handlers: AllHandlers, isOurs: (url: string) => boolean): void {
  ipcMain.handle(REQUEST, async (event, name: unknown, argument: unknown): Promise<Reply<RequestName>> => {
    const answer = isTrusted(event, isOurs)
      ? await dispatch(requests, handlers, name, argument, event.sender)
      : refused('this document may not ask');
    return answer as Reply<RequestName>;
  });
}

function isTrusted(event: IpcMainInvokeEvent, isOurs: (url: string) => boolean): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url);
}
