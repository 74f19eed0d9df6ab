"""Reads a page of HTML as a strict reader would, and fails on what it must not hold: a tag that is
left open or closed twice, a script, an attribute that runs or fetches something, a policy that lacks.

	webpage.py FILE [EXPRESSION]

SPDX-License-Identifier: GPL-3.0-or-later
"""
import html.parser
import json
import re
import sys

VOID = {"meta", "br", "hr", "img", "input", "link", "col", "wbr"}
KNOWN = {"html", "head", "meta", "title", "style", "body", "div", "header", "h1", "h2", "h3", "p", "br",
         "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "b", "i", "small",
         "span", "code", "a"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "scope", "data-title", "href"}
faults = []


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.style = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in KNOWN:
            faults.append("a tag that nobody writes: " + tag)
        for name, value in attrs:
            if name not in ATTRIBUTES:
                faults.append("an attribute that nobody writes: %s=%s" % (name, value))
            if name == "href" and not re.fullmatch(r"[a-z0-9-]+\.html", value):
                faults.append("a link elsewhere: " + value)
        if tag == "tr" and self.open[-1] == "table":
            self.open.append("tbody?")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == "tbody?" and tag == "table":
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            faults.append("closed and not open: %s at %s" % (tag, self.getpos()))

    def handle_data(self, data):
        if "style" in self.open:
            self.style += data
        elif "title" not in self.open:
            self.words.append(data)


with open(sys.argv[1], encoding="utf-8") as file:
    raw = file.read()
reader = Reader()
reader.feed(raw)
reader.close()
if reader.open:
    faults.append("left open: %s" % reader.open)
if not raw.startswith("<!DOCTYPE html>\n<html lang="):
    faults.append("no page begins like this: " + raw[:40])
policy = [a.get("content") for t, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy"]
if len(policy) != 1 or not policy[0].startswith("default-src 'none';"):
    faults.append("the policy is %s" % policy)
if re.search(r"url\(|@import|expression|//", reader.style):
    faults.append("the style fetches something")
if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", raw):
    faults.append("a control character")
tags, text = reader.tags, re.sub(r"\s+", " ", " ".join(reader.words))
if faults:
    print("\n".join(faults))
    sys.exit(1)
if len(sys.argv) > 2:
    value = eval(sys.argv[2])
    print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
