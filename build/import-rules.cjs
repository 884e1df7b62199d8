// Who may import whom: the table of docs/architecture.md as rules for dependency-cruiser. `npm run check:imports`.

/**
 * Everything in `from` may import only itself, what `to` lists, and packages that are not ours.
 * @param {string} name
 * @param {string} from
 * @param {string[]} to
 */
const only = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(shared|electron|renderer|test|build)/', pathNot: [...to, '^shared/', '^electron/fault/'] },
});

/**
 * What `to` matches may be imported only by what `from` matches, and by tests and build scripts.
 * @param {string} name
 * @param {object} to
 * @param {string[]} from
 */
const reserved = (name, to, from) => ({
  name,
  severity: 'error',
  from: { pathNot: [...from, '^(test|build)/', '^[^/]+$'] },
  to,
});

/** @param {string} names */
const npm = (names) => ({ path: `(^|/)node_modules/(@types/)?(${names})/` });
/** @param {string} names */
const node = (names) => ({
  path: `^(node:)?(${names})(/|$)`,
  dependencyTypes: ['core'],
  dependencyTypesNot: ['type-only'], // to be handed a socket is not to open one
});

const ports = '^electron/app/ports';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle of types alone is harmless; one of values is two files that are one.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },

    {
      name: 'shared-runs-anywhere',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '(^|/)node_modules/zod/'] },
    },

    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    only('renderer-knows-the-bridge-alone', '^renderer/', ['^renderer/']),
    only('features-are-closed-to-each-other', '^renderer/feature/([^/]+)/', [
      '^renderer/feature/$1/',
      '^renderer/(state|ui|text)/',
      '^renderer/bridge',
    ]),
    {
      name: 'features-are-used-by-the-root-alone',
      severity: 'error',
      from: { path: '^renderer/(state|ui|text)/' },
      to: { path: '^renderer/feature/' },
    },

    only('app-knows-its-ports-alone', '^electron/app/', ['^electron/app/']),
    only('faults-know-nobody', '^electron/fault/', ['^electron/fault/']),
    only('engines-are-closed-to-each-other', '^electron/engine/([^/]+)/', [
      '^electron/engine/$1/',
      '^electron/net/',
      '^electron/wire/tap',
      ports,
    ]),
    only('parts-are-closed-to-each-other', '^electron/(store|mime|secret|wire|thread|archive|mbox)/', [
      '^electron/$1/',
      '^electron/(thread|mbox)/', // how a worker is asked, how an mbox is written: know no one
      ports,
    ]),
    only('net-dials-and-taps', '^electron/net/', ['^electron/net/', '^electron/wire/tap', ports]),
    only('ipc-and-shell-know-no-core', '^electron/(ipc|shell)/', ['^electron/(ipc|shell)/', ports]),
    only('practice-stands-alone', '^electron/practice/', ['^electron/practice/']),
    only('preload-stands-alone', '^electron/preload\\.ts$', ['^electron/ipc/channels\\.ts$']),
    only('core-composes', '^electron/core\\.ts$', ['^electron/(app|engine|store|mime|wire|net|archive)/']),
    only('programs-use-the-core', '^electron/(main|cli|cli-main|practice-accounts)\\.ts$', [
      '^electron/(core|cli|profile|practice-accounts)\\.ts$',
      '^electron/(ipc|shell|secret|practice|cli)/',
      ports,
    ]),
    only('commands-know-their-link-alone', '^electron/cli/', ['^electron/cli/']),

    // The door of the command line is a socket of the file system, not of the network.
    reserved('sockets-in-net', node('net|tls|dns'), ['^electron/(net|practice)/', '^electron/ipc/control-']),
    reserved('better-sqlite3-in-store', npm('better-sqlite3'), ['^electron/store/']),
    reserved('keyring-in-secret', npm('@napi-rs/keyring'), ['^electron/secret/']),
    reserved('imapflow-in-its-engine', npm('imapflow'), ['^electron/engine/imap/']),
    reserved('nodemailer-in-its-engine', npm('nodemailer'), ['^electron/engine/smtp/', '^electron/mime/']),
    reserved('mailparser-in-mime', npm('mailparser'), ['^electron/mime/']),
    reserved('electron-in-the-shell', npm('electron'), [
      '^electron/(main|preload)\\.ts$',
      '^electron/(ipc|shell|secret)/',
    ]),
    {
      name: 'nothing-needs-the-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    exoticRequireStrings: [],
  },
};
