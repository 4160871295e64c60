# shellcheck shell=bash
# What the scripts of the tests share.

# No compiler or build process stays behind when the script is done.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*"; }

# A port of loopback that nobody answers on; another process may still take it before its user does.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s' "$port"; return; }
  done
}

# totals PASSED FAILED SKIPPED: the last line of a run.
totals() {
  local line="$1 passed, $2 failed"
  (($3 == 0)) || line+=", $3 skipped"
  say "$line"
}

# Processes run in a group of their own, so that all that they start can be ended with them by id, and so that Ctrl-C reaches
# the script alone, which then ends things in order.

# start_group LOG COMMAND...: starts it in the background; its id, also that of its group, is in `group`. Its output goes to LOG,
# or to the script's own when that is "-": a redirection around this call would also swallow what traps print.
start_group() {
  local log=$1
  shift
  set -m
  if [[ $log == - ]]; then
    "$@" </dev/null &
  else
    "$@" </dev/null >"$log" 2>&1 &
  fi
  group=$!
  set +m
}

# Whether a process of the group runs; one that has ended and waits for its parent to notice does not.
group_runs() {
  # Processes come and go while they are listed: what cat cannot open any more is no failure.
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed 's/.*) //' |
    awk -v group="$1" '$3 == group && $1 != "Z" && $1 != "X" { found = 1 } END { exit !found }'
}

# end_group ID SECONDS: asks every process of the group to end, and kills what has not after that time; then it fails.
end_group() {
  local deadline=$((SECONDS + $2))
  group_runs "$1" || return 0
  kill -TERM -- "-$1" 2>/dev/null || true
  while group_runs "$1"; do
    if ((SECONDS >= deadline)); then
      kill -KILL -- "-$1" 2>/dev/null || true
      return 1
    fi
    sleep 0.1
  done
}

# run_group LOG COMMAND...: runs it to its end, and returns its exit code; `group` is empty afterwards.
run_group() {
  local code=0
  start_group "$@"
  wait "$group" || code=$?
  end_group "$group" 10 || true
  group=
  return "$code"
}

# Sees that a program is there, installing Debian packages where it is not: need PROGRAM PACKAGE...
need() {
  local program=$1
  shift
  ! command -v "$program" >/dev/null 2>&1 || return 0
  command -v apt-get >/dev/null 2>&1 || { say "$program is missing and there is no apt-get: install $*" >&2; return 1; }
  local -a root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null 2>&1 || { say "$program is missing, and installing it needs root or sudo: install $*" >&2; return 1; }
    root=(sudo)
  fi
  say "installing $*" >&2
  local -a install=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
  # The package lists may be old or not there yet.
  "${install[@]}" >&2 || { "${root[@]}" apt-get update -q >&2 && "${install[@]}" >&2; } || return 1
  command -v "$program" >/dev/null 2>&1 || { say "$program is still missing after its installation" >&2; return 1; }
}
