import { Menu, type MenuItemConstructorOptions } from 'electron';

const WORDS = {
  en: {
    file: 'File',
    message: 'Message',
    view: 'View',
    help: 'Help',
    new: 'New message',
    add: 'Add account…',
    practice: 'Practice accounts',
    settings: 'Settings…',
    reply: 'Reply',
    all: 'Reply to all',
    forward: 'Forward',
    read: 'Read or unread',
    flag: 'Flag',
    remove: 'Delete',
    wire: 'Wire',
    pane: 'Next pane',
    keys: 'Keyboard shortcuts',
    mailbox: 'New mailbox…',
    undo: 'Undo what was done last',
    history: 'History…',
    waiting: 'What waits for the servers…',
    search: 'Search',
    tags: 'Tags…',
    move: 'Move to…',
    copy: 'Copy to…',
  },
  ru: {
    file: 'Файл',
    message: 'Письмо',
    view: 'Вид',
    help: 'Справка',
    new: 'Новое письмо',
    add: 'Добавить ящик…',
    practice: 'Учебные ящики',
    settings: 'Настройки…',
    reply: 'Ответить',
    all: 'Ответить всем',
    forward: 'Переслать',
    read: 'Прочитано или нет',
    flag: 'Пометить флажком',
    remove: 'Удалить',
    wire: 'Провод',
    pane: 'Следующая панель',
    keys: 'Клавиши',
    mailbox: 'Новая папка…',
    undo: 'Отменить последнее сделанное',
    history: 'История…',
    waiting: 'Что ждёт серверов…',
    search: 'Искать',
    tags: 'Метки…',
    move: 'Переместить…',
    copy: 'Копировать…',
  },
};

/** The application menu. Its commands are the window's own, by the names its keys use too. */
export function buildMenu(language: 'en' | 'ru', command: (name: string) => void): Menu {
  const words = WORDS[language];
  const item = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => command(name),
    // Single keys belong to the window: in the menu they would fire while a person types.
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return Menu.buildFromTemplate([
    {
      label: words.file,
      submenu: [
        item(words.new, 'message.new', 'CmdOrCtrl+N'),
        item(words.mailbox, 'mailbox.new'),
        item(words.add, 'account.add'),
        item(words.practice, 'practice.start'),
        item(words.settings, 'settings.open', 'CmdOrCtrl+,'),
        separator,
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: words.message,
      submenu: [
        item(words.reply, 'message.reply', 'CmdOrCtrl+R'),
        item(words.all, 'message.replyAll', 'CmdOrCtrl+Shift+R'),
        item(words.forward, 'message.forward'),
        separator,
        item(words.read, 'message.toggleRead'),
        item(words.flag, 'message.flag'),
        item(words.tags, 'message.tags'),
        item(words.move, 'message.move', 'CmdOrCtrl+Shift+M'),
        item(words.copy, 'message.copy', 'CmdOrCtrl+Shift+C'),
        item(words.remove, 'message.delete'),
        separator,
        item(words.undo, 'message.undo'),
        item(words.history, 'changes.history', 'CmdOrCtrl+Shift+H'),
      ],
    },
    {
      label: words.view,
      submenu: [
        item(words.search, 'search.focus', 'CmdOrCtrl+F'),
        item(words.waiting, 'changes.waiting', 'CmdOrCtrl+Shift+O'),
        item(words.wire, 'wire.toggle', 'CmdOrCtrl+Shift+L'),
        item(words.pane, 'view.nextPane'),
        separator,
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: words.help, role: 'help', submenu: [item(words.keys, 'help.shortcuts')] },
  ]);
}
