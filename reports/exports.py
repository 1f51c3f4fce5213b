"""Coverage as a workbook: the counts by unit and level, and a sheet for each of the lists behind them."""

import tempfile
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.exports import CONTENT_TYPES, HEAD_ROW, XLSX, ListExport, attachment, begin_sheet, workbook
from twinning.filters.agreements import AgreementFilter
from twinning.filters.schools import SchoolFilter
from twinning.models import Agreement, School
from twinning.tables import AgreementTable, SchoolTable
from twinning.twins import short_day

SCHOOLS = School, SchoolFilter, SchoolTable
PAIRS = Agreement, AgreementFilter, AgreementTable


def coverage_workbook(coverage, request):
    """The answer with the file. The lists are those the page links to, as the person of `request` sees them."""
    sheets = [
        ("without", SCHOOLS, _("Chưa có cặp"), _("Trường chưa có cặp")),
        ("silent", PAIRS, _("Cặp im lặng"), _("Cặp không hoạt động từ %d tháng") % coverage.months),
        ("helpers", SCHOOLS, _("Trường giúp nhiều"), _("Trường đang giúp từ %d trường") % coverage.many),
        ("one_way", PAIRS, _("Cặp một chiều"), _("Cặp hỗ trợ một chiều")),
    ]
    file = tempfile.TemporaryFile()  # noqa: SIM115 FileResponse closes it
    with workbook(file) as (book, formats):
        _write_counts(book.add_worksheet(_("Tổng quan")), formats, coverage)
        for key, rows, name, title in sheets:
            _list(coverage, key, rows, title, request).add_to(book, formats, name)
    file.seek(0)
    return attachment(file, f"{_('Bao phủ kết nghĩa')} {coverage.day:%Y-%m-%d}.xlsx", CONTENT_TYPES[XLSX])


def _list(coverage, key, rows, title, request):
    """The list behind the number `key` of the whole."""
    model, filterset_class, table_class = rows
    query = QueryDict(urlsplit(coverage.lists[key] + coverage.whole.query).query)
    queryset = model.objects.for_list().visible_to(request.user)
    filterset = filterset_class(query, queryset=queryset, request=request)
    return ListExport(title, table_class(filterset.qs, **filterset.for_table()), filterset)


def _write_counts(sheet, formats, coverage):
    """A row for each unit: of each level the schools and those without a twin, then the pairs."""
    lines = [
        coverage.finding,
        "; ".join(
            [
                f"{coverage.programme}",
                f"{_('Xem theo')}: {coverage.lens.label}",
                f"{_('Tính đến ngày')}: {short_day(coverage.day)}",
            ]
        ),
        _("Xuất ngày %s. Một cặp ghi ở đơn vị của cả hai trường; dòng Tất cả tính mỗi cặp một lần.")
        % f"{timezone.localdate():%d/%m/%Y}",
    ]
    heads = [_("Đơn vị"), _("Trường thuộc diện"), _("Chưa có cặp"), _("Tỷ lệ chưa có cặp")]
    for level in coverage.levels:
        heads += [f"{level.label}: {_('số trường')}", f"{level.label}: {_('chưa có cặp')}"]
    heads += [
        _("Cặp có hiệu lực"),
        _("Cặp không hoạt động từ %d tháng") % coverage.months,
        _("Cặp một chiều"),
        _("Trường giúp từ %d trường") % coverage.many,
    ]
    begin_sheet(sheet, formats, lines, [(head, 13 if at else 34) for at, head in enumerate(heads)])
    at = HEAD_ROW + 1
    for row in coverage.rows:
        _write_row(sheet, at, row.name, row)
        sheet.write_number(at, 3, _share(row.all), formats["percent"])
        at += 1
    sheet.autofilter(HEAD_ROW, 0, at - 1, len(heads) - 1)
    _write_row(sheet, at, _("Tất cả"), coverage.whole, formats["total"])
    sheet.write_number(at, 3, _share(coverage.whole.all), formats["total_percent"])


def _share(cell):
    return cell.without / cell.schools if cell.schools else 0


def _write_row(sheet, at, name, row, cell_format=None):
    by_level = [n for cell in row.cells for n in (cell.schools, cell.without)]
    numbers = [row.all.schools, row.all.without, None, *by_level, row.pairs, row.silent, row.one_way, row.helpers]
    sheet.write_string(at, 0, name, cell_format)
    for index, value in enumerate(numbers, start=1):
        if value is not None:
            sheet.write_number(at, index, value, cell_format)
