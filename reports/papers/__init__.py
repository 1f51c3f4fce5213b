"""Official papers: what each says beyond the content of a report, and how it becomes a PDF, Word or a sheet.

pdf.py and word.py are the front doors. What a paper says stands in the module of its name (agreement.py, minutes.py …);
setting.py lays out HTML, annex_pages.py draws annexes, binding.py joins the parts.
"""
