#!/usr/bin/env python3
"""An SMTP server on loopback that misbehaves as it is told, and keeps what it was sent.

The script is the file DIR/script, read again at each connection. A line is for one message, in
turn; the last one stays for ever; a changed file starts anew. A line is `ok`, or STAGE and ACTION:

  STAGE   connect, ehlo, auth, mail, rcpt, data (the command), body (after some of the text),
          dot (all is received, nothing answered yet)
  ACTION  a reply, three digits and any text: 451 try later
          cut              closes the connection
          stall [SECONDS]  says nothing for so long (an hour if no number stands there), then cuts
          slow SECONDS     waits so long, then goes on as if nothing were wrong
          garbage          bytes that are no reply, then closes
          longline         a reply line of a million bytes, then closes

A line is used up when its stage was reached, `ok` when a message was taken; `auth 535 no` refuses
every AUTH of its connection, `rcpt 450 later` every recipient of its message.

What was received up to the dot is DIR/NNNN.accepted.eml, .unanswered.eml or .refused.eml, byte by
byte, with DIR/NNNN.env beside it; DIR/log has a line for each command (passwords not among them);
DIR/up exists once the port is open. Only loopback is listened on.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import argparse
import base64
import os
import socketserver
import ssl
import threading
import time

HOUR = 3600


class Cut(Exception):
    """The connection ends here."""


class Script:
    """The lines still to be used; shared by all connections."""

    def __init__(self, path):
        self.path = path
        self.seen = None
        self.lines = ["ok"]
        self.lock = threading.Lock()

    def take(self):
        with self.lock:
            status = os.stat(self.path)
            now = (status.st_mtime_ns, status.st_ino)
            if now != self.seen:
                with open(self.path, encoding="utf-8") as file:
                    self.lines = [line.strip() for line in file if line.strip()] or ["ok"]
                self.seen = now
            return (now, self.lines.pop(0) if len(self.lines) > 1 else self.lines[0])

    def give_back(self, taken):
        """For a line whose stage was never reached: the next message gets it."""
        with self.lock:
            if taken[0] == self.seen and self.lines[0] != taken[1]:
                self.lines.insert(0, taken[1])


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    def setup(self):
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        self.taken = self.server.script.take()
        self.used = False
        self.began = False
        self.envelope = []

    def handle(self):
        try:
            self.act("connect")
            self.reply("220 fault.example.net ESMTP")
            while self.command():
                pass
        except (Cut, OSError):
            pass
        if not self.used:
            self.server.script.give_back(self.taken)

    def reply(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()
        self.server.log("> " + text[:60])

    def act(self, stage):
        """Does what the script says for this stage; True if it has answered already."""
        name, _, action = self.taken[1].partition(" ")
        if name != stage:
            return False
        self.used = True
        verb, _, number = action.partition(" ")
        if verb == "slow":
            time.sleep(float(number))
            return False
        if verb == "stall":
            self.server.log("stall")
            time.sleep(float(number or HOUR))
        elif verb == "garbage":
            self.wfile.write(b"\x00\xff\x80 what?\r\n\r\n\x1b$B")
        elif verb == "longline":
            self.wfile.write(b"250 " + b"x" * 1000000)
        elif verb != "cut":
            self.reply(action)
            if stage == "connect":
                raise Cut
            return True
        self.server.log("cut")
        raise Cut

    def command(self):
        line = self.rfile.readline(70000)
        if not line.endswith(b"\n"):
            return False
        text = line.decode("utf-8", "replace").strip()
        verb = text.split(" ", 1)[0].upper()
        self.server.log("AUTH" if verb == "AUTH" else text)
        handler = getattr(self, "do_" + verb.lower(), None)
        if handler is None:
            self.reply("250 all right" if verb in ("NOOP", "RSET") else "502 not known")
            return True
        return handler(text)

    def do_ehlo(self, _):
        if not self.act("ehlo"):
            names = ["fault.example.net", "8BITMIME", "PIPELINING", "SIZE 62914560"]
            names += ["AUTH PLAIN LOGIN"] if self.server.auth else []
            for name in names[:-1]:
                self.reply("250-" + name)
            self.reply("250 " + names[-1])
        return True

    do_helo = do_ehlo

    def do_auth(self, text):
        words = text.split()
        if words[1].upper() == "LOGIN":
            given = self.ask("VXNlcm5hbWU6") if len(words) < 3 else words[2]
            given = b"\0" + base64.b64decode(given) + b"\0" + base64.b64decode(
                self.ask("UGFzc3dvcmQ6"))
        else:
            given = base64.b64decode(words[2] if len(words) > 2 else self.ask(""))
        if self.act("auth"):
            return True
        good = given.split(b"\0")[-1].decode() == self.server.password
        self.envelope = ["auth " + ("good" if good else "bad")]
        self.reply("235 welcome" if good else "535 5.7.8 wrong user name or password")
        return True

    def ask(self, prompt):
        self.reply("334 " + prompt)
        return self.rfile.readline(70000).strip()

    def do_mail(self, text):
        if self.began and self.used:
            self.taken = self.server.script.take()
            self.used = False
        self.began = True
        self.envelope = [line for line in self.envelope if line.startswith("auth")] + [text]
        if not self.act("mail"):
            self.reply("250 sender taken")
        return True

    def do_rcpt(self, text):
        if not self.act("rcpt"):
            self.envelope.append(text)
            self.reply("250 recipient taken")
        return True

    def do_data(self, _):
        if self.act("data"):
            return True
        self.reply("354 go on")
        data = b""
        while True:
            line = self.rfile.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            data += line[1:] if line.startswith(b".") else line
            if len(data) > 200:
                self.act("body")
        self.answer(data)
        return True

    def answer(self, data):
        """The message is here in full: what becomes of it is what the script says for `dot`."""
        name = self.server.store(data, self.envelope)
        try:
            answered = self.act("dot")
        except Cut:
            self.server.judge(name, "unanswered")
            raise
        positive = not answered or self.taken[1].startswith("dot 2")
        self.server.judge(name, "accepted" if positive else "refused")
        if not answered:
            self.used = self.used or self.taken[1] == "ok"
            self.reply("250 2.0.0 taken as " + name)

    def do_quit(self, _):
        self.reply("221 bye")
        return False


class Server(socketserver.ThreadingTCPServer):
    """The port, the spool and the log."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, opt):
        self.dir = opt.dir
        self.auth = not opt.no_auth
        self.password = opt.password
        self.script = Script(os.path.join(opt.dir, "script"))
        self.lock = threading.Lock()
        self.tls = None
        if opt.tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(opt.chain)
        super().__init__(("127.0.0.1", opt.port), Session)

    def handle_error(self, request, client_address):
        self.log("broken connection")

    def log(self, text):
        with self.lock, open(os.path.join(self.dir, "log"), "a", encoding="utf-8") as file:
            file.write("%.3f %s\n" % (time.time(), text))

    def store(self, data, envelope):
        """Kept as unanswered at first: a stall that never ends must be seen as that."""
        with self.lock:
            have = [int(name[:4]) for name in os.listdir(self.dir) if name.endswith(".eml")]
            name = "%04d" % (max(have, default=0) + 1)
            with open(self.path(name, "unanswered"), "wb") as file:
                file.write(data)
        with open(os.path.join(self.dir, name + ".env"), "w", encoding="utf-8") as file:
            file.write("\n".join(envelope) + "\n")
        return name

    def judge(self, name, kind):
        os.rename(self.path(name, "unanswered"), self.path(name, kind))

    def path(self, name, kind):
        return os.path.join(self.dir, "%s.%s.eml" % (name, kind))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--dir", required=True)
    p.add_argument("--password", default="")
    p.add_argument("--no-auth", action="store_true", help="offer no AUTH")
    p.add_argument("--tls", action="store_true", help="TLS from the first byte")
    p.add_argument("--chain", help="key and certificate for --tls")
    opt = p.parse_args()
    with Server(opt) as server:
        with open(os.path.join(opt.dir, "up"), "w", encoding="ascii"):
            pass
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
