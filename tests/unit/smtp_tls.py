#!/usr/bin/env python3
"""A submission server with TLS for test_smtp: smtp_tls.py CERT KEY smtps|starttls OUT

Prints its port, serves one connection after the other, wants AUTH PLAIN as
desk/secret within TLS, and writes names, envelopes and messages to OUT.
"""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import socket
import ssl
import sys


class Session:
    def __init__(self, peer, context, implicit, out):
        self.context, self.out = context, out
        self.known = self.secure = False
        self.take(peer)
        if implicit:
            self.start_tls()
        self.say("220 tls")

    def take(self, peer):
        self.peer, self.reader = peer, peer.makefile("rb", buffering=0)

    def start_tls(self):
        self.take(self.context.wrap_socket(self.peer, server_side=True))
        self.secure = True

    def say(self, text):
        self.peer.sendall(text.encode() + b"\r\n")

    def note(self, text):
        self.out.write(text)
        self.out.flush()

    def serve(self):
        while True:
            line = self.reader.readline()
            verb = line.split(b" ")[0].strip().upper().decode()
            if verb in ("", "QUIT"):
                break
            getattr(self, "on_" + verb.lower(), self.on_other)(line)
        self.peer.close()

    def on_ehlo(self, line):
        self.note(line)
        self.say("250-tls\r\n250 " + ("AUTH PLAIN LOGIN" if self.secure else "STARTTLS"))

    def on_starttls(self, _line):
        self.say("220 go")
        self.start_tls()

    def on_auth(self, _line):
        self.say("334 ")
        self.known = self.secure and base64.b64decode(self.reader.readline()) == b"\0desk\0secret"
        self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 wrong")

    def on_mail(self, line):
        self.note(line)
        self.say("250 ok" if self.known else "530 5.7.0 who are you")

    def on_rcpt(self, line):
        self.note(line)
        self.say("250 ok")

    def on_data(self, _line):
        self.say("354 go")
        while (line := self.reader.readline()) not in (b".\r\n", b""):
            self.note(line)
        self.say("250 2.0.0 queued as 1")

    def on_other(self, _line):
        self.say("250 ok")


def main():
    cert, key, mode, out = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    with open(out, "wb") as file:
        while True:
            peer, _ = listener.accept()
            try:
                Session(peer, context, mode == "smtps", file).serve()
            except (OSError, ssl.SSLError):
                peer.close()


main()
