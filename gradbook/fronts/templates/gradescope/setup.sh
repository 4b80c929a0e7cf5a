#!/usr/bin/env bash
# Gradescope runs this once, as root, when the autograder is built.
set -euo pipefail
ROOT="${GRADESCOPE_ROOT:-/autograder}"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y bubblewrap
apt-get install -y python3.11 python3.11-venv || apt-get install -y python3 python3-venv
PYTHON="$(command -v python3.11 || command -v python3)"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 is needed: choose a newer base image")'
"$PYTHON" -m venv "$ROOT/venv"
"$ROOT/venv/bin/pip" install --requirement "$ROOT/source/requirements.txt"
