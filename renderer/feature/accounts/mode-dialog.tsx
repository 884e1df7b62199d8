import { useEffect, useState } from 'react';
import type { Account, Mode } from '../../../shared/model/account.ts';
import type { SwitchChoices, SwitchPlan } from '../../../shared/model/switch.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { fullDate } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Modal } from '../../ui/modal.tsx';
import { CertificateNote } from './certificate-note.tsx';
import { incomingOf, emptyForm, serverOf, type ServerForm } from './form.ts';
import { PlanTable } from './plan-table.tsx';
import { ServerFields } from './server-fields.tsx';
import { useModeChange } from './use-mode-change.ts';

/** Changes an account between POP3 and IMAP: compares, shows what will be done, asks what to do with the rest, does it. */
export function ModeDialog(props: { account: Account }) {
  const { t, language } = useText();
  // The account changes under the dialog when all is done: then it closes.
  const [account] = useState(props.account);
  const to: Mode = account.mode === 'imap' ? 'pop3' : 'imap';
  const close = () => showDialog(null);
  const change = useModeChange(account, to, close);
  const [typed, setTyped] = useState<Partial<ServerForm>>(() => formOf(account, to));
  const form = incomingOf({ ...emptyForm, email: account.email, mode: to, incoming: typed });
  const server = serverOf(form);
  const [choices, setChoices] = useState<SwitchChoices>({ onlyHere: 'keep', bodies: 'fetch' });
  const { plan, failure, busy, last, compare } = change;
  // What the account knows already need not be asked for.
  const known = account[to] !== undefined;
  useEffect(() => {
    if (known) void compare(undefined);
  }, [known, compare]);
  return (
    <Modal
      title={t(`mode.title.${to}`)}
      text={t(`mode.text.${to}`, { email: account.email })}
      width={560}
      testId="mode-dialog"
      onClose={close}
      footer={
        <>
          {last ? (
            <span className="cap">
              {t(`mode.last.${last.to}`, { date: fullDate(last.made, language) })}{' '}
              <button type="button" className="btn text" data-testid="mode-undo" onClick={change.undo}>
                {t('mode.undo')}
              </button>
            </span>
          ) : null}
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
          {plan ? (
            <button
              type="button"
              className="btn big main"
              data-testid="mode-do"
              disabled={busy !== undefined || !isComplete(choices)}
              onClick={() => void change.run(choices)}
            >
              {t(`mode.do.${to}`)}
            </button>
          ) : (
            <button
              type="button"
              className="btn big main"
              data-testid="mode-compare"
              disabled={busy !== undefined || server === undefined}
              onClick={() => void compare(server)}
            >
              {t('mode.compare')}
            </button>
          )}
        </>
      }
    >
      {plan === undefined && (!known || failure) && busy === undefined ? (
        <>
          {known ? null : <p className="hint">{t('mode.serverHint')}</p>}
          <ServerFields
            legend={t(`mode.server.${to}`)}
            name="incoming"
            server={form}
            onChange={(next) => setTyped((now) => ({ ...now, ...next }))}
          />
        </>
      ) : null}
      <div aria-live="polite">
        {failure ? (
          <FailureNote failure={failure} heading={t('mode.failed')}>
            <CertificateNote
              failure={failure}
              onTrust={(trusted) => {
                setTyped((now) => ({ ...now, trusted }));
                const trusting = serverOf({ ...form, trusted });
                if (trusting) void compare(trusting);
              }}
            />
          </FailureNote>
        ) : null}
        {busy ? <Progress account={account} words={t(`mode.${busy}`)} /> : null}
      </div>
      {plan && busy !== 'changing' ? (
        <>
          <PlanTable plan={plan} />
          <Choices to={to} plan={plan} choices={choices} onChange={setChoices} />
          <p className="hint">{t('mode.promise')}</p>
        </>
      ) : null}
    </Modal>
  );
}

function formOf(account: Account, to: Mode): Partial<ServerForm> {
  const { host, port, security, user, trusted } = account[to] ?? {};
  const here = account[account.mode];
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: String(port) }),
    ...(security === undefined ? {} : { security }),
    ...((user ?? here?.user) === undefined ? {} : { user: user ?? here?.user ?? '' }),
    ...(trusted === undefined ? {} : { trusted }),
  };
}

function isComplete({ onlyHere }: SwitchChoices): boolean {
  return onlyHere === 'keep' || onlyHere.append.trim() !== '';
}

function Progress(props: { account: Account; words: string }) {
  const { t } = useText();
  const progress = useApp((state) => state.statuses.get(props.account.id)?.progress);
  return (
    <div className="busy" data-testid="mode-busy">
      <p>{props.words}</p>
      <progress
        aria-label={props.words}
        {...(progress && progress.total > 0 ? { max: progress.total, value: progress.done } : {})}
      />
      <p className="cap num">
        {progress && progress.total > 0
          ? t('mode.progress', {
              mailbox: progress.mailbox,
              done: String(progress.done),
              total: String(progress.total),
            })
          : '\u00a0'}
      </p>
    </div>
  );
}

interface ChoicesProps {
  to: Mode;
  plan: SwitchPlan;
  choices: SwitchChoices;
  onChange: (choices: SwitchChoices) => void;
}

/** What the person decides: only what there is something to decide about. */
function Choices(props: ChoicesProps) {
  const { t } = useText();
  const { to, plan, choices, onChange } = props;
  const { onlyHere, bodies } = choices;
  const radio = (name: string, checked: boolean, words: string, next: SwitchChoices) => (
    <label className="check">
      <input
        type="radio"
        name={name.split('-')[0]}
        data-testid={name}
        checked={checked}
        onChange={() => onChange(next)}
      />
      {words}
    </label>
  );
  if (to === 'imap' && plan.onlyHere.messages > 0)
    return (
      <fieldset className="choice">
        <legend className="lab_">{t('mode.choice')}</legend>
        {radio('here-keep', onlyHere === 'keep', t('mode.keep'), { ...choices, onlyHere: 'keep' })}
        <div className="line">
          {radio('here-append', onlyHere !== 'keep', t('mode.append'), {
            ...choices,
            onlyHere: { append: t('mode.appendName') },
          })}
          <input
            className="input"
            aria-label={t('mode.append')}
            data-testid="mode-append"
            disabled={onlyHere === 'keep'}
            value={onlyHere === 'keep' ? t('mode.appendName') : onlyHere.append}
            onChange={(event) => onChange({ ...choices, onlyHere: { append: event.target.value } })}
          />
        </div>
      </fieldset>
    );
  if (to === 'pop3' && plan.bodiless.messages > 0)
    return (
      <fieldset className="choice">
        <legend className="lab_">{t('mode.bodies')}</legend>
        {radio('bodies-fetch', bodies === 'fetch', t('mode.fetch'), { ...choices, bodies: 'fetch' })}
        {radio('bodies-leave', bodies === 'leave', t('mode.leave'), { ...choices, bodies: 'leave' })}
      </fieldset>
    );
  return null;
}
