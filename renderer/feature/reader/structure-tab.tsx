import type { MessageContent, StructurePart } from '../../../shared/model/message.ts';
import { count, size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';

interface Row {
  part: StructurePart;
  depth: number;
}

function flatten(part: StructurePart, depth: number): Row[] {
  return [{ part, depth }, ...part.children.flatMap((child) => flatten(child, depth + 1))];
}

/** The MIME tree: what each part says it is, and where its bytes lie. */
export function StructureTab(props: { content: MessageContent }) {
  const { t, language } = useText();
  const rows = flatten(props.content.structure, 0);
  return (
    <div className="sheet" data-testid="structure">
      <div
        className="scroll"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in
        tabIndex={0}
        aria-label={t('reader.tab.structure')}
      >
        <table className="structure selectable">
          <thead>
            <tr>
              <th>{t('structure.part')}</th>
              <th>{t('structure.type')}</th>
              <th>{t('structure.encoding')}</th>
              <th>{t('structure.charset')}</th>
              <th className="right">{t('structure.offsets')}</th>
              <th className="right">{t('structure.size')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ part, depth }) => (
              <tr key={`${part.part}.${part.start}`}>
                <td className="mono">{part.part || '—'}</td>
                <td style={{ paddingLeft: depth * 18 }}>
                  <span className="mono">{part.type}</span>
                  {part.name ? <span className="name">{part.name}</span> : null}
                </td>
                <td className="mono">{part.encoding}</td>
                <td className="mono">{part.charset ?? ''}</td>
                <td className="right num">
                  {count(part.start, language)}–{count(part.end, language)}
                </td>
                <td className="right num nowrap">{size(part.end - part.bodyStart, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
