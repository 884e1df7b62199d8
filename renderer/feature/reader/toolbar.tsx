import {
  Copy,
  Ellipsis,
  Flag,
  FolderInput,
  Forward,
  Mail,
  MailOpen,
  Reply,
  ReplyAll,
  Save,
  Tag,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import { run } from '../../state/commands.ts';
import { forbiddenIn, type Right } from '../../state/mailbox-rules.ts';
import { saveRaw } from '../../state/message-actions.ts';
import { openedKey } from '../../state/select.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';

/** What can be done with the open message, or with all that are selected. `narrow` puts the lesser actions into the menu. */
export function Toolbar(props: { narrow: boolean }) {
  const { t } = useText();
  const opened = useApp(openedKey);
  const flagged = useApp((state) =>
    [...state.selected].every((id) => state.rows.get(id)?.flags.includes('flagged')),
  );
  const seen = useApp((state) =>
    [...state.selected].every((id) => state.rows.get(id)?.flags.includes('seen')),
  );
  const forbidden = useApp(useShallow((state) => forbiddenIn(state, state.selected)));
  const because = (right: Right) => (forbidden.includes(right) ? t(`mailbox.why.right.${right}`) : undefined);
  return (
    <>
      {opened === null ? null : (
        <>
          <Tool icon={Reply} label={t('reader.reply')} command="message.reply" testId="reply" />
          {props.narrow ? null : (
            <>
              <Tool
                icon={ReplyAll}
                label={t('reader.replyAll')}
                command="message.replyAll"
                testId="reply-all"
              />
              <Tool icon={Forward} label={t('reader.forward')} command="message.forward" testId="forward" />
            </>
          )}
          <span className="sep" />
        </>
      )}
      <Tool
        icon={Trash2}
        label={t('reader.delete')}
        command="message.delete"
        testId="delete"
        because={because('t')}
      />
      <Tool
        icon={Flag}
        label={t(flagged ? 'reader.unflag' : 'reader.flag')}
        command="message.flag"
        testId="flag"
        because={because('w')}
        {...(flagged ? { tone: 'flag' as const } : {})}
      />
      <MenuButton
        label={t('reader.more')}
        icon={Ellipsis}
        entries={[
          ...(opened !== null && props.narrow
            ? [
                {
                  id: 'reply-all',
                  label: t('reader.replyAll'),
                  icon: ReplyAll,
                  run: () => run('message.replyAll'),
                },
                {
                  id: 'forward',
                  label: t('reader.forward'),
                  icon: Forward,
                  run: () => run('message.forward'),
                },
              ]
            : []),
          {
            id: 'read',
            label: t(seen ? 'reader.markUnread' : 'reader.markRead'),
            icon: seen ? Mail : MailOpen,
            because: because('s'),
            run: () => run('message.toggleRead'),
          },
          {
            id: 'tags',
            label: t('tags.menu'),
            icon: Tag,
            because: because('w'),
            run: () => run('message.tags'),
          },
          {
            id: 'move',
            label: t('reader.moveKey'),
            icon: FolderInput,
            apart: true,
            because: because('t'),
            run: () => run('message.move'),
          },
          {
            id: 'copy',
            label: t('reader.copyKey'),
            icon: Copy,
            run: () => run('message.copy'),
          },
          ...(opened === null
            ? []
            : [
                {
                  id: 'save',
                  label: t('reader.saveRaw'),
                  icon: Save,
                  apart: true,
                  run: () => void saveRaw(opened),
                },
              ]),
        ]}
      />
    </>
  );
}

function Tool(props: {
  icon: LucideIcon;
  label: string;
  command: string;
  testId: string;
  tone?: 'flag';
  because?: string | undefined;
}) {
  return (
    <button
      type="button"
      className="ib"
      aria-label={props.label}
      title={props.because ?? props.label}
      data-testid={props.testId}
      disabled={props.because !== undefined}
      onClick={() => run(props.command)}
    >
      <Icon of={props.icon} {...(props.tone ? { tone: props.tone } : {})} />
    </button>
  );
}
