# Sourced by the setup of a peer written in Python: installs its requirements into a virtual environment.

# set_up_python MODULE [REQUIREMENTS MODULES]: what can be imported once requirements.txt, and REQUIREMENTS as well, are there.
set_up_python() {
    local requirements=("$here/requirements.txt") modules=$1
    if (($# > 1)); then
        requirements+=("$here/$2")
        modules+=", $3"
    fi
    unless_current "$build/venv/bin/python" -c "import $modules"
    command -v python3 >/dev/null || need python3
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Python is older than 3.10"
    # Debian keeps what `venv` needs in a package of its own.
    python3 -c 'import ensurepip' 2>/dev/null || need python3-venv
    if ! "$build/venv/bin/pip" --version >/dev/null 2>&1; then
        rm -rf "$build/venv"
        quietly python3 -m venv "$build/venv" || skip "no virtual environment could be made"
    fi
    quietly "$build/venv/bin/pip" install --disable-pip-version-check --no-deps "${requirements[@]/#/--requirement=}" ||
        skip "pip could not install $(cat "${requirements[@]}" | paste -sd' ')"
    done_setup
}
