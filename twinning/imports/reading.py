"""Reads what people send in: xlsx, xls, ods and csv as plain rows of cells, or the reason why not.

The content decides, not the name: an .xls that is .xlsx inside is read, a PDF called .xlsx is refused. Formulas are
never evaluated (the value Excel stored is taken), macros never run (such files are refused). Traps: domain.md §5 and
§7.12.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePath
from xml.parsers import expat

import olefile
import python_calamine
from django.conf import settings
from django.utils.translation import gettext as _

EXTENSIONS = (".xlsx", ".xls", ".ods", ".csv", ".txt")
MOST_UNPACKED = 400 * 1024**2
MOST_CELLS = 8_000_000
MOST_ROWS = 300_000
DELIMITERS = ";,\t|"


class Unreadable(Exception):
    """The file cannot be taken; str() is a Vietnamese sentence that says why and what to do."""


@dataclass
class Sheet:
    """`rows`: (row number as Excel shows it, cells). A cell is str, float, int, bool, date, datetime, time or None."""

    name: str
    rows: list
    is_hidden: bool = False
    merged: list = field(default_factory=list)  # ((first row, first column), (last row, last column)), from 0


def read_sheets(file, name):
    """The sheets of `file` (binary, seekable) that somebody called `name`. Raises Unreadable."""
    name = PurePath(name).name
    if examine(file, name) == "workbook":
        sheets = _read_workbook(file, name)
    else:
        sheets = [Sheet(_("Tệp CSV"), _read_csv(file, name))]
    if not any(sheet.rows for sheet in sheets):
        raise Unreadable(_("Tệp “%s” không có dòng nào. Hãy kiểm tra lại đã chọn đúng tệp chưa.") % name)
    return sheets


def examine(file, name):
    """ "workbook" or "csv": what `file` is by its content, before anything is parsed. Raises Unreadable."""
    name = PurePath(name).name
    extension = PurePath(name).suffix.lower()
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if extension in (".xlsm", ".xltm", ".xlsb"):
        raise Unreadable(_("Tệp “%s” có thể chứa macro nên không nhận. Hãy lưu lại thành .xlsx rồi gửi.") % name)
    if extension not in EXTENSIONS:
        raise Unreadable(_("Tệp “%s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls, .ods hoặc .csv.") % name)
    if size == 0:
        raise Unreadable(_("Tệp “%s” rỗng (0 byte). Hãy mở thử trên máy, lưu lại rồi gửi.") % name)
    if size > settings.IMPORT_MAX_BYTES:
        raise Unreadable(
            _("Tệp “%(name)s” nặng %(size)d MB, quá giới hạn %(limit)d MB. Hãy tách thành nhiều tệp nhỏ hơn.")
            % {"name": name, "size": -(-size // 1024**2), "limit": settings.IMPORT_MAX_BYTES // 1024**2}
        )
    start = file.read(8)
    file.seek(0)
    if start[:4] == b"PK\x03\x04":
        _check_zip(file, name)
        return "workbook"
    if start == olefile.MAGIC:
        _check_ole(file, name)
        return "workbook"
    if not _is_web_page(file) and (extension in (".csv", ".txt") or _is_plain_table(file)):
        return "csv"
    raise Unreadable(_not_a_table(file, name, extension))


# --- Before anything is unpacked ------------------------------------------------------------------------------------


def _check_zip(file, name):
    damaged = _("Tệp “%s” bị hỏng, không mở được. Hãy mở trên máy, lưu lại rồi gửi.") % name
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise Unreadable(
                    _("Tệp “%s” khi giải nén quá lớn (trên %d MB) nên không nhận. Hãy tách thành nhiều tệp.")
                    % (name, MOST_UNPACKED // 1024**2)
                )
            if any(member.flag_bits & 1 for member in members):
                raise Unreadable(_locked(name))
            if any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in names):
                raise Unreadable(_("Tệp “%s” chứa macro nên không nhận. Hãy lưu lại thành .xlsx rồi gửi.") % name)
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Unreadable(_locked(name))
            if not names & {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}:
                raise Unreadable(
                    _("Tệp “%s” không phải bảng tính (là tệp Word hoặc tệp nén?). Hãy chọn tệp .xlsx, .xls, .ods.")
                    % name
                )
            for member in members:
                _read_through(archive, member, name)
            file.seek(0)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise Unreadable(damaged) from error


_WIDE_CELL = re.compile(rb'<c r="([A-Z]{2,3})[0-9]+"(?:[^>]*[^/>])?>(?!</c>)')  # one that holds something
_ROW = re.compile(rb'<row [^>]*?r="([0-9]+)"')
_VALUE_ENDS = (b"</v>", b"</is>")  # colours and borders down to the last row are no rows of data


def _read_through(archive, member, name):
    """Every member to its end: a size that was told wrong shows here (BadZipFile), before a parser believes it. So does
    a sheet with one stray cell far out, for which the parser would make room for millions."""
    is_sheet = member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
    last_row, last_column, rest = 0, 26, b""
    with archive.open(member) as stream:
        while chunk := stream.read(1024**2):
            if not is_sheet:
                continue
            part = rest + chunk
            rest = part[-64:]
            start = part.rfind(b"<row ", 0, max(0, *map(part.rfind, _VALUE_ENDS)))
            if start >= 0 and (row := _ROW.match(part, start)):
                last_row = max(last_row, int(row[1]))
            last_column = max([last_column, *map(_column_number, set(_WIDE_CELL.findall(part)))])
    if last_row > MOST_ROWS:
        raise Unreadable(_too_long(last_row))
    if last_row * last_column > MOST_CELLS:
        raise Unreadable(_too_wide(name))


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_ole(file, name):
    try:
        with olefile.OleFileIO(file.read()) as container:
            streams = {path[0] for path in container.listdir(streams=True, storages=True)}
    except Exception as error:
        raise Unreadable(_("Tệp “%s” bị hỏng, không mở được. Hãy mở trên máy, lưu lại rồi gửi.") % name) from error
    finally:
        file.seek(0)
    if streams & {"EncryptedPackage", "EncryptionInfo"}:
        raise Unreadable(_locked(name))
    if streams & {"_VBA_PROJECT_CUR", "Macros"}:
        raise Unreadable(_("Tệp “%s” chứa macro nên không nhận. Hãy lưu lại thành .xlsx rồi gửi.") % name)
    if not streams & {"Workbook", "Book"}:
        raise Unreadable(_("Tệp “%s” không phải bảng tính Excel. Hãy chọn tệp .xlsx, .xls, .ods hoặc .csv.") % name)


def _locked(name):
    return _("Tệp “%s” đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu (Lưu thành, không mã hoá) rồi gửi.") % name


def _is_web_page(file):
    start = file.read(2048).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    file.seek(0)
    return start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style"))


def _not_a_table(file, name, extension):
    if _is_web_page(file):
        return (
            _("Tệp “%s” thực chất là trang web, không phải Excel. Hãy mở bằng Excel rồi “Lưu thành” .xlsx để gửi.")
            % name
        )
    return _("Nội dung tệp “%s” không phải là %s như tên gọi. Hãy mở trên máy rồi “Lưu thành” .xlsx để gửi.") % (
        name,
        extension,
    )


# --- Workbooks ------------------------------------------------------------------------------------------------------


def _read_workbook(file, name):
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = [_read_sheet(book, meta) for meta in book.sheets_metadata if meta.typ == _WORKSHEET]
        if _is_ods(file):
            for sheet, merged in zip(sheets, _merged_of_ods(file), strict=False):
                sheet.merged = merged
        return sheets
    except python_calamine.PasswordError as error:
        raise Unreadable(_locked(name)) from error
    except Unreadable:
        raise
    except (python_calamine.CalamineError, Exception) as error:  # the parser is foreign code on foreign data
        raise Unreadable(_("Tệp “%s” bị hỏng, không mở được. Hãy mở trên máy, lưu lại rồi gửi.") % name) from error


def _is_ods(file):
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return "content.xml" in archive.namelist()


def _merged_of_ods(file):
    """For each sheet of an ODS its merged cells, as Sheet.merged; the parser does not tell them."""
    merged = _MergedOfOds()
    with zipfile.ZipFile(file) as archive, archive.open("content.xml") as content:
        merged.parser.ParseFile(content)
    return merged.sheets


class _MergedOfOds:
    """Counts the rows and cells of content.xml as they pass; no tree is built, and entities are none of an ODS."""

    def __init__(self):
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.sheets, self._row, self._column, self._repeated = [], 0, 0, 1

    def _refuse(self, *told):
        raise ValueError("content.xml has a DOCTYPE")

    def _start(self, name, attributes):
        name = name.removeprefix(_TABLE)

        def number(what):
            return int(attributes.get(f"{_TABLE}number-{what}", 1))

        if name == "table":
            self.sheets.append([])
            self._row = 0
        elif name == "table-row":
            self._column, self._repeated = 0, number("rows-repeated")
        elif name in ("table-cell", "covered-table-cell") and self.sheets:
            down, right = number("rows-spanned"), number("columns-spanned")
            if down > 1 or right > 1:
                last = self._row + down - 1, self._column + right - 1
                self.sheets[-1].append(((self._row, self._column), last))
            self._column += number("columns-repeated")

    def _end(self, name):
        if name == f"{_TABLE}table-row":
            self._row += self._repeated


_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet
_VISIBLE = python_calamine.SheetVisibleEnum.Visible


def _read_sheet(book, meta):
    sheet = book.get_sheet_by_name(meta.name)
    if sheet.start is None:
        return Sheet(meta.name, [], is_hidden=meta.visible != _VISIBLE)
    if sheet.height > MOST_ROWS:
        raise Unreadable(_too_long(sheet.height))
    if sheet.height * sheet.width > MOST_CELLS:
        raise Unreadable(_too_wide(meta.name))
    first_row, first_column = sheet.start
    before = [None] * first_column
    rows = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first_row + 1):
        if any(cell != "" for cell in cells):
            rows.append((number, before + cells if before else cells))
    merged = [area for area in sheet.merged_cell_ranges or () if area[0] != area[1]]
    return Sheet(meta.name, rows, is_hidden=meta.visible != _VISIBLE, merged=merged)


def _too_wide(name):
    return _("“%s” quá rộng. Hãy xoá các cột và dòng thừa ở cuối trang tính rồi gửi lại.") % name


def _too_long(height):
    return _("Bảng có %(n)s dòng, nhiều hơn %(most)s dòng một lần nhập. Hãy tách thành nhiều tệp.") % {
        "n": f"{height:,}".replace(",", "."),
        "most": f"{MOST_ROWS:,}".replace(",", "."),
    }


# --- CSV ------------------------------------------------------------------------------------------------------------


def _is_plain_table(file):
    """Some systems send text lines under the name .xls."""
    start = file.read(4096)
    file.seek(0)
    if b"\0" in start:
        return False
    lines = start.decode("utf-8-sig", errors="ignore").splitlines()
    lines = lines[:-1] if len(start) == 4096 else lines  # the last may be cut short
    return len(lines) > 1 and any(min(line.count(mark) for line in lines[:5]) > 0 for mark in DELIMITERS)


def _read_csv(file, name):
    text = _decode(file.read(), name)
    file.seek(0)
    delimiter = _delimiter(text)
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [_unguarded(cell) if cell[:1] == "'" else cell for cell in cells]))
            if len(rows) > MOST_ROWS:
                raise Unreadable(_too_long(len(rows)))
    except csv.Error as error:
        raise Unreadable(
            _("Tệp “%s” không đọc được như bảng CSV (dấu ngoặc kép chưa đóng?). Hãy lưu lại thành .xlsx rồi gửi.")
            % name
        ) from error
    return rows


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _unguarded(text):
    """Without the apostrophe that our own CSV puts before what Excel would take for a formula."""
    return text[1:] if text.lstrip("'").startswith(FORMULA_STARTS) else text


def _decode(data, name):
    """UTF-8 or UTF-16 (Excel's "Unicode Text"), with or without a mark; else Windows' Vietnamese code page; else one
    byte a letter, as old programs wrote."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    start = data[:4096]
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if zeros.count(0) > len(zeros) // 3 and zeros.count(0) == start.count(0):
            return data.decode(encoding, errors="replace")
    if _CONTROLS.search(start):
        raise Unreadable(_("Tệp “%s” không phải là văn bản CSV. Hãy lưu lại thành .xlsx rồi gửi.") % name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _of_windows(data) or data.decode("latin-1")


_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1f]")  # no text has them; pictures and programs do


def _of_windows(data):
    """Text in code page 1258, or "": there each tone stands behind its vowel and joins it, in no other encoding."""
    text = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    has_tones = _TONED_ONLY.search(text) and re.search(rb"[\xcc\xd2\xde\xec\xf2]", data)
    return "" if "\ufffd" in text or not has_tones or any(map(unicodedata.combining, text)) else text


_TONED_ONLY = re.compile("[ạ-ỹ]", re.IGNORECASE)


def _delimiter(text):
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def regularity(mark):
        counts = [line.count(mark) for line in lines]
        filled = [n for n in counts if n]
        return (len(filled), max(filled, key=filled.count)) if filled else (0, 0)

    return max(DELIMITERS, key=regularity)
