#!/usr/bin/env python3
"""An IMAP server on loopback that lies as it is told: faultimap.py PORT DIR

It has one folder, INBOX, whose mails are DIR/mails/N.eml with N for their UID; it takes any user
with any password in clear. What it does is the word in DIR/lie, looked at again at each command; a
new word ends every connection, so that the next one meets it whole:

  honest           no lie
  greeting-flood   a greeting of five million bytes without an end
  capability-flood capabilities without an end
  select-flood     untagged lines without an end for SELECT
  wrong-tag        SELECT is answered under another command's tag
  absurd-literal   the first mail is announced as a literal of four thousand million bytes
  size-lie         each mail says that it has ten bytes, and fifty million come
  bye-in-literal   the server leaves in the middle of a mail
  unasked          other mails come than those that were asked for
  expunge          mails vanish while they are read
  nested           a structure nested nearly two million deep
  uidvalidity      UIDVALIDITY changes at each look
  uidnext-high     UIDNEXT is far above what comes
  uidnext-back     UIDs begin at 1 again, under the same UIDVALIDITY
  news-flood       IDLE tells of news without end, and there are none

DIR/log has a line for each command (no passwords); DIR/up exists once the port is open.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import re
import select
import socketserver
import sys
import threading
import time

FLOOD = b"x" * 65536


class Cut(Exception):
    """The connection ends here."""


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self):
        self.lie = self.server.lie()
        self.validity = 7
        self.count = 0
        try:
            if self.lie == "greeting-flood":
                self.flood(b"", FLOOD)
            self.say("* OK ready")
            while self.command():
                pass
        except (Cut, OSError):
            pass

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def flood(self, head, block):
        self.wfile.write(head)
        while True:
            self.wfile.write(block)

    def flood_lines(self, line):
        self.flood(b"", (line + "\r\n").encode() * 1000)

    def mails(self):
        """UID and path of each, in order."""
        names = sorted(int(name[:-4]) for name in os.listdir(self.server.mails))
        if self.lie == "uidnext-back":
            return [(i + 1, self.server.mail(n)) for i, n in enumerate(names)]
        return [(n, self.server.mail(n)) for n in names]

    def next_uid(self):
        if self.lie == "uidnext-high":
            return 4000000000
        mails = self.mails()
        return mails[-1][0] + 1 if mails else 1

    def command(self):
        while not select.select([self.connection], [], [], 0.1)[0]:
            self.look()
        line = self.rfile.readline(70000).decode("utf-8", "replace").strip()
        self.look()
        tag, _, text = line.partition(" ")
        if not text:
            return bool(line)
        verb = text.split(" ")[0].lower()
        if verb == "uid":
            verb = "uid_" + text.split(" ")[1].lower()
        self.server.log(verb)
        getattr(self, "do_" + verb, self.do_other)(tag, text)
        return verb != "logout"

    def look(self):
        if self.server.lie() != self.lie:
            raise Cut

    def ok(self, tag):
        self.say(tag + " OK done")

    def do_other(self, tag, _text):
        self.ok(tag)

    def do_capability(self, tag, _text):
        if self.lie == "capability-flood":
            self.flood_lines("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        self.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE")
        self.ok(tag)

    def do_authenticate(self, tag, _text):
        self.say("+ ")
        self.rfile.readline(70000)
        self.ok(tag)

    def do_select(self, tag, text):
        if "INBOX" not in text:
            self.say(tag + " NO [NONEXISTENT] no such folder")
            return
        if self.lie == "select-flood":
            self.flood_lines("* OK wait")
        if self.lie == "wrong-tag":
            self.say("Z9999 OK [READ-WRITE] done")
            return
        if self.lie == "uidvalidity":
            self.validity += 1
        self.count = len(self.mails())
        self.say("* %d EXISTS" % self.count)
        self.say("* OK [UIDVALIDITY %d] v" % self.validity)
        self.say("* OK [UIDNEXT %d] n" % self.next_uid())
        self.say(tag + " OK [READ-WRITE] done")

    def do_noop(self, tag, _text):
        if self.lie == "uidvalidity":
            self.validity += 1
            self.say("* OK [UIDVALIDITY %d] all is new" % self.validity)
        self.tell()
        self.ok(tag)

    def tell(self):
        """What came since the client heard of it last."""
        now = len(self.mails())
        if now != self.count or self.lie == "news-flood":
            self.say("* %d EXISTS" % (now + 1 if self.lie == "news-flood" else now))
        self.count = now

    def do_status(self, tag, _text):
        self.say(tag + " NO [NONEXISTENT] no such folder")

    def do_fetch(self, tag, text):
        first, last = self.range(text.split(" ")[1])
        for place, (uid, path) in enumerate(self.mails(), 1):
            if first <= place <= last:
                self.describe(place, uid, path, "RFC822.SIZE" in text)
        self.ok(tag)

    def describe(self, place, uid, path, whole):
        size = 10 if self.lie == "size-lie" else len(self.server.read(path))
        more = ' RFC822.SIZE %d INTERNALDATE "%s"' % (size, self.server.date) if whole else ""
        self.say("* %d FETCH (UID %d%s)" % (place, uid, more))

    def range(self, text):
        ends = [int(n) for n in re.findall(r"\d+", text)]
        return ends[0], ends[-1]

    def do_uid_fetch(self, tag, text):
        wanted = text.split(" ")[2]
        if "BODY.PEEK[]" in text:
            uids = {int(n) for n in wanted.split(",")} if ":" not in wanted else None
            self.give(uids, self.range(wanted))
        else:
            if self.lie == "nested":
                self.wfile.write(b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 1900000 + b"\r\n")
            first, last = self.range(wanted)
            for place, (uid, path) in enumerate(self.mails(), 1):
                if first <= uid <= last and self.lie != "expunge":
                    self.describe(place, uid, path, "RFC822.SIZE" in text)
        self.ok(tag)

    def give(self, uids, ends):
        for place, (uid, path) in enumerate(self.mails(), 1):
            if uid not in uids if uids is not None else not ends[0] <= uid <= ends[1]:
                continue
            data = self.server.read(path)
            head = "* %d FETCH (UID %d BODY[] {%d}\r\n"
            if self.lie == "expunge":
                self.say("* 1 EXPUNGE")
                return
            if self.lie == "absurd-literal":
                self.flood((head % (place, uid, 4000000000)).encode(), FLOOD)
            if self.lie == "size-lie":
                self.flood((head % (place, uid, 50000000)).encode(), FLOOD)
            if self.lie == "bye-in-literal":
                self.wfile.write((head % (place, uid, len(data))).encode() + data[:100] + b"\r\n")
                self.say("* BYE gone")
                raise Cut
            if self.lie == "unasked":
                uid += 1000
            self.wfile.write((head % (place, uid, len(data))).encode() + data + b")\r\n")

    def do_idle(self, tag, _text):
        self.say("+ idling")
        self.tell()
        while not select.select([self.connection], [], [], 0.1)[0]:
            self.look()
            self.tell()
        self.rfile.readline(70000)
        self.ok(tag)

    def do_append(self, tag, text):
        self.say("+ go on")
        self.rfile.read(int(re.search(r"\{(\d+)\}", text).group(1)) + 2)
        self.ok(tag)

    def do_uid_search(self, tag, _text):
        self.say("* SEARCH")
        self.ok(tag)

    def do_logout(self, tag, _text):
        self.say("* BYE")
        self.ok(tag)


class Server(socketserver.ThreadingTCPServer):
    """The port, the mails and the log."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, folder):
        self.dir = folder
        self.mails = os.path.join(folder, "mails")
        self.lock = threading.Lock()
        self.date = time.strftime("%d-%b-%Y %H:%M:%S +0000", time.gmtime())
        super().__init__(("127.0.0.1", port), Session)

    def mail(self, number):
        return os.path.join(self.mails, "%d.eml" % number)

    def read(self, path):
        with open(path, "rb") as file:
            return re.sub(rb"\r?\n", b"\r\n", file.read())

    def lie(self):
        with open(os.path.join(self.dir, "lie"), encoding="ascii") as file:
            return file.read().strip()

    def log(self, text):
        with self.lock, open(os.path.join(self.dir, "log"), "a", encoding="utf-8") as file:
            file.write(text + "\n")

    def handle_error(self, request, client_address):
        self.log("broken connection")


def main():
    with Server(int(sys.argv[1]), sys.argv[2]) as server:
        with open(os.path.join(sys.argv[2], "up"), "w", encoding="ascii"):
            pass
        server.serve_forever(poll_interval=0.1)


main()
