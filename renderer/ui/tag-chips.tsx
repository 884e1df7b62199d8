import { tagColour } from '../state/tags.ts';
import { useText } from '../text/text.ts';

/** Tags as small chips: a square of the tag's colour, and its name. More than `most` are only counted. */
export function TagChips(props: { tags: readonly string[]; most: number; className?: string }) {
  const { t } = useText();
  const { tags, most } = props;
  if (tags.length === 0) return null;
  const shown = tags.length > most ? tags.slice(0, most) : tags;
  const rest = tags.slice(shown.length);
  return (
    <span className={`tags ${props.className ?? ''}`} data-testid="tags">
      <span className="sr">{t('tags.label')}: </span>
      {shown.map((tag) => (
        <span key={tag} className="tag" title={tag} data-tag={tag}>
          <TagMark tag={tag} />
          <span className="cut">{tag}</span>
        </span>
      ))}
      {rest.length > 0 ? (
        <span className="tag" title={rest.join(', ')}>
          <span aria-hidden>+{rest.length}</span>
          <span className="sr">{t('tags.more', { count: rest.length })}</span>
        </span>
      ) : null}
    </span>
  );
}

/** The colour of a tag. */
export function TagMark(props: { tag: string }) {
  return <span className={`tag-mark c${tagColour(props.tag)}`} aria-hidden />;
}
