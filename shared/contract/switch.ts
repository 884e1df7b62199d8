import { z } from 'zod';
import { Mode, ServerSettings } from '../model/account.ts';
import { AccountId } from '../model/ids.ts';
import { LastSwitch, SwitchChoices, SwitchPlan } from '../model/switch.ts';

const account = z.object({ account: AccountId });

/** An account holds the settings of both modes; it works in one. */
export const switchRequests = {
  /** Settings of the server of the mode that is not used. */
  'account.server': {
    argument: account.extend({ mode: Mode, server: ServerSettings }),
    result: z.void(),
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
