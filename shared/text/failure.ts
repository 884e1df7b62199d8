import type { Failure, FailureCode } from '../model/failure.ts';
import type { Language } from '../model/language.ts';

/** A failure in words: what happened, what it means, what to do. */
export interface FailureText {
  what: string;
  means: string;
  todo: string;
}

type Writer = (host: string, names: string) => readonly [what: string, means: string, todo: string];

const english: Readonly<Record<FailureCode, Writer>> = {
  'wrong-password': (host) => [
    'The password was not accepted',
    `${host} is reachable and its connection is protected, but it does not accept this user name with this password.`,
    'Type the password again. Many providers want an app password made on their site, or the whole address as the user name.',
  ],
  'no-login': (host) => [
    `${host} takes no password here`,
    'It offers no way to log in that Glasspost knows, or forbids the one it has (LOGINDISABLED). Your password has not been sent.',
    'Choose TLS if the connection is not protected yet; else ask your provider how other programs log in.',
  ],
  'server-unproven': (host) => [
    `${host} could not prove that it knows your password`,
    'In this kind of login the server must show that it knows the password too, and it did not. Somebody may be answering in its place. The password itself has not been sent.',
    'Do not type it elsewhere for this server; ask whoever runs it.',
  ],
  'host-not-found': (host) => [
    `There is no server called ${host}`,
    'The name could not be found: it is misspelt, or this computer has no network.',
    'Check the server’s name and your connection.',
  ],
  refused: (host) => [
    `${host} refuses the connection`,
    'The computer is there, but nothing listens on that port.',
    'Check the port and the protection that belongs to it.',
  ],
  timeout: (host) => [
    `${host} does not answer`,
    'A firewall may be in the way, or the port is wrong, or the server is overloaded.',
    'Check the port, or try again in a while.',
  ],
  'certificate-untrusted': (host) => [
    'Nobody vouches for this certificate',
    `What answered as ${host} signed its certificate itself, or an authority did that this system does not know. It is also what an eavesdropper would look like. Your password has not been sent.`,
    'Trust it only if you know this server and can compare the fingerprint.',
  ],
  'certificate-expired': (host) => [
    'The certificate is out of date',
    `The certificate of ${host} is not valid today: it was not renewed, or the clock of this computer is wrong. Your password has not been sent.`,
    'Check the date of this computer, else ask whoever runs the server.',
  ],
  'certificate-other-name': (host, names) => [
    'The certificate is for another name',
    `You asked for ${host}. The server proved to be ${names || 'another one'}. Often this is a provider’s shared server; it is also what an eavesdropper would look like. Your password has not been sent.`,
    'If a name it is valid for belongs to your provider, put that one in as the server.',
  ],
  'no-starttls': (host) => [
    `${host} offers no encryption here`,
    'STARTTLS was asked for, and the server does not know it. Your password has not been sent.',
    'Try TLS with its own port: 993 for IMAP, 995 for POP3, 465 for SMTP.',
  ],
  'clear-text-refused': () => [
    'Not without encryption',
    'Glasspost sends no password over a line that others can read, except to this very computer.',
    'Choose TLS or STARTTLS.',
  ],
  'not-a-mail-server': (host) => [
    `${host} does not speak this protocol`,
    'Something answered, but not a mail server of this kind.',
    'Check that the port belongs to the protocol and its protection.',
  ],
  'tls-failed': (host) => [
    'No encrypted connection came about',
    `${host} and Glasspost could not agree on TLS. Often the port expects STARTTLS instead, or the server is too old.`,
    'Try the other kind of protection.',
  ],
  'connection-lost': (host) => [
    'The connection broke',
    `${host} or the network in between closed the line before all was said.`,
    'It is tried again by itself.',
  ],
  'server-refused': (host) => [
    `${host} refused what was asked`,
    'The server understood and said no. Its own words are below.',
    'If they do not help, show them to whoever runs the server.',
  ],
  'recipient-refused': () => [
    'A recipient was not accepted',
    'The server takes no mail for this address.',
    'Take the letter back to drafts and check the address.',
  ],
  'message-too-big': (host) => [
    'The letter is too big',
    `${host} takes no letter of this size.`,
    'Take out an attachment, or share it another way.',
  ],
  'letter-too-large': () => [
    'A letter is too large to be fetched',
    'It has more than 256 MB. It stays on the server, and the others came.',
    'Look at it in the web mail of the server.',
  ],
  'maybe-sent': () => [
    'This letter may have been sent',
    'All of it reached the server, but the connection broke before the answer.',
    'Look in Sent, or ask the recipient, before you send it again.',
  ],
  'no-password': () => [
    'The password is missing',
    'It is not kept on this computer, so nothing can be fetched or sent.',
    'Enter the password.',
  ],
  'mailbox-locked': () => [
    'The mailbox is in use elsewhere',
    'A POP3 mailbox lets in one program at a time.',
    'Close the other mail program, or wait: Glasspost tries again by itself.',
  ],
  'not-found': () => [
    'It is no longer there',
    'It was moved or deleted meanwhile, perhaps by another program.',
    'Look for it in another mailbox.',
  ],
  'disk-full': () => [
    'The disk is full',
    'Nothing more can be stored, so nothing was taken from the server.',
    'Make room and try again.',
  ],
  'disk-error': () => [
    'The disk can’t be written',
    'Nothing can be stored, so nothing was taken from the server.',
    'Look at the disk: it may be failing, read-only or not connected. Glasspost tries again by itself.',
  ],
  'too-many-files': () => [
    'Too many files are open',
    'The system gives no more of them, so nothing was taken from the server.',
    'Close other programs. Glasspost tries again by itself.',
  ],
  'profile-in-use': () => [
    'This profile is in use',
    'Two programs writing to the same mail could spoil it, so one at a time may.',
    'Close the other one, or use another profile.',
  ],
  'index-damaged': () => [
    'The index of your mail is missing or damaged',
    'The mail itself is in the mbox files of the profile, and the index can be made from them again.',
    'Rebuild it: glasspost rebuild.',
  ],
  'read-only': () => [
    'The mail on this disk can be read, not changed',
    'Nothing can be written there: the disk or the folder is read-only.',
    'Copy the profile to another disk, or export mailboxes: glasspost export.',
  ],
  'newer-index': () => [
    'This mail was kept by a newer Glasspost',
    'This one can read it, but would change what it does not understand.',
    'Install the newer version, or export mailboxes: glasspost export.',
  ],
  'no-submission-server': () => [
    'This account only receives',
    'It has no server to send through.',
    'Add one to the account, or write from another account.',
  ],
  'already-exists': () => [
    'There is a file of that name already',
    'It may hold something of yours, so it was left as it is.',
    'Choose another name.',
  ],
  'bad-request': () => [
    'That did not work',
    'Glasspost asked itself for something it does not allow. This is a fault of ours.',
    'Please report it.',
  ],
  internal: () => [
    'Something went wrong inside Glasspost',
    'This is a fault of ours. Your mail is untouched.',
    'Try again; if it stays, please report it.',
  ],
};

