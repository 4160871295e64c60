#!/usr/bin/env bash
# A real MariaDB for tests and benchmarks, on loopback, with its own data folder.
#
#   tests/mariadb.sh start   makes it available and prints its connection string (again, when it runs already)
#   tests/mariadb.sh url     prints the connection string, or fails when there is none
#   tests/mariadb.sh stop    ends the server that start began and removes its folder
#
# TEST_MARIADB   connection string, without a database, of a server to use instead: nothing is then installed or started
# MARIADB_HOME   folder of the private server; the default is one per user and checkout under TMPDIR or /tmp
set -Eeuo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/lib.sh
source "$repository/tests/lib.sh"
checkout=$(printf '%s' "$repository" | cksum | cut -d ' ' -f 1)
home=${MARIADB_HOME:-${TMPDIR:-/tmp}/microservices-mariadb-$(id -u)-$checkout}
# Where Debian keeps mariadbd, which is not in the PATH of every user.
PATH=$PATH:/usr/sbin:/sbin

readonly start_seconds=60 stop_seconds=30

note() { say "mariadb.sh: $*" >&2; }
die() { note "$@"; exit 1; }

install_server() {
  { need mariadbd mariadb-server-core mariadb-client-core && need mariadb mariadb-client-core; } ||
    die "MariaDB is missing: install mariadb-server-core and mariadb-client-core, or set TEST_MARIADB."
}

random_text() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }

# The server's pid, if that process still is the one that start began: a pid may have been given to another since.
server_pid() {
  local pid
  pid=$(cat "$home/pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "--datadir=$home/data" || return 1
  printf '%s' "$pid"
}

# Only a folder that start made is removed: MARIADB_HOME may name anything.
remove_home() {
  [[ -e $home ]] || return 0
  [[ -f $home/.mariadb-of-tests ]] || die "$home is not a folder of this script; it is left as it is."
  rm -rf "$home"
}

answers() {
  MYSQL_PWD=$2 mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="$1" --user=tests --execute='select 1' >/dev/null 2>&1
}

# Runs inside the server before it takes its first connection, so that no account without a password is ever reachable.
write_init_file() {
  cat >"$home/init.sql" <<SQL
DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys' AND NOT (User = 'root' AND Host = 'localhost');
FLUSH PRIVILEGES;
ALTER USER root@localhost IDENTIFIED BY '$(random_text)';
CREATE USER tests@'127.0.0.1' IDENTIFIED BY '$1';
GRANT ALL PRIVILEGES ON *.* TO tests@'127.0.0.1';
SQL
}

launch() {
  local -a options=(--no-defaults "--datadir=$home/data" "--socket=$home/socket" "--pid-file=$home/mariadbd.pid"
    "--log-error=$home/error.log" --bind-address=127.0.0.1 "--port=$1" --skip-name-resolve --skip-log-bin
    --max-connections=400 --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=1
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci "--init-file=$home/init.sql")
  [[ $(id -u) != 0 ]] || options+=(--user=root)
  # Its own session keeps it from a Ctrl-C that is meant for the tests: they end it when they are done.
  setsid mariadbd "${options[@]}" </dev/null >>"$home/error.log" 2>&1 &
  printf '%s' "$!" >"$home/pid"
}

wait_until_it_answers() {
  local deadline=$((SECONDS + start_seconds))
  until answers "$1" "$2"; do
    server_pid >/dev/null || { sleep 0.2; server_pid >/dev/null || return 1; }
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

start() {
  if [[ -n ${TEST_MARIADB:-} ]]; then printf '%s\n' "$TEST_MARIADB"; return; fi
  if server_pid >/dev/null; then url; return; fi
  install_server
  remove_home
  (umask 077 && mkdir -p "$home" && touch "$home/.mariadb-of-tests")
  [[ -O $home ]] || die "$home belongs to another user."
  # A start that fails or is interrupted leaves nothing behind.
  trap 'stop' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  local -a install=(mariadb-install-db --no-defaults "--datadir=$home/data" --auth-root-authentication-method=normal --skip-test-db)
  [[ $(id -u) != 0 ]] || install+=(--user=root)
  "${install[@]}" >"$home/install.log" 2>&1 || { cat "$home/install.log" >&2; die "mariadb-install-db failed."; }

  local password port attempt
  password=$(random_text)
  write_init_file "$password"
  # Another process may take the port between the look and the start.
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    launch "$port"
    wait_until_it_answers "$port" "$password" && break
    if server_pid >/dev/null || ((attempt == 5)) || ! grep -q 'Address already in use' "$home/error.log"; then
      tail -n 40 "$home/error.log" >&2
      die "mariadbd did not answer within $start_seconds s."
    fi
  done
  rm -f "$home/init.sql"
  (umask 077; printf '%s\n' "Server=127.0.0.1;Port=$port;User ID=tests;Password=$password;SslMode=Disabled" >"$home/url")
  trap - EXIT INT TERM HUP
  url
}

url() {
  if [[ -n ${TEST_MARIADB:-} ]]; then printf '%s\n' "$TEST_MARIADB"; return; fi
  server_pid >/dev/null || die "no MariaDB runs for this checkout: tests/mariadb.sh start"
  cat "$home/url"
}

stop() {
  local pid deadline=$((SECONDS + stop_seconds))
  if pid=$(server_pid); then
    kill -TERM "$pid"
    while server_pid >/dev/null; do
      if ((SECONDS >= deadline)); then
        note "mariadbd did not end within $stop_seconds s and was killed."
        kill -KILL "$pid" 2>/dev/null || true
        break
      fi
      sleep 0.1
    done
  fi
  remove_home
}

case ${1:-} in
  start | stop | url) "$1" ;;
  *) die "usage: tests/mariadb.sh start|stop|url" ;;
esac
