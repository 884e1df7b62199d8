import { letter, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { POSTMASTER, VERA } from './people.ts';
import type { When } from './when.ts';

/** The first letter: what this place is. */
export function welcome(when: When): SampleLetter {
  return letter({
    from: { ...POSTMASTER, name: 'Glasspost' },
    to: [VERA],
    subject: 'Welcome to the practice server / Добро пожаловать',
    date: when.minutesAgo(5),
    zoneHours: 0,
    id: 'welcome@practice.test',
    extra: ['Auto-Submitted: auto-generated'],
    body: text(`This mail system runs inside Glasspost, on this computer only. Nothing you
send here leaves it. Try anything: it can always be begun anew.

Write to oleg@practice.test. Open the wire and read along. Switch the
account between IMAP and POP3: it is the same mailbox.

Эта почтовая система работает внутри Glasspost, только на этом компьютере.
Ничто отсюда не уходит. Пробуйте всё: её всегда можно начать заново.

Напишите на oleg@practice.test. Откройте провод и читайте, что говорится.
Переключите ящик между IMAP и POP3: письма те же.
`),
  });
}
