import { noticeKey, type Notice } from '../../shared/model/notice.ts';
import type { Ports } from './ports.ts';

/** What the person has to know until the program ends: each once, for the windows there are and those to come. */
export class Notices {
  readonly #events: Ports['events'];
  readonly #all: Notice[];

  constructor(events: Ports['events'], first: Notice[] = []) {
    this.#events = events;
    this.#all = [...first];
  }

  get all(): Notice[] {
    return [...this.#all];
  }

  add(notice: Notice): void {
    const same = (one: Notice) => noticeKey(one) === noticeKey(notice);
    if (this.#all.some(same)) return;
    this.#all.push(notice);
    this.#events.publish('notice', notice);
  }
}
