import type { Person } from './letter.ts';

// Nobody real: example.org and practice.test are reserved (RFC 2606).

export const VERA: Person = { name: 'Вера Соколова', email: 'vera@practice.test' };
export const OLEG: Person = { name: 'Олег Демидов', email: 'oleg@practice.test' };
export const LENA: Person = { name: 'Lena Brandt', email: 'lena@glass.example.org' };
export const ANNA: Person = { name: 'Anna Lindqvist', email: 'anna@museum.example.org' };
export const IGOR: Person = { name: 'Игорь Павлов', email: 'igor@example.org' };
export const LIBRARY: Person = { name: 'Городская библиотека', email: 'abonement@library.example.org' };
export const BOOKKEEPING: Person = { name: 'Бухгалтерия «Стеклоторг»', email: 'buh@steklotorg.example.org' };
export const CATALOGUE: Person = { name: 'Clear Sheet', email: 'news@cdn.practice.test' };
export const POSTMASTER: Person = { name: 'Postmaster', email: 'postmaster@practice.test' };
export const DAEMON: Person = { name: 'Mail delivery system', email: 'mailer-daemon@practice.test' };
export const SCHOOL: Person = { name: 'Children’s art school', email: 'office@school.example.org' };
