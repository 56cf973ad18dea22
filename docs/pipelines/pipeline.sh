#!/bin/sh
# The stages of a pipeline, for any runner that has a shell. Each writes what it found to $ARTIFACTS and exits as
# punchdown does: 0 in order, 2 something to look at, 1 could not do it.
#
#   pipeline.sh check     every push: definition and rendering; needs no credentials
#   pipeline.sh plan      pull request: plan.md is the comment; reads devices
#   pipeline.sh apply     after the merge and an approval: applies $ARTIFACTS/site.plan, exactly as planned
#   pipeline.sh drift     every night
#
# apply and drift also write $ARTIFACTS/report: pages over the whole past, as the state store knows it.
# ESTATE, OPERATOR and ARTIFACTS are folders; SITE narrows it to one site.
set -eu
: "${ESTATE:=.}" "${OPERATOR:=$HOME/.config/punchdown}" "${ARTIFACTS:=artifacts}" "${SITE:=*}"
ARTIFACTS=${ARTIFACTS%/}
# a pull request may hold links under these names: nothing is written, removed or uploaded through them
test ! -L "$ARTIFACTS" || rm -- "$ARTIFACTS"
mkdir -p -- "$ARTIFACTS"
find "$ARTIFACTS" -type l -exec rm -- {} +
devices="-e $ESTATE -s $SITE --operator $OPERATOR --events $ARTIFACTS/events.jsonl"
code=0

pages() {
    punchdown report -e "$ESTATE" -s "$SITE" --operator "$OPERATOR" --out "$ARTIFACTS/report" || code=1
}

case "${1:-}" in
check)
    set -f
    punchdown check -e "$ESTATE" -s "$SITE" -o text -o "sarif=$ARTIFACTS/check.sarif" -o "junit=$ARTIFACTS/check.xml"
    punchdown prove --rendered -e "$ESTATE" -s "$SITE" -o text
    rm -rf "$ARTIFACTS/rendered"
    punchdown render -e "$ESTATE" -s "$SITE" --out "$ARTIFACTS/rendered" > /dev/null
    ;;
plan)
    set -f
    # shellcheck disable=SC2086  # the options are words
    punchdown plan $devices --out "$ARTIFACTS/site.plan" -o text -o "markdown=$ARTIFACTS/plan.md" \
        -o "html=$ARTIFACTS/plan.html"
    ;;
apply)
    set -f
    # shellcheck disable=SC2086
    punchdown apply "$ARTIFACTS/site.plan" -e "$ESTATE" --operator "$OPERATOR" --yes -o text \
        -o "json=$ARTIFACTS/apply.json" -o "junit=$ARTIFACTS/apply.xml" --events "$ARTIFACTS/events.jsonl" || code=$?
    # shellcheck disable=SC2086
    test "$code" != 0 || punchdown verify $devices -o text -o "junit=$ARTIFACTS/verify.xml" || code=$?
    pages
    ;;
drift)
    set -f
    # shellcheck disable=SC2086
    punchdown drift $devices -o text -o "html=$ARTIFACTS/drift.html" -o "sarif=$ARTIFACTS/drift.sarif" \
        -o "markdown=$ARTIFACTS/drift.md" || code=$?
    pages
    ;;
*)
    sed -n '2,12p' "$0" >&2
    code=1
    ;;
esac
exit "$code"
