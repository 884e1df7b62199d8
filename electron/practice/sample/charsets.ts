import { KOI8_R, WINDOWS_1251 } from './charset.ts';
import { letter, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { BOOKKEEPING, IGOR, LIBRARY, VERA } from './people.ts';
import type { When } from './when.ts';

/** Letters in the charsets of old, which still come: KOI8-R in 8-bit and base64, windows-1251. */
export function lettersInOldCharsets(when: When): readonly SampleLetter[] {
  return [
    letter({
      from: LIBRARY,
      to: [VERA],
      subject: 'Две книги до пятницы',
      date: when.daysAgo(1, '15:04'),
      id: 'loan-20417@library.example.org',
      charset: KOI8_R,
      extra: ['X-Mailer: Abonement 2.3'],
      body: text(
        `Уважаемая Вера Соколова!

Напоминаем, что в пятницу подходит срок возврата двух книг:

  1. Технология художественной обработки стекла
  2. Витраж. Краткое руководство

Продлить можно ответом на это письмо: достаточно слова "продлить".

Городская библиотека, абонемент
`,
        { charset: KOI8_R, encoding: '8bit' },
      ),
    }),
    letter({
      flags: ['\\Seen'],
      from: IGOR,
      to: [VERA],
      subject: 'Ёлочные шары: сколько печатать?',
      date: when.daysAgo(4, '10:31'),
      id: 'koi-base64-77@example.org',
      charset: KOI8_R,
      body: text(
        `Вера, привет!

Форму для шаров доделал. Сколько штук печатать к ярмарке: сорок или
шестьдесят? Краски хватит на пятьдесят два, считал по весу.

Ещё нужен чёрный шнур, метров тридцать.

Игорь
`,
        { charset: KOI8_R, encoding: 'base64' },
      ),
    }),
    letter({
      flags: ['\\Seen'],
      from: BOOKKEEPING,
      to: [VERA],
      subject: 'Акт сверки № 118 за прошлый месяц',
      date: when.daysAgo(5, '07:45'),
      id: '20260118.akt118@steklotorg.example.org',
      charset: WINDOWS_1251,
      body: text(
        `Добрый день!

Направляем акт сверки № 118. По нашим данным за вами остаток 12 350 руб.
за лист «Кристалл» 4 мм — счёт № 2041. Просим подтвердить до конца недели…

С уважением,
бухгалтерия «Стеклоторг»
`,
        { charset: WINDOWS_1251, encoding: 'quoted-printable' },
      ),
    }),
  ];
}
