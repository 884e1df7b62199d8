import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../shared/mail/file-name.ts';

describe('the name of a file to be saved', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Смета на витрину 3.csv', 'Смета на витрину 3.csv'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\Windows\\system.ini', 'system.ini'],
    ['/etc/passwd', 'passwd'],
    ['C:\\autoexec.bat', 'autoexec.bat'],
    ['\\\\host\\share\\x.txt', 'x.txt'],
    ['evil\u202Egpj.exe', 'evil_gpj.exe'],
    ['a\u0000b\r\nc.txt', 'a_b__c.txt'],
    ['stream.txt:hidden', 'stream.txt_hidden'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['trailing. ', 'trailing'],
    ['.bashrc', 'bashrc'],
    ['..', '_file'],
    ['', '_file'],
  ])('%j becomes %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it('keeps the ending of a name that is too long', () => {
    const safe = safeFileName(`${'x'.repeat(400)}.pdf`);
    expect(safe.length).toBeLessThanOrEqual(120);
    expect(safe.endsWith('.pdf')).toBe(true);
  });
});
