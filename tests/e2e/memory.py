#!/usr/bin/env python3
"""Looks for words in what a process shows of itself: memory.py where PID WORD...

where is `shown` (environment, command line) or `memory` (all that it may write to). A word counts
as found as it is and in base64, also as part of a longer text. Prints where it was found, and
ends with 1 then.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from leaks import spellings  # noqa: E402

# The shadow memory of a sanitizer is mapped and empty.
REGION_MAX = 1 << 30


def shown(pid):
    for name in ("environ", "cmdline"):
        with open("/proc/%s/%s" % (pid, name), "rb") as file:
            yield name, file.read()


def memory(pid):
    with open("/proc/%s/maps" % pid, encoding="ascii", errors="replace") as maps:
        lines = maps.readlines()
    with open("/proc/%s/mem" % pid, "rb", buffering=0) as mem:
        for line in lines:
            start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            start, end = int(start, 16), int(end, 16)
            if not rights.startswith("rw") or end - start > REGION_MAX:
                continue
            try:
                mem.seek(start)
                yield line.split()[-1], mem.read(end - start)
            except OSError:
                continue


def main():
    where, pid, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    if not words:
        sys.exit("no word to look for")
    found = 0
    for place, data in (shown if where == "shown" else memory)(pid):
        for word in words:
            for form, name in spellings(word).items():
                if form in data:
                    print("%s of %s: %s" % (place, pid, name))
                    found += 1
    sys.exit(1 if found else 0)


main()
