import type { WebContents } from 'electron';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { Publisher } from '../app/ports.ts';
import { EVENT } from './channels.ts';

/** Events that only the main window shows. */
const MAIN_ONLY: ReadonlySet<EventName> = new Set<EventName>([
  'wire',
  'status',
  'link',
  'progress',
  'notice',
]);

/** Says every event once to each window that cares. */
export class WindowPublisher implements Publisher {
  readonly #windows = new Map<WebContents, 'main' | 'compose'>();
  readonly #listeners = new Set<<N extends EventName>(name: N, payload: Payload<N>) => void>();

  add(contents: WebContents, kind: 'main' | 'compose'): void {
    this.#windows.set(contents, kind);
    contents.once('destroyed', () => this.#windows.delete(contents));
  }

  /** For main itself: the theme follows the settings, the tray the counts. */
  listen(listener: <N extends EventName>(name: N, payload: Payload<N>) => void): void {
    this.#listeners.add(listener);
  }

  publish<N extends EventName>(name: N, payload: Payload<N>): void {
    for (const listener of this.#listeners) listener(name, payload);
    for (const [contents, kind] of this.#windows) {
      if (kind === 'main' || !MAIN_ONLY.has(name)) this.#send(contents, name, payload);
    }
  }

  /** To one window alone. */
  tell<N extends EventName>(contents: WebContents, name: N, payload: Payload<N>): void {
    this.#send(contents, name, payload);
  }

  #send(contents: WebContents, name: EventName, payload: unknown): void {
    if (!contents.isDestroyed()) contents.send(EVENT, name, payload);
  }
}
