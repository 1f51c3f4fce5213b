"""Lists of what schools do together in from Excel; how an import works stands in `twinning.imports`."""
