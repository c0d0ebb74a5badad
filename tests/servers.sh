#!/usr/bin/env bash
# Runs a command beside throwaway database servers: tests/servers.sh [--all | --own SERVER] COMMAND…
#
# Each server that is installed gets a folder of its own, listens on a socket in it and nowhere else, and is gone with the
# command. The command finds them in KITH_TEST_POSTGRESQL and KITH_TEST_MARIADB, URLs of databases in which it may do
# what it likes. Before PostgreSQL stand two poolers, pgbouncer with pool_mode session and transaction, for any database:
# put its name for NAME in KITH_TEST_POOLER_SESSION and KITH_TEST_POOLER_TRANSACTION. With --all, a server that is not
# installed is an error.
#
# With --own, only SERVER (postgresql or mariadb) is started. The command may kill it and start it again, by running what
# KITH_TEST_RESTART names. It speaks TLS with the certificate KITH_TEST_CERTIFICATE, PostgreSQL also at 127.0.0.1, on the
# port KITH_TEST_PORT and by TLS alone; PostgreSQL asks members of the role with_password for theirs.
set -euo pipefail

all='' own=''
if [[ ${1:-} == --all ]]; then
    all=yes
    shift
elif [[ ${1:-} == --own ]]; then
    own=${2:-}
    shift 2
