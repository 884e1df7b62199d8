import { TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import type { Address } from '../../../shared/model/message.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { faultOf, parseAddresses } from './parse-address.ts';

interface AddressFieldProps {
  label: string;
  value: readonly Address[];
  onChange: (value: Address[]) => void;
  testId: string;
  begin?: boolean;
  children?: React.ReactNode;
}

/** Recipients as chips. A wrong address turns red at once and says why. */
export function AddressField(props: AddressFieldProps) {
  const { t } = useText();
  const { value, onChange } = props;
  const [typed, setTyped] = useState('');
  const commit = (text: string) => {
    const fresh = parseAddresses(text);
    const byAddress = new Map([...value, ...fresh].map((one) => [one.address.toLowerCase(), one]));
    if (fresh.length > 0) onChange([...byAddress.values()]);
    setTyped('');
  };
  const field = useRef<HTMLInputElement>(null);
  const { begin } = props;
  useEffect(() => {
    if (begin) field.current?.focus();
  }, [begin]);
  const removeAt = (index: number) => onChange(value.filter((_, at) => at !== index));
  const edit = (index: number) => {
    const one = value[index];
    if (!one) return;
    removeAt(index);
    setTyped(one.name === '' ? one.address : `${one.name} <${one.address}>`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && typed === '' && value.length > 0) edit(value.length - 1);
    else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && typed.trim() !== '') commit(typed);
    else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[,;\n]|@.*\s.*@/su.test(text)) return;
    event.preventDefault();
    commit(typed + text);
  };
  const faults = value.flatMap((one) => {
    const fault = faultOf(one.address);
    return fault ? [{ address: one.address, fault }] : [];
  });
  return (
    <>
      <div className="frow">
        <span className="k">{props.label}</span>
        <div className="chips">
          {value.map((one, index) => (
            <Recipient
              key={one.address}
              address={one}
              onEdit={() => edit(index)}
              onRemove={() => removeAt(index)}
            />
          ))}
          <input
            aria-label={props.label}
            data-testid={props.testId}
            data-recipients
            ref={field}
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              // A comma ends an address unless it stands in a quoted name.
              const text = event.target.value;
              const open = (text.split('"').length - 1) % 2 === 1;
              if (/[,;]$/u.test(text) && !open) commit(text);
              else setTyped(text);
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => commit(typed)}
          />
        </div>
        {props.children}
      </div>
      {faults.map(({ address, fault }) => (
        <div key={address} className="frow fault" role="alert" data-testid="address-fault">
          <span className="k" />
          <span className="grow anywhere">{t(fault.key, { address, character: fault.character ?? '' })}</span>
        </div>
      ))}
    </>
  );
}

function Recipient(props: { address: Address; onEdit: () => void; onRemove: () => void }) {
  const { t } = useText();
  const { name, address } = props.address;
  const bad = faultOf(address) !== undefined;
  return (
    <span className={`rc ${bad ? 'bad' : ''}`} data-testid="recipient" onDoubleClick={props.onEdit}>
      {bad ? <Icon of={TriangleAlert} size="s" /> : null}
      {name === '' ? null : name}
      <span className={name === '' ? '' : 'ad'}>{address}</span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('compose.removeRecipient', { address })}
        onClick={props.onRemove}
      >
        <Icon of={X} size="s" />
      </button>
    </span>
  );
}
