import type { EventName, Payload } from './events.ts';
import type { Argument, Reply, RequestName } from './requests.ts';

/** All that the renderer knows of the outside. Electron's preload fulfils it; so does the memory bridge in a browser tab. */
export interface Bridge {
  /** Never rejects: a failure is a reply. */
  request<N extends RequestName>(name: N, argument: Argument<N>): Promise<Reply<N>>;
  /** Returns the function that stops listening. */
  listen<N extends EventName>(name: N, listener: (payload: Payload<N>) => void): () => void;
  readonly platform: 'linux' | 'darwin' | 'win32' | 'browser';
}
