import type { TrustedCertificate } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import { isCertificateFailure } from '../../../shared/text/failure.ts';
import { day } from '../../text/format.ts';
import { useText } from '../../text/text.ts';

/** The certificate that nobody vouches for, and the button of whoever knows that it is theirs. */
export function CertificateNote(props: {
  failure: Failure;
  onTrust: (certificate: TrustedCertificate) => void;
}) {
  const { t, language } = useText();
  const { certificate } = props.failure;
  if (!certificate || !isCertificateFailure(props.failure)) return null;
  const date = (text: string) => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? text : day(ms, language);
  };
  return (
    <>
      <dl className="kv num">
        <dt>{t('certificate.subject')}</dt>
        <dd>{certificate.subject}</dd>
        <dt>{t('certificate.names')}</dt>
        <dd>{certificate.names.join(', ')}</dd>
        <dt>{t('certificate.issuer')}</dt>
        <dd>{certificate.issuer}</dd>
        <dt>{t('certificate.validity')}</dt>
        <dd>
          {t('certificate.range', { from: date(certificate.validFrom), to: date(certificate.validTo) })}
        </dd>
        <dt>{t('certificate.fingerprint')}</dt>
        <dd className="mono">{certificate.fingerprint}</dd>
      </dl>
      <button
        type="button"
        className="btn line danger"
        data-testid="trust-certificate"
        onClick={() => props.onTrust({ fingerprint: certificate.fingerprint, pem: certificate.pem })}
      >
        {t('account.trust')}
      </button>
    </>
  );
}
