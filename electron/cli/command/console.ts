import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Language } from '../../../shared/model/language.ts';
import { parseServerUrl, SERVER_SCHEMES, type ServerAddress } from '../../../shared/model/server-url.ts';
import { complete } from '../../../shared/wire/console/complete.ts';
import { questionBefore } from '../../../shared/wire/console/destructive.ts';
import { lineAsText } from '../../../shared/wire/export/text.ts';
import type { WireLine } from '../../../shared/wire/line.ts';
import { UsageError, type Call, type Command } from '../command.ts';
import { fingerprintOf } from './account.ts';
import { EXPLAIN, explaining, languageOf } from './wire.ts';

/** A raw session, as the program that has sockets opens it. */
export interface RawSession {
  send: (line: string) => Promise<void>;
  settled: () => Promise<void>;
  readonly closed: Promise<Failure | undefined>;
  close: () => void;
  /** Resolves when its transcript is on disk. */
  kept: () => Promise<void>;
}
export type OpenRawSession = (wanted: {
  profile: string;
  server: ServerAddress;
  trust: string | undefined;
  clearText: boolean;
  /** A script speaks, that does not look at the answers. */
  piped: boolean;
  hear: (line: WireLine) => void;
}) => Promise<RawSession>;

export interface Keyboard {
  stream: Readable;
  isTTY: boolean;
  language: Language;
}

export function consoleCommands(open: OpenRawSession, keyboard: () => Keyboard): readonly Command[] {
  const command: Command = {
    name: 'console',
    arguments: ['URL'],
    options: [
      EXPLAIN,
      { name: 'quiet', summary: 'No explanations; a terminal has them otherwise.' },
      { name: 'trust-cert', value: 'SHA256', summary: 'Trust the certificate with this fingerprint.' },
      { name: 'allow-clear-text', summary: 'Clear text may go to other computers too.' },
    ],
    summary:
      'Speaks to a mail server by hand: what you type is sent, what it answers is shown and explained.',
    details: [
      `URL: ${Object.keys(SERVER_SCHEMES).join(', ')}, each ://host:port. TLS and STARTTLS are done for you.`,
      'On a terminal Tab completes, and what deletes something is asked about first. Lines can be piped in, too. The transcript is kept like any other (glasspost wire list), without passwords.',
    ],
    examples: [
      'glasspost console imaps://mail.example.org',
      "printf 'EHLO me\\nQUIT\\n' | glasspost console smtp+starttls://mail.example.org --explain en",
    ],
    needs: 'nothing',
    run: async (call) => {
      const read = parseServerUrl(call.arguments[0] ?? '');
      if ('error' in read) throw new UsageError(read.error);
      const input = keyboard();
      const given = languageOf(call);
      const language = given ?? input.language;
      const explained = given !== undefined || (input.isTTY && call.output.terminal && !call.has('quiet'));
      const explain = explained ? explaining(read.server.protocol, language) : undefined;
      const lines: WireLine[] = [];
      const talk = new Talk(input);
      const session = await open({
        profile: call.profile,
        server: read.server,
        trust: fingerprintOf(call),
        clearText: call.has('allow-clear-text'),
        piped: !input.isTTY,
        hear: (line) => {
          lines.push(line);
          const explanation = explain?.(line);
          const object = { ...line, ...(explanation === undefined ? {} : { explanation }) };
          talk.print(() => call.output.result(object, lineAsText(line, language, explanation)));
        },
      });
      try {
        await talk.run(call, session, {
          complete: (typed) => complete(read.server.protocol, lines, typed),
          question: (typed) => questionBefore(read.server.protocol, typed, language, lines),
        });
      } finally {
        session.close();
        await session.closed;
        await session.kept();
      }
    },
  };
  return [command];
}

interface Help {
  complete: (typed: string) => string[];
  question: (typed: string) => string | undefined;
}

/** The person's side: lines typed or piped in, one after the other. */
class Talk {
  readonly #keyboard: Keyboard;
  #reader: Interface | undefined;

  constructor(keyboard: Keyboard) {
    this.#keyboard = keyboard;
  }

  /** Prints above the line that is being typed. */
  print(work: () => void): void {
    if (!this.#keyboard.isTTY || !this.#reader) return work();
    process.stdout.write('\r\u001B[2K');
    work();
    this.#reader.prompt(true);
  }

  /** Resolves when either side has ended it. @throws MailError when something broke it */
  async run(call: Call, session: RawSession, help: Help): Promise<void> {
    const { stream, isTTY } = this.#keyboard;
    const reader = createInterface({
      input: stream,
      ...(isTTY
        ? {
            output: process.stdout,
            prompt: '',
            completer: (typed: string) => [help.complete(typed), typed] as [string[], string],
          }
        : {}),
    });
    this.#reader = reader;
    let broken: Failure | undefined;
    let over = false;
    const ended = session.closed.then((failure) => {
      broken = failure;
      over = true;
      reader.close();
    });
    call.signal.addEventListener('abort', () => reader.close());
    reader.on('SIGINT', () => reader.close());
    try {
      for await (const typed of reader) {
        if (over) break;
        // What was typed is shown again as it went out, a password masked: it does not stay on the screen.
        if (isTTY) process.stdout.write('\u001B[1A\u001B[2K');
        const question = isTTY ? help.question(typed) : undefined;
        if (question !== undefined && !(await this.#agrees(question))) continue;
        await session.send(typed).catch((thrown: unknown) => {
          if (!(thrown instanceof MailError) || thrown.failure.code !== 'bad-request') throw thrown;
          call.output.note(thrown.failure.detail);
        });
        if (!isTTY) await session.settled();
      }
    } catch (thrown) {
      if (!over) throw thrown;
    }
    if (!over) {
      await session.settled();
      session.close();
    }
    await ended;
    if (broken) throw new MailError(broken.code, broken.detail, { host: broken.host ?? '' });
  }

  #agrees(question: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#reader?.question(`${question} [y/N] `, (answer) => resolve(/^\s*[yд]/iu.test(answer)));
    });
  }
}
