import type { ImapLink } from './ports-engine.ts';

/** ms that a connection has to show that it is still there. */
const PATIENCE = 5000;

/** False when a connection that seems to be there is not. */
export async function answers(link: ImapLink): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, false);
  });
  const answer = link.noop().then(
    () => true,
    () => false,
  );
  const alive = await Promise.race([answer, patience]);
  clearTimeout(timer);
  return alive;
}
