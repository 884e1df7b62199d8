import { mkdirSync } from 'node:fs';
import type { Store } from '../app/ports-store.ts';
import * as accounts from './accounts.ts';
import { Checkpoint } from './checkpoint/writer.ts';
import { Compactor } from './compact/compactor.ts';
import { dropBegun, dropUnlinked } from './compact/replaced.ts';
import type { Context } from './context.ts';
import { Database } from './database.ts';
import * as imports from './imports.ts';
import * as incoming from './incoming.ts';
import { deeds } from './deeds.ts';
import * as intents from './intents.ts';
import * as letters from './letters.ts';
import * as mailboxIntents from './mailbox-intents.ts';
import * as mailboxes from './mailboxes.ts';
import { Segments } from './mbox/segments.ts';
import * as messages from './messages.ts';
import { prepareProfile } from './rebuild/prepare.ts';
import * as operations from './operations.ts';
import * as outbox from './outbox.ts';
import { indexHeaders } from './search/index-message.ts';
import { search } from './search/search.ts';
import * as catalogue from './switch/catalogue.ts';
import { compareCatalogue } from './switch/compare.ts';
import { lastSwitch } from './switch/journal.ts';
import { switchMode } from './switch/switch.ts';
import { undoSwitch } from './switch/undo.ts';
import * as uidls from './uidls.ts';
import { undo } from './undo.ts';
import * as verify from './verify.ts';

/** The store's port without its promises: what runs inside a store thread. */
export type SyncStore = {
  [K in keyof Store]: Store[K] extends (...given: infer A) => Promise<infer R> ? (...given: A) => R : never;
};

/**
 * Opens a profile's store in this thread.
 * @param role one writer a profile, any number of readers
 * @param index where a copy of the index is, when nothing can be written to the profile: then all only read
 */
export function openStore(profile: string, role: 'writer' | 'reader', index?: string): SyncStore {
  if (index === undefined) mkdirSync(profile, { recursive: true, mode: 0o700 });
  if (role === 'writer' && index === undefined) prepareProfile(profile);
  const db = new Database(index ?? profile, index !== undefined && role === 'writer' ? 'copy' : role);
  const segments = new Segments(profile, db);
  const context: Context = { profile, db, segments };
  const checkpoint = db.readonly ? undefined : new Checkpoint(profile, db);
  const compactor = new Compactor(context);
  if (!db.readonly) {
    dropBegun(context);
    dropUnlinked(context);
    outbox.recoverOutbox(context);
  }
  const bind =
    <A extends unknown[], R>(verb: (context: Context, ...given: A) => R) =>
    (...given: A): R =>
      verb(context, ...given);
  return {
    snapshot: bind(accounts.snapshot),
    changeSettings: bind(accounts.changeSettings),
    addAccount: bind(accounts.addAccount),
    updateAccount: bind(accounts.updateAccount),
    removeAccount: bind(accounts.removeAccount),
    account: bind(accounts.account),
    putMailboxes: bind(mailboxes.putMailboxes),
    mailboxes: bind(mailboxes.mailboxes),
    roleMailbox: bind(mailboxes.roleMailbox),
    order: bind(messages.order),
    rows: bind(messages.rows),
    raw: bind(messages.raw),
    newestKey: bind(messages.newestKey),
    mark: bind(messages.mark),
    known: bind(messages.known),
    apply: bind(incoming.apply),
    bodiless: bind(messages.bodiless),
    places: bind(messages.places),
    keysOf: bind(messages.keysOf),
    undigested: bind(messages.undigested),
    digest: bind(messages.digest),
    indexHeaders: bind(indexHeaders),
    search: bind(search),
    collectedUidls: bind(uidls.collectedUidls),
    verifyUidls: bind(uidls.verifyUidls),
    beginRemoval: bind(uidls.beginRemoval),
    forgetUidls: bind(uidls.forgetUidls),
    flag: bind(intents.flag),
    move: bind(intents.move),
    remove: bind(intents.remove),
    tag: bind(intents.tag),
    copy: bind(intents.copy),
    operations: bind(operations.operations),
    waitingOperations: bind(operations.waitingOperations),
    waits: bind(operations.waits),
    beginOperation: bind(operations.beginOperation),
    finishOperation: bind(operations.finishOperation),
    failOperation: bind(operations.failOperation),
    cancelOperation: bind(operations.cancelOperation),
    deeds: bind(deeds),
    undo: bind(undo),
    createMailbox: bind(mailboxIntents.createMailbox),
    renameMailbox: bind(mailboxIntents.renameMailbox),
    deleteMailbox: bind(mailboxIntents.deleteMailbox),
    subscribeMailbox: bind(mailboxIntents.subscribeMailbox),
    setMailbox: bind(mailboxIntents.setMailbox),
    setRights: bind(mailboxIntents.setRights),
    draft: bind(letters.draft),
    createDraft: bind(letters.createDraft),
    saveDraft: bind(letters.saveDraft),
    attach: bind(letters.attach),
    detach: bind(letters.detach),
    attachments: bind(letters.attachments),
    discardDraft: bind(letters.discardDraft),
    enqueue: bind(outbox.enqueue),
    nextLetter: bind(outbox.nextLetter),
    changeOutbox: bind(outbox.changeOutbox),
    markSent: bind(outbox.markSent),
    takeBack: bind(outbox.takeBack),
    dropLetter: bind(outbox.dropLetter),
    importLetters: bind(imports.importLetters),
    beginCatalogue: bind(catalogue.beginCatalogue),
    addToCatalogue: bind(catalogue.addToCatalogue),
    describeCatalogue: bind(catalogue.describeCatalogue),
    compareCatalogue: bind(compareCatalogue),
    switchMode: bind(switchMode),
    lastSwitch: bind(lastSwitch),
    undoSwitch: bind(undoSwitch),
    verifyMessages: bind(verify.verifyMessages),
    verifySegments: bind(verify.verifySegments),
    compact: (policy) => compactor.step(policy),
    close: () => {
      compactor.close();
      checkpoint?.close();
      segments.close();
      db.close();
    },
  };
}
