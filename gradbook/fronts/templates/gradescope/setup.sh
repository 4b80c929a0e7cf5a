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
# So that no submission waits for what is the same for all; without it, each works out what it needs.
export GRADESCOPE_ROOT="$ROOT" OPENBLAS_NUM_THREADS=1
PYTHONPATH="$ROOT/source" "$ROOT/venv/bin/python" -P -c 'from gradbook.fronts.gradescope import prepare; prepare()' || true
