import { expect, it } from 'vitest';
import { scripts } from '../double/programs.ts';
import { mailServer } from '../server/mail-server.ts';
import { keepCompany } from './company.ts';

it('two cores, mbsync and mail from outside come to the same', { timeout: 120_000 }, async () => {
  const server = await mailServer();
  const user = server.newUser();
  const outcome = await keepCompany({
    port: server.ports.imap,
    user,
    deliver: (raw) => server.deliver(user.email, raw),
    scripts,
    seconds: 20,
    seed: 20261121,
  });
  expect(outcome.differences).toEqual([]);
  expect(outcome.deeds).toBeGreaterThan(50);
});
