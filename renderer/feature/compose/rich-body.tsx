import { EditorContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import { useEffect } from 'react';
import { useText } from '../../text/text.ts';
import { FormatBar } from './format-bar.tsx';

interface RichBodyProps {
  /** The HTML to start from; later changes go the other way only. */
  start: string;
  begin: boolean;
  onChange: (html: string) => void;
  bar: (tools: React.ReactNode) => React.ReactNode;
  onPasteFiles: (files: readonly File[]) => void;
}

/** The body with formatting. What its schema does not know, it does not keep: no script, no remote image. */
export function RichBody(props: RichBodyProps) {
  const { t } = useText();
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ heading: false, link: { openOnClick: false, defaultProtocol: 'https' } }),
    ],
    content: props.start,
    onUpdate: (event) => props.onChange(event.editor.getHTML()),
    editorProps: {
      attributes: {
        class: 'edit',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': t('compose.body'),
        'data-testid': 'compose-body',
      },
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || event.clipboardData?.types.includes('text/plain')) return false;
        props.onPasteFiles(files);
        return true;
      },
      // Dropped files are attached by the window.
      handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0,
    },
  });
  const { begin } = props;
  useEffect(() => {
    if (begin) editor.commands.focus('start');
  }, [begin, editor]);
  return (
    <>
      {props.bar(<FormatBar editor={editor} />)}
      <EditorContent editor={editor} className="edit-box selectable" />
    </>
  );
}
