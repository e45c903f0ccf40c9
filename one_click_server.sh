#!/usr/bin/env bash
# Starts everything: the same as `npm start`.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
if ! command -v node >/dev/null; then
  echo "Vivarium needs Node 20.19 or newer: https://nodejs.org" >&2
  exit 127
fi
exec node scripts/run.mjs start "$@"
