import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { TypedStream } from './stream.ts';
import { help, teach } from './words.ts';

/** RFC 4954, section 4.3: the longest line is an answer to AUTH. */
const MAX_LINE = 12_288;
const TOO_LONG = 'Error: Command line too long';
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;
const HEADER_FIELD = /^[a-z][a-z-]*:( |$)/i;
/** Jokes of old that smtp-server still knows; they are no SMTP. */
const NO_COMMANDS: ReadonlySet<string> = new Set(['WIZ', 'SHELL', 'KILL']);

/** One SMTP conversation of smtp-server, in words for someone who learns. */
export class TeachingConnection extends SMTPConnection {
  /** The library waits a moment to catch those who talk before the greeting. A learner's script may. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  /** The one place where replies are written. A text that begins with an enhanced status code brings its own. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (code === 421 && data === TOO_LONG) {
      super.send(500, `5.5.6 a line has at most ${MAX_LINE} octets here`, false);
      this.close();
      return;
    }
    // Ten mistakes in a row end the conversation; who gets something right begins to count anew.
    if (code < 400) this._unrecognizedCommands = 0;
    const text = typeof data === 'string' ? teach(data) : data;
    super.send(code, text, typeof text === 'string' && ENHANCED.test(text) ? false : context);
  }

  override _isSupported(command: string): boolean {
    return !NO_COMMANDS.has(command) && super._isSupported(command);
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    const typed = this._ready && !this._upgrading && this._nextHandler === false;
    if (!typed || !HEADER_FIELD.test(command.toString('latin1'))) return super._onCommand(command, callback);
    this.send(500, '5.5.2 this looks like a header field; the letter comes after DATA');
    return this._whenWritable(callback ?? (() => undefined));
  }

  override handler_HELP(_command: Buffer, callback: () => void): void {
    this.send(214, help(this.name));
    callback();
  }

  override _createParser(): TypedStream {
    const parser = new TypedStream({ maxCommandLength: MAX_LINE });
    parser.oncommand = (command, callback) => this._onCommand(command, callback);
    parser.on('error', (error) => this.send(421, `Error: ${error.message}`));
    return parser;
  }
}
