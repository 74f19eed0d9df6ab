#!/usr/bin/env python3
"""Looks for words in what a process shows of itself: memory.py where PID WORD...

where is `shown` (environment, command line) or `memory` (all that it may write to). A word counts
as found as it is and in base64, also as part of a longer text. Prints where it was found, and
ends with 1 then.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import array
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from leaks import spellings  # noqa: E402

# The shadow memory of a sanitizer is mapped and empty.
REGION_MAX = 1 << 30
PAGE = os.sysconf("SC_PAGESIZE")


def shown(pid):
    for name in ("environ", "cmdline"):
        with open("/proc/%s/%s" % (pid, name), "rb") as file:
            yield name, file.read()


def there(pagemap, start, end):
    """The runs of pages between two addresses that were ever written to and not given back: the others
    are zeros, and reading them takes minutes in a sanitizer's heap."""
    pagemap.seek(start // PAGE * 8)
    begin = None
    for at, page in enumerate(array.array("Q", pagemap.read((end - start) // PAGE * 8))):
        # Bit 63: in memory; 62: in swap.
        if page >> 62:
            begin = start + at * PAGE if begin is None else begin
        elif begin is not None:
            yield begin, start + at * PAGE
            begin = None
    if begin is not None:
        yield begin, end


def memory(pid):
    with open("/proc/%s/maps" % pid, encoding="ascii", errors="replace") as maps:
        lines = maps.readlines()
    with open("/proc/%s/mem" % pid, "rb", buffering=0) as mem, \
            open("/proc/%s/pagemap" % pid, "rb", buffering=0) as pagemap:
        for line in lines:
            start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            start, end = int(start, 16), int(end, 16)
            if not rights.startswith("rw") or end - start > REGION_MAX:
                continue
            for begin, stop in there(pagemap, start, end):
                try:
                    mem.seek(begin)
                    yield line.split()[-1], mem.read(stop - begin)
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
