#!/bin/sh
# The stages of a pipeline, for any runner that has a shell. The package installs it as `punchdown-pipeline`. Each stage
# writes what it found to $ARTIFACTS and exits as punchdown does: 0 in order, 2 something to look at, 1 could not do it.
#
#   punchdown-pipeline check     every push: definition and rendering; needs no credentials
#   punchdown-pipeline plan      pull request: plan.md is the comment; reads devices
#   punchdown-pipeline apply     after the merge and an approval: applies $ARTIFACTS/site.plan, exactly as planned
#   punchdown-pipeline drift     every night
#
# apply and drift also write $ARTIFACTS/report: pages over the whole past, as the state store knows it.
# ESTATE, OPERATOR and ARTIFACTS are folders; SITE narrows it to one site. ARTIFACTS is emptied first when it lies in the
# folder where this is started; apply keeps site.plan.
set -euf
: "${ESTATE:=.}" "${OPERATOR:=$HOME/.config/punchdown}" "${ARTIFACTS:=artifacts}" "${SITE:=*}"
ARTIFACTS=${ARTIFACTS%/}
code=0

refuse() {
    echo "punchdown-pipeline: $1" >&2
    exit 1
}

# What a pull request has put where the artefacts go is neither followed, when it is a link, nor taken for a result.
make_room() {
    test ! -L "$ARTIFACTS" || rm -- "$ARTIFACTS"
    mkdir -p -- "$ARTIFACTS"
    here=$(pwd -P) there=$(cd -P -- "$ARTIFACTS" && pwd)
    case "$there/" in
    "${here%/}"/?*) ;;
    *)
        case "$ARTIFACTS" in /*) ;; *) refuse "ARTIFACTS=$ARTIFACTS leads to $there, out of $here" ;; esac
        find "$ARTIFACTS" -type l -exec rm -- {} +
        return
        ;;
    esac
    for used in "$there"/punchdown.yml "$there"/inventory "$there"/.git; do
        test ! -e "$used" || refuse "ARTIFACTS=$ARTIFACTS is emptied first, and holds $used"
    done
    find "$there" -mindepth 1 -maxdepth 1 ! \( -name "$1" -type f \) -exec rm -rf -- {} +
}

# A runner that is told to stop tells its shell alone: hand it on, and wait until no device is left in the middle.
change() {
    punchdown "$@" &
    child=$!
    trap 'kill -TERM "$child" 2>/dev/null || :' INT TERM
    while code=0 && { wait "$child" || code=$?; } && kill -0 "$child" 2>/dev/null; do :; done
    trap - INT TERM
}

pages() {
    punchdown report -e "$ESTATE" -s "$SITE" --operator "$OPERATOR" --out "$ARTIFACTS/report" || code=1
}

look() {
    verb=$1
    shift
    punchdown "$verb" -e "$ESTATE" -s "$SITE" --operator "$OPERATOR" --events "$ARTIFACTS/events.jsonl" -o text "$@" \
        || code=$?
}

case "${1:-}" in
check)
    make_room ''
    punchdown check -e "$ESTATE" -s "$SITE" -o text -o "sarif=$ARTIFACTS/check.sarif" -o "junit=$ARTIFACTS/check.xml"
    punchdown prove --rendered -e "$ESTATE" -s "$SITE" -o text
    punchdown render -e "$ESTATE" -s "$SITE" --out "$ARTIFACTS/rendered" > /dev/null
    ;;
plan)
    make_room ''
    look plan --out "$ARTIFACTS/site.plan" -o "markdown=$ARTIFACTS/plan.md" -o "html=$ARTIFACTS/plan.html"
    ;;
apply)
    make_room site.plan
    change apply "$ARTIFACTS/site.plan" -e "$ESTATE" --operator "$OPERATOR" --yes --events "$ARTIFACTS/events.jsonl" \
        -o text -o "json=$ARTIFACTS/apply.json" -o "junit=$ARTIFACTS/apply.xml"
    test "$code" != 0 || look verify -o "junit=$ARTIFACTS/verify.xml"
    pages
    ;;
drift)
    make_room ''
    look drift -o "html=$ARTIFACTS/drift.html" -o "sarif=$ARTIFACTS/drift.sarif" -o "markdown=$ARTIFACTS/drift.md"
    pages
    ;;
*)
    sed -n '2,12p' "$0" >&2
    code=1
    ;;
esac
exit "$code"
