import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/model/failure.ts';
import { failureText, isFromOtherSide } from '../../shared/text/failure.ts';
import { useText } from '../text/text.ts';
import { Icon } from './icon.tsx';

/** A failure in full: what happened, what it means, what to do, and the other side's own words. */
export function FailureNote(props: { failure: Failure; heading?: string; children?: ReactNode }) {
  const { t, language } = useText();
  const text = failureText(props.failure, language);
  return (
    <section className="failure" data-testid="failure" data-code={props.failure.code} role="alert">
      <h2>
        <Icon of={TriangleAlert} />
        <span>
          {props.heading === undefined ? '' : `${props.heading}: `}
          {text.what}
        </span>
      </h2>
      <p>
        {text.means} {text.todo}
      </p>
      {props.failure.detail === '' ? null : (
        <p className="said selectable">
          {t(isFromOtherSide(props.failure) ? 'failure.said' : 'failure.system', { detail: '' })}
          <span className="mono anywhere">{props.failure.detail}</span>
        </p>
      )}
      {props.children}
    </section>
  );
}
