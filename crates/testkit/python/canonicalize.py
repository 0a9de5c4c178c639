"""Exclusive canonicalization by lxml, for whole documents: one header line and one text after the
other on standard input; a length and the bytes, or -1, on standard output."""

import sys

from lxml import etree

parser = etree.XMLParser(resolve_entities=False, no_network=True)
read, write = sys.stdin.buffer, sys.stdout.buffer
while header := read.readline():
    comments, prefixes, length = header.decode().rstrip("\n").split("|")
    text = read.read(int(length))
    try:
        root = etree.fromstring(text, parser)
        canonical = etree.tostring(
            root,
            method="c14n",
            exclusive=True,
            with_comments=comments == "1",
            inclusive_ns_prefixes=prefixes.split() or None,
        )
        write.write(b"%d\n" % len(canonical) + canonical)
    except (etree.LxmlError, ValueError):
        write.write(b"-1\n")
    write.flush()
