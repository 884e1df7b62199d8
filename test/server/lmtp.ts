import nodemailer from 'nodemailer';

/** Hands a message to the LMTP server at `port`; resolves to its answer, rejects with its refusal. */
export async function lmtpDeliver(
  port: number,
  from: string,
  to: readonly string[],
  raw: string | Buffer,
): Promise<string> {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    lmtp: true,
    secure: false,
    ignoreTLS: true,
    name: 'relay.test',
  });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: [...to] }, raw });
    return response;
  } finally {
    transport.close();
  }
}
