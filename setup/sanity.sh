#!/bin/sh
# The collection as it is built and installed, under ansible-lint's production profile and ansible-test sanity.
# Usage: setup/sanity.sh DIRECTORY-OF-ANSIBLE quick|whole
# quick: the sanity tests that need nothing but ansible-test itself. whole: those, too, that ansible-test gives a virtual
# environment of their own, which pip fills from the package index. What has no files here (PowerShell, shell) is passed.
set -eu
bin=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH="$bin:$PATH"
quick="action-plugin-docs changelog compile empty-init ignores line-endings no-assert no-get-exception
no-illegal-filenames no-smart-quotes replace-urlopen shebang symlinks use-argspec-type-path use-compat-six"

mkdir -p "$work/home/.ansible/test/cache" "$work/home/.config"
test ! -d "$HOME/.config/pip" || ln -s "$HOME/.config/pip" "$work/home/.config/pip"
# ansible-test would download a script that installs pip; Python brings pip along
printf 'import ensurepip\n\nensurepip.bootstrap(default_pip=True)\n' > "$work/home/.ansible/test/cache/get_pip_24_2.py"
unset ANSIBLE_CONFIG ANSIBLE_INVENTORY_ENABLED
export HOME="$work/home" ANSIBLE_COLLECTIONS_PATH="$work" ANSIBLE_HOME="$work/home/.ansible" LC_ALL=C.UTF-8

cd "$work"
ansible-galaxy collection build "$root" --output-path "$work" > /dev/null
ansible-galaxy collection install punchdown-site-*.tar.gz -p "$work" --offline > /dev/null
cd "$work/ansible_collections/punchdown/site"
mkdir -p tests/sanity
release=$(ansible-test --version | sed 's/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/')
cp "$root/tests/sanity/ignore.txt" "tests/sanity/ignore-$release.txt"

python=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "${2:-quick}" = whole ]; then
    ansible-test sanity --python "$python" --requirements
else
    # shellcheck disable=SC2086,SC2046  # the tests are words
    ansible-test sanity --python "$python" $(printf ' --test %s' $quick)
fi
rm -r tests
ansible-lint --offline --nocolor --profile production
