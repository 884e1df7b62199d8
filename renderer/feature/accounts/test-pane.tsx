import { Check } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { ServerVerdict } from '../../../shared/contract/account.ts';
import type { TrustedCertificate } from '../../../shared/model/account.ts';
import { useWire } from '../../state/wire.ts';
import { useText } from '../../text/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Icon } from '../../ui/icon.tsx';
import { WireLines } from '../../ui/wire-lines.tsx';
import { CertificateNote } from './certificate-note.tsx';
import { incomingOf, outgoingOf, type AccountForm } from './form.ts';
import type { AccountTest } from './use-account-test.ts';

interface TestPaneProps {
  form: AccountForm;
  test: AccountTest;
  onTrust: (side: 'incoming' | 'outgoing', certificate: TrustedCertificate) => void;
}

/** The right half of the dialog: the conversation as it happens, then what came of it. */
export function TestPane(props: TestPaneProps) {
  const { t } = useText();
  const { test, form } = props;
  const verdicts = test.verdicts;
  const outcome = useRef<HTMLDivElement>(null);
  // On a low or narrow window it would come about out of sight.
  useEffect(() => {
    if (verdicts ?? test.failure) outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [verdicts, test.failure]);
  return (
    <div className="test-pane">
      <h2>{t('account.lines')}</h2>
      <TestLines id={test.id} />
      <div ref={outcome} className="verdicts" aria-live="polite">
        {test.failure ? <FailureNote failure={test.failure} /> : null}
        {verdicts ? (
          <>
            <Side
              verdict={verdicts.incoming}
              ok={t('account.incomingOk', { host: incomingOf(form).host })}
              heading={t('account.incomingFailed')}
              onTrust={(certificate) => props.onTrust('incoming', certificate)}
            />
            {verdicts.submission ? (
              <Side
                verdict={verdicts.submission}
                ok={t('account.outgoingOk', { host: outgoingOf(form).host })}
                heading={t('account.outgoingFailed')}
                onTrust={(certificate) => props.onTrust('outgoing', certificate)}
              />
            ) : null}
          </>
        ) : null}
      </div>
    </div>
  );
}

function TestLines(props: { id: string }) {
  const { t } = useText();
  const { connections, lines } = useWire();
  const mine = useMemo(
    () =>
      props.id === '' ? [] : lines.filter((line) => connections.get(line.connection)?.purpose === props.id),
    [props.id, connections, lines],
  );
  return (
    <div className="test-lines" data-testid="test-lines">
      {props.id === '' ? (
        <div className="empty">
          <p>{t('account.linesEmpty')}</p>
        </div>
      ) : (
        <WireLines lines={mine} follow label={t('account.lines')} />
      )}
    </div>
  );
}

interface SideProps {
  verdict: ServerVerdict;
  ok: string;
  heading: string;
  onTrust: (certificate: TrustedCertificate) => void;
}

function Side(props: SideProps) {
  const { t } = useText();
  const { verdict } = props;
  if (verdict.ok || !verdict.failure) {
    return (
      <p className="verdict-ok">
        <Icon of={Check} tone="good" />
        <span className="grow">{props.ok}</span>
        <span className="cap num">{t('account.took', { ms: Math.round(verdict.took) })}</span>
      </p>
    );
  }
  return (
    <FailureNote failure={verdict.failure} heading={props.heading}>
      <CertificateNote failure={verdict.failure} onTrust={props.onTrust} />
    </FailureNote>
  );
}
