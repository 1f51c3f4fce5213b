"""Lists in from Excel: read (reading, sheet, cells), check (check, finder), write through a Journal, undo as one act.

Each kind of list has a module of its own here or, when it is of their nouns, in `activities.imports`; config.settings
names them all in IMPORT_KINDS.
"""
