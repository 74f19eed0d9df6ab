# A person at a terminal: runs a command on one, and answers what it asks, each answer when its
# question stands on the screen. What the screen showed goes to a file; the command's exit status is
# ours.
#	terminal.py SCREEN-FILE COMMAND... <<END
#	question<TAB>answer<TAB>command
#	END
# An answer ^C is that key; a question with nothing behind it is only waited for. The command, if there
# is one, is run before the answer is typed.
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pty
import select
import signal
import subprocess
import sys
import time

out, command = sys.argv[1], sys.argv[2:]
talk = [line.rstrip("\n").split("\t", 2) for line in sys.stdin if line.strip()]
pid, screen = pty.fork()
if pid == 0:
    # A suite in the background ignores it, and so would all that it starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(command[0], command)

shown = ""
seen = 0
limit = time.monotonic() + 60 * int(os.environ.get("E2E_SLOW", "1"))


def fail(why):
    sys.exit("%s; the screen says:\n%s" % (why, shown))


def more():
    global shown
    if not select.select([screen], [], [], max(0, limit - time.monotonic()))[0]:
        fail("waited in vain")
    try:
        got = os.read(screen, 4096)
    except OSError:
        return False
    shown += got.decode("utf-8", "replace")
    return bool(got)


for step in talk:
    while step[0] not in shown[seen:]:
        if not more():
            fail("it ended before it said %r" % step[0])
    seen = shown.index(step[0], seen) + len(step[0])
    if len(step) == 1:
        continue
    # The question's end: an echo that is to be off is off by then.
    while ": " not in shown[seen:]:
        if not more():
            fail("it ended at %r" % step[0])
    if len(step) > 2:
        subprocess.run(step[2], shell=True, check=True)
    os.write(screen, b"\x03" if step[1] == "^C" else step[1].encode() + b"\n")
while more():
    pass
with open(out, "w", encoding="utf-8") as file:
    file.write(shown)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if status != 0:
    print(shown)
sys.exit(status if status >= 0 else 128 - status)