const russian: Readonly<Record<FailureCode, Writer>> = {
  'wrong-password': (host) => [
    'Пароль не подошёл',
    `Сервер ${host} доступен, соединение защищено, но с этим именем и паролем он не пускает.`,
    'Введите пароль ещё раз. Многие почтовые службы требуют отдельный пароль для программ или полный адрес вместо имени.',
  ],
  'no-login': (host) => [
    `${host} здесь не принимает пароль`,
    'Он не предлагает входа, который знает Glasspost, или сам его запретил (LOGINDISABLED). Пароль не отправлен.',
    'Если соединение ещё не защищено, выберите TLS; иначе узнайте у почтовой службы, как входят другие программы.',
  ],
  'server-unproven': (host) => [
    `${host} не доказал, что знает ваш пароль`,
    'При таком входе и сервер должен показать, что знает пароль, а он этого не сделал. Возможно, за него отвечает кто-то другой. Сам пароль не отправлен.',
    'Не вводите его для этого сервера в других местах; обратитесь к владельцу сервера.',
  ],
  'host-not-found': (host) => [
    `Сервера ${host} нет`,
    'Имя не нашлось: в нём опечатка, или у компьютера нет сети.',
    'Проверьте имя сервера и подключение.',
  ],
  refused: (host) => [
    `${host} не принимает соединение`,
    'Компьютер на месте, но на этом порту никто не отвечает.',
    'Проверьте порт и защиту, которая к нему относится.',
  ],
  timeout: (host) => [
    `${host} не отвечает`,
    'Возможно, мешает межсетевой экран, неверен порт или сервер перегружен.',
    'Проверьте порт или попробуйте чуть позже.',
  ],
  'certificate-untrusted': (host) => [
    'За этот сертификат никто не ручается',
    `Тот, кто ответил как ${host}, подписал сертификат сам, или его подписал центр, которого эта система не знает. Так же выглядел бы и тот, кто подслушивает. Пароль не отправлен.`,
    'Доверяйте, только если знаете этот сервер и можете сверить отпечаток.',
  ],
  'certificate-expired': (host) => [
    'Срок сертификата не подходит',
    `Сертификат ${host} сегодня не действует: его не продлили, или на этом компьютере неверная дата. Пароль не отправлен.`,
    'Проверьте дату на компьютере, иначе обратитесь к владельцу сервера.',
  ],
  'certificate-other-name': (host, names) => [
    'Сертификат выдан на другое имя',
    `Вы обратились к ${host}, а ответил ${names || 'другой сервер'}. Часто это общий сервер почтовой службы, но так же выглядел бы и тот, кто подслушивает. Пароль не отправлен.`,
    'Если одно из имён в сертификате принадлежит вашей службе, впишите его как сервер.',
  ],
  'no-starttls': (host) => [
    `${host} здесь не шифрует`,
    'Мы попросили STARTTLS, а сервер его не знает. Пароль не отправлен.',
    'Попробуйте TLS и его порт: 993 для IMAP, 995 для POP3, 465 для SMTP.',
  ],
  'clear-text-refused': () => [
    'Без шифрования нельзя',
    'Glasspost не отправляет пароль туда, где его могут прочесть другие; исключение — этот же компьютер.',
    'Выберите TLS или STARTTLS.',
  ],
  'not-a-mail-server': (host) => [
    `${host} говорит на другом языке`,
    'Кто-то ответил, но это не почтовый сервер нужного вида.',
    'Проверьте, подходит ли порт к протоколу и защите.',
  ],
  'tls-failed': (host) => [
    'Защитить соединение не удалось',
    `${host} и Glasspost не договорились о TLS. Часто на этом порту ждут STARTTLS, или сервер слишком стар.`,
    'Попробуйте другой вид защиты.',
  ],
  'connection-lost': (host) => [
    'Связь оборвалась',
    `Сервер ${host} или сеть по пути закрыли соединение раньше времени.`,
    'Попытка повторится сама.',
  ],
  'server-refused': (host) => [
    `${host} отказал`,
    'Сервер понял просьбу и ответил «нет». Его слова ниже.',
    'Если они не помогли, покажите их владельцу сервера.',
  ],
  'recipient-refused': () => [
    'Получателя не приняли',
    'Сервер не берёт почту для этого адреса.',
    'Верните письмо в черновики и проверьте адрес.',
  ],
  'message-too-big': (host) => [
    'Письмо слишком велико',
    `${host} не берёт писем такого размера.`,
    'Уберите вложение или передайте его иначе.',
  ],
  'letter-too-large': () => [
    'Письмо слишком велико, чтобы его забрать',
    'В нём больше 256 МБ. Оно остаётся на сервере, остальные письма пришли.',
    'Откройте его в веб-почте сервера.',
  ],
  'maybe-sent': () => [
    'Письмо, возможно, отправлено',
    'Оно дошло до сервера целиком, но связь оборвалась раньше ответа.',
    'Прежде чем отправлять снова, загляните в «Отправленные» или спросите получателя.',
  ],
  'no-password': () => [
    'Нет пароля',
    'На этом компьютере он не хранится, поэтому почту не получить и не отправить.',
    'Введите пароль.',
  ],
  'mailbox-locked': () => [
    'Ящик занят',
    'В ящик POP3 одновременно пускают одну программу.',
    'Закройте другую почтовую программу или подождите: Glasspost попробует снова сам.',
  ],
  'not-found': () => [
    'Этого здесь больше нет',
    'Пока вы смотрели, его переместили или удалили, возможно, другой программой.',
    'Поищите в другой папке.',
  ],
  'disk-full': () => [
    'Диск полон',
    'Сохранять некуда, поэтому с сервера ничего не взято.',
    'Освободите место и попробуйте снова.',
  ],
  'disk-error': () => [
    'На диск не удаётся записать',
    'Сохранить ничего нельзя, поэтому с сервера ничего не взято.',
    'Проверьте диск: возможно, он неисправен, отключён или открыт только для чтения. Glasspost попробует снова сам.',
  ],
  'too-many-files': () => [
    'Открыто слишком много файлов',
    'Система больше не даёт, поэтому с сервера ничего не взято.',
    'Закройте другие программы. Glasspost попробует снова сам.',
  ],
  'profile-in-use': () => [
    'Этот профиль занят',
    'Две программы, пишущие в одну почту, могли бы её испортить, поэтому пускают одну.',
    'Закройте вторую программу или возьмите другой профиль.',
  ],
  'index-damaged': () => [
    'Указатель вашей почты пропал или повреждён',
    'Сами письма лежат в файлах mbox этого профиля, и указатель можно построить по ним заново.',
    'Постройте его: glasspost rebuild.',
  ],
  'read-only': () => [
    'Почту на этом диске можно читать, но не менять',
    'Записать туда ничего нельзя: диск или папка открыты только для чтения.',
    'Скопируйте профиль на другой диск или выгрузите папки: glasspost export.',
  ],
  'newer-index': () => [
    'Эту почту вёл более новый Glasspost',
    'Эта версия может её читать, но испортила бы то, чего не понимает.',
    'Установите новую версию или выгрузите папки: glasspost export.',
  ],
  'no-submission-server': () => [
    'Эта учётная запись только принимает',
    'У неё нет сервера для отправки.',
    'Укажите сервер в учётной записи или пишите с другой.',
  ],
  'already-exists': () => [
    'Файл с таким именем уже есть',
    'В нём может быть что-то ваше, поэтому он не тронут.',
    'Выберите другое имя.',
  ],
  'bad-request': () => [
    'Не получилось',
    'Glasspost попросил у себя недозволенного. Это наша ошибка.',
    'Пожалуйста, сообщите о ней.',
  ],
  internal: () => [
    'Внутри Glasspost что-то сломалось',
    'Это наша ошибка. Почта не пострадала.',
    'Попробуйте снова; если не пройдёт, сообщите нам.',
  ],
};

