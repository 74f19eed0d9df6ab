# A person at a terminal, for 60-init.sh: answers what `madoguchi init` asks, each answer when its
# question stands on the screen; what the screen showed goes to own/terminal.
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pty
import select
import sys
import time

program, data, base, ipa, officer, imap, smtp = sys.argv[1:]
state = base + "/typed/state"
talk = [
    ("its mail shows it", "Typed \"window\"\n"),
    ("mail address", "not an address\n"),
    ("with blanks between", "https://www.example.co.jp/ https://shop.example.co.jp/\n"),
    ("Authentication-Results", "mx.example.co.jp\n"),
    ("mailbox's server", imap + "\n"),
    ("Login there", "desk\n"),
    ("takes what is sent", smtp + "\n"),
    ("Login there [desk]", "\n"),
    ("yes or no", "\n"),
    ("IPA's public keys", base + "/own/ipa.asc\n"),
    ("officer who is told", "officer@example.co.jp\n"),
    ("that person's public key", base + "/own/officer.asc\n"),
    ("daemon's own folder", state + "\n"),
    ("mailbox's password", "secret words of imap\n"),
    ("sending server's password", "secret words of smtp\n"),
    # What was wrong is asked again, and it alone.
    ("mail address [not an address]", "security@example.co.jp\n"),
    ("count as a key of IPA?", "y\n"),
    ("count as a key of the officer?", "\n"),
    ("Make the desk now", "\n"),
]

pid, screen = pty.fork()
if pid == 0:
    os.chdir(base + "/run")
    os.execv(program, [program, "-c", base + "/typed/madoguchi.conf", "--data-dir", data, "init"])

shown = ""
seen = 0
limit = time.monotonic() + 60 * int(os.environ.get("E2E_SLOW", "1"))


def more():
    global shown
    if not select.select([screen], [], [], max(0, limit - time.monotonic()))[0]:
        sys.exit("waited in vain; the screen says:\n" + shown)
    try:
        got = os.read(screen, 4096)
    except OSError:
        return False
    shown += got.decode("utf-8", "replace")
    return bool(got)


for question, answer in talk:
    while question not in shown[seen:]:
        if not more():
            sys.exit("it ended before it asked %r:\n%s" % (question, shown))
    seen = shown.index(question, seen) + len(question)
    # The echo is off by the time that the question's end is there.
    while not (": " in shown[seen:]):
        if not more():
            sys.exit("it ended at %r:\n%s" % (question, shown))
    time.sleep(0.05)
    os.write(screen, answer.encode())
while more():
    pass
with open(base + "/own/terminal", "w", encoding="utf-8") as out:
    out.write(shown)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
group = " ".join(ipa[i:i + 4] for i in range(0, 20, 4)) + "  " + \
    " ".join(ipa[i:i + 4] for i in range(20, 40, 4))
if group not in shown:
    sys.exit("the fingerprint was not shown to be compared:\n" + shown)
if status != 0:
    sys.exit("it ended with %d:\n%s" % (status, shown))
