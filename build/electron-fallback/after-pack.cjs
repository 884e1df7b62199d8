// A packaged app ignores NODE_OPTIONS, so native-shim.cjs does not reach it: the addon itself is swapped.
const fs = require('node:fs');
const path = require('node:path');

/** @param {{ appOutDir: string }} context */
exports.default = ({ appOutDir }) => {
  const addon = path.join(String(process.env.GLASSPOST_FALLBACK), 'better_sqlite3.node');
  const resources = path.join(appOutDir, 'resources');
  const shipped = 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node';
  fs.copyFileSync(addon, path.join(resources, shipped));
  fs.rmSync(path.join(resources, 'default_app.asar'), { force: true });
};
