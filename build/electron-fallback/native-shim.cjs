// Preloaded into every Node context of the fallback Electron, and of nothing else.
// better-sqlite3's prebuild needs Node-API 10; this runtime has 9. The product must not know, so the swap is here.
'use strict';
const path = require('node:path');

if (process.versions.electron && Number(process.versions.napi) < 10) {
  const dlopen = process.dlopen.bind(process);
  process.dlopen = (module, file, ...rest) => {
    const ours = /[\\/]better-sqlite3[\\/]prebuilds[\\/][^\\/]+\.node$/.test(file);
    return dlopen(module, ours ? path.join(__dirname, 'better_sqlite3.node') : file, ...rest);
  };
}
