# Sourced by the setup of a peer written in Python: installs its requirements.txt into a virtual environment.

# set_up_python MODULE: MODULE is what can be imported once all is there.
set_up_python() {
    unless_current "$build/venv/bin/python" -c "import $1"
    command -v python3 >/dev/null || need python3
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Python is older than 3.10"
    # Debian keeps what `venv` needs in a package of its own.
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv
    rm -rf "$build/venv"
    quietly python3 -m venv "$build/venv" || skip "no virtual environment could be made"
    quietly "$build/venv/bin/pip" install --disable-pip-version-check --no-deps -r "$here/requirements.txt" ||
        skip "pip could not install $(paste -sd' ' "$here/requirements.txt")"
    done_setup
}
