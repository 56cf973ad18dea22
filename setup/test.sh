#!/bin/sh
# The tests that build networks run by themselves, one after the other; they wait more than they compute, so the others
# run beside them, at a lower priority; each worker begins with a half of the files, since what a file has built is
# kept for its next test.  Usage: setup/test.sh DIRECTORY-OF-PYTEST
set -eu
unset PYTHONDONTWRITEBYTECODE  # hundreds of processes would compile the same modules again
others=$(mktemp)
trap 'rm -f "$others"' EXIT
echo "Tests that build networks; the others run beside them and speak afterwards:"
# a shell has what it runs beside ignore Ctrl-C; tests press it
env --default-signal=INT,QUIT nice "$1/pytest" -n auto --dist worksteal -m "not lab" >"$others" 2>&1 &
beside=$!
code=0
"$1/pytest" -m lab || code=$?
wait "$beside" || code=$?
cat "$others"
exit "$code"
