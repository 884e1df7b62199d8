// better-sqlite3 for the fallback's Node-API 9, compiled from the sources in node_modules without node-gyp and without
// Node's headers (neither can be downloaded where the fallback is needed). Out of tree: the loader of better-sqlite3
// would prefer a build in its own folder everywhere, under plain Node too.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../process.mjs';
import { ensureSystemPackages } from '../system-deps.mjs';

const modules = path.join(ROOT, 'node_modules');
const sqlite = path.join(modules, 'better-sqlite3/deps/sqlite3');

// As binding.gyp has them, but for NAPI_VERSION=10: see the header.
const HEADER = path.join(import.meta.dirname, 'napi-experimental.h');
const CXX_FLAGS = [
  '-std=c++20',
  '-fno-exceptions',
  '-fno-rtti',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  '-DBUILDING_NODE_EXTENSION',
  '-DNODE_GYP_MODULE_NAME=better_sqlite3',
];
const COMMON_FLAGS = ['-O2', '-fPIC', '-pthread', '-DNDEBUG', '-w'];
const LINK_FLAGS = ['-shared', '-pthread', '-s', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-ldl', '-lm'];

/** Everything the result depends on, for the name of the folder it is cached in. */
export function addonInputs() {
  const installed = JSON.parse(fs.readFileSync(path.join(modules, '.package-lock.json'), 'utf8')).packages;
  const sources = ['better-sqlite3', 'node-addon-api', 'node-api-headers'].map(
    (name) => installed[`node_modules/${name}`].integrity,
  );
  return [fs.readFileSync(HEADER, 'utf8'), ...sources, ...CXX_FLAGS, ...COMMON_FLAGS, ...LINK_FLAGS];
}

/**
 * @param {string} folder an empty folder; better_sqlite3.node will be in it
 * @param {(line: string) => void} say
 */
export async function compileAddon(folder, say) {
  ensureSystemPackages('compiler');
  say('compiling better-sqlite3 for it (about a minute)');
  const gypi = fs.readFileSync(path.join(sqlite, '../defines.gypi'), 'utf8');
  const defines = Array.from(gypi.matchAll(/^\s+'(\w+(?:=[^']*)?)',$/gm), (match) => `-D${match[1]}`);
  const binding = path.join(folder, 'binding.o');
  const database = path.join(folder, 'sqlite3.o');
  const includes = [
    path.join(modules, 'node-api-headers/include'),
    path.join(modules, 'node-addon-api'),
    sqlite,
  ].map((dir) => `-I${dir}`);
  const source = path.join(modules, 'better-sqlite3/src/better_sqlite3.cpp');
  await Promise.all([
    compiler('g++', [
      ...CXX_FLAGS,
      ...COMMON_FLAGS,
      ...includes,
      '-include',
      HEADER,
      '-c',
      source,
      '-o',
      binding,
    ]),
    compiler('gcc', [...COMMON_FLAGS, ...defines, '-c', path.join(sqlite, 'sqlite3.c'), '-o', database]),
  ]);
  await compiler('g++', [binding, database, ...LINK_FLAGS, '-o', path.join(folder, 'better_sqlite3.node')]);
  fs.rmSync(binding);
  fs.rmSync(database);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function compiler(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} could not compile better-sqlite3 (exit ${code})`)),
    );
  });
}
