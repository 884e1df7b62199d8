import { useEditorState, type Editor } from '@tiptap/react';
import {
  Bold,
  Code,
  Italic,
  Link,
  List,
  ListOrdered,
  TextQuote,
  Underline,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import type { TextKey } from '../../text/en.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { focusAtOnce } from '../../ui/focus.ts';

interface Tool {
  name: string;
  icon: LucideIcon;
  label: TextKey;
  run: (editor: Editor) => void;
}

const tools: readonly Tool[] = [
  {
    name: 'bold',
    icon: Bold,
    label: 'compose.bold',
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    name: 'italic',
    icon: Italic,
    label: 'compose.italic',
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    name: 'underline',
    icon: Underline,
    label: 'compose.underline',
    run: (editor) => editor.chain().focus().toggleUnderline().run(),
  },
  {
    name: 'bulletList',
    icon: List,
    label: 'compose.bullets',
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    name: 'orderedList',
    icon: ListOrdered,
    label: 'compose.numbers',
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    name: 'blockquote',
    icon: TextQuote,
    label: 'compose.quote',
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    name: 'code',
    icon: Code,
    label: 'compose.code',
    run: (editor) => editor.chain().focus().toggleCode().run(),
  },
];

/** The buttons that format what is selected. */
export function FormatBar(props: { editor: Editor | null }) {
  const { t } = useText();
  const { editor } = props;
  const [linking, setLinking] = useState<string | null>(null);
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) =>
      [...tools.map((tool) => tool.name), 'link'].filter((name) => now?.isActive(name)).join(' '),
  });
  const on = new Set(active?.split(' '));
  if (!editor) return null;
  const setLink = (href: string | null) => {
    const chain = editor.chain().focus().extendMarkRange('link');
    if (href === null || href.trim() === '') chain.unsetLink().run();
    else chain.setLink({ href: /^[a-z][a-z+.-]*:/iu.test(href) ? href : `https://${href}` }).run();
    setLinking(null);
  };
  return (
    <>
      {tools.map((tool) => (
        <button
          key={tool.name}
          type="button"
          className="ib"
          aria-pressed={on.has(tool.name)}
          aria-label={t(tool.label)}
          title={t(tool.label)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => tool.run(editor)}
        >
          <Icon of={tool.icon} />
        </button>
      ))}
      <button
        type="button"
        className="ib"
        aria-pressed={on.has('link')}
        aria-label={t('compose.link')}
        title={t('compose.link')}
        onClick={() =>
          setLinking(linking === null ? String(editor.getAttributes('link')['href'] ?? '') : null)
        }
      >
        <Icon of={Link} />
      </button>
      {linking === null ? null : (
        <form
          className="link-form"
          onSubmit={(event) => {
            event.preventDefault();
            setLink(linking);
          }}
        >
          <input
            className="input"
            ref={focusAtOnce}
            aria-label={t('compose.linkAddress')}
            placeholder="https://"
            spellCheck={false}
            value={linking}
            onChange={(event) => setLinking(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setLinking(null);
            }}
          />
          <button type="submit" className="btn line">
            {t('compose.linkSet')}
          </button>
          {on.has('link') ? (
            <button type="button" className="btn" onClick={() => setLink(null)}>
              {t('compose.linkRemove')}
            </button>
          ) : null}
        </form>
      )}
    </>
  );
}
