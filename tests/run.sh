#!/usr/bin/env bash
# Runs every test of the repository; needs the .NET SDK, and gets MariaDB (tests/mariadb.sh), Node.js and Chromium itself.
# The last line of the output is "N passed, N failed", with ", N skipped" when some were; the exit code is 0 when none failed.
#
#   --database sqlite|mariadb|both   where tests of data run; the default is both
#   --filter TEXT                    only tests whose full name contains TEXT
#   --no-build                       with the binaries of the last Release build
#
# A project whose csproj says <RunsOnEveryDatabase>true</RunsOnEveryDatabase> runs once for each database, with TEST_DATABASE
# set to its name and, for mariadb, TEST_MARIADB set to a connection string without a database.
# TEST_TOTALS   file that gets the last line instead of the output
set -Eeuo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$(pwd -P)
# shellcheck source=tests/lib.sh
source tests/lib.sh

readonly project_limit=30m
passed=0 failed=0 skipped=0 group='' reasons='' database=both filter='' build=true work=''

usage() {
  say "tests/run.sh: $1" >&2
  say "usage: tests/run.sh [--database sqlite|mariadb|both] [--filter TEXT] [--no-build]" >&2
  exit 2
}

while (($# > 0)); do
  case $1 in
    --database) database=${2:-}; shift ;;
    --filter) filter=${2:-}; [[ -n $filter ]] || usage "--filter needs a text"; shift ;;
    --no-build) build=false ;;
    *) usage "unknown argument '$1'" ;;
  esac
  shift || usage "the last argument needs a value"
done
case $database in
  sqlite | mariadb) databases=("$database") ;;
  both) databases=(sqlite mariadb) ;;
  *) usage "--database is sqlite, mariadb or both" ;;
esac

finish() {
  local code=$?
  trap '' INT TERM HUP
  set +e
  [[ -z $group ]] || end_group "$group" 10
  if [[ -n $work ]]; then
    env -u TEST_MARIADB bash tests/mariadb.sh stop
    rm -rf "$work"
  fi
  if [[ -n $reasons ]]; then printf '\nProblems:\n%s\n' "$reasons"; fi
  # Whatever ended the run early, the last line must not look like success.
  ((code == 0 || failed > 0)) || failed=1
  if [[ -n ${TEST_TOTALS:-} ]]; then exec >"$TEST_TOTALS"; fi
  totals "$passed" "$failed" "$skipped"
  ((code != 0 || failed == 0)) || code=1
  exit "$code"
}

# One failure that no test of xunit reports: it counts like one.
problem() {
  failed=$((failed + 1))
  reasons+="  $*"$'\n'
  say "FAILED: $*"
}

build() {
  say "== build"
  run_group - dotnet restore Microservices.sln --nologo -v q || { problem "dotnet restore failed"; return 1; }
  # Advice about packages is no defect of this code (Directory.Build.props says why), and nothing runs on Alpine with the embedded SQLite.
  run_group - dotnet build Microservices.sln -c Release --no-restore --nologo -v q -warnaserror \
    '-warnnotaserror:NU1603;NU1901;NU1902;NU1903;NU1904' -nowarn:NETSDK1206 || { problem "the build failed"; return 1; }
}

binary_of() {
  local assembly
  assembly=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$1")
  local -a found=("$(dirname "$1")"/bin/Release/*/"${assembly:-$(basename "$1" .csproj)}.dll")
  ((${#found[@]} == 1)) && [[ -f ${found[0]} ]] && printf '%s' "$repository/${found[0]}"
}

attribute() { sed -n "s/.*<assembly [^>]* $1=\"\([0-9]*\)\".*/\1/p" "$2"; }

show_skipped() {
  awk '/^    [^ ].* \[SKIP\]$/ { skip = 1; print; next } /^      / { if (skip) print; next } { skip = 0 }' "$1"
}

# Runs one project's tests; name and environment (NAME=value...) follow.
run_project() {
  local project=$1 title=$2 binary code=0 log="$work/log" xml="$work/results.xml" started=$SECONDS
  shift 2
  say "== $title"
  binary=$(binary_of "$project") || { problem "$title: no binary of a Release build"; return; }
  rm -f "$xml"
  mkdir -p "$work/tmp"
  local -a command=(env -C "$(dirname "$binary")" -u TEST_MARIADB -u TEST_DATABASE "TMPDIR=$work/tmp" "$@"
    timeout -k 10 "$project_limit" dotnet "$binary" -noLogo -noColor -noAutoReporters -xml "$xml")
  [[ -z $filter ]] || command+=(-method "*$filter*")
  run_group "$log" "${command[@]}" || code=$?
  rm -rf "$work/tmp"

  local ran=0 good bad errors left
  if [[ -s $xml ]] && good=$(attribute passed "$xml") && bad=$(attribute failed "$xml") && [[ -n $good && -n $bad ]]; then
    errors=$(attribute errors "$xml") left=$(attribute skipped "$xml")
    bad=$((bad + ${errors:-0})) ran=$((good + bad + left))
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
    say "   $good passed, $bad failed, $left skipped in $((SECONDS - started)) s"
    ((left == 0)) || show_skipped "$log"
    if ((bad > 0)); then
      cat "$log"
      reasons+="  $title: $bad failed"$'\n'$(sed -n 's/^    \([^ ].*\) \[FAIL\]$/    \1/p' "$log")$'\n'
    elif ((code != 0)); then
      cat "$log"
      problem "$title: ended with code $code although no test failed"
    elif ((ran == 0)) && [[ -z $filter ]]; then
      problem "$title: ran no test"
    fi
  else
    cat "$log"
    if ((code == 124 || code == 137)); then problem "$title: not done after $project_limit"; else problem "$title: crashed with code $code"; fi
  fi
}

trap finish EXIT
trap 'reasons+="  interrupted"$'"'\n'"'; exit 130' INT
trap 'reasons+="  interrupted"$'"'\n'"'; exit 143' TERM HUP

work=$(mktemp -d)
export MARIADB_HOME=$work/mariadb
mariadb=
if [[ $database != sqlite ]]; then
  mariadb=$(bash tests/mariadb.sh start) || { problem "MariaDB could not be started"; exit 1; }
fi
# Clients of other languages run as their users install them.
need npm nodejs npm || { problem "Node.js could not be installed"; exit 1; }
# Pages are looked at in a real browser.
need chromium chromium || { problem "Chromium could not be installed"; exit 1; }
if $build; then build || exit 1; fi

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  [[ $name != Benchmarks ]] || continue
  if grep -q '<RunsOnEveryDatabase>true</RunsOnEveryDatabase>' "$project"; then
    for each in "${databases[@]}"; do
      environment=("TEST_DATABASE=$each")
      [[ $each != mariadb ]] || environment+=("TEST_MARIADB=$mariadb")
      run_project "$project" "$name ($each)" "${environment[@]}"
    done
  else
    run_project "$project" "$name"
  fi
done

((passed + failed + skipped > 0)) || problem "no test was run"
