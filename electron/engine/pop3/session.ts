import type {
  IncomingMessage,
  Login,
  Pop3Abilities,
  Pop3Following,
  Pop3Link,
  Pop3Listing,
  Pop3Missed,
  Pop3Top,
  WireLog,
} from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { dial } from '../../net/dial.ts';
import { networkError, PATIENCE } from '../../net/policy.ts';
import { authenticate } from './authenticate.ts';
import { capabilitiesOf, NOTHING, type Capabilities } from './capabilities.ts';
import { Connection } from './connection.ts';
import { download, tops } from './download.ts';
import { parseListing, parseStat } from './listing.ts';
import { pipeline } from './pipeline.ts';
import { ProtocolError, type Answer, type Shape } from './protocol.ts';
import { refusal } from './refusal.ts';

/** Dials, waits for the greeting and logs in (RFC 1939 section 4). @throws MailError */
export async function openPop3(login: Login, wire: WireLog, patience = PATIENCE): Promise<Pop3Link> {
  const recorder = wire.open({
    protocol: 'pop3',
    server: login.server,
    ...(login.account === undefined ? {} : { account: login.account }),
    email: login.email,
    purpose: login.purpose,
    secrets: [login.password, login.token].filter((one) => one !== undefined),
  });
  try {
    const { socket, greeting } = await dial('pop3', login.server, recorder, false, patience);
    socket.once('close', () => recorder.close('closed'));
    const session = new Pop3Session(new Connection(socket, login.server, patience));
    await session.start(login, greeting);
    return session;
  } catch (thrown) {
    const error = networkError(thrown, login.server);
    recorder.close(`failed ${error.failure.detail}`);
    throw error;
  }
}

/** The commands of a session that is logged in. */
class Pop3Session implements Pop3Link {
  readonly #connection: Connection;
  #capabilities: Capabilities = NOTHING;
  #greeting = '';
  #mechanism = '';
  #utf8 = false;
  /** Known from the list. */
  #names: boolean | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param greeting already read when STLS was spoken before */
  async start(login: Login, greeting: string | undefined): Promise<void> {
    const connection = this.#connection;
    try {
      const hello = await connection.greeting(greeting);
      if (hello.status !== 'ok') throw refusal(hello, connection.server, 'server-refused');
      this.#greeting = hello.text;
      await this.#learn();
      // Before the login, or not at all (RFC 6856 section 2). Without it a server that holds mail with UTF-8 in its headers
      // has to hand out something made of it; with it, what it holds. Other mail is the same both ways.
      if (this.#capabilities.has('UTF8')) this.#utf8 = (await connection.command('UTF8')).status === 'ok';
      this.#mechanism = await authenticate(connection, login, this.#capabilities, hello.text);
      // What a server can do may change with the login (RFC 2449 section 5).
      await this.#learn();
    } catch (thrown) {
      this.close();
      throw connection.explain(thrown);
    }
  }

  async stat(): Promise<{ count: number; bytes: number }> {
    return this.#connection.guard(async () => {
      const answer = await this.#ok('STAT', 'line');
      const figures = parseStat(answer.text);
      if (!figures) throw new ProtocolError(`STAT without figures: ${answer.text.slice(0, 80)}`);
      return figures;
    });
  }

  async list(): Promise<Pop3Listing[]> {
    return this.#connection.guard(async () => {
      const { count } = await this.stat();
      const sizes = await this.#ok('LIST', 'lines', count);
      const names = await this.#connection.command('UIDL', 'lines', count);
      // Where it has been there, it is missing for the moment: without names everything would be new.
      if (names.status !== 'ok' && this.#capabilities.has('UIDL')) {
        throw refusal(names, this.#connection.server, 'server-refused');
      }
      this.#names = names.status === 'ok';
      const listed = parseListing(count, sizes.lines, this.#names ? names.lines : undefined);
      if (typeof listed !== 'string') return listed;
      const { host, port } = this.#connection.server;
      throw new MailError('server-refused', listed, { host, port });
    });
  }

  async download(
    wanted: readonly Pop3Listing[],
    tell: (batch: IncomingMessage[]) => Promise<void>,
    following?: Pop3Following,
  ): Promise<Pop3Missed[]> {
    return this.#connection.guard(() =>
      download(this.#connection, wanted, this.#pipelining, tell, following),
    );
  }

  async top(number: number, lines: number): Promise<Uint8Array> {
    return this.#connection.guard(
      async () => (await this.#ok(`TOP ${number} ${lines}`, 'message')).message ?? Buffer.alloc(0),
    );
  }

  async tops(
    numbers: readonly number[],
    lines: number,
    tell: (batch: Pop3Top[]) => Promise<void>,
    following?: Pop3Following,
  ): Promise<void> {
    const how = { pipelining: this.#pipelining, offered: this.#capabilities.has('TOP') };
    return this.#connection.guard(() => tops(this.#connection, numbers, lines, how, tell, following));
  }

  async remove(numbers: readonly number[]): Promise<void> {
    return this.#connection.guard(async () => {
      const dele = (number: number) => ({ line: `DELE ${number}`, shape: 'line' as const, size: 0 });
      for await (const { answer } of pipeline(this.#connection, numbers, dele, this.#pipelining)) {
        if (answer.status === 'ok') continue;
        // Said after the marks that are under way, so that it takes them back too.
        await this.reset();
        throw refusal(answer, this.#connection.server, 'server-refused');
      }
    });
  }

  async reset(): Promise<void> {
    return this.#connection.guard(async () => void (await this.#ok('RSET', 'line')));
  }

  async noop(): Promise<void> {
    return this.#connection.guard(async () => void (await this.#ok('NOOP', 'line')));
  }

  abilities(): Pop3Abilities {
    const { advertised, implementation, expire, loginDelay, has } = this.#capabilities;
    return {
      advertised,
      mechanism: this.#mechanism,
      greeting: this.#greeting,
      ...(implementation === undefined ? {} : { implementation }),
      ...(expire === undefined ? {} : { expire }),
      ...(loginDelay === undefined ? {} : { loginDelay }),
      uidl: this.#names ?? has('UIDL'),
      top: has('TOP'),
      pipelining: this.#pipelining,
      utf8: this.#utf8,
    };
  }

  async quit(): Promise<boolean> {
    try {
      const answer = await this.#connection.command('QUIT');
      this.#connection.end();
      return answer.status === 'ok';
    } catch {
      return false;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#connection.close();
  }

  get #pipelining(): boolean {
    return this.#capabilities.has('PIPELINING');
  }

  async #learn(): Promise<void> {
    this.#capabilities = capabilitiesOf(await this.#connection.command('CAPA', 'lines'));
  }

  async #ok(line: string, shape: Shape, size = 0): Promise<Answer> {
    const answer = await this.#connection.command(line, shape, size);
    if (answer.status !== 'ok') throw refusal(answer, this.#connection.server, 'server-refused');
    return answer;
  }
}
