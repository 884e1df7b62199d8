import type { Account } from '../account.ts';
import { fromBinary } from '../bytes.ts';
import type { PostOffice } from '../post-office.ts';
import type { Outlet, Session } from '../session.ts';
import { Args } from './args.ts';
import type { CommandParts } from './args.ts';
import { mailboxCommands } from './commands-mailbox.ts';
import { messageCommands } from './commands-message.ts';
import { sessionCommands } from './commands-session.ts';
import { capabilities } from './capabilities.ts';
import { loginCommands } from './commands-login.ts';
import { Complaint } from './complaint.ts';
import type { Command, Context, Reply } from './context.ts';
import { CommandReader, MAX_LITERAL, MAX_LINE } from './reader.ts';
import type { View } from './view.ts';

const COMMANDS = new Map<string, Command>(
  Object.entries({ ...sessionCommands, ...loginCommands, ...mailboxCommands, ...messageCommands }),
);

/** One IMAP4rev1 conversation (RFC 3501, RFC 9051) without input or output of its own. */
export class ImapSession implements Session, Context {
  readonly office: PostOffice;
  account: Account | undefined;
  view: View | undefined;
  condstore = false;
  #outlet: Outlet;
  #reader = new CommandReader();
  #waiting: { readonly tag: string; readonly answer: (line: string) => Reply | undefined } | undefined;
  #asked: ((line: string) => Reply | undefined) | undefined;
  #idling = false;
  #ended = false;
  #upgrading = false;

  constructor(office: PostOffice, outlet: Outlet) {
    this.office = office;
    this.#outlet = outlet;
  }

  greeting(): void {
    this.untagged(
      `OK [CAPABILITY ${capabilities(this)}] Glasspost practice server; start with: A1 LOGIN user password`,
    );
  }

  receive(bytes: Uint8Array): void {
    this.#reader.push(bytes);
    while (!this.#ended) {
      if (this.#waiting) {
        const line = this.#reader.nextLine();
        if (line === undefined) return;
        const { tag, answer } = this.#waiting;
        this.#waiting = undefined;
        this.#attempt(tag, () => answer(line), undefined);
        continue;
      }
      const event = this.#reader.next();
      if (!event) return;
      if (event.kind === 'wants-go-ahead') this.#line('+ go on with the literal');
      else if (event.kind === 'command') this.#command(event.parts);
      else {
        const what =
          event.why === 'line'
            ? `a line has at most ${MAX_LINE} octets`
            : `a literal has at most ${MAX_LITERAL} octets`;
        this.#line(event.why === 'line' ? `${event.tag} BAD ${what}` : `${event.tag} NO [TOOBIG] ${what}`);
      }
    }
  }

  leave(why: 'idle' | 'stopping'): void {
    this.untagged(why === 'idle' ? 'BYE you were silent for too long' : 'BYE the practice server stops');
    this.#ended = true;
  }

  closed(): void {
    this.#ended = true;
    this.select(undefined);
  }

  untagged(text: string): void {
    this.#line(`* ${text}`);
  }

  raw(bytes: Uint8Array): void {
    this.#outlet.send(bytes);
  }

  ask(prompt: string, answer: (line: string) => Reply | undefined): undefined {
    this.#asked = answer;
    this.#line(`+ ${prompt}`);
    return undefined;
  }

  announce(expunges: boolean): void {
    for (const line of this.view?.news(expunges, this.condstore) ?? []) this.untagged(line);
  }

  select(view: View | undefined): void {
    this.view?.close();
    this.view = view;
  }

  /** Called by a view when something happened: news are only told at once while the client idles. */
  news(): void {
    if (this.#idling) this.announce(true);
  }

  idle(on: boolean): void {
    this.#idling = on;
  }

  end(): void {
    this.#ended = true;
  }

  get tls(): Outlet['tls'] {
    return this.#outlet.tls;
  }

  startTls(): void {
    this.#upgrading = true;
  }

  #command(parts: CommandParts): void {
    const args = new Args(parts);
    if (args.atEnd) {
      this.untagged('BAD an empty line; a command starts with a tag, then its name: A1 NOOP');
      return;
    }
    // oxlint-disable-next-line no-control-regex -- tags are defined by them
    const tag = args.match(/[^\x00-\x20\x7f-\xff(){%*"\\+]+/);
    if (tag === undefined) {
      this.untagged('BAD a command starts with a tag, then its name: A1 NOOP');
      return;
    }
    if (args.atEnd && COMMANDS.has(tag.toUpperCase())) {
      this.#line(`${tag} BAD a command starts with a tag, then its name: A1 ${tag.toUpperCase()}`);
      return;
    }
    let command: Command | undefined;
    this.#attempt(
      tag,
      () => {
        command = this.#find(args, tag);
        return command.run(this, args);
      },
      () => command,
    );
  }

  #find(args: Args, tag: string): Command {
    args.space('the name of a command');
    const word = args.atom('the name of a command').toUpperCase();
    let name = word;
    if (word === 'UID') {
      args.space('FETCH, STORE, SEARCH, COPY, MOVE or EXPUNGE after UID');
      name = `UID ${args.atom('FETCH, STORE, SEARCH, COPY, MOVE or EXPUNGE after UID').toUpperCase()}`;
    }
    const command = COMMANDS.get(name);
    if (!command) {
      if (COMMANDS.has(tag.toUpperCase())) {
        throw new Complaint(
          `a command starts with a tag, then its name: A1 ${COMMANDS.get(tag.toUpperCase())?.usage}`,
        );
      }
      throw new Complaint(
        `there is no command ${name}; try CAPABILITY, LOGIN, LIST, SELECT, FETCH or LOGOUT`,
      );
    }
    if (command.when === 'before login' && this.account)
      throw new Complaint(`you are logged in already as ${this.account.user.email}`);
    if (command.when !== 'any' && command.when !== 'before login' && !this.account) {
      throw new Complaint(`log in first: ${tag} LOGIN user password`);
    }
    if (command.when === 'selected' && !this.view)
      throw new Complaint(`open a mailbox first: ${tag} SELECT INBOX`);
    return command;
  }

  /** Run (a part of) a command and send its tagged reply, after the news that it lets through. */
  #attempt(
    tag: string,
    run: () => Reply | undefined,
    commandOf: (() => Command | undefined) | undefined,
  ): void {
    let reply: Reply | undefined;
    try {
      reply = run();
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      const usage = commandOf?.()?.usage;
      reply = { status: 'BAD', text: error.message + (usage === undefined ? '' : ` (write: ${usage})`) };
    }
    if (!reply) {
      if (this.#asked) this.#waiting = { tag, answer: this.#asked };
      this.#asked = undefined;
      return;
    }
    this.announce(commandOf?.()?.keepsNumbers !== true);
    this.#line(`${tag} ${reply.status} ${reply.code === undefined ? '' : `[${reply.code}] `}${reply.text}`);
    if (this.#ended) this.#outlet.end();
    else if (this.#upgrading) {
      this.#upgrading = false;
      // What came along in clear was not said under TLS by anyone (RFC 9051, section 6.2.1).
      this.#reader = new CommandReader();
      this.condstore = false;
      this.#outlet.startTls();
    }
  }

  #line(text: string): void {
    this.#outlet.send(fromBinary(`${text}\r\n`));
  }
}