/** Failures in which nobody answered: the words are the system's. */
const unanswered: ReadonlySet<FailureCode> = new Set([
  'host-not-found',
  'refused',
  'timeout',
  'connection-lost',
  'tls-failed',
  'disk-full',
  'disk-error',
  'too-many-files',
  'read-only',
  'newer-index',
  'internal',
  'bad-request',
]);

/** Whether the detail of a failure is in the words of the other side, and not of this system. */
export function isFromOtherSide(failure: Failure): boolean {
  return !unanswered.has(failure.code) && !isCertificateFailure(failure);
}

export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(english, text);
}

/** A server lets in a program only so often (RFC 2449 section 6.5). */
const DELAYED: Readonly<Record<Language, readonly [string, string, string]>> = {
  en: [
    'The server wants a pause between two logins',
    'It lets the same mailbox in only so often.',
    'Glasspost waits and tries again by itself.',
  ],
  ru: [
    'Сервер просит подождать между входами',
    'Он пускает в один и тот же ящик не чаще, чем раз в некоторое время.',
    'Glasspost подождёт и попробует снова сам.',
  ],
};

/** Puts a failure into the words of a language. */
export function failureText(failure: Failure, language: Language): FailureText {
  // A name that is not found was never asked for a port.
  const portless = failure.port === undefined || failure.code === 'host-not-found';
  const port = portless ? '' : `:${failure.port}`;
  const someone = language === 'ru' ? 'Сервер' : 'The server';
  const host = failure.host === undefined ? someone : failure.host + port;
  const names = failure.certificate?.names.slice(0, 3).join(', ') ?? '';
  // RFC 2449 section 8.1.1: not an error of anybody.
  const delayed = failure.code === 'mailbox-locked' && failure.responseCode === 'LOGIN-DELAY';
  const [what, means, todo] = delayed
    ? DELAYED[language]
    : (language === 'ru' ? russian : english)[failure.code](host, names);
  return { what, means, todo };
}

/** Whether trusting the certificate shown could help. */
export function isCertificateFailure(failure: Failure): boolean {
  return failure.code.startsWith('certificate-');
}
