#!/bin/sh
# What the fresh keybox of `madoguchi init` saves: gpg's time for one mail that is opened, with the
# keybox as gpg made it along with the key, and with its keys imported anew, in turn.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
E2E=$(cd "$(dirname "$0")/../e2e" && pwd)
. "$E2E/lib.sh"
story_begin 'a fresh keybox'
mails=${MAILS:-300}
desk=$(key_new "$T/as-made" 'Window <security@example.co.jp>' 2y)
coordinator=$(key_new "$T/ipa" 'Coordinator <vuln-contact@ipa.go.jp>')
key_copy "$T/ipa" "$coordinator" "$T/as-made"
key_copy "$T/as-made" "$desk" "$T/ipa"
head -c 6000 /dev/urandom | base64 >"$T/own/text"
story_gpg "$T/ipa" --pinentry-mode loopback --passphrase '' -u "$coordinator" -r "$desk" -s -e \
	-o "$T/own/mail" "$T/own/text"
# The same secret keys, the keys imported anew: what pgp_refresh() does.
key_home "$T/fresh"
cp -r "$T/as-made/private-keys-v1.d" "$T/fresh/"
story_gpg "$T/as-made" --export | story_gpg "$T/fresh" --import

"$PYTHON" -I - "$mails" "$T/own/mail" "$T/as-made" "$T/fresh" <<'END'
import resource, statistics, subprocess, sys, time

mails, mail, homes = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
taken = {home: [] for home in homes}
for _ in range(mails):
    for home in homes:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(["gpg", "--homedir", home, "--batch", "--quiet", "--no-tty", "--trust-model",
                        "always", "-d", mail], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken[home].append((cpu * 1000, wall * 1000))
print("gpg, one mail decrypted and verified, medians of %d:" % mails)
for home, words in zip(homes, ("keybox as made with the key", "fresh keybox")):
    print("  %-28s %.2f ms of processor time, %.2f ms in all" % (
        words, statistics.median(t[0] for t in taken[home]),
        statistics.median(t[1] for t in taken[home])))
END
story_end
