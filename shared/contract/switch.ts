import { z } from 'zod';
import { Mode, ServerSettings } from '../model/account.ts';
import { AccountId } from '../model/ids.ts';
import { Protocol } from '../wire/line.ts';
import { LastSwitch, SwitchChoices, SwitchPlan } from '../model/switch.ts';

const account = z.object({ account: AccountId });

/** An account holds the settings of both modes; it works in one. */
export const switchRequests = {
  /** Settings of one of its servers. @returns them, with the certificate that has the fingerprint the person vouches for */
  'account.server': {
    argument: account.extend({
      protocol: Protocol,
      server: ServerSettings,
      /** SHA-256, 64 hexadecimal digits in capitals. */
      fingerprint: z
        .string()
        .regex(/^[0-9A-F]{64}$/u)
        .optional(),
    }),
    result: ServerSettings,
  },
  /** Asks the other server what it holds and compares; changes nothing, here or there. */
  'account.planMode': { argument: account.extend({ mode: Mode }), result: SwitchPlan },
  /** Does what was planned, by what the server holds now. */
  'account.changeMode': {
    argument: account.extend({ mode: Mode, choices: SwitchChoices }),
    result: SwitchPlan,
  },
  /** Null when there is nothing that could be undone. */
  'account.lastMode': { argument: account, result: LastSwitch.nullable() },
  'account.undoMode': { argument: account, result: z.void() },
};
