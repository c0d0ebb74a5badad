#!/usr/bin/env bash
# Runs a command beside throwaway database servers: tests/servers.sh [--all] COMMAND…
#
# Each server that is installed gets a folder of its own, listens on a socket in it and nowhere else, and is gone with the
# command. The command finds them in KITH_TEST_POSTGRESQL and KITH_TEST_MARIADB, URLs of databases in which it may do
# what it likes. With --all, a server that is not installed is an error.
set -euo pipefail

all=''
if [[ ${1:-} == --all ]]; then
    all=yes
    shift
fi
(($#)) || {
    echo "usage: tests/servers.sh [--all] COMMAND…" >&2
    exit 2
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/kith-servers-XXXXXX")
postgresql_bin='' mariadb_pid=''

# Servers refuse to run as root.
as_user=()
if ((EUID == 0)); then
    user=nobody
    if id -u postgres >/dev/null 2>&1; then user=postgres; fi
    as_user=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
    chown "$user" "$folder"
fi
chmod 755 "$folder"

stop() {
    local status=$?
    trap - EXIT
    if [[ -n $postgresql_bin ]]; then
        (cd / && "${as_user[@]}" "$postgresql_bin/pg_ctl" -D "$folder/postgresql" -m immediate -w stop) >/dev/null 2>&1 || true
    fi
    if [[ -n $mariadb_pid ]]; then
        kill -KILL "$mariadb_pid" 2>/dev/null || true
        wait "$mariadb_pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
    exit "$status"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# loudly LOG COMMAND…: what it wrote is shown only if it fails.
loudly() {
    local log=$folder/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        cat "$log" >&2
        return 1
    }
}

missing() {
    if [[ -n $all ]]; then
        echo "servers: $1 is not installed" >&2
        exit 1
    fi
}

find_postgresql() {
    local bin
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /none/x)")"; do
        if [[ -x $bin/initdb && -x $bin/pg_ctl ]]; then
            echo "$bin"
            return
        fi
    done
}

start_postgresql() {
    local bin data=$folder/postgresql
    bin=$(find_postgresql)
    if [[ -z $bin ]]; then
        missing PostgreSQL
        return
    fi
    loudly initdb "${as_user[@]}" "$bin/initdb" -D "$data" -U kith -A trust -E UTF8 --locale=C.UTF-8 --no-sync
    postgresql_bin=$bin
    loudly pg_ctl "${as_user[@]}" "$bin/pg_ctl" -D "$data" -l "$folder/postgresql.log" -w start \
        -o "-F -k '$folder' -h '' -c full_page_writes=off -c max_connections=200 -c max_prepared_transactions=0"
    export KITH_TEST_POSTGRESQL="postgresql://kith@/postgres?host=$folder"
}

start_mariadb() {
    local data=$folder/mariadb socket=$folder/mariadb.sock
    if ! command -v mariadbd >/dev/null || ! command -v mariadb-install-db >/dev/null; then
        missing MariaDB
        return
    fi
    loudly mariadb-install-db "${as_user[@]}" mariadb-install-db --no-defaults --datadir="$data" --skip-test-db \
        --auth-root-authentication-method=normal --innodb-log-file-size=64M
    "${as_user[@]}" mariadbd --no-defaults --datadir="$data" --socket="$socket" --pid-file="$folder/mariadb.pid" \
        --skip-networking --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync \
        --innodb-doublewrite=0 --innodb-log-file-size=64M --max-connections=200 >"$folder/mariadb.log" 2>&1 &
    mariadb_pid=$!
    local tries
    for ((tries = 0; tries < 300; ++tries)); do
        if mariadb-admin --no-defaults --socket="$socket" --user=root ping >/dev/null 2>&1; then
            export KITH_TEST_MARIADB="mariadb://root@/?socket=$socket"
            return
        fi
        kill -0 "$mariadb_pid" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/mariadb.log" >&2
    exit 1
}

cd_back=$PWD
cd "$folder" # where every user may be
start_postgresql
start_mariadb
cd "$cd_back"
"$@"
