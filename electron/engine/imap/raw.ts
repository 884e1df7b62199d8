import type { ImapFlow } from 'imapflow';

/** A node of a parsed answer, as imapflow gives them. */
export type Node = { type?: string; value?: unknown; section?: Node[] } | Node[] | null;

export interface Untagged {
  command: string;
  attributes?: Node[];
}

/** An argument of a command. */
export type Argument = { type: 'ATOM' | 'STRING' | 'SEQUENCE'; value: string } | Argument[];

/** What `ImapFlow` has and its types leave out. */
interface Inside {
  exec(
    command: string,
    attributes: Argument[],
    options?: { untagged?: Record<string, (untagged: Untagged) => Promise<void>> },
  ): Promise<{ next(): void; response: Untagged }>;
  run(command: string, ...given: unknown[]): Promise<unknown>;
  commands: Map<string, (connection: Inside, ...given: unknown[]) => Promise<unknown>>;
  untaggedHandlers: Record<string, ((untagged: Untagged) => Promise<void>) | null | undefined>;
  folders: Map<string, { pathAsListed?: string; path: string }>;
}

/** By this name imapflow knows our own command: its `run` ends an IDLE first and takes it up again afterwards. */
const OURS = 'GLASSPOST';

function inside(client: ImapFlow): Inside {
  return client as unknown as Inside;
}

/**
 * Says a command that imapflow has no method for.
 * @param hear gets the untagged answers of the names given, one after the other
 * @returns the tagged answer
 * @throws what imapflow throws: NO and BAD with `responseStatus` and `responseText`
 */
export async function say(
  client: ImapFlow,
  command: string,
  given: Argument[],
  hear: Record<string, (attributes: Node[], untagged: Untagged) => void> = {},
): Promise<Untagged> {
  const within = inside(client);
  if (!within.commands.has(OURS)) {
    within.commands.set(OURS, (connection, work) => (work as (one: Inside) => Promise<unknown>)(connection));
  }
  const untagged = Object.fromEntries(
    Object.entries(hear).map(([name, listener]) => [
      name,
      async (one: Untagged) => listener(one.attributes ?? [], one),
    ]),
  );
  const answer = await within.run(OURS, async (connection: Inside) => {
    const done = await connection.exec(command, given, { untagged });
    // The reader waits until it is told that the answer was taken.
    done.next();
    return done.response;
  });
  return answer as Untagged;
}

/** Hears what a server says unasked, beside imapflow's own hearing. */
export function overhear(client: ImapFlow, name: string, listener: (attributes: Node[]) => void): void {
  const { untaggedHandlers } = inside(client);
  const before = untaggedHandlers[name];
  untaggedHandlers[name] = async (untagged) => {
    listener(untagged.attributes ?? []);
    await before?.(untagged);
  };
}

/** The path of a mailbox that was listed, by the name that it has on the wire. */
export function listedPath(client: ImapFlow, name: string): string | undefined {
  for (const one of inside(client).folders.values()) if (one.pathAsListed === name) return one.path;
  return undefined;
}

/** The name that a listed mailbox has on the wire: what the server said, to be said again. */
export function wireName(client: ImapFlow, path: string): string {
  return inside(client).folders.get(path)?.pathAsListed ?? path;
}

/** The text of a node that is an atom, a string or a number. */
export function textOf(node: Node | undefined): string | undefined {
  if (!node || Array.isArray(node)) return undefined;
  const { value } = node;
  if (Buffer.isBuffer(value)) return value.toString();
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
