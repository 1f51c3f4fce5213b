"""Writes a PDF of any length, paper by paper, in flat memory: what is written is forgotten.

pikepdf (qpdf) holds every object of the file it makes: 1,5 MB for a paper of eight pages, two gigabytes for a season.
Here it takes each paper apart, alone, and its objects are written one after the other under new numbers, compressed in
object streams (ISO 32000-1, 7.5.7 and 7.5.8: what PDF 1.5 readers know).
"""

import io
import re
import zlib

import pikepdf
from pikepdf import Dictionary, Name

# A string, which is left alone, or a reference, in what pikepdf writes: (text with \) escaped), <hexadecimal>, 12 0 R.
STRING_OR_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|\b(\d+) 0 R\b", re.DOTALL)
CATALOG, TREE, INFO, FIRST = 1, 2, 3, 4
IN_STREAM = 2
MOST_IN_STREAM = 200  # objects


class LongPdf:
    """`number()` reserves object numbers, `write` writes an object, `add` a paper, `close` ends the file.

    Objects are named by their numbers (int).
    """

    def __init__(self, target):
        """`target`: a binary file that can tell where it is."""
        self.target = target
        self.entries = {}  # object number → (kind, offset or number of its object stream, index there)
        self.next = FIRST
        self.kids = []
        self.count = 0
        self.waiting = []
        target.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def number(self):
        self.next += 1
        return self.next - 1

    def write(self, number, body):
        """An object that is no stream; `body` as bytes."""
        self.waiting.append((number, body))
        if len(self.waiting) == MOST_IN_STREAM:
            self._flush()

    def write_stream(self, number, dictionary, data):
        """A stream; `dictionary`: bytes of what stands between << and >>, without Length."""
        self.entries[number] = (1, self.target.tell(), 0)
        head = b"%d 0 obj\n<<%b /Length %d>>\nstream\n" % (number, dictionary, len(data))
        self.target.write(head + data + b"\nendstream\nendobj\n")

    def add(self, paper, at_front=False, more=None):
        """Write the pages of `paper` (an open pikepdf.Pdf, whose tags stay behind), after all others or before them.
        `more`: {page from 0: bytes that its dictionary gets}. Returns the numbers of its pages."""
        more = more or {}
        with pikepdf.open(_alone(paper)) as alone:
            node, base = self.number(), self.next - 1
            pages = {page.obj.objgen[0]: index for index, page in enumerate(alone.pages)}
            for page in alone.pages:
                del page.obj[Name.Parent]
            skipped = {alone.Root.objgen[0], alone.Root.Pages.objgen[0]}
            objects = [thing for thing in alone.objects if thing.objgen[0] not in skipped]
            self.next = base + max(thing.objgen[0] for thing in objects) + 1
            for thing in objects:
                own = thing.objgen[0]
                at_page = b"/Parent %d 0 R%b" % (node, more.get(pages[own], b"")) if own in pages else b""
                self._write_foreign(thing, base, at_page)
        numbers = [base + own for own in sorted(pages, key=pages.get)]
        kids = b" ".join(b"%d 0 R" % number for number in numbers)
        self.write(node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (TREE, len(numbers), kids))
        self.kids.insert(0 if at_front else len(self.kids), node)
        self.count += len(numbers)
        return numbers

    def _write_foreign(self, thing, base, more):
        number = base + thing.objgen[0]
        if isinstance(thing, pikepdf.Stream):
            plain = Dictionary({key: value for key, value in thing.items() if key != "/Length"})
            dictionary = _renumbered(plain.unparse(), base).strip()[2:-2]
            self.write_stream(number, dictionary, thing.read_raw_bytes())
            return
        body = _renumbered(thing.unparse(resolved=True), base)
        self.write(number, b"%b %b>>" % (body.rstrip()[:-2], more) if more else body)

    def close(self, catalog, info):
        """End the file; `catalog`, `info`: bytes of what their dictionaries hold beside the page tree."""
        kids = b" ".join(b"%d 0 R" % node for node in self.kids)
        self.write(TREE, b"<</Type/Pages/Count %d/Kids[%b]>>" % (self.count, kids))
        self.write(CATALOG, b"<</Type/Catalog/Pages %d 0 R %b>>" % (TREE, catalog))
        self.write(INFO, b"<<%b>>" % info)
        self._flush()
        own, start = self.number(), self.target.tell()
        self.entries[own] = (1, start, 0)
        empty = (0, 0, 65535)
        table = b"".join(
            b"%b%b%b" % (kind.to_bytes(1, "big"), where.to_bytes(6, "big"), index.to_bytes(2, "big"))
            for kind, where, index in (self.entries.get(number, empty) for number in range(self.next))
        )
        head = b"/Type/XRef/Size %d/W[1 6 2]/Root %d 0 R/Info %d 0 R/Filter/FlateDecode"
        self.write_stream(own, head % (self.next, CATALOG, INFO), zlib.compress(table))
        self.target.write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _flush(self):
        """Write what waits as one object stream."""
        if not self.waiting:
            return
        own, heads, bodies, offset = self.number(), [], [], 0
        for index, (number, body) in enumerate(self.waiting):
            self.entries[number] = (IN_STREAM, own, index)
            heads.append(b"%d %d" % (number, offset))
            bodies.append(body)
            offset += len(body) + 1
        head = b" ".join(heads) + b"\n"
        data = zlib.compress(head + b"\n".join(bodies))
        dictionary = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(heads), len(head))
        self.write_stream(own, dictionary, data)
        self.waiting = []


def text(words):
    """`words` as a PDF string."""
    return pikepdf.String(words).unparse()


def _alone(paper):
    """The pages of `paper` and what they need, nothing else, as a file with objects numbered from 1."""
    with pikepdf.new() as alone:
        alone.pages.extend(paper.pages)
        for page in alone.pages:
            _untag(page.obj, Name.StructParents)
            for annotation in page.obj.get(Name.Annots, []):
                _untag(annotation, Name.StructParent)
        made = io.BytesIO()
        alone.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    made.seek(0)
    return made


def _untag(thing, key):
    if key in thing:
        del thing[key]


def _renumbered(body, base):
    """`body` with `base` added to the number of every reference."""
    return STRING_OR_REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + base) if found[1] else found[0], body)
