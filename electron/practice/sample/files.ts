import { fromBinary, concat } from '../bytes.ts';

/** A one-page PDF with a few lines of text in Helvetica (so ASCII only), small and complete. */
export function makePdf(lines: readonly string[]): Uint8Array {
  const escaped = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`);
  const content = `BT /F1 12 Tf 16 TL 60 780 Td ${escaped.join('\n')} ET\n1 w 60 420 300 200 re S 80 440 260 160 re S\n`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}endstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return fromBinary(`${pdf}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`);
}

type Rgb = readonly [red: number, green: number, blue: number];

/** A PNG of `size` x `size` pixels (ISO/IEC 15948), its data stored without compression. */
export function makePng(size: number, pixel: (x: number, y: number) => Rgb): Uint8Array {
  const rows: number[] = [];
  for (let y = 0; y < size; y++) {
    rows.push(0); // no filter
    for (let x = 0; x < size; x++) rows.push(...pixel(x, y));
  }
  const header = concat(uint32(size), uint32(size), Uint8Array.of(8, 2, 0, 0, 0));
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return concat(
    signature,
    chunk('IHDR', header),
    chunk('IDAT', zlibStored(Uint8Array.from(rows))),
    chunk('IEND', new Uint8Array()),
  );
}

/** A zlib stream (RFC 1950) of one stored block (RFC 1951, section 3.2.4): at most 65535 octets. */
function zlibStored(data: Uint8Array): Uint8Array {
  const { length } = data;
  const block = Uint8Array.of(1, length & 255, length >>> 8, ~length & 255, (~length >>> 8) & 255);
  let a = 1;
  let b = 0;
  for (const octet of data) {
    a = (a + octet) % 65521;
    b = (b + a) % 65521;
  }
  return concat(Uint8Array.of(0x78, 0x01), block, data, uint32(b * 65536 + a));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(fromBinary(type), data);
  return concat(uint32(data.length), body, uint32(crc32(body)));
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of data) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function uint32(number: number): Uint8Array {
  return Uint8Array.of((number >>> 24) & 255, (number >>> 16) & 255, (number >>> 8) & 255, number & 255);
}
