import { makePng } from './files.ts';
import { file, letter, multipart, text } from './letter.ts';
import type { SampleLetter } from './letter.ts';
import { CATALOGUE, VERA } from './people.ts';
import type { When } from './when.ts';

const LOGO_ID = 'logo.7@cdn.practice.test';

/** An HTML newsletter: tables, inline CSS, a cid: image, three remote images of which one is a tracking pixel. */
export function newsletter(when: When): SampleLetter {
  const logo = makePng(32, (x, y) =>
    Math.abs(x - 16) + Math.abs(y - 16) < 14 ? [15, 118, 110] : [236, 246, 245],
  );
  return letter({
    flags: [],
    from: CATALOGUE,
    to: [VERA],
    subject: 'Sheet glass of the month: reeded, seeded, and a mirror that ages',
    date: when.daysAgo(1, '05:30'),
    zoneHours: 0,
    id: 'campaign-311.vera@cdn.practice.test',
    returnPath: 'bounce-311@cdn.practice.test',
    extra: [
      'List-Unsubscribe: <https://cdn.practice.test/unsubscribe?c=311>,\r\n <mailto:unsubscribe@cdn.practice.test?subject=311>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Precedence: bulk',
    ],
    body: multipart('alternative', '=_news_alt', [
      text(PLAIN, { encoding: '7bit' }),
      multipart('related', '=_news_rel', [
        text(HTML, { subtype: 'html', encoding: 'quoted-printable' }),
        file('image/png', 'logo.png', logo, LOGO_ID),
      ]),
    ]),
  });
}

const PLAIN = `Clear Sheet: three sheets worth a look this month

Reeded 5 mm       from 3 900 a square metre
Seeded 4 mm       from 4 200
Antique mirror    from 6 800

Samples are free for workshops: answer this letter with your address.
`;

const HTML = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Clear Sheet</title>
<style>a { color: #0f766e } .price { white-space: nowrap }</style></head>
<body style="margin:0;padding:0;background:#eef3f3;font-family:Helvetica,Arial,sans-serif;color:#1d2b2a">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="background:#ffffff;margin:24px 0">
<tr><td style="padding:20px 28px;border-bottom:1px solid #d8e3e2">
<img src="cid:${LOGO_ID}" width="32" height="32" alt="Clear Sheet" style="vertical-align:middle">
<span style="font-size:18px;font-weight:bold;padding-left:8px">Clear Sheet</span></td></tr>
<tr><td><img src="https://cdn.practice.test/311/hero.jpg" width="600" height="220" alt="Light through reeded glass" style="display:block"></td></tr>
<tr><td style="padding:24px 28px"><h1 style="font-size:22px;margin:0 0 12px">Three sheets worth a look</h1>
<p style="line-height:1.5;margin:0 0 16px">Reeded glass is back, and not only in doors. This month’s sheets are cut to size in four days.</p>
<table width="100%" cellpadding="8" cellspacing="0" style="border-collapse:collapse;font-size:14px">
<tr><td style="border-bottom:1px solid #d8e3e2">Reeded 5 mm</td><td class="price" align="right" style="border-bottom:1px solid #d8e3e2">3 900 ₽ / m²</td></tr>
<tr><td style="border-bottom:1px solid #d8e3e2">Seeded 4 mm</td><td class="price" align="right" style="border-bottom:1px solid #d8e3e2">4 200 ₽ / m²</td></tr>
<tr><td>Antique mirror</td><td class="price" align="right">6 800 ₽ / m²</td></tr></table>
<p style="margin:20px 0"><a href="https://cdn.practice.test/311/go?u=vera" style="background:#0f766e;color:#ffffff;padding:10px 18px;text-decoration:none;border-radius:4px">Order samples</a></p></td></tr>
<tr><td style="padding:0 28px 24px"><img src="https://cdn.practice.test/311/mirror.jpg" width="260" height="160" alt="Antique mirror"></td></tr>
<tr><td style="padding:16px 28px;font-size:12px;color:#5c6f6d">You get this because you once asked for a catalogue.
<a href="https://cdn.practice.test/unsubscribe?c=311">Unsubscribe</a>
<img src="https://cdn.practice.test/311/open.gif?u=vera" width="1" height="1" alt=""></td></tr>
</table></td></tr></table></body></html>
`;
