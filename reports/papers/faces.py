"""The face of official papers: how wide its letters are, and the part of it that goes into a PDF.

What is set by WeasyPrint brings its own letters; this is for what is drawn letter by letter (annex_pages.py,
the numbers of pages in binding.py). Letters stand as far apart as the face says, without kerning, as Word sets
them.
"""

import hashlib
import io
import subprocess
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache

from fontTools import subset
from fontTools.ttLib import TTFont

from reports.papers.letters import FONT, REPLACEMENT, FontMissing

# Names of the styles, and how fontconfig is asked for them.
STYLES = {"Regular": "style=Regular", "Bold": "style=Bold", "Italic": "style=Italic"}
TONES = "", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
# What nearly all papers have: a paper with further letters gets a part of the face of its own.
USUAL = frozenset(
    [
        *map(chr, range(0x20, 0x7F)),
        *"Đđ\u00a0–—…“”‘’•·²³°×",
        *(unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES),
        REPLACEMENT,
    ]
)
# Tables of a font that PDF has in its own words, or does not ask for.
UNNEEDED = ("GSUB", "GPOS", "GDEF", "kern", "name", "DSIG", "FFTM", "OS/2", "cmap", "hdmx", "VDMX", "LTSH", "gasp")


@cache
def face(style: str) -> "Face":
    """The face in one of STYLES. Raises FontMissing."""
    try:
        told = subprocess.run(  # noqa: S603 nothing of a user's in it
            ["fc-match", "--format=%{family}\n%{file}", f"{FONT}:{STYLES[style]}"],  # noqa: S607 from wherever it is
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise FontMissing from error
    family, _newline, path = told.stdout.partition("\n")
    if FONT not in family:
        raise FontMissing
    return Face(style, path)


@dataclass(frozen=True)
class Letters:
    """A part of a face as PDF wants it: file (compressed), widths (/W), to_unicode (compressed), and its box, ascent
    and descent in thousandths of an em."""

    name: str
    file: bytes
    length: int
    widths: str
    to_unicode: bytes
    box: tuple[int, ...]
    ascent: int
    descent: int
    angle: float


class Face:
    """The letters of one style."""

    def __init__(self, style, path):
        self.style, self.path = style, path
        with TTFont(path, lazy=True) as font:
            numbers, units = font.getReverseGlyphMap(), font["head"].unitsPerEm
            glyphs = {chr(code): name for code, name in font.getBestCmap().items()}
            self.numbers = {letter: numbers[name] for letter, name in glyphs.items()}
            self.widths = {letter: font["hmtx"][name][0] / units for letter, name in glyphs.items()}
        self.codes = {letter: f"{number:04X}" for letter, number in self.numbers.items()}

    def width(self, text: str, size: float) -> float:
        """Of `text` at `size`, both in points."""
        return size * sum(map(self.widths.__getitem__, text))

    def code(self, text: str) -> str:
        """`text` as PDF shows it, in hexadecimal."""
        return "".join(map(self.codes.__getitem__, text))

    def letters(self, wanted: frozenset) -> Letters:
        """What a PDF with the characters `wanted` needs of the face."""
        return _letters(self.style, USUAL | wanted)


@lru_cache(maxsize=8)
def _letters(style, wanted):
    chosen = face(style)
    options = subset.Options(retain_gids=True, layout_features=[], hinting=False, notdef_outline=True)
    with subset.load_font(chosen.path, options) as font:
        subsetter = subset.Subsetter(options)
        known = {letter for letter in wanted if letter in chosen.numbers}
        subsetter.populate(unicodes=map(ord, known))
        subsetter.subset(font)
        for table in UNNEEDED:
            if table in font:
                del font[table]
        target = io.BytesIO()
        font.save(target)
        head, hhea, post = font["head"], font["hhea"], font["post"]
        per_em = 1000 / head.unitsPerEm
        box = tuple(round(per_em * side) for side in (head.xMin, head.yMin, head.xMax, head.yMax))
        upright = round(per_em * hhea.ascent), round(per_em * hhea.descent)
        angle = post.italicAngle
    # Of letters that share a glyph the first one is told.
    told = {chosen.numbers[letter]: letter for letter in sorted(known, reverse=True)}
    return Letters(
        _name(style, known),
        zlib.compress(target.getvalue(), 9),
        len(target.getvalue()),
        " ".join(f"{number} [{round(1000 * chosen.widths[letter])}]" for number, letter in sorted(told.items())),
        zlib.compress(_to_unicode(told).encode(), 9),
        box,
        *upright,
        angle,
    )


def _name(style, letters):
    """ISO 32000-1, 9.6.4: a part of a font is told from other parts by six capitals."""
    digest = hashlib.sha256("".join(sorted(letters)).encode()).digest()
    tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
    return f"{tag}+{FONT.replace(' ', '-')}{'' if style == 'Regular' else f'-{style}'}"


def _to_unicode(told):
    """ISO 32000-1, 9.10.3: which character each glyph is; at most 100 in a block."""
    lines = [f"<{number:04X}> <{ord(letter):04X}>" for number, letter in sorted(told.items())]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
