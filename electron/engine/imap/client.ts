import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Login } from '../../app/ports-engine.ts';
import type { Patience } from '../../net/policy.ts';
import { authenticate, type Commands } from './authenticate.ts';
import { Watchman, type Watched } from './watchman.ts';

/** What `ImapFlow` has and its types keep to itself. */
interface Inside extends Commands {
  expectCapabilityUpdate: boolean;
  setAuthenticationState(): Promise<void>;
}

/** An answer as the parser found it. */
interface Response {
  payload?: Buffer;
  literals?: Buffer[];
}

const hidden = ImapFlow.prototype as unknown as {
  initialPREAUTH(this: ImapFlow): Promise<void>;
  handleResponse(this: ImapFlow, response: Response): Promise<boolean>;
};

/** imapflow, but for how it logs in: it knows fewer mechanisms than servers offer. */
export class Client extends ImapFlow {
  /** By what we were let in; empty when the server knew us already. */
  mechanism = '';
  /** Why we ended the connection, where it was us. */
  gaveUp: MailError | undefined;
  readonly #login: Login;
  readonly #watchman: Watchman;
  readonly #heard: { refusal?: unknown };

  constructor(options: ImapFlowOptions, login: Login, patience: Patience) {
    const heard: { refusal?: unknown } = {};
    super({
      ...options,
      logger: hearing(heard),
      connectionTimeout: patience.connect,
      greetingTimeout: patience.connect,
      // Of a line on which nothing is owed: imapflow asks then whether the server is still there.
      socketTimeout: 5 * patience.answer,
      auth: { user: login.server.user, pass: login.password },
    });
    this.#login = login;
    this.#watchman = new Watchman(this as unknown as Watched, login.server, patience, (error) => {
      this.gaveUp = error;
      this.emit('error', error);
      this.close();
    });
    this.#heard = heard;
  }

  /** What the server said when it refused last; forgotten by being asked for. */
  takeRefusal(): unknown {
    const { refusal } = this.#heard;
    delete this.#heard.refusal;
    return refusal;
  }

  override close(): void {
    this.#watchman.stop();
    super.close();
  }

  protected async handleResponse(response: Response): Promise<boolean> {
    const literals = response.literals?.reduce((sum, one) => sum + one.length, 0) ?? 0;
    if (!this.#watchman.takes((response.payload?.length ?? 0) + literals)) return false;
    return hidden.handleResponse.call(this, response);
  }

  /** Takes the place of imapflow's own, which `connect` calls when the connection is protected. */
  protected async authenticate(): Promise<boolean> {
    const { server } = this.#login;
    const where = { host: server.host, port: server.port };
    if (server.security !== 'none' && !this.secureConnection) {
      throw new MailError('no-starttls', this.greeting ?? '', where);
    }
    // PREAUTH: the server knows us already.
    if (this.state !== this.states.NOT_AUTHENTICATED) return true;
    const inside = this as unknown as Inside;
    inside.expectCapabilityUpdate = true;
    this.mechanism = await authenticate(inside, this.#login);
    this.authenticated = server.user;
    await inside.setAuthenticationState();
    return true;
  }

  /** PREAUTH (RFC 9051 section 7.1.4) leaves no room for STARTTLS: in clear nothing at all is said to such a server. */
  protected async initialPREAUTH(): Promise<void> {
    const { server } = this.#login;
    if (server.security === 'starttls') {
      this.emit('error', new MailError('no-starttls', 'PREAUTH', { host: server.host, port: server.port }));
      this.close();
      return;
    }
    await hidden.initialPREAUTH.call(this);
  }
}

/** imapflow gives back `false` where a command was refused, and tells its log alone what the server said. */
function hearing(heard: { refusal?: unknown }): NonNullable<Exclude<ImapFlowOptions['logger'], false>> {
  const nothing = () => undefined;
  const warn = (entry: unknown) => {
    if (typeof entry === 'object' && entry !== null && 'err' in entry) heard.refusal = entry.err;
  };
  return { trace: nothing, debug: nothing, info: nothing, warn, error: nothing, fatal: nothing };
}