fi
(($#)) || {
    echo "usage: tests/servers.sh [--all | --own SERVER] COMMAND…" >&2
    exit 2
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/kith-servers-XXXXXX")
postgresql_bin='' postgresql_start=() mariadb_command=()

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
    local status=$? pooler
    trap - EXIT
    for pooler in "$folder"/pgbouncer-*.pid; do
        if [[ -e $pooler ]]; then kill -TERM "$(cat "$pooler")" 2>/dev/null || true; fi
    done
    if [[ -n $postgresql_bin ]]; then
        (cd / && "${as_user[@]}" "$postgresql_bin/pg_ctl" -D "$folder/postgresql" -m immediate -w stop) >/dev/null 2>&1 || true
    fi
    if ((${#mariadb_command[@]})); then kill_mariadb; fi
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

# The certificate of a server of the command's own, for localhost.
make_certificate() {
    loudly openssl openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$folder/server.key" -out "$folder/server.pem"
    chmod 600 "$folder/server.key"
    chmod 644 "$folder/server.pem"
    if ((EUID == 0)); then chown "$user" "$folder/server.key" "$folder/server.pem"; fi
    export KITH_TEST_CERTIFICATE=$folder/server.pem
}

# restart_by COMMAND…: what KITH_TEST_RESTART names.
restart_by() {
    printf '#!/usr/bin/env bash\ncd / && %s\n' "$(printf '%q ' "$@")" >"$folder/restart"
    chmod 755 "$folder/restart"
    export KITH_TEST_RESTART=$folder/restart
}

# All of its processes at once, in the midst of what they do. The first one must start no other meanwhile.
kill_postgresql() {
    local pid others
    pid=$(head -n 1 "$folder/postgresql/postmaster.pid" 2>/dev/null) || return 0
    kill -STOP "$pid"
    others=$(cat "/proc/$pid/task/$pid/children")
    # shellcheck disable=SC2086
    kill -KILL $others "$pid"
    for pid in $others $pid; do
        while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    done
    rm -f "$folder/postgresql/postmaster.pid"
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
    local options="-F -k '$folder' -c full_page_writes=off -c max_connections=200 -c max_prepared_transactions=0"
    postgresql_start=("${as_user[@]}" "$bin/pg_ctl" -D "$data" -l "$folder/postgresql.log" -w -s start)
    if [[ -z $own ]]; then
        loudly pg_ctl "${postgresql_start[@]}" -o "$options -h ''"
        export KITH_TEST_POSTGRESQL="postgresql://kith@/postgres?host=$folder"
        # Once: tests that run side by side would be in each other's way.
        loudly extensions "$bin/psql" -h "$folder" -U kith -d postgres -c 'CREATE EXTENSION citext' \
            -c 'CREATE EXTENSION ltree'
        start_pooler session 6432
        start_pooler transaction 6433
        return
    fi
    make_certificate
    printf '%s\n' 'local all +with_password scram-sha-256' 'local all all trust' 'hostssl all all all trust' \
        >"$data/pg_hba.conf"
    options+=" -h 127.0.0.1 -c ssl=on -c ssl_cert_file='$folder/server.pem' -c ssl_key_file='$folder/server.key'"
    local tries
    for ((tries = 0; tries < 10; ++tries)); do # the port may be in use
        export KITH_TEST_PORT=$((20000 + RANDOM % 10000))
        if "${postgresql_start[@]}" -o "$options -p $KITH_TEST_PORT" >/dev/null 2>&1; then break; fi
    done
    postgresql_start+=(-o "$options -p $KITH_TEST_PORT")
    restart_by bash -c "folder=$folder; $(declare -p postgresql_start); $(declare -f kill_postgresql)
        kill_postgresql; \"\${postgresql_start[@]}\""
    export KITH_TEST_POSTGRESQL="postgresql://kith@:$KITH_TEST_PORT/postgres?host=$folder"
}

# start_pooler MODE PORT: a pgbouncer that has four connections to the server for each database, and else its defaults.
start_pooler() {
    local mode=$1 port=$2 config=$folder/pgbouncer-$1.ini program tries
    program=$(command -v pgbouncer || echo /usr/sbin/pgbouncer)
    if [[ ! -x $program ]]; then
        missing pgbouncer
        return
    fi
    printf '%s\n' '[databases]' "* = host=$folder user=kith" '[pgbouncer]' "pool_mode = $mode" 'default_pool_size = 4' \
        'auth_type = any' 'listen_addr =' "listen_port = $port" "unix_socket_dir = $folder" \
        "logfile = $folder/pgbouncer-$mode.log" "pidfile = $folder/pgbouncer-$mode.pid" >"$config"
    chmod 644 "$config"
    loudly "pgbouncer-$mode-start" "${as_user[@]}" "$program" -q -d "$config"
    for ((tries = 0; tries < 300; ++tries)); do
        if [[ -S $folder/.s.PGSQL.$port ]]; then break; fi
        sleep 0.02
    done
    export "KITH_TEST_POOLER_${mode^^}=postgresql://kith@:$port/NAME?host=$folder"
}

# Whoever restarted it.
kill_mariadb() {
    local pid
    pid=$(cat "$folder/mariadb.pid" 2>/dev/null) || return 0
    kill -KILL "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
    rm -f "$folder/mariadb.pid"
}

run_mariadb() {
    "${mariadb_command[@]}" >>"$folder/mariadb.log" 2>&1 </dev/null &
    disown # the shell need not tell that it was killed
    local tries
    for ((tries = 0; tries < 300; ++tries)); do
        if mariadb-admin --no-defaults --socket="$folder/mariadb.sock" --user=root ping >/dev/null 2>&1; then return; fi
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/mariadb.log" >&2
    exit 1
}

start_mariadb() {
    local data=$folder/mariadb socket=$folder/mariadb.sock
    if ! command -v mariadbd >/dev/null || ! command -v mariadb-install-db >/dev/null; then
        missing MariaDB
        return
    fi
    # What it synchronizes is for a machine that fails: each table takes a dozen waits for the disk otherwise.
    local without_sync=()
    if command -v eatmydata >/dev/null; then without_sync=(eatmydata --); fi
    loudly mariadb-install-db "${as_user[@]}" "${without_sync[@]}" mariadb-install-db --no-defaults \
        --datadir="$data" --skip-test-db --auth-root-authentication-method=normal --innodb-log-file-size=64M
    # A server that starts removes what it takes for temporary tables of its own from where they lie.
    mariadb_command=("${as_user[@]}" "${without_sync[@]}" mariadbd --no-defaults --datadir="$data" --socket="$socket"
        --tmpdir="$folder" --pid-file="$folder/mariadb.pid" --skip-networking --skip-log-bin
        --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync --innodb-doublewrite=0
        --innodb-log-file-size=64M --max-connections=200)
    if [[ -n $own ]]; then
        make_certificate
        # What is committed survives the process.
        mariadb_command+=(--ssl-cert="$folder/server.pem" --ssl-key="$folder/server.key"
            --innodb-flush-log-at-trx-commit=2)
        restart_by bash -c "folder=$folder; $(declare -p mariadb_command); $(declare -f kill_mariadb run_mariadb)
            kill_mariadb; run_mariadb"
    fi
    run_mariadb
    export KITH_TEST_MARIADB="mariadb://root@/?socket=$socket"
}

cd_back=$PWD
cd "$folder" # where every user may be
[[ -n $own && $own != postgresql ]] || start_postgresql
[[ -n $own && $own != mariadb ]] || start_mariadb
cd "$cd_back"
"$@"
