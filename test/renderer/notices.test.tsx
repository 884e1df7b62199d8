import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/model/notice.ts';
import { dismissNotice, useApp } from '../../renderer/state/store.ts';
import { startText } from '../../renderer/text/text.ts';
import { NoticeLine } from '../../renderer/ui/notices.tsx';

const readOnly: Notice = { kind: 'read-only', folder: '/media/old mail' };
const leftAlone: Notice = {
  kind: 'left-alone',
  file: 'mail/a1/1/0001.mbox',
  reason: 'a letter is not what its hash says',
};

describe.each([
  ['en', 'nothing can be written', 'Deleted mail was not cleared out'],
  ['ru', 'ничего нельзя записать', 'Удалённые письма из него не вычищены'],
] as const)('a notice of the profile in %s', (language, unwritable, uncleared) => {
  const shown = (notice: Notice) => {
    startText(language);
    return renderToStaticMarkup(<NoticeLine notice={notice} />);
  };

  it('says that the mail is only read, where, and stays', () => {
    const text = shown(readOnly);
    expect(text).toContain(unwritable);
    expect(text).toContain('/media/old mail');
    expect(text).not.toContain('<button');
    expect(text).not.toContain('role="alert"');
  });

  it('names the file that was left alone and what to do, and can be put away', () => {
    const text = shown(leftAlone);
    for (const part of [uncleared, leftAlone.file, leftAlone.reason, 'glasspost verify', 'glasspost rebuild'])
      expect(text).toContain(part);
    expect(text).toContain('<button');
  });
});

it('one that is put away is gone, the others stay', () => {
  useApp.setState({ notices: [readOnly, leftAlone] });
  dismissNotice(leftAlone);
  expect(useApp.getState().notices).toEqual([readOnly]);
});
