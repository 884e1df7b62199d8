// Letters that nobody wrote, the same ones each time: words of two languages, as unevenly used as in real mail.

/** @typedef {(below: number) => number} Dice whole numbers from 0, the same row of them each time */

/** @param {number} seed @returns {Dice} */
export function dice(seed) {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const COMMON = {
  ru: 'и в не на что с по это как за мы но к у из письмо для от счёт до встреча так если уже вам завтра договор только нужно сегодня отправил когда спасибо проект документ время пожалуйста всё ещё можно срок готово отчёт цена заказ оплата доставка поездка билет Москва школа дом врач работа вопрос ответ',
  en: 'the to and of a in is you that for it we on with this be as have please not are your will from can at if or invoice meeting thanks report order project tomorrow update review contract delivery payment flight ticket deadline question answer draft release server budget customer schedule attached regards',
};
const SYLLABLES = {
  ru: 'ба бе ви во га го да де жи за зо ка ке ко ла ле ли ма ми мо на не но па по ра ре ри ро са се со та те ти ту ха це ча ша ще ю я пре про при рас',
  en: 'ba be bo ca ce co da de di fa fi ga go ha he in ka ki la le lo ma me mi na ne no pa pe po ra re ri sa se si ta te ti un va ve wi ya con pre pro str',
};
const ENDINGS = { ru: 'ть ный ние ов ка ла ми ого ем ик', en: 'ing ed er tion ly al ment s ous ic' };

/** Words of one language, the most used first. @param {'ru' | 'en'} language @param {number} count */
export function vocabulary(language, count) {
  const roll = dice(language === 'ru' ? 77 : 99);
  const parts = SYLLABLES[language].split(' ');
  const ends = ENDINGS[language].split(' ');
  const words = new Set(COMMON[language].split(' '));
  while (words.size < count) {
    let word = '';
    for (let at = 2 + roll(3); at > 0; at--) word += parts[roll(parts.length)];
    words.add(word + ends[roll(ends.length)]);
  }
  return [...words];
}

/** Draws words as often as Zipf's law has it. @param {string[]} words @param {Dice} roll */
function zipf(words, roll) {
  /** @type {string[]} */
  const table = [];
  for (let rank = 1; rank <= words.length; rank++)
    for (let times = Math.max(1, Math.round((words.length * 2) / rank)); times > 0; times--)
      table.push(words[rank - 1] ?? '');
  return () => /** @type {string} */ (table[roll(table.length)]);
}

/** @param {Dice} roll */
export function writer(roll) {
  const draw = { ru: zipf(vocabulary('ru', 30_000), roll), en: zipf(vocabulary('en', 30_000), roll) };
  /** @param {'ru' | 'en'} language @param {number} count */
  const words = (language, count) => {
    let text = draw[language]();
    for (let at = 1; at < count; at++)
      text += at % 11 === 0 ? `.\n${draw[language]()}` : ` ${draw[language]()}`;
    return text;
  };
  return words;
}

/** Those who write, some of them more than others. @param {Dice} roll */
export function people(roll) {
  const first = 'Vera Oleg Мария Иван Anna Peter Ольга Сергей Alice Bob Нина Пётр Laura Карл Zoë Алёна'.split(
    ' ',
  );
  const last = 'Ivanova Petrov Соколова Лебедев Smith Miller Кузнецов Novak García Орлова'.split(' ');
  const hosts = 'example.org example.com mail.example.net lists.example.org shop.example shop.test'.split(
    ' ',
  );
  return () => {
    const [a, b] = [Math.min(roll(first.length), roll(first.length)), roll(last.length)];
    return { name: `${first[a]} ${last[b]}`, address: `person${a}.${b}@${hosts[(a + b) % hosts.length]}` };
  };
}

/**
 * Subjects, a third of them answers to the message before last or so.
 * @param {Dice} roll @param {ReturnType<typeof writer>} words
 */
export function subjects(roll, words) {
  /** @type {{ number: number, text: string }[]} */
  const open = [];
  return (/** @type {number} */ number, /** @type {'ru' | 'en'} */ language) => {
    const before = open.length > 0 && roll(3) === 0 ? open[roll(open.length)] : undefined;
    if (before) return { text: `Re: ${before.text}`, answers: before.number };
    const text = words(language, 2 + roll(6)).replaceAll('\n', ' ');
    open[number % 200] = { number, text };
    return { text, answers: undefined };
  };
}
