import type { ReactNode } from 'react';

/** One setting of the account page: what it is, and where it is set. */
export function PageRow(props: { label: string; hint?: string; id?: string; children: ReactNode }) {
  return (
    <div className="srow">
      <div>
        <div id={props.id}>{props.label}</div>
        {props.hint === undefined ? null : <p>{props.hint}</p>}
      </div>
      {props.children}
    </div>
  );
}
