import type { MessageKey } from '../../../shared/model/ids.ts';
import { useApp } from '../../state/store.ts';
import { HeaderBlock } from './header-block.tsx';

/** What is known before the body: the real heading from the list, so that nothing shifts when the rest comes. */
export function ReaderSkeleton(props: { id: MessageKey }) {
  const row = useApp((state) => state.rows.get(props.id));
  if (!row) return null;
  return (
    <div aria-busy>
      <HeaderBlock row={row} />
    </div>
  );
}
