import { X509Certificate, createPrivateKey, randomBytes } from 'node:crypto';

/** A certificate with its private key, both in PEM. */
export type Identity = { readonly cert: string; readonly key: string };

const NAMES = ['localhost'];
const ADDRESSES = [
  [127, 0, 0, 1],
  [...Array.from({ length: 15 }, () => 0), 1],
];
const VALID_DAYS = 825;
const DAY_MS = 86_400_000;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** The kinds of GeneralName (RFC 5280, section 4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** A self-signed certificate for this computer and no other (RFC 5280, RFC 9525), with a new P-256 key. */
export async function makeIdentity(now: Date): Promise<Identity> {
  // Loaded when needed: most runs of the program start no practice server.
  const [pki, asn1] = await Promise.all([import('pkijs'), import('asn1js')]);
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = new pki.Certificate();
  certificate.version = 2;
  // Positive, and different each time: a browser of certificates tells them apart by it.
  const serial = randomBytes(16);
  serial[0] = 0x40 | (serial.readUInt8(0) & 0x3f);
  certificate.serialNumber = new asn1.Integer({ valueHex: new Uint8Array(serial).buffer });
  const name = new pki.AttributeTypeAndValue({
    type: '2.5.4.3',
    value: new asn1.Utf8String({ value: 'Glasspost practice server' }),
  });
  certificate.subject.typesAndValues.push(name);
  certificate.issuer.typesAndValues.push(name);
  // Clocks differ: valid since yesterday.
  certificate.notBefore.value = new Date(now.getTime() - DAY_MS);
  certificate.notAfter.value = new Date(now.getTime() + VALID_DAYS * DAY_MS);
  const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }) =>
    new pki.Extension({ extnID, critical, extnValue: value.toBER() });
  const names = new pki.GeneralNames({
    names: [
      ...NAMES.map((value) => new pki.GeneralName({ type: DNS_NAME, value })),
      ...ADDRESSES.map((octets) => {
        const value = new asn1.OctetString({ valueHex: new Uint8Array(octets).buffer });
        return new pki.GeneralName({ type: IP_ADDRESS, value });
      }),
    ],
  });
  certificate.extensions = [
    extension('2.5.29.17', false, names.toSchema()),
    // No authority: who trusts it trusts this server, and nothing that its key could sign.
    extension('2.5.29.19', true, new pki.BasicConstraints({ cA: false }).toSchema()),
    extension(
      '2.5.29.15',
      true,
      new asn1.BitString({ valueHex: new Uint8Array([0x80]).buffer, unusedBits: 7 }),
    ),
    extension('2.5.29.37', false, new pki.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] }).toSchema()),
  ];
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  await certificate.sign(keys.privateKey, 'SHA-256');
  return {
    cert: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

/** SHA-256 over the certificate as Node shows it: upper-case hex with colons. */
export function fingerprintOf(identity: Identity): string {
  return new X509Certificate(identity.cert).fingerprint256;
}

/** Whether this can still be shown to clients: read as a certificate, the key belongs to it, and it has not run out. */
export function isUsable(identity: Identity, now: Date): boolean {
  try {
    const certificate = new X509Certificate(identity.cert);
    const key = createPrivateKey(identity.key);
    return certificate.checkPrivateKey(key) && Date.parse(certificate.validTo) > now.getTime() + DAY_MS;
  } catch {
    return false;
  }
}

/** RFC 7468. */
function pem(label: string, der: ArrayBuffer): string {
  const body = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
