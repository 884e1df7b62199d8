#!/bin/sh
# Starts the fallback Electron. NODE_OPTIONS is set here because Playwright clears it for the program it launches.
# Chromium refuses its sandbox to root; everyone else keeps it.
here=$(dirname "$(readlink -f "$0")")
export NODE_OPTIONS="--require=\"$here/native-shim.cjs\"${NODE_OPTIONS:+ $NODE_OPTIONS}"
if [ "$(id -u)" = 0 ] && [ -z "$ELECTRON_RUN_AS_NODE" ]; then
  exec "$here/dist/electron" --no-sandbox "$@"
fi
exec "$here/dist/electron" "$@"
